"""What a person writes after a counsellor's message: for the counsellor, unless it answers the assistant."""

import pytest

from bot.channels.engine import Turn
from casework import messages, tickets
from casework.models import Message, Person


@pytest.fixture
def after_news(somebody, database):
    """The person has just been written to by a counsellor about their request; returns the ticket's id."""
    with database.write() as session:
        person = session.get_one(Person, somebody.id)
        ticket = tickets.open_ticket(session, person, "request")
        messages.send(session, person, {"text": "Your appointment is on Friday"}, author="counsellor-1", ticket_id=ticket.id)
        return ticket.id


def answers(engine, intent, *names, **more):
    engine.answer = lambda text: Turn([{"name": name, "text": name, "buttons": []} for name in names], intent, "en", **more)


def ticket_of(database, text):
    with database.read() as session:
        found = [m for m in session.query(Message).filter_by(direction="in") if m.open(database.keyring).get("text") == text]
        return found[-1].ticket_id


def test_what_is_not_understood_reaches_the_counsellor(somebody, engine, after_news, database, words):
    answers(engine, "nlu_fallback", "utter_did_you_mean")
    assert somebody.writes("I cannot come on Friday") == [words.phrase("utter_passed_on", "en")]
    assert ticket_of(database, "I cannot come on Friday") == after_news


@pytest.mark.parametrize(
    "intent, names, more",
    [
        ("affirm", ("utter_risk_violence", "utter_ask_contact"), {}),
        ("deny", ("utter_danger_denied",), {}),
        ("affirm", ("utter_deleted",), {}),
        ("affirm", ("utter_ask_intake_name",), {"form": "counselling_form"}),
        ("nlu_danger_doubt", ("utter_ask_danger",), {"danger": "risk_violence"}),
    ],
)
def test_an_answer_to_the_assistant_is_the_assistants(somebody, engine, after_news, database, intent, names, more):
    answers(engine, intent, *names, **more)
    assert somebody.writes("yes") == list(names)
    if intent != "affirm" or names[0] != "utter_deleted":
        with database.read() as session:
            alert = tickets.find_open(session, somebody.id, "alert")
        assert ticket_of(database, "yes") == (alert.id if alert else None)
