"""Who was asked about danger and says there is none hears the answer to what they had asked."""

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.safety import AskDanger, DenyDanger


def told(message):
    """What somebody hears who wrote this message, was asked about danger, and denied it."""
    slots = {event["name"]: event["value"] for event in AskDanger().act(CollectingDispatcher(), tracker(message))}
    return denied(slots)[0]


def denied(slots):
    """What is heard, and what comes next, when danger is denied."""
    dispatcher = CollectingDispatcher()
    asking, meant, *following = DenyDanger().act(dispatcher, tracker({}, slots))
    assert (asking["value"], meant["value"]) == ("nothing", None)
    return [(said["response"], said.get("bare")) for said in dispatcher.messages], [event["name"] for event in following]


def tracker(message, slots=None):
    return Tracker("somebody", slots or {}, message, [], False, None, {}, "action_listen")


def test_what_was_asked_for_certain_is_answered():
    assert told({"danger": "risk_violence", "meant": "ask_how_long"}) == [("utter_danger_denied", True), ("utter_ask_how_long", None)]


@pytest.mark.parametrize("message", [{}, {"danger": "risk_violence"}, {"danger": "risk_violence", "meant": None}])
def test_what_is_no_certain_question_is_not_guessed_at(message):
    assert told(message) == [("utter_danger_denied", False)]


def test_the_form_that_was_left_for_it_comes_back():
    assert denied({"meant": "counselling_form"}) == ([("utter_danger_denied", True)], ["counselling_form"])
