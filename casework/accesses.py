"""Which member of staff opened which ticket, and when."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.clock import now
from casework.models import Access, Staff, Ticket

ONCE_IN = timedelta(minutes=10)  # a page that is loaded again and again is one look


def note(session: Session, ticket: Ticket, staff: Staff) -> None:
    """Write down that `staff` opened the ticket's page."""
    lately = select(Access.id).where(Access.ticket_id == ticket.id, Access.staff_id == staff.id, Access.at > now() - ONCE_IN)
    if session.scalar(lately.limit(1)) is None:
        session.add(Access(ticket_id=ticket.id, staff_id=staff.id))


def of_ticket(session: Session, ticket_id: str) -> Sequence[Access]:
    """Who opened a ticket, the newest first."""
    return session.scalars(select(Access).where(Access.ticket_id == ticket_id).order_by(Access.id.desc())).all()


def newest(session: Session, last: int = 200) -> Sequence[Access]:
    """The newest of all, for supervisors."""
    return session.scalars(select(Access).order_by(Access.id.desc()).limit(last)).all()
