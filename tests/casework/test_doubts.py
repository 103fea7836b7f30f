"""Doubtful danger: a no settles it, and no answer becomes an alert."""

from datetime import timedelta

import pytest

from casework import doubts, messages, tickets
from casework.clock import now
from casework.models import Doubt, Person

LATER = now() + doubts.PATIENCE + timedelta(hours=2)  # a long run of the tests included


@pytest.fixture
def asked(database, met):
    """Somebody who was asked whether they are in danger."""
    person_id = met()
    with database.write() as session:
        person = session.get_one(Person, person_id)
        message, _ = messages.receive(session, person, "1", "text", {"text": "i cannot any more"})
        doubts.ask(session, person, "risk_self_harm", message)
    return person_id


def alert(database, person_id):
    with database.read() as session:
        return tickets.find_open(session, person_id, "alert")


def become_alerts(database, at):
    with database.write() as session:
        return doubts.become_alerts(session, at)


def test_in_time_nothing_happens(database, asked):
    assert become_alerts(database, now()) == 0
    assert alert(database, asked) is None


def test_no_answer_becomes_an_alert_once(database, asked):
    assert become_alerts(database, LATER) == 1
    assert alert(database, asked).reason == "risk_self_harm"
    assert become_alerts(database, LATER) == 0


def test_the_alert_carries_the_message_that_was_doubtful(database, asked):
    become_alerts(database, LATER)
    with database.read() as session:
        message = session.query(messages.Message).filter_by(person_id=asked).one()
        assert message.ticket_id == tickets.find_open(session, asked, "alert").id


def test_a_no_settles_it(database, asked):
    with database.write() as session:
        doubts.settle(session, asked)
    assert become_alerts(database, LATER) == 0


def test_a_second_doubt_keeps_the_time_of_the_first(database, asked):
    with database.write() as session:
        first = session.get_one(Doubt, asked).asked_at
        person = session.get_one(Person, asked)
        message, _ = messages.receive(session, person, "2", "text", {"text": "again"})
        doubts.ask(session, person, "risk_violence", message)
    with database.read() as session:
        assert session.get_one(Doubt, asked).asked_at == first
