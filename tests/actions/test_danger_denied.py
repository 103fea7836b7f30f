"""Who was asked about danger and says there is none hears the answer to what they had asked."""

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.safety import AskDanger, DenyDanger


def understood(*ranking):
    return {"danger": "risk_violence", "intent_ranking": [{"name": name, "confidence": chance} for name, chance in ranking]}


def told(message, form=None):
    """What somebody hears who wrote this message, was asked about danger, and denied it."""
    slots = {event["name"]: event["value"] for event in AskDanger().act(CollectingDispatcher(), tracker(message))}
    dispatcher = CollectingDispatcher()
    after = DenyDanger().act(dispatcher, tracker({}, slots, form))
    assert {event["name"]: event["value"] for event in after} == {"asking": "nothing", "meant": None}
    return [(said["response"], said.get("bare")) for said in dispatcher.messages]


def tracker(message, slots=None, form=None):
    return Tracker("somebody", slots or {}, message, [], False, None, {"name": form} if form else {}, "action_listen")


def test_what_was_asked_for_certain_is_answered():
    message = understood(("ask_how_long", 0.6), ("risk_violence", 0.3))
    assert told(message) == [("utter_danger_denied", True), ("utter_ask_how_long", None)]


def test_a_risk_that_is_likelier_does_not_stand_in_the_way():
    message = understood(("risk_violence", 0.5), ("ask_how_long", 0.45))
    assert told(message) == [("utter_danger_denied", True), ("utter_ask_how_long", None)]


@pytest.mark.parametrize(
    "message",
    [{}, understood(), understood(("risk_violence", 0.9)), understood(("ask_how_long", 0.44)), understood(("request_counselling", 0.8)), understood(("greet", 0.8))],
)
def test_what_is_no_certain_question_is_not_guessed_at(message):
    assert told(message) == [("utter_danger_denied", False)]


def test_in_a_form_its_question_comes_next():
    assert told(understood(("ask_how_long", 0.6)), form="counselling_form") == [("utter_danger_denied", False)]
