"""Outgoing messages: in order for each person, each under a lease; an uncertain send is never repeated by itself."""

from datetime import timedelta

import pytest

from casework import messages
from casework.clock import now
from casework.models import Message, Person


@pytest.fixture
def written(database):
    """A function: put a text to a person into the outbox; returns its id."""

    def send(person_id, text="hello", **more):
        with database.write() as session:
            return messages.send(session, session.get_one(Person, person_id), {"text": text, **more.pop("data", {})}, **more).id

    return send


@pytest.fixture
def taken(database):
    """A function: the id of the message to deliver next."""

    def take(channel="telegram", at=None):
        with database.write() as session:
            message = messages.take_delivery(session, channel, at)
            return message.id if message else None

    return take


@pytest.fixture
def becomes(database):
    """A function: record what became of a message; returns its state."""

    def record(message_id, outcome, *details):
        with database.write() as session:
            message = session.get_one(Message, message_id)
            outcome(message, *details)
            return message.state

    return record


@pytest.fixture
def person(met):
    """Somebody on Telegram."""
    return met("telegram", "1")


def test_a_person_gets_the_messages_one_after_the_other(person, written, taken, becomes):
    first, second = written(person), written(person)
    assert taken() == first
    assert taken() is None
    assert becomes(first, messages.delivered, "77") == "sent"
    assert taken() == second


def test_people_are_served_side_by_side(met, written, taken):
    first, second = met("telegram", "1"), met("telegram", "2")
    a, b = written(first), written(second)
    assert (taken(), taken(), taken()) == (a, b, None)


def test_a_channel_delivers_its_own_messages_only(met, written, taken):
    message = written(met("web", "1"))
    assert taken("telegram") is None
    assert taken("web") == message


def test_two_deliverers_take_a_message_once(person, written, taken, at_once):
    message = written(person)
    written(person)
    results = at_once(*[taken] * 4)
    assert sorted(results, key=str) == sorted([message, None, None, None], key=str)


def test_a_postponed_message_holds_back_those_behind_it(person, written, taken, becomes):
    first = written(person)
    written(person)
    taken()
    assert becomes(first, messages.postpone_delivery, timedelta(seconds=5)) == "pending"
    assert taken() is None
    assert taken(at=now() + timedelta(seconds=6)) == first


def test_an_uncertain_message_stays_so_and_the_next_one_goes_out(person, written, taken, becomes):
    first, second = written(person), written(person)
    taken()
    assert becomes(first, messages.delivery_uncertain) == "uncertain"
    assert taken() == second
    assert becomes(second, messages.delivery_failed) == "failed"
    assert taken(at=now() + timedelta(days=1)) is None


def test_a_send_whose_process_died_is_uncertain(database, person, written, taken):
    message = written(person)
    taken()
    with database.write() as session:
        assert messages.expire_deliveries(session) == 0
        assert messages.expire_deliveries(session, now() + messages.DELIVERY_LEASE + timedelta(seconds=1)) == 1
        assert session.get_one(Message, message).state == "uncertain"


def test_who_comes_and_gets_it_gets_everything_once_and_in_order(database, met, written):
    person_id = met()
    first, second = written(person_id, "one"), written(person_id, "two")
    with database.write() as session:
        assert [message.id for message in messages.fetch(session, person_id)] == [first, second]
        assert messages.fetch(session, person_id, after=second) == []
    with database.read() as session:
        assert {session.get_one(Message, message).state for message in (first, second)} == {"sent"}


def test_what_is_not_handed_out_is_not_marked_as_sent(database, met, written):
    person_id = met()
    answer, reply = written(person_id, reply_to=1), written(person_id, author="a counsellor")
    with database.write() as session:
        assert [message.id for message in messages.fetch(session, person_id, reply_to=1)] == [answer]
        assert session.get_one(Message, reply).state == "pending"


def test_nobody_fetches_what_was_written_to_somebody_else(database, met, written):
    written(met(address="1"))
    other = met(address="2")
    with database.write() as session:
        assert messages.fetch(session, other) == []


BUTTONS = {"buttons": [{"title": "Yes", "payload": "/affirm"}, {"title": "No", "payload": "/deny"}]}


def test_a_button_is_known_to_the_person_it_was_shown_to(database, met, written):
    person_id, other = met(address="1"), met(address="2")
    message = written(person_id, data=BUTTONS, reply_to=1)
    with database.read() as session:
        assert messages.offered(session, person_id, message, 1) == ({"title": "No", "payload": "/deny"}, True)
        assert messages.offered(session, other, message, 1) is None


def test_a_question_stands_until_the_next_answers(database, met, written):
    person_id = met()
    message = written(person_id, data=BUTTONS, reply_to=1)
    beside = written(person_id, reply_to=1)
    with database.read() as session:
        assert messages.offered(session, person_id, message, 0)[1]
    written(person_id, author="a counsellor")
    with database.read() as session:
        assert messages.offered(session, person_id, message, 0)[1], "a counsellor's reply takes no question back"
    written(person_id, reply_to=2)
    with database.read() as session:
        assert not messages.offered(session, person_id, message, 0)[1]
        assert messages.offered(session, person_id, beside, 0) is None


@pytest.mark.parametrize("number, place", [(10**14, 0), (2**31, 0), (0, 0), (-1, 0), (None, 2), (None, 99), (None, -1)])
def test_a_button_that_was_never_shown_is_unknown(database, met, written, number, place):
    person_id = met()
    message = written(person_id, data=BUTTONS)
    with database.read() as session:
        assert messages.offered(session, person_id, message if number is None else number, place) is None


def test_any_number_may_be_asked_for_as_the_last_message_seen(database, met, written):
    person_id = met()
    written(person_id)
    with database.write() as session:
        assert messages.fetch(session, person_id, after=10**15) == []
