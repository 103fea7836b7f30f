"""A name that resembles a topic is a name; a question in between is a question; a short correction is one."""

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

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


def told_in_the_form(monkeypatch, intent, corrects):
    """What the form does with a message, of which is decided here whether it is a short correction."""
    for name, done in {"correct": "corrected", "_take_back": "taken back", "_drop": "dropped", "_pause_for_danger": "paused"}.items():
        monkeypatch.setattr(RequestForm, name, lambda *_, done=done: done)
    monkeypatch.setattr(RequestForm, "corrects", lambda *_: corrects)
    message = {"text": "sorry, my name is Karem", "intent": {"name": intent, "confidence": 0.7}, "entities": []}
    form = RequestForm()
    loop = {"name": f"{form.form}_form"}
    return form.act(CollectingDispatcher(), Tracker("somebody", {"form_step": "children"}, message, [], False, None, loop, "action_listen"))


@pytest.mark.parametrize("intent", ["withdraw_request", "cancel", "nlu_danger_doubt", "ask_how_long"])
def test_a_short_correction_is_one_whatever_it_resembles(monkeypatch, intent):
    assert told_in_the_form(monkeypatch, intent, corrects=True) == "corrected"


@pytest.mark.parametrize("intent, done", [("withdraw_request", "taken back"), ("cancel", "dropped")])
def test_what_corrects_nothing_ends_the_form_as_asked(monkeypatch, intent, done):
    assert told_in_the_form(monkeypatch, intent, corrects=False) == done


def test_sure_danger_goes_before_a_correction(monkeypatch):
    assert told_in_the_form(monkeypatch, "risk_violence", corrects=True) == "paused"
