"""What the passing of time tells people: the reminder of an appointment, and that they have waited too long."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.content import Content
from bot.content.summary import moment_words
from casework import requests, tickets
from casework.clock import now
from casework.models import Person, Ticket

UNPROMISED = timedelta(hours=24)  # where the office verified no time of its own, a ticket is raised after this


def remind(session: Session, content: Content, at: datetime | None = None) -> int:
    """Remind people of appointments that are near. Returns how many."""
    due = requests.due_reminders(session, at)
    for request in due:
        language = session.get_one(Person, request.person_id).language or "en"
        local = request.appointment_at and request.appointment_at.astimezone(content.programme.zone)
        today = (at or now()).astimezone(content.programme.zone).date()
        name = "utter_status_appointment" if local and local.date() == today else "utter_appointment_reminder"  # that one says "tomorrow"
        when, where = local and moment_words(local, language), request.open(session.info["keyring"]).get("appointment_place", "")
        requests.remind(session, request, content.phrase(name, language, when=when, where=where), at)
    return len(due)


def raise_late(session: Session, content: Content, at: datetime | None = None) -> int:
    """Raise the tickets that waited longer than was promised, and tell their people. Returns how many."""
    late = [ticket for ticket in tickets.unanswered(session) if _deadline(content, ticket) < (at or now())]
    for ticket in late:
        name, language = "utter_still_waiting", ticket.person.language or "en"
        tickets.raise_late(session, ticket, {"name": name, "text": content.phrase(name, language), "buttons": content.buttons(name, language)})
    return len(late)


def _deadline(content: Content, ticket: Ticket) -> datetime:
    hours, within = content.programme.hours, content.programme.answer_within
    promised = hours.after(ticket.created_at, within) if hours and within else None
    return promised or ticket.created_at + UNPROMISED
