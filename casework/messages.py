"""The inbox and the outbox: one table tells the whole story of a conversation.

Incoming: stored and committed before anything acknowledges it, recognised when delivered twice, worked on in order,
one turn of a person at a time. Outgoing: delivered in order, each under a lease; an uncertain send stays uncertain.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from casework.clock import now
from casework.database import LOCKED
from casework.models import Message, Person

TURN_LEASE = timedelta(seconds=60)
DELIVERY_LEASE = timedelta(seconds=60)
_LARGEST_ID = 2**31 - 1  # PostgreSQL refuses to compare an id with more; a page or a forged button may name anything


def receive(session: Session, person: Person, source_key: str, kind: str, data: Mapping[str, Any]) -> tuple[Message, bool]:
    """Store an incoming message.

    Args:
        source_key: the channel's own id of it, unique for the person.
        kind: `text`, `button`, `command` or `other` (a photo, a voice message ...).
        data: `{"text": ...}` or `{"payload": ...}`.

    Returns:
        The message, and whether it is new; a repeated delivery gives the first one and False.
    """
    session.get(Person, person.id, with_for_update=LOCKED)  # two deliveries of the same message queue up here
    known = session.scalar(select(Message).where(Message.person_id == person.id, Message.source_key == source_key))
    if known:
        return known, False
    message = Message(person_id=person.id, direction="in", author="person", kind=kind, source_key=source_key, state="received")
    message.seal(session.info["keyring"], data)
    session.add(message)
    session.flush()
    return message, True


def take_turn(session: Session, person_id: str, at: datetime | None = None) -> Message | None:
    """Claim the person's oldest unanswered message, unless a turn of theirs is under way or must wait."""
    at = at or now()
    session.get(Person, person_id, with_for_update=LOCKED)
    waiting = session.scalars(
        select(Message)
        .where(Message.person_id == person_id, Message.direction == "in", Message.state.in_(("received", "answering")))
        .order_by(Message.id)
        .limit(1)
    ).first()
    if waiting is None or waiting.not_before > at:
        return None
    if waiting.state == "answering" and waiting.lease_until and waiting.lease_until > at:
        return None
    waiting.state, waiting.lease_until, waiting.attempts = "answering", at + TURN_LEASE, waiting.attempts + 1
    return waiting


def end_turn(message: Message) -> None:
    """The message has been dealt with; its answers are in the outbox of the same transaction."""
    message.state, message.lease_until, message.done_at = "answered", None, now()


def postpone_turn(message: Message, delay: timedelta) -> None:
    """Try this message again after `delay`: something it needs is out of order."""
    message.state, message.lease_until, message.not_before = "received", None, now() + delay


def people_waiting(session: Session, at: datetime | None = None, channel: str | None = None) -> Sequence[str]:
    """Ids of the people (of one channel, or of all) with a message that is due and that nobody works on."""
    at = at or now()
    due = or_(Message.state == "received", and_(Message.state == "answering", Message.lease_until < at))
    query = select(Message.person_id).where(Message.direction == "in", due, Message.not_before <= at).distinct().limit(100)
    if channel:
        query = query.join(Person, Person.id == Message.person_id).where(Person.channel == channel)
    return session.scalars(query).all()


def send(
    session: Session,
    person: Person,
    data: Mapping[str, Any],
    *,
    author: str = "assistant",
    kind: str = "text",
    reply_to: int | None = None,
    ticket_id: str | None = None,
) -> Message:
    """Put a message to the person into the outbox.

    Args:
        data: `{"text": ..., "buttons": [{"title", "payload"}, ...], "name": the response's name}`; text alone will do.
        author: `assistant`, or the id of the member of staff who wrote it.
    """
    message = Message(
        person_id=person.id, direction="out", author=author, kind=kind, state="pending", reply_to=reply_to, ticket_id=ticket_id
    )
    message.seal(session.info["keyring"], data)
    session.add(message)
    session.flush()
    return message


def take_delivery(session: Session, channel: str, at: datetime | None = None) -> Message | None:
    """Claim the next outgoing message of `channel`: the oldest of a person who has none under way before it."""
    at = at or now()
    earlier = aliased(Message)
    blocked = exists().where(
        earlier.person_id == Message.person_id,
        earlier.direction == "out",
        earlier.id < Message.id,
        earlier.state.in_(("pending", "sending")),
    )
    query = (
        select(Message)
        .join(Person, Person.id == Message.person_id)
        .where(Person.channel == channel, Message.direction == "out", Message.state == "pending", Message.not_before <= at, ~blocked)
        .order_by(Message.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Message)
    )
    message = session.scalars(query).first()
    if message:
        message.state, message.lease_until, message.attempts = "sending", at + DELIVERY_LEASE, message.attempts + 1
    return message


