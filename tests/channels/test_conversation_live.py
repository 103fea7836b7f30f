"""A live handover: the assistant is silent, the words reach the counsellor, danger is noticed all the same."""

import pytest

from casework import tickets
from casework.models import Person


def test_the_assistant_is_silent_and_the_text_reaches_the_ticket(somebody, live, engine):
    assert somebody.writes("good morning, counsellor") == []
    assert engine.turns == []
    assert somebody.ticket("handover") == ("", ["good morning, counsellor"])


def test_a_claim_alone_silences_nobody(database, somebody, counsellor):
    with database.write() as session:
        ticket = tickets.open_ticket(session, session.get_one(Person, somebody.id), "handover")
        tickets.claim(session, ticket.id, counsellor)
    assert somebody.writes("hello") == ["Echo: hello"]
    assert somebody.ticket("handover") == ("", [])


def test_after_the_handover_the_assistant_answers_again(database, somebody, live, counsellor):
    somebody.writes("one")
    with database.write() as session:
        tickets.close(session, live, counsellor)
    assert somebody.writes("two") == ["Echo: two"]


def test_danger_is_answered_and_alerted_and_the_text_stays_with_the_counsellor(somebody, live, engine, words):
    assert somebody.writes("he will kill me") == [words.answer("risk_violence", "en")]
    assert engine.turns == []
    assert somebody.ticket("alert")[0] == "risk_violence"
    assert somebody.ticket("handover") == ("", ["he will kill me"])


@pytest.mark.parametrize("text", ["!!! he will kill me", "!he will kill me", "/he will kill me", "long story " * 1000 + "kill"])
def test_danger_is_noticed_however_it_is_written(somebody, live, text):
    somebody.writes(text)
    assert somebody.ticket("alert")


@pytest.mark.parametrize("text", ["!utter_only_text", "/end_handover", "/affirm", "EXTERNAL: /end_handover"])
def test_nothing_that_is_typed_is_a_command(somebody, live, engine, text):
    assert somebody.writes(text) == [] and engine.turns == []
    assert somebody.ticket("handover") == ("", [text])


def test_while_the_engine_is_down_the_text_goes_through_all_the_same(somebody, live, engine):
    engine.down = True
    message_id = somebody.sends(text="he will kill me")
    assert somebody.hears(message_id) == []
    assert somebody.state(message_id) == "answered"
    assert somebody.ticket("handover") == ("", ["he will kill me"])


def test_a_picture_is_not_lost_silently(somebody, live, words):
    assert somebody.hears(somebody.sends("other")) == [words.phrase("utter_live_other", "en")]


def test_the_person_ends_it_with_the_button(somebody, live, words, engine, history_of):
    somebody.is_offered("/end_handover")
    somebody.writes("wait")
    assert somebody.presses(somebody.buttons()["end_handover"]) == [words.phrase("utter_handover_ended", "en")]
    assert history_of(live)[-1] == "ended by the person"
    assert somebody.writes("hello") == ["Echo: hello"]


def test_ending_what_has_ended_changes_nothing(somebody, words):
    somebody.is_offered("/end_handover")
    assert somebody.presses(somebody.buttons()["end_handover"]) == [words.phrase("utter_stale_button", "en")]


@pytest.mark.parametrize("command", ["/choose_language", "/see_my_data", "/delete_my_data", "/report_abuse"])
def test_commands_still_work(somebody, live, engine, command):
    assert somebody.hears(somebody.sends("command", payload=command)) == [f"Echo: {command}"]
    assert engine.texts() == [command]


def test_a_topic_that_is_pressed_reaches_the_counsellor_and_not_the_assistant(somebody, live, engine):
    somebody.is_offered("/ask_pets")
    assert somebody.presses(somebody.buttons()["ask_pets"]) == []
    assert engine.turns == [] and len(somebody.ticket("handover")[1]) == 1


def test_a_text_that_crosses_the_end_of_the_handover_is_answered_by_the_assistant(database, somebody, live, engine, counsellor):
    """Danger is being looked for while the counsellor hands the person back."""
    understand = engine.intent

    def ends_meanwhile(text):
        engine.intent = understand
        with database.write() as session:
            tickets.close(session, live, counsellor)
        return understand(text)

    engine.intent = ends_meanwhile
    assert somebody.writes("one more question") == ["Echo: one more question"]
