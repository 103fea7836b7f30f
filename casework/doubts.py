"""Doubtful danger: the person is asked gently first. A yes, or no answer to it, is an alert; a no settles it."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from casework import tickets
from casework.clock import now
from casework.database import LOCKED
from casework.models import Doubt, Message, Person

PATIENCE = timedelta(minutes=10)


def ask(session: Session, person: Person, reason: str, message: Message) -> None:
    """The person is being asked whether there is danger. A doubt that stands already keeps its time.

    Args:
        reason: the `risk_*` topic it may be.
        message: what the person wrote.
    """
    doubt = session.get(Doubt, person.id)
    if doubt is None:
        session.add(Doubt(person_id=person.id, message_id=message.id, reason=reason))


def settle(session: Session, person_id: str) -> None:
    """The person said no, or an alert has been raised: nothing is in doubt any more."""
    session.execute(delete(Doubt).where(Doubt.person_id == person_id))


def become_alerts(session: Session, at: datetime | None = None) -> int:
    """Raise an alert for each doubt that was not answered in time. Returns how many."""
    due = session.scalars(select(Doubt).where(Doubt.asked_at < (at or now()) - PATIENCE)).all()
    for doubt in due:
        person = session.get_one(Person, doubt.person_id, with_for_update=LOCKED)
        tickets.raise_alert(session, person, doubt.reason, session.get(Message, doubt.message_id))
        settle(session, person.id)
    return len(due)
