"""What becomes of a message that is due, whatever the channel."""

import asyncio
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select, update

from bot.channels import outbox
from bot.channels.outbox import NotSent, Uncertain, Unreachable, deliver_due
from casework import messages, people
from casework.clock import now
from casework.database import Database
from casework.models import Message, Person
from casework.sealing import Keyring


class Channel:
    """A channel that does what it is told, message by message."""

    def __init__(self, *outcomes):
        self.outcomes, self.sent = list(outcomes), []

    async def __call__(self, address, data, message_id):
        await asyncio.sleep(0.001)
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if outcome:
            raise outcome
        self.sent.append((address, data["text"]))
        return f"key-{message_id}"


def write(database, address, *texts, channel="telegram"):
    with database.write() as session:
        person = people.meet(session, channel, address)
        for text in texts:
            messages.send(session, person, {"text": text})


def stored(database):
    with database.read() as session:
        return session.scalars(select(Message).order_by(Message.id)).all()


def states(database):
    return [message.state for message in stored(database)]


def make_due(database):
    with database.write() as session:
        session.execute(update(Message).values(not_before=now()))


def deliver(database, channel, **more):
    return asyncio.run(deliver_due(database, "telegram", channel, **more))


def test_in_order_and_marked_sent(database):
    write(database, "7", "one", "two")
    write(database, "8", "three")
    channel = Channel()
    assert deliver(database, channel) == 3
    assert [text for address, text in channel.sent if address == "7"] == ["one", "two"]
    assert ("8", "three") in channel.sent
    assert [(m.state, m.channel_key) for m in stored(database)] == [("sent", f"key-{number}") for number in (1, 2, 3)]


def test_only_its_own_channel_and_not_more_than_the_limit(database):
    write(database, "cookie", "web", channel="web")
    write(database, "7", "one", "two", "three")
    assert deliver(database, Channel(), limit=2) == 2
    assert states(database) == ["pending", "sent", "sent", "pending"]


def test_nothing_is_due(database):
    assert deliver(database, Channel()) == 0


@pytest.mark.parametrize(
    ("outcome", "state"),
    [(Uncertain(), "uncertain"), (Unreachable(), "failed"), (RuntimeError("PRIVATE"), "uncertain"), (NotSent(), "pending")],
)
def test_what_becomes_of_a_message(database, outcome, state):
    write(database, "7", "PRIVATE one")
    channel = Channel(outcome)
    assert deliver(database, channel) == deliver(database, channel) == 0
    assert states(database) == [state] and channel.sent == []


def test_what_was_not_sent_is_tried_again_later_and_before_what_follows_it(database):
    write(database, "7", "one", "two")
    channel = Channel(NotSent(timedelta(seconds=40)))
    deliver(database, channel)
    first = stored(database)[0]
    assert timedelta(seconds=35) < first.not_before - now() <= timedelta(seconds=40)
    assert deliver(database, channel) == 0
    make_due(database)
    assert deliver(database, channel) == 2
    assert [text for _, text in channel.sent] == ["one", "two"]


def test_after_ten_attempts_it_has_failed(database):
    write(database, "7", "one")
    channel = Channel(*[NotSent() for _ in range(10)])
    for _ in range(10):
        assert states(database) == ["pending"]
        deliver(database, channel)
        make_due(database)
    assert states(database) == ["failed"]


def test_the_waiting_time_grows_and_ends_growing():
    waits = [outbox.waiting_time(attempts).total_seconds() for attempts in range(1, 10)]
    assert waits[:4] == [1, 3, 9, 27] and waits[-1] == 1800


def test_a_delivery_that_was_cut_off_is_uncertain(database):
    write(database, "7", "one")
    with database.write() as session:
        messages.take_delivery(session, "telegram").lease_until = now() - timedelta(seconds=1)
    channel = Channel()
    assert deliver(database, channel) == 0
    assert states(database) == ["uncertain"] and channel.sent == []


def test_a_slow_person_holds_up_nobody(database, monkeypatch):
    monkeypatch.setattr(outbox, "LOOK_AGAIN", 0.01)
    write(database, "7", "one")
    arrived = []

    async def send(address, data, message_id):
        if address == "7":
            await asyncio.to_thread(write, database, "8", "two")
            while not arrived:
                await asyncio.sleep(0.001)
        arrived.append(address)
        return ""

    assert deliver(database, send) == 2
    assert arrived == ["8", "7"]


def test_two_processes_send_nothing_twice(database):
    for number in range(20):
        write(database, str(number % 4), f"{number}")
    channel = Channel()

    async def both():
        return await asyncio.gather(*(deliver_due(database, "telegram", channel) for _ in range(2)))

    assert sum(asyncio.run(both())) == 20
    for person in "0123":
        assert [int(text) for address, text in channel.sent if address == person] == list(range(int(person), 20, 4))


def test_a_person_who_was_erased_meanwhile(database):
    write(database, "7", "one")

    async def send(address, data, message_id):
        with database.write() as session:
            session.delete(session.scalars(select(Person)).one())
        return ""

    assert deliver(database, send) == 1
    assert stored(database) == []


def test_a_message_that_no_key_opens_stands_in_nobodys_way(database):
    write(database, "7", "lost")
    other = Database(database.url, Keyring({"k2": Fernet.generate_key().decode()}, b"i" * 16))
    write(other, "8", "one")
    channel = Channel()
    assert deliver(other, channel) == 1
    assert states(other) == ["failed", "sent"]
    other.close()
