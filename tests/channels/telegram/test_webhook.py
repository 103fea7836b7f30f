"""The webhook: stored before it is acknowledged, and only for Telegram."""

import json
import socket
import time

import httpx
import pytest

from bot.channels.telegram.webhook import LARGEST_BODY
from tests.channels.telegram.conftest import SECRET, House, settings_for, until
from tests.channels.telegram.fake_bot_api import Failure

CHAT = 4711
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def house(house) -> House:
    """A house whose gateway is told of updates."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    house.settings = settings_for(house.api.url, telegram_webhook_url="https://bot.example.org/telegram", telegram_webhook_port=port)
    return house


def post(house, body, secret=SECRET, path="/telegram"):
    """The status Telegram gets when it posts `body` (JSON unless bytes)."""
    content = json.dumps(body) if isinstance(body, dict) else body
    url = f"http://127.0.0.1:{house.settings.telegram_webhook_port}{path}"
    headers = {HEADER: secret} if secret is not None else {}
    end = time.monotonic() + 8
    while True:
        try:
            return httpx.post(url, content=content, headers=headers, trust_env=False).status_code
        except httpx.ConnectError:  # it is still starting
            assert time.monotonic() < end
            time.sleep(0.01)


def text_update(house, text="PRIVATE hello"):
    """An update that is posted, not fetched."""
    update = house.api.text(CHAT, text)
    house.api.updates.clear()
    return update


def test_an_update_is_answered(house):
    with house.gateway():
        assert post(house, text_update(house)) == 200
        until(lambda: house.api.texts(CHAT) == ["you said: PRIVATE hello"])
        until(lambda: house.api.calls("setWebhook"))
    asked = house.api.calls("setWebhook")[0]
    assert asked["url"] == "https://bot.example.org/telegram" and asked["secret_token"] == SECRET
    assert asked["allowed_updates"] == ["message", "edited_message", "callback_query"]
    assert not house.api.calls("getUpdates") and not house.api.calls("deleteWebhook")


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "s", "\xe4".encode("latin-1")])
def test_nobody_else_gets_in(house, secret):
    with house.gateway():
        assert post(house, text_update(house), secret) == 401
    assert house.stored() == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"{}", b'{"update_id": "x"}', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_update_is_refused(house, body):
    with house.gateway():
        assert post(house, body) == 400
    assert house.stored() == []


def test_what_is_too_large_is_refused(house):
    with house.gateway():
        assert post(house, b" " * (LARGEST_BODY + 1)) == 413


def test_there_is_nothing_else(house):
    with house.gateway():
        assert post(house, text_update(house), path="/") == 404


def test_a_repeated_update_is_answered_once(house):
    update = text_update(house)
    with house.gateway():
        assert [post(house, update), post(house, update)] == [200, 200]
        until(lambda: house.states() == ["sent"])
        assert post(house, update) == 200
    assert house.api.texts(CHAT) == ["you said: PRIVATE hello"]


def test_a_group_is_ignored(house):
    group = {"message_id": 1, "chat": {"id": -5, "type": "group"}, "from": {"id": 5, "is_bot": False}, "text": "PRIVATE"}
    with house.gateway():
        assert post(house, {"update_id": 1, "message": group}) == 200
    assert house.stored() == []


def test_what_could_not_be_stored_comes_again(house, monkeypatch):
    receive, failures = house.conversation.receive, [OSError("PRIVATE hello")]

    def fails_once(*arguments, **more):
        if failures:
            raise failures.pop()
        return receive(*arguments, **more)

    monkeypatch.setattr(house.conversation, "receive", fails_once)
    update = text_update(house)
    with house.gateway():
        assert post(house, update) == 500
        assert house.stored() == []
        assert post(house, update) == 200
        until(lambda: house.api.texts(CHAT) == ["you said: PRIVATE hello"])


def test_the_webhook_is_set_in_the_end(house):
    house.api.fail("setWebhook", Failure(500, "PRIVATE"), Failure(429, "slow", {"retry_after": 1}))
    with house.gateway():
        until(lambda: len(house.api.calls("setWebhook")) == 3)
