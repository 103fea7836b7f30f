"""Incoming messages: nothing is lost, nothing is taken twice, one turn of a person at a time and in order."""

from datetime import timedelta

import pytest

from casework import messages
from casework.clock import now
from casework.models import Message, Person


@pytest.fixture
def inbox(database, met):
    """A function: store a text of a person; returns its id and whether it was new."""

    def receive(key, text="hello", person_id=None):
        with database.write() as session:
            person = session.get_one(Person, person_id or met())
            message, new = messages.receive(session, person, key, "text", {"text": text})
            return message.id, new

    return receive


@pytest.fixture
def turn(database):
    """A function: the id of the message whose turn it is."""

    def take(person_id, at=None):
        with database.write() as session:
            message = messages.take_turn(session, person_id, at)
            return message.id if message else None

    return take


@pytest.fixture
def ends(database):
    """A function: end the turn of a message."""

    def end(message_id):
        with database.write() as session:
            messages.end_turn(session.get_one(Message, message_id))

    return end


def test_a_repeated_delivery_is_recognised(inbox):
    first, new = inbox("update 1")
    assert new
    assert inbox("update 1") == (first, False)


def test_the_same_key_of_two_people_is_two_messages(inbox, met):
    first, second = met(address="1"), met(address="2")
    assert inbox("1", person_id=first) != inbox("1", person_id=second)


def test_two_deliveries_at_the_same_moment_make_one_message(inbox, met, at_once):
    person_id = met()
    results = at_once(*[lambda: inbox("1", person_id=person_id)] * 4)
    assert sorted(new for _, new in results) == [False, False, False, True]
    assert len({message_id for message_id, _ in results}) == 1


def test_turns_come_in_the_order_of_writing(inbox, met, turn, ends):
    person_id = met()
    first, second = inbox("1")[0], inbox("2")[0]
    assert turn(person_id) == first
    ends(first)
    assert turn(person_id) == second
    ends(second)
    assert turn(person_id) is None


def test_one_turn_of_a_person_at_a_time(inbox, met, turn):
    person_id = met()
    inbox("1"), inbox("2")
    assert turn(person_id)
    assert turn(person_id) is None


def test_two_processes_take_one_turn_once(inbox, met, turn, at_once):
    person_id = met()
    message_id, _ = inbox("1")
    assert sorted(at_once(*[lambda: turn(person_id)] * 4), key=str) == sorted([message_id, None, None, None], key=str)


def test_people_do_not_wait_for_one_another(inbox, met, turn):
    first, second = met(address="1"), met(address="2")
    inbox("1", person_id=first), inbox("1", person_id=second)
    assert turn(first) and turn(second)


def test_a_turn_whose_process_died_is_given_to_another_one(database, inbox, met, turn):
    person_id = met()
    message_id, _ = inbox("1")
    turn(person_id)
    later = now() + messages.TURN_LEASE + timedelta(seconds=1)
    with database.read() as session:
        assert messages.people_waiting(session) == []
        assert messages.people_waiting(session, later) == [person_id]
    assert turn(person_id, later) == message_id
    with database.read() as session:
        assert session.get_one(Message, message_id).attempts == 2


def test_a_postponed_message_waits_and_those_behind_it_too(database, inbox, met, turn):
    person_id = met()
    message_id, _ = inbox("1")
    inbox("2")
    turn(person_id)
    with database.write() as session:
        messages.postpone_turn(session.get_one(Message, message_id), timedelta(seconds=5))
    assert turn(person_id) is None
    assert turn(person_id, now() + timedelta(seconds=6)) == message_id


def test_people_wait_until_they_are_answered(database, inbox, met, turn, ends):
    person_id = met()
    message_id, _ = inbox("1")
    with database.read() as session:
        assert messages.people_waiting(session) == [person_id]
    turn(person_id)
    ends(message_id)
    with database.read() as session:
        assert messages.people_waiting(session, now() + timedelta(days=1)) == []
        assert session.get_one(Message, message_id).done_at


def test_history_has_both_sides_in_order_but_no_notes(database, inbox, met):
    person_id = met()
    inbox("1", "first")
    with database.write() as session:
        person = session.get_one(Person, person_id)
        messages.send(session, person, {"text": "second"})
        note = Message(person_id=person_id, direction="note", author="staff", kind="text", state="kept")
        note.seal(database.keyring, {"text": "for colleagues"})
        session.add(note)
    inbox("2", "third")
    with database.read() as session:
        said = [message.open(database.keyring)["text"] for message in messages.history(session, person_id)]
        assert said == ["first", "second", "third"]
        assert len(messages.history(session, person_id, last=2)) == 2
