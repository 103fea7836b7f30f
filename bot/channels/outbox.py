"""Delivers what waits in the outbox of a channel that pushes messages to people.

Every message is claimed in one transaction, sent outside of any, and what became of it is recorded in another one.
People are served side by side; the messages of one person go in order, one after the other.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from casework import messages, people
from casework.database import Database
from casework.errors import UnknownKey
from casework.models import Message, Person

logger = logging.getLogger(__name__)

AT_ONCE = 8  # people served side by side; one slow connection must not hold up the others
LOOK_AGAIN = 0.5  # seconds until more is claimed while all that is under way takes its time
ATTEMPTS = 10
FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=30)

Send = Callable[[str, Mapping[str, Any], int], Awaitable[str]]
File = Callable[[str, int], tuple[str, bytes] | None]


class NotSent(Exception):
    """The message has certainly not been sent; trying again is safe.

    Args:
        retry_after: the channel asked for at least this much time.
    """

    def __init__(self, retry_after: timedelta = timedelta()) -> None:
        super().__init__(f"not before {retry_after}")
        self.retry_after = retry_after


class Uncertain(Exception):
    """The message may have been sent or not, and nobody can tell."""


class Unreachable(Exception):
    """The message will never arrive: the person blocked us, or the chat is gone."""


@dataclass(frozen=True)
class Delivery:
    """A claimed message: where it goes, what it says, how often it was tried, this time included."""

    message_id: int
    person_id: str
    address: str
    data: Mapping[str, Any]
    attempts: int


async def deliver_due(database: Database, channel: str, send: Send, file: File = lambda person_id, message_id: None, limit: int = 50) -> int:
    """Deliver what is due on `channel`, at most `limit` messages.

    Args:
        send: is given the address, the message's data (`text`, `buttons` ...) and its id; returns the channel's own id
            of what was sent; raises :class:`NotSent`, :class:`Uncertain` or :class:`Unreachable`.
        file: makes the file of a message whose data names one: from the person's and the message's id, its name and bytes,
            which `send` finds as `data["content"]`.

    Returns:
        How many were sent.
    """
    await asyncio.to_thread(_expire, database)
    under_way: set[asyncio.Task[bool]] = set()
    claimed = sent = 0
    try:
        while True:
            delivery = await asyncio.to_thread(_take, database, channel) if claimed < limit and len(under_way) < AT_ONCE else None
            if delivery:
                claimed += 1
                under_way.add(asyncio.create_task(_deliver(database, send, file, delivery)))
            elif under_way:
                done, under_way = await asyncio.wait(under_way, timeout=LOOK_AGAIN, return_when=asyncio.FIRST_COMPLETED)
                sent += sum(task.result() for task in done)
            else:
                return sent
    finally:
        for task in under_way:
            task.cancel()


async def _deliver(database: Database, send: Send, file: File, delivery: Delivery) -> bool:
    """Send one message and record what became of it; True if it was sent."""
    data = delivery.data
    try:
        if data.get("file"):
            data = {**data, "content": await asyncio.to_thread(file, delivery.person_id, delivery.message_id)}
    except Exception as error:  # noqa: BLE001 - nothing was sent yet, so trying again is safe
        logger.warning("the file of message %s cannot be made: %s", delivery.message_id, type(error).__name__)
        await asyncio.to_thread(_record_not_sent, database, delivery, timedelta())
        return False
    try:
        key = await send(delivery.address, data, delivery.message_id)
    except NotSent as error:
        await asyncio.to_thread(_record_not_sent, database, delivery, error.retry_after)
    except Unreachable:
        logger.info("message %s cannot be delivered", delivery.message_id)
        await asyncio.to_thread(_record, database, delivery.message_id, messages.delivery_failed)
    except Exception as error:  # noqa: BLE001 - whatever it was, the message may have arrived: it is not sent again
        logger.warning("delivery of message %s is uncertain: %s", delivery.message_id, type(error).__name__)
        await asyncio.to_thread(_record, database, delivery.message_id, messages.delivery_uncertain)
    else:
        await asyncio.to_thread(_record, database, delivery.message_id, messages.delivered, key)
        return True
    return False


def _expire(database: Database) -> None:
    with database.write() as session:
        expired = messages.expire_deliveries(session)
    if expired:
        logger.warning("%s deliveries were cut off and are uncertain", expired)


def _take(database: Database, channel: str) -> Delivery | None:
    """Claim the next message. One that no key opens any more fails, so that it does not stand in the way for ever."""
    while True:
        with database.write() as session:
            message = messages.take_delivery(session, channel)
            if message is None:
                return None
            person = session.get_one(Person, message.person_id)
            try:
                data = message.open(session.info["keyring"])
                return Delivery(message.id, person.id, people.address_of(session, person), data, message.attempts)
            except UnknownKey:
                logger.error("message %s cannot be opened with the keys of this process", message.id)
                messages.delivery_failed(message)


def _record_not_sent(database: Database, delivery: Delivery, retry_after: timedelta) -> None:
    if delivery.attempts >= ATTEMPTS:
        logger.error("message %s was tried %s times in vain", delivery.message_id, delivery.attempts)
        return _record(database, delivery.message_id, messages.delivery_failed)
    _record(database, delivery.message_id, messages.postpone_delivery, max(retry_after, waiting_time(delivery.attempts)))


def _record(database: Database, message_id: int, outcome: Callable[..., None], *details: Any) -> None:
    with database.write() as session:
        message = session.get(Message, message_id)
        if message:  # the person may have been erased in the meantime
            outcome(message, *details)


def waiting_time(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 1, 3, 9 ... seconds; the ten attempts span about 80 minutes."""
    return min(FIRST_WAIT * 3 ** (attempts - 1), LONGEST_WAIT)
