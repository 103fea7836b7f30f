"""What a person may ask about their own data: see all of it, have all of it erased."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from casework.clock import now
from casework.models import Access, Consent, Draft, Erasure, IntakeRequest, Message, Person, Staff, Ticket
from casework.sealing import Keyring

AT_THE_LATEST = timedelta(days=1)


def everything_held(session: Session, person: Person) -> dict[str, Any]:
    """All that is kept about the person, readable.

    Returns:
        `channel`, `language`, `since`; `messages` (how many); `said` (each `at`, `author`, `text`); `consents` (each `purpose`,
        `given`, `version`); `requests` (each `reference`, `stage`, `made`, `fields`, `appointment`); `tickets` (each `kind`,
        `made`, `state`, `reason`); `opened` (when staff opened them: `at`, and `by` as the role); `drafts` (form -> answers).
    """
    keyring = session.info["keyring"]
    mine = session.scalars(select(Message).where(Message.person_id == person.id, Message.direction != "note").order_by(Message.id)).all()
    tickets = session.scalars(select(Ticket).where(Ticket.person_id == person.id).order_by(Ticket.created_at)).all()
    found = session.scalars(select(IntakeRequest).where(IntakeRequest.person_id == person.id).order_by(IntakeRequest.created_at))
    return {
        "channel": person.channel,
        "language": person.language,
        "since": _day(person.created_at),
        "messages": len(mine),
        "said": [_line(message, keyring) for message in mine],
        "consents": [
            {"purpose": c.purpose, "given": _day(c.given_at), "version": c.version}
            for c in session.scalars(select(Consent).where(Consent.person_id == person.id, Consent.withdrawn_at.is_(None)))
        ],
        "requests": [_request(request, keyring) for request in found],
        "tickets": [{"kind": t.kind, "made": _day(t.created_at), "state": t.state, "reason": t.reason} for t in tickets if t.kind != "request"],
        "opened": _opened(session, [ticket.id for ticket in tickets]),
        "drafts": {draft.form: draft.open(keyring) for draft in session.scalars(select(Draft).where(Draft.person_id == person.id))},
    }


def _line(message: Message, keyring: Keyring) -> dict[str, str]:
    data = message.open(keyring)
    return {"at": f"{message.created_at:%Y-%m-%d %H:%M}", "author": message.author, "text": data.get("text") or data.get("title") or ""}


def _request(request: IntakeRequest, keyring: Keyring) -> dict[str, Any]:
    fields = request.open(keyring)
    place = fields.pop("appointment_place", "")
    appointment = {"when": f"{request.appointment_at:%Y-%m-%d %H:%M} UTC", "where": place} if request.appointment_at else None
    return {"reference": request.reference, "stage": request.stage, "made": _day(request.created_at), "fields": fields, "appointment": appointment}


def _opened(session: Session, ticket_ids: list[str]) -> list[dict[str, str]]:
    query = select(Access.at, Staff.role).join(Staff, Staff.id == Access.staff_id).where(Access.ticket_id.in_(ticket_ids))
    return [{"at": f"{at:%Y-%m-%d %H:%M}", "by": role} for at, role in session.execute(query.order_by(Access.id)).all()]


def _day(at: datetime) -> str:
    return at.date().isoformat()


def due_for_erasure(session: Session) -> list[str]:
    """Ids of people who asked to be forgotten and to whom nothing is still to be sent.

    Whoever left the web chat never fetches the last answer, so after a day nobody waits for that any more. An open
    alert is never lost silently: such a person's data waits until the alert is closed.
    """
    unanswered = select(Message.id).where(Message.person_id == Person.id, Message.state.in_(("received", "answering")))
    unsent = select(Message.id).where(Message.person_id == Person.id, Message.state.in_(("pending", "sending")))
    alert = select(Ticket.id).where(Ticket.person_id == Person.id, Ticket.kind == "alert", Ticket.closed_at.is_(None))
    waited = Person.erase_at < now() - AT_THE_LATEST
    asked = select(Person.id).where(Person.erase_at.is_not(None))
    query = asked.where(or_(waited, ~unsent.exists()), ~unanswered.exists(), ~alert.exists())
    return list(session.scalars(query))


def erase(session: Session, person_id: str) -> None:
    """Erase the person and everything of theirs. What stays says only that it was done."""
    messages = session.scalar(select(func.count()).select_from(Message).where(Message.person_id == person_id))
    tickets = session.scalar(select(func.count()).select_from(Ticket).where(Ticket.person_id == person_id))
    session.execute(delete(Person).where(Person.id == person_id))  # the rest goes with it (ON DELETE CASCADE)
    session.add(Erasure(messages=messages, tickets=tickets))
