"""The real interface sentences and buttons, and that every name used in them, and in the code, exists."""

import ast
import re
from pathlib import Path

import pytest
import yaml

import bot.content
from bot.content import read_yaml
from bot.content.programme import PLACEHOLDER

ROOT = Path(__file__).resolve().parents[2]
CONTENT = bot.content.load()
DATA = CONTENT.root
LANGUAGES = sorted(CONTENT.languages)
ENGLISH = CONTENT.languages["en"]["phrases"]
BUTTONS = read_yaml(DATA / "conversation/buttons.yml")
OWN_INTENTS = read_yaml(ROOT / "domain.yml")["intents"]  # said by buttons and by our own parts only
ROOMS = ("bot", "casework", "desk", "service", "training", "worker")
NAMED = re.compile(r"\{([a-z_.]+)\}")
PHRASE_LIKE = re.compile(r"(utter|button|chat|word|stage|telegram|draft)_[a-z0-9_]+\Z")


def has_words(response):
    """Whether a response has words: a phrase, or a topic's answer."""
    return response in ENGLISH or bool(CONTENT.answer(response.removeprefix("utter_"), "en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated_with_its_placeholders(language):
    phrases = CONTENT.languages[language]["phrases"]
    assert set(phrases) == set(ENGLISH)
    for name, text in phrases.items():
        assert text.strip() and sorted(NAMED.findall(text)) == sorted(NAMED.findall(ENGLISH[name])), name


def test_sentences_name_values_of_the_office_that_exist():
    for text in ENGLISH.values():
        assert set(PLACEHOLDER.findall(text)) <= set(CONTENT.programme.names)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_has_a_phone_number_or_amount_of_its_own(language):
    for name, text in CONTENT.languages[language]["phrases"].items():
        assert not re.search(r"\d{3,}", text), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_button_fits_on_a_small_phone(language):
    for name, text in CONTENT.languages[language]["phrases"].items():
        on_a_button = name.startswith(("button_", "need_", "check_")) and not name.startswith(("check_reason", "check_bring"))
        if on_a_button or (name.startswith("word_") and not name.startswith(("word_carried", "word_purpose")) and "{" not in text):
            assert len(text) <= 36, name
    for response in BUTTONS:
        for button in CONTENT.buttons(response, language, ["ask_pets", "ask_luggage"]):
            assert 0 < len(button["title"]) <= 36 and len(button["payload"]) <= 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_direction_of_writing_is_that_of_the_script(language):
    first = next(letter for letter in CONTENT.phrase("utter_help", language) if letter.isalpha())
    assert CONTENT.direction(language) == ("rtl" if "\u0590" <= first <= "\u08ff" else "ltr")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_crisis_sentences_have_the_emergency_number(language):
    for name in ("utter_help", "utter_offer_human", "utter_engine_down", "utter_something_wrong", "utter_too_long", "chat_emergency_line"):
        assert "112" in CONTENT.phrase(name, language), name


# --- names ---


def test_every_name_in_the_buttons_exists():
    for response, entries in BUTTONS.items():
        assert has_words(response), response
        for entry in entries:
            assert len(set(entry) & {"phrase", "topic", "ranking", "languages", "text"}) == 1, response
            assert entry.get("phrase", "button_yes") in ENGLISH
            assert entry.get("topic", "help") in CONTENT.catalogue
            if "phrase" in entry:
                assert re.match(r"/(\w+)", entry["payload"])[1] in {*CONTENT.catalogue, *OWN_INTENTS, "end_handover"}


def test_every_language_has_the_words_that_people_type():
    for language in LANGUAGES:
        assert len(CONTENT.words(language, "numbers")) == 11, language
        for kind in ("correction", "name", "country", "place", "phone", "when", "family", "note", "filler"):
            assert len(CONTENT.words(language, kind)) >= 2, (language, kind)


def test_every_intent_and_action_in_the_rules_exists():
    known = set(read_yaml(ROOT / "domain.yml")["actions"]) | set(read_yaml(ROOT / "domain.yml")["forms"])
    for path in sorted((DATA / "conversation").glob("*.yml")):
        read = read_yaml(path)
        for rule in [*read.get("rules", []), *read.get("stories", [])] if path.name != "buttons.yml" else []:
            for step in rule["steps"]:
                assert step.get("intent", "nlu_fallback") in {*CONTENT.catalogue, *OWN_INTENTS, "nlu_fallback"}, rule
                action = step.get("action", "utter_help")
                assert has_words(action) if action.startswith("utter_") else action in known, rule


def sources():
    return [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_sentence_the_code_names_exists(path):
    """Each literal that looks like the name of a sentence, except the beginnings of names that the code puts together."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts | docstrings:
            name = node.value
            if PHRASE_LIKE.match(name) and name not in NOT_SENTENCES:
                assert has_words(name), f"{name} in line {node.lineno}"


# Names that look like sentences and are something else.
NOT_SENTENCES = {"utter_action", "chat_threads", "chat_id", "chat_link", "telegram_bot_token", "telegram_api_url", "telegram_webhook_url",
                 "telegram_webhook_port", "telegram_webhook_secret"}  # fmt: skip


def test_every_sentence_a_page_names_exists():
    for path in sorted((ROOT / "desk").rglob("*.html")):
        for name in re.findall(r"say\([\"'](\w+)[\"']\)", path.read_text(encoding="utf-8")):
            assert name in ENGLISH, f"{name} in {path.name}"


def test_the_files_are_plain_yaml():
    for path in DATA.rglob("*.yml"):
        assert yaml.safe_load(path.read_text(encoding="utf-8")), path
