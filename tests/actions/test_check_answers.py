"""Answers to the pre-check as people type them."""

import pytest

import bot.content
from bot.actions.forms.answers import Heard, Problem, Said
from bot.actions.forms.check import CheckForm
from bot.actions.base import room

CONTENT = bot.content.load()


@pytest.fixture(autouse=True)
def furnished(monkeypatch):
    monkeypatch.setattr(room, "content", CONTENT)


def read(step, text, intent="nlu_fallback", language="en"):
    try:
        return CheckForm().read(Heard(step, Said(text, None, intent), language, CONTENT))[step]
    except Problem as problem:
        return problem.response


@pytest.mark.parametrize(
    "text, language, answer",
    [
        ("15", "en", "child"), ("I am 17", "en", "child"), ("34", "en", "adult"), ("١٦", "ar", "child"), ("18", "en", "adult"),
        ("I am younger than 18", "en", "child"), ("under 18", "en", "utter_not_understood_here"),
        ("J'ai moins de 18 ans", "fr", "child"), ("not yet 18", "en", "utter_not_understood_here"),
        ("18 yaşından küçüğüm", "tr", "child"), ("I have been in this country for 20 years now", "en", "utter_not_understood_here"),
    ],
)  # fmt: skip
def test_ages(text, language, answer):
    assert read("age", text, language=language) == answer


@pytest.mark.parametrize(
    "step, text, intent, answer",
    [
        ("asylum", "it was refused", "nlu_fallback", "refused"), ("asylum", "still waiting for them", "ask_pending_asylum", "waiting"),
        ("asylum", "no", "deny", "none"), ("papers", "yes", "affirm", "valid"), ("papers", "my boss has it", "ask_passport_held", "held"),
        ("needs", "no", "deny", "none"), ("before", "yes", "affirm", "again"), ("wish", "yes", "affirm", "own"), ("wish", "no", "deny", "unsure"),
        ("nationality", "Marocco", "nlu_fallback", "MA"), ("nationality", "xyzzy", "nlu_fallback", "utter_country_unknown"),
        ("place", "I prefer not to say", "nlu_fallback", "unsaid"), ("place", "the moon", "nlu_fallback", "utter_not_understood_here"),
    ],
)  # fmt: skip
def test_words(step, text, intent, answer):
    assert read(step, text, intent) == answer
