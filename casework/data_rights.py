"""What a person may ask about their own data: see all of it, have all of it erased."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from casework import drafts, requests
from casework.clock import now
from casework.models import Consent, Erasure, IntakeRequest, Message, Person, Ticket

AT_THE_LATEST = timedelta(days=1)


def everything_held(session: Session, person: Person) -> dict[str, Any]:
    """All that is kept about the person, readable: language, consents, requests, open form, number of messages."""
    keyring = session.info["keyring"]
    count = select(func.count()).select_from(Message).where(Message.person_id == person.id, Message.direction != "note")
    return {
        "channel": person.channel,
        "language": person.language,
        "since": person.created_at.date().isoformat(),
        "messages": session.scalar(count),
        "consents": [
            {"purpose": c.purpose, "given": c.given_at.date().isoformat()}
            for c in session.scalars(select(Consent).where(Consent.person_id == person.id, Consent.withdrawn_at.is_(None)))
        ],
        "requests": [
            {"reference": r.reference, "stage": r.stage, "made": r.created_at.date().isoformat(), **r.open(keyring)}
            for r in session.scalars(select(IntakeRequest).where(IntakeRequest.person_id == person.id))
        ],
        "tickets": session.scalar(select(func.count()).select_from(Ticket).where(Ticket.person_id == person.id)),
        "draft": drafts.answers(session, person.id, requests.FORM),
    }


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
