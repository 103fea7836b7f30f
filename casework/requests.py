"""Intake requests: a person asks for counselling on return."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import drafts
from casework.clock import now
from casework.database import LOCKED
from casework.models import IntakeRequest, Message, Person, Ticket
from casework.references import new_reference, read_reference
from casework.tickets import note_event, open_ticket

FORM = "counselling"


def submit(session: Session, person: Person, answers: Mapping[str, Any]) -> IntakeRequest:
    """Make the person's request and its ticket, and drop the draft. Submitting twice makes one.

    Args:
        answers: name, country (ISO code), country_written, contact, phone, when, note; all optional.
    """
    session.get(Person, person.id, with_for_update=LOCKED)
    request = open_request(session, person)
    if request is None:
        person.erase_at = None  # whoever asks for counselling wants this request kept, whatever was asked for before
        request = IntakeRequest(reference=_unused_reference(session), person_id=person.id, country=answers.get("country"))
        request.seal(session.info["keyring"], dict(answers))
        session.add(request)
        session.flush()
        ticket = open_ticket(session, person, "request")
        ticket.request_id = request.id
    drafts.drop(session, person.id, FORM)
    return request


def open_request(session: Session, person: Person) -> IntakeRequest | None:
    """The person's open request; a chat has at most one."""
    return session.scalar(select(IntakeRequest).where(IntakeRequest.person_id == person.id, IntakeRequest.closed_at.is_(None)))


def request_by_reference(session: Session, person: Person, text: str) -> IntakeRequest | None:
    """The request whose reference the person typed, if this chat made it; somebody else's is as unknown as none."""
    reference = read_reference(text)
    query = select(IntakeRequest).where(IntakeRequest.person_id == person.id, IntakeRequest.reference == reference)
    return session.scalar(query) if reference else None


def withdraw(session: Session, person: Person) -> IntakeRequest | None:
    """The person takes their open request back; its ticket closes. None if there is no open request."""
    request = open_request(session, person)
    if request is None:
        return None
    request.stage, request.closed_at = "withdrawn", now()
    for ticket in session.scalars(select(Ticket).where(Ticket.request_id == request.id, Ticket.closed_at.is_(None))):
        note_event(session, ticket, "withdrawn by the person")
        ticket.state, ticket.closed_at = "closed", now()
    return request


def _unused_reference(session: Session) -> str:
    while True:
        reference = new_reference()
        if not session.scalar(select(IntakeRequest.id).where(IntakeRequest.reference == reference)):
            return reference


def thread(session: Session, ticket: Ticket) -> list[Message]:
    """What counsellors see of the conversation on this ticket, oldest first: what belongs to it, nothing else."""
    return list(session.scalars(select(Message).where(Message.ticket_id == ticket.id).order_by(Message.id)))
