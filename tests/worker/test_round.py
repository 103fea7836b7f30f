"""One round of the worker: who waits is answered, what ran out is marked, who asked for it is forgotten."""

from datetime import timedelta

import pytest

import bot.content
from bot.channels.conversation import Conversation
from bot.channels.engine import EngineDown, Turn
from bot.channels.forgetting import forget_people
from casework import doubts, drafts, messages, people, tickets
from casework.clock import now
from casework.models import Doubt, Draft, Message, Person
from casework.retention import Periods
from sqlalchemy import select, update
from worker.__main__ import round_of_work


CONTENT = bot.content.load()


class FakeEngine:
    """Says the same to everybody, and remembers whom it forgot; can be down."""

    def __init__(self):
        self.turns, self.forgotten, self.down = [], [], False
        self.while_forgetting = lambda conversation: None

    def turn(self, conversation, message_id, text, metadata):
        """See bot/channels/engine.py."""
        if self.down:
            raise EngineDown
        self.turns.append((conversation, text))
        return Turn([{"name": "x", "text": "an answer"}], "ask_pets", "en")

    def forget(self, conversation):
        """See bot/channels/engine.py."""
        if self.down:
            raise EngineDown
        self.while_forgetting(conversation)
        self.forgotten.append(conversation)

    def forget_before(self, moment):
        """See bot/channels/engine.py."""
        if self.down:
            raise EngineDown
        self.forgotten_before = moment
        return 0


@pytest.fixture
def engine():
    """The engine written by hand."""
    return FakeEngine()


@pytest.fixture
def conversation(database, engine):
    """The one way in."""
    return Conversation(database, engine, CONTENT)


@pytest.fixture
def work(database, conversation):
    """A function: one round."""
    return lambda: round_of_work(database, conversation, Periods())


@pytest.fixture
def wrote(conversation):
    """A function: somebody writes, and the process that took it dies before answering; returns the person's id."""

    def write(address, text="hello"):
        person_id = conversation.start("web", address, "en")
        conversation.receive(person_id, text, "text", {"text": text})
        return person_id

    return write


def asks_to_be_erased(database, person_id):
    with database.write() as session:
        people.ask_to_be_erased(session.get_one(Person, person_id))
        session.execute(update(Message).where(Message.direction == "out").values(state="sent"))


def test_everybody_who_waits_is_answered_once(work, wrote, engine):
    waiting = [wrote("1"), wrote("2")]
    work()
    work()
    assert sorted(engine.turns) == sorted((person_id, "hello") for person_id in waiting)


def test_a_round_with_nothing_to_do_does_nothing(work, engine):
    work()
    assert engine.turns == engine.forgotten == []


def test_a_send_that_was_cut_off_becomes_uncertain(database, work, met):
    person_id = met("telegram", "1")
    with database.write() as session:
        message_id = messages.send(session, session.get_one(Person, person_id), {"text": "hello"}).id
        messages.take_delivery(session, "telegram").lease_until = now() - timedelta(hours=1)
    work()
    with database.read() as session:
        assert session.get_one(Message, message_id).state == "uncertain"


def test_an_old_draft_is_dropped(database, work, met):
    person_id = met()
    with database.write() as session:
        drafts.answer(session, person_id, "counselling", name="Ali")
        session.execute(update(Draft).values(updated_at=now() - timedelta(days=2)))
    work()
    with database.read() as session:
        (mark,) = session.scalars(select(Draft))
        assert mark.expired and mark.open(database.keyring) == {}


def test_who_asked_for_it_is_forgotten_by_the_engine_and_the_casework(database, work, wrote, engine):
    person_id, other = wrote("1"), wrote("2")
    work()
    asks_to_be_erased(database, person_id)
    work()
    assert engine.forgotten == [person_id]
    with database.read() as session:
        assert session.get(Person, person_id) is None
        assert session.get(Person, other)


def test_while_the_engine_is_down_nobody_is_forgotten_by_halves(database, work, wrote, engine):
    person_id = wrote("1")
    work()
    asks_to_be_erased(database, person_id)
    engine.down = True
    work()
    with database.read() as session:
        assert session.get(Person, person_id)
    engine.down = False
    work()
    with database.read() as session:
        assert session.get(Person, person_id) is None


def test_one_work_that_fails_holds_up_no_other(database, work, met, monkeypatch):
    person_id = met()
    with database.write() as session:
        person = session.get_one(Person, person_id)
        message, _ = messages.receive(session, person, "1", "text", {"text": "hello"})
        messages.end_turn(message)
        doubts.ask(session, person, "risk_violence", message)
        session.execute(update(Doubt).values(asked_at=now() - timedelta(hours=1)))

    def breaks(*_):
        raise ValueError("broken")

    monkeypatch.setattr(drafts, "drop_old", breaks)
    monkeypatch.setattr(messages, "expire_deliveries", breaks)
    work()
    with database.read() as session:
        assert tickets.find_open(session, person_id, "alert").reason == "risk_violence"


def test_retention_runs_once_a_day(database, work, engine, met):
    person_id = met()
    with database.write() as session:
        session.execute(update(Person).values(last_seen_at=now() - timedelta(days=400)))
    work()
    assert engine.forgotten == [person_id] and engine.forgotten_before < now() - timedelta(days=29)
    del engine.forgotten_before
    work()
    assert not hasattr(engine, "forgotten_before")


def test_who_writes_again_while_being_forgotten_is_answered_first(database, conversation, work, wrote, engine):
    person_id = wrote("1")
    work()
    asks_to_be_erased(database, person_id)
    engine.while_forgetting = lambda _: conversation.receive(person_id, "2", "text", {"text": "wait"})
    assert forget_people(database, engine) == 0
    engine.while_forgetting = lambda _: None
    work()
    assert engine.turns[-1] == (person_id, "wait")


def test_an_alert_that_is_raised_while_being_forgotten_is_not_lost(database, wrote, work, engine):
    person_id = wrote("1")
    work()
    asks_to_be_erased(database, person_id)

    def alert(_):
        with database.write() as session:
            tickets.raise_alert(session, session.get_one(Person, person_id), "risk_violence")

    engine.while_forgetting = alert
    assert forget_people(database, engine) == 0
    with database.read() as session:
        assert tickets.find_open(session, person_id, "alert")
