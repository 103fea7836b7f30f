"""Who is writing: one person is one private chat on one channel."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework.clock import now
from casework.models import Person


def meet(session: Session, channel: str, address: str, *, keep_address: bool = True) -> Person:
    """The person behind `address` on `channel`, made when first met.

    Args:
        address: what the channel needs to reach them: a Telegram chat id, a web session's secret.
        keep_address: False for a web secret, of which only the blind index is kept.
    """
    keyring = session.info["keyring"]
    index = keyring.index(f"{channel}:{address}")
    known = find(session, channel, address)
    if known is None:
        known = Person(channel=channel, address_index=index)
        known.seal(keyring, {"address": address} if keep_address else {})
        try:
            with session.begin_nested():
                session.add(known)
        except IntegrityError:  # two first messages at the same moment
            return find(session, channel, address)
    return known


def find(session: Session, channel: str, address: str) -> Person | None:
    """The person behind `address`, if met before."""
    index = session.info["keyring"].index(f"{channel}:{address}")
    return session.scalar(select(Person).where(Person.channel == channel, Person.address_index == index))


def address_of(session: Session, person: Person) -> str:
    """Where to reach the person on their channel; empty if the channel keeps none."""
    return person.open(session.info["keyring"]).get("address", "")


def seen(person: Person, at: datetime | None = None) -> None:
    """Note that the person has written."""
    person.last_seen_at = at or now()


_RANK = {None: 0, "channel": 1, "written": 2, "chosen": 3}


def speak(person: Person, language: str, origin: str) -> None:
    """Remember the person's language, unless something surer is known.

    Args:
        origin: how it is known: `chosen` by the person, `written` (what they write), or `channel` (Telegram's code).
    """
    if _RANK[origin] >= _RANK[person.language_from]:
        person.language, person.language_from = language, origin


def ask_to_be_erased(person: Person) -> None:
    """Mark the person for erasure, which follows once the last answer has gone out."""
    person.erase_at = now()
