"""How long data is kept, by kind, and the work that ends it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from casework import drafts
from casework.clock import now
from casework.models import Access, IntakeRequest, Invitation, Message, Person, Ticket

UNDER_WAY = ("received", "answering", "pending", "sending")


@dataclass(frozen=True)
class Periods:
    """Days that each kind of data is kept.

    Args:
        messages: what belongs to no ticket, since it was written.
        tickets: a request, handover, alert or complaint with its messages, since it was closed.
        people: somebody of whom nothing is open, since they last wrote; then they are erased whole.
        accesses: who opened which ticket.
        engine: the engine's state of a conversation, since it was last continued.
    """

    messages: int = 30
    tickets: int = 180
    people: int = 180
    accesses: int = 730
    engine: int = 30


def retain(session: Session, periods: Periods, at: datetime | None = None) -> dict[str, int]:
    """Delete what has been kept long enough. Returns how much of each kind.

    People are marked for erasure, which erases them in the engine too (`bot.channels.forgetting`).
    """
    at = at or now()
    return {
        "tickets": _tickets(session, at - timedelta(days=periods.tickets)),
        "messages": _messages(session, at - timedelta(days=periods.messages)),
        "people": _people(session, at - timedelta(days=periods.people), at),
        "accesses": session.execute(delete(Access).where(Access.at < at - timedelta(days=periods.accesses))).rowcount,
        "invitations": session.execute(delete(Invitation).where(Invitation.expires_at < at - timedelta(days=30))).rowcount,
        "drafts": drafts.drop_old(session, at),
    }


def _messages(session: Session, before: datetime) -> int:
    old = delete(Message).where(Message.ticket_id.is_(None), Message.created_at < before, Message.state.not_in(UNDER_WAY))
    return session.execute(old).rowcount


def _tickets(session: Session, before: datetime) -> int:
    old = session.execute(select(Ticket.id, Ticket.request_id).where(Ticket.closed_at < before)).all()
    ids = [ticket_id for ticket_id, _ in old]
    session.execute(delete(Message).where(Message.ticket_id.in_(ids)))
    session.execute(delete(Ticket).where(Ticket.id.in_(ids)))
    session.execute(delete(IntakeRequest).where(IntakeRequest.id.in_([request_id for _, request_id in old if request_id])))
    return len(ids)


def _people(session: Session, before: datetime, at: datetime) -> int:
    open_ticket = select(Ticket.id).where(Ticket.person_id == Person.id, Ticket.closed_at.is_(None))
    kept_request = select(IntakeRequest.id).where(IntakeRequest.person_id == Person.id)
    gone = update(Person).where(Person.last_seen_at < before, Person.erase_at.is_(None), ~open_ticket.exists(), ~kept_request.exists())
    return session.execute(gone.values(erase_at=at), execution_options={"synchronize_session": False}).rowcount


class ForgetfulEngine(Protocol):
    """The engine, as far as retention needs it."""

    def forget_before(self, moment: datetime) -> int:
        """Erase the conversations that nobody has continued since `moment`."""


def retain_engine(engine: ForgetfulEngine, periods: Periods, at: datetime | None = None) -> int:
    """Erase the engine's state of conversations nobody continued. Returns how many."""
    return engine.forget_before((at or now()) - timedelta(days=periods.engine))
