"""A name that resembles a topic is a name; a question in between is a question."""

import pytest

import bot.content
from bot.actions.base import room
from bot.actions.forms.answers import Said
from bot.actions.forms.request import RequestForm


@pytest.fixture(autouse=True)
def furnished(monkeypatch):
    monkeypatch.setattr(room, "content", bot.content.load())


@pytest.mark.parametrize(
    "step, text, intent, chance, answer",
    [
        ("country", "Paksn", "choose_language", 0.47, True), ("country", "change the language", "choose_language", 0.99, False),
        ("place", "the village near old market", "ask_business_support", 0.47, True), ("place", "Lahore", "ask_problem_after_return", 0.75, True),
        ("name", "is it free for us", "ask_is_it_free", 0.97, False), ("name", "who pays the ticket?", "ask_flight_booking", 0.5, False),
        ("name", "who of you pays my ticket home then", "ask_flight_booking", 0.5, False), ("adults", "who pays the ticket", "ask_flight_booking", 0.5, False),
        ("name", "a human please", "talk_to_human", 0.5, False), ("name", "/ask_pets", "ask_pets", 0.3, False),
    ],
)  # fmt: skip
def test_what_is_an_answer(step, text, intent, chance, answer):
    assert RequestForm().expects_words(step, Said(text, None, intent, chance)) is answer
