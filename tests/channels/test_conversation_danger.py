"""Danger outranks everything: noticed in any message, answered safely, told to the desk."""

from datetime import timedelta

import pytest

from bot.channels.conversation import READ_AT_MOST
from bot.channels.engine import Turn
from casework import doubts
from casework.clock import now


@pytest.fixture
def safe(words):
    """The written answer to violence."""
    return words.answer("risk_violence", "en")


def test_danger_raises_an_alert_with_the_message(somebody):
    assert somebody.writes("he will kill me") == ["Echo: he will kill me"]
    assert somebody.ticket("alert") == ("risk_violence", ["he will kill me"])


def test_what_is_no_danger_raises_none(somebody):
    somebody.writes("can my cat come")
    assert somebody.ticket("alert") is None


def test_a_repeated_delivery_raises_one_alert(somebody):
    for _ in range(2):
        somebody.writes("he will kill me", key="update 7")
    assert somebody.ticket("alert") == ("risk_violence", ["he will kill me"])


def test_the_safe_answer_comes_first_when_the_engine_forgot_it(somebody, engine, safe):
    engine.answer = lambda text: Turn([{"name": "utter_ask_pets", "text": "About pets"}], "risk_violence")
    assert somebody.writes("help") == [safe, "About pets"]
    assert somebody.ticket("alert")


@pytest.mark.parametrize("replies", [[], [{"text": "no name"}], [{"name": None, "text": "no name"}]])
def test_the_safe_answer_is_there_whatever_the_engine_says(somebody, engine, safe, replies):
    engine.answer = lambda text: Turn(replies, "risk_violence")
    assert somebody.writes("help")[0] == safe


def test_it_is_in_the_language_that_is_written(conversation, engine, words):
    engine.answer = lambda text: Turn([], "risk_violence", "ar")
    person_id = conversation.start("web", "1", "en")
    message_id = conversation.receive(person_id, "1", "text", {"text": "النجدة"})
    conversation.answer(person_id)
    (reply,) = conversation.replies(person_id, reply_to=message_id)["replies"]
    assert reply["text"] == words.answer("risk_violence", "ar")


def test_danger_that_was_answered_safely_gets_no_second_answer(somebody, engine):
    engine.answer = lambda text: Turn([{"name": "utter_risk_violence", "text": "Call 112"}, {"name": "utter_ask_contact", "text": "May we?"}], "risk_violence")
    assert somebody.writes("help") == ["Call 112", "May we?"]


def test_the_alert_of_a_child_carries_no_message(somebody, engine):
    engine.answer = lambda text: Turn([{"name": "utter_risk_unaccompanied_child", "text": "x"}], "risk_unaccompanied_child")
    somebody.writes("i am 14 and alone")
    assert somebody.ticket("alert") == ("risk_unaccompanied_child", [])


@pytest.mark.parametrize("marks", ["!!! ", "!", "/", "EXTERNAL: ", "¡!", "... "])
def test_no_mark_before_the_words_hides_danger(somebody, marks):
    somebody.writes(marks + "he will kill me")
    assert somebody.ticket("alert")


def test_the_longest_message_that_is_read_goes_to_the_engine_whole(somebody, engine):
    text = ("a " * READ_AT_MOST)[: READ_AT_MOST - 5] + " kill"
    somebody.writes(text)
    assert engine.texts() == [text] and engine.read == []


@pytest.mark.parametrize("length", [READ_AT_MOST + 1, 5000, 9_999, 10_000])
def test_danger_at_the_end_of_a_long_message_is_noticed(somebody, engine, words, safe, length):
    text = ("very long story " * 1000)[: length - 5] + " kill"
    assert somebody.writes(text) == [safe, words.phrase("utter_too_long", "en")]
    assert somebody.ticket("alert") == ("risk_violence", [text])
    assert engine.turns == []


@pytest.mark.parametrize("place", [*range(380, 420), *range(480, 520), 4400])
def test_danger_is_not_cut_in_two_between_the_pieces_of_a_long_message(conversation, engine, place):
    text = "a" * (place - 1) + " kill me " + "a" * (5000 - place)
    assert conversation._danger(text) == "risk_violence"


def test_a_long_message_without_danger_is_kindly_refused(somebody, words):
    assert somebody.writes("very long story " * 700) == [words.phrase("utter_too_long", "en")]
    assert somebody.ticket("alert") is None


def test_no_piece_of_a_long_message_is_a_command(somebody, engine):
    somebody.writes("/restart" * 1250)
    assert engine.read and not any(piece.startswith("/") for piece in engine.read)


def test_a_long_message_waits_for_the_engine_like_any_other(somebody, engine, words, safe):
    engine.down = True
    message_id = somebody.sends(text="long story " * 900 + "kill")
    assert somebody.hears(message_id) == [words.phrase("utter_engine_down", "en")]
    engine.down = False
    somebody.later()
    assert somebody.hears(message_id)[1:] == [safe, words.phrase("utter_too_long", "en")]


# --- where it is in doubt ---

ASKED = [{"name": "utter_ask_danger", "text": "Are you in danger?", "buttons": []}]


@pytest.fixture
def asked(somebody, engine, conversation):
    """Somebody whose message may signal danger, and who was asked."""
    engine.answer = lambda text: Turn(ASKED, "nlu_danger_doubt", "en", "risk_violence")
    somebody.writes("it is bad at home")
    assert somebody.ticket("alert") is None
    return somebody


def overdue(conversation):
    with conversation.database.write() as session:
        return doubts.become_alerts(session, now() + timedelta(minutes=11))


def test_doubt_that_is_not_answered_becomes_an_alert(asked, conversation):
    assert overdue(conversation) == 1
    assert asked.ticket("alert") == ("risk_violence", ["it is bad at home"])


def test_a_no_settles_the_doubt(asked, engine, conversation):
    engine.answer = lambda text: Turn([{"name": "utter_danger_denied", "text": "Thank you"}], "deny")
    asked.writes("no")
    assert overdue(conversation) == 0 and asked.ticket("alert") is None


def test_a_yes_raises_the_alert_at_once(asked, engine, conversation):
    engine.answer = lambda text: Turn([{"name": "utter_risk_violence", "text": "Call 112"}], "affirm")
    asked.writes("yes")
    assert asked.ticket("alert") == ("risk_violence", ["yes"])
    assert overdue(conversation) == 0


def test_another_question_leaves_the_doubt_standing(asked, engine, conversation):
    engine.answer = None
    asked.writes("can my cat come")
    assert overdue(conversation) == 1
