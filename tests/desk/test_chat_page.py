"""The web chat's page."""

import re

import pytest
from starlette.testclient import TestClient

from desk.pages import STATIC


@pytest.fixture
def client(app):
    return TestClient(app)


@pytest.mark.parametrize(
    "address, accepted, language",
    [
        ("/chat", "", "en"),
        ("/chat", "ar-SY,en;q=0.8", "ar"),
        ("/chat", "de,sq;q=0.5", "sq"),
        ("/chat?lang=sq", "ar", "sq"),
        ("/chat?lang=xx", "ar", "ar"),
    ],
)
def test_the_language_of_the_page(client, address, accepted, language):
    page = client.get(address, headers={"Accept-Language": accepted}).text
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in page
    assert f'<option value="{language}" lang="{language}" dir="{direction}" selected>' in page


def test_every_word_of_the_page_is_a_phrase(client):
    page = re.sub(r"<option.*?</option>", "", client.get("/chat").text)
    words = re.findall(r">\s*([^<>\s][^<>]*?)\s*<", page)
    assert words and all(word.startswith("chat_") for word in words)


def test_the_page_says_that_texts_are_drafts_while_they_are(client, settings):
    assert "chat_drafts" in client.get("/chat").text
    settings.show_drafts = False
    assert "chat_drafts" not in client.get("/chat").text


def test_the_page_is_light(client):
    size = len(client.get("/chat").content) + sum((STATIC / name).stat().st_size for name in ("chat.js", "chat.css", "icon.svg"))
    assert size < 30_000


def test_a_visit_alone_keeps_nothing(client, conversation):
    assert "set-cookie" not in client.get("/chat").headers and conversation.calls == []
