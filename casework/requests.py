"""Intake requests: a person asks for counselling on return."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import drafts
from casework.clock import now
from casework.database import LOCKED
from casework.messages import send
from casework.models import IntakeRequest, Message, Opinion, Person, Staff, Ticket
from casework.references import new_reference, read_reference
from casework.tickets import may_be_told, must, note_event, open_ticket, owned, tell

FORM = "counselling"
# What a counsellor sets; a request begins as received, and ends as closed or withdrawn.
STAGES = ("received", "appointment", "documents", "travel", "returned")
OPINIONS = ("yes", "partly", "no")


def submit(session: Session, person: Person, answers: Mapping[str, Any]) -> IntakeRequest:
    """Make the person's request and its ticket, and drop the draft. Submitting twice makes one.

    Args:
        answers: of the form's steps, by their names (bot/actions/forms/request.py); all optional.
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


def open_request(session: Session, person: Person, locked: bool = False) -> IntakeRequest | None:
    """The person's open request; a chat has at most one. `locked` keeps others from changing it until the transaction ends."""
    query = select(IntakeRequest).where(IntakeRequest.person_id == person.id, IntakeRequest.closed_at.is_(None))
    return session.scalar(query.with_for_update(**LOCKED) if locked else query)


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


def add(session: Session, person: Person, text: str) -> IntakeRequest | None:
    """Add something to the person's open request. None if there is none."""
    request = open_request(session, person, locked=True)
    if request is None:
        return None
    keyring = session.info["keyring"]
    held = request.open(keyring)
    request.seal(keyring, {**held, "additions": [*held.get("additions", []), text]})
    ticket = open_ticket(session, person, "request")
    note_event(session, ticket, "added to by the person")
    return request


# --- the way after it: stages, appointment, opinion -----------------------------------------------------------------


def set_stage(session: Session, ticket_id: str, staff: Staff, stage: str, told: str) -> IntakeRequest:
    """A counsellor moves the request on; the person is told in `told`.

    Raises:
        NotAllowed: it is not their open request's ticket, or there is no such stage.
    """
    ticket, request = _worked_on(session, ticket_id, staff)
    must(stage in STAGES)
    if request.stage != stage:  # pressed twice, it is told once
        request.stage = stage
        note_event(session, ticket, "stage", staff, detail=stage)
        tell(session, ticket, {"text": told}, author=staff.id)  # an answer to it is meant for the counsellor
    return request


def set_appointment(session: Session, ticket_id: str, staff: Staff, at: datetime, place: str, remind_at: datetime, told: str) -> IntakeRequest:
    """A counsellor makes or moves the appointment; the person is told, and reminded at `remind_at` if that is to come.

    Raises:
        NotAllowed: it is not their open request's ticket, the time has passed, or the place is empty or too long.
    """
    ticket, request = _worked_on(session, ticket_id, staff)
    must(at > now() and 0 < len(place.strip()) <= 200)
    keyring = session.info["keyring"]
    held = request.open(keyring)
    if (request.appointment_at, held.get("appointment_place")) == (at, place.strip()):  # pressed twice
        return request
    request.seal(keyring, {**held, "appointment_place": place.strip()})
    request.appointment_at, request.remind_at = at, remind_at if remind_at > now() else None
    request.stage = "appointment" if request.stage == "received" else request.stage
    note_event(session, ticket, "appointment", staff)
    tell(session, ticket, {"text": told}, author=staff.id)
    return request


def cancel_appointment(session: Session, ticket_id: str, staff: Staff, told: str) -> IntakeRequest:
    """A counsellor takes the appointment back; the person is told.

    Raises:
        NotAllowed: it is not their open request's ticket, or there is no appointment.
    """
    ticket, request = _worked_on(session, ticket_id, staff)
    must(request.appointment_at is not None)
    request.appointment_at = request.remind_at = None
    request.stage = "received" if request.stage == "appointment" else request.stage
    note_event(session, ticket, "appointment off", staff)
    tell(session, ticket, {"text": told}, author=staff.id)
    return request


def due_reminders(session: Session, at: datetime | None = None) -> Sequence[IntakeRequest]:
    """Open requests whose person is to be reminded of their appointment now."""
    at = at or now()
    query = select(IntakeRequest).where(IntakeRequest.closed_at.is_(None), IntakeRequest.remind_at <= at)
    return session.scalars(query.with_for_update(skip_locked=True)).all()


def remind(session: Session, request: IntakeRequest, told: str, at: datetime | None = None) -> None:
    """Remind the person once; an appointment that has passed meanwhile is not spoken of."""
    request.remind_at = None
    ticket = session.scalar(select(Ticket).where(Ticket.request_id == request.id))
    if ticket and request.appointment_at and request.appointment_at > (at or now()):
        tell(session, ticket, {"text": told}, author=ticket.owner_id or "assistant")


def ask_opinion(session: Session, request: IntakeRequest, asked: Mapping[str, Any]) -> None:
    """Ask once, at the end, whether it helped.

    Args:
        asked: the question, `text` and `buttons`.
    """
    if request.opinion == "unasked" and request.stage == "closed" and may_be_told(session, request.person_id):
        request.opinion = "asked"
        send(session, session.get_one(Person, request.person_id), asked)


def tell_opinion(session: Session, person: Person, answer: str) -> bool:
    """Count the person's answer, without whose it is. False if they were not asked, or have answered."""
    query = select(IntakeRequest).where(IntakeRequest.person_id == person.id, IntakeRequest.opinion == "asked")
    request = session.scalars(query.order_by(IntakeRequest.closed_at.desc())).first()
    if request is None or answer not in OPINIONS:
        return False
    request.opinion = "told"
    session.add(Opinion(month=f"{now():%Y-%m}", answer=answer))
    return True


def _worked_on(session: Session, ticket_id: str, staff: Staff) -> tuple[Ticket, IntakeRequest]:
    ticket = owned(session, ticket_id, staff)
    must(ticket.request_id is not None)
    request = session.get_one(IntakeRequest, ticket.request_id, with_for_update=LOCKED)
    must(request.closed_at is None)
    return ticket, request


def _unused_reference(session: Session) -> str:
    while True:
        reference = new_reference()
        if not session.scalar(select(IntakeRequest.id).where(IntakeRequest.reference == reference)):
            return reference


def thread(session: Session, ticket: Ticket) -> list[Message]:
    """What counsellors see of the conversation on this ticket, oldest first: what belongs to it, nothing else."""
    return list(session.scalars(select(Message).where(Message.ticket_id == ticket.id).order_by(Message.id)))