def delivered(message: Message, channel_key: str = "") -> None:
    """The channel has taken it; `channel_key` is the channel's id of it."""
    message.state, message.channel_key, message.done_at, message.lease_until = "sent", channel_key, now(), None


def delivery_uncertain(message: Message) -> None:
    """It may or may not have arrived. It is never sent again by itself."""
    message.state, message.done_at, message.lease_until = "uncertain", now(), None


def delivery_failed(message: Message) -> None:
    """It did not arrive and never will: the person left, or blocked us."""
    message.state, message.done_at, message.lease_until = "failed", now(), None


def postpone_delivery(message: Message, delay: timedelta) -> None:
    """It was certainly not sent; try again after `delay`."""
    message.state, message.lease_until, message.not_before = "pending", None, now() + delay


def expire_deliveries(session: Session, at: datetime | None = None) -> int:
    """Sends whose process died half-way are uncertain. Returns how many."""
    at = at or now()
    query = update(Message).where(Message.direction == "out", Message.state == "sending", Message.lease_until < at)
    return session.execute(query.values(state="uncertain", done_at=at, lease_until=None)).rowcount


def fetch(session: Session, person_id: str, after: int = 0, reply_to: int | None = None) -> Sequence[Message]:
    """What was written to a person who comes and gets it (web chat, console); marks it sent.

    Args:
        after: only what is newer than this message.
        reply_to: only what answers this message; the rest waits for the next time.
    """
    query = select(Message).where(Message.person_id == person_id, Message.direction == "out", Message.id > min(after, _LARGEST_ID))
    if reply_to is not None:
        query = query.where(Message.reply_to == reply_to)
    query = query.order_by(Message.id)
    messages = session.scalars(query.limit(200)).all()
    for message in messages:
        if message.state == "pending":
            delivered(message)
    return messages


def history(session: Session, person_id: str, last: int = 60) -> Sequence[Message]:
    """The last messages of both sides, oldest first."""
    query = select(Message).where(Message.person_id == person_id, Message.direction != "note").order_by(Message.id.desc()).limit(last)
    return list(reversed(session.scalars(query).all()))


def last_answer(session: Session, person_id: str) -> dict[str, Any] | None:
    """What the assistant said last: `name`, `text`, `buttons`."""
    query = select(Message).where(Message.person_id == person_id, Message.direction == "out", Message.author == "assistant")
    last = session.scalars(query.order_by(Message.id.desc()).limit(1)).first()
    return last.open(session.info["keyring"]) if last else None


def said_lately(session: Session, person_id: str, *names: str, last: int = 30) -> bool:
    """Whether one of the last things said to the person is one of these sentences."""
    query = select(Message).where(Message.person_id == person_id, Message.direction == "out", Message.author == "assistant")
    lately = session.scalars(query.order_by(Message.id.desc()).limit(last))
    return any(message.open(session.info["keyring"]).get("name") in names for message in lately)


def sent_to(session: Session, person_id: str, message_id: int) -> Message | None:
    """The message of this id, if it was written to this person."""
    message = session.get(Message, message_id) if message_id <= _LARGEST_ID else None
    return message if message and message.person_id == person_id and message.direction == "out" else None


def answers_counsellor(session: Session, message: Message) -> str | None:
    """The ticket of the counsellor's message that the person had before their eyes when writing `message`, if any."""
    query = select(Message).where(Message.person_id == message.person_id, Message.direction == "out", Message.id < message.id)
    before = session.scalars(query.order_by(Message.id.desc()).limit(1)).first()
    return before.ticket_id if before and before.author != "assistant" else None


def offered(session: Session, person_id: str, message_id: int, index: int) -> tuple[dict[str, str], bool] | None:
    """A button this person was really shown.

    Returns:
        Its `title` and `payload`, and whether its message belongs to the newest answers (a question asked there still stands);
        None when this person was never offered such a button.
    """
    message = sent_to(session, person_id, message_id)
    if message is None:
        return None
    buttons = message.open(session.info["keyring"]).get("buttons", [])
    if not 0 <= index < len(buttons):
        return None
    newest = select(Message.reply_to).where(Message.person_id == person_id, Message.direction == "out", Message.author == "assistant")
    newest = newest.where(Message.reply_to.is_not(None))  # news that nobody asked for does not end a question
    last_turn = session.scalar(newest.order_by(Message.id.desc()).limit(1))
    return buttons[index], message.reply_to == last_turn
