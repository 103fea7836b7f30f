"""What a person is told when staff take a step with their ticket: always a written text, in their language."""

from datetime import datetime

from bot.content import Content
from bot.content.summary import moment_words
from casework.models import Ticket

ON_CLOSING = {"handover": "utter_handover_ended", "request": "utter_request_closed", "alert": "utter_alert_closed"}


def told_on_accepting(content: Content, ticket: Ticket) -> tuple[str, list[dict[str, str]]]:
    """The sentence that a counsellor is here now."""
    name = "utter_handover_accepted"
    return content.phrase(name, _language(ticket)), content.buttons(name, _language(ticket))


def told_on_closing(content: Content, ticket: Ticket) -> str | None:
    """The sentence that the work has ended; None where nothing is told: a complaint, an alert without leave."""
    if ticket.kind not in ON_CLOSING or (ticket.kind == "alert" and ticket.contact != "agreed"):
        return None
    return content.phrase(ON_CLOSING[ticket.kind], _language(ticket))


def asked_on_closing(content: Content, ticket: Ticket) -> dict:
    """The question whether it helped."""
    name = "utter_ask_helped"
    return {"name": name, "text": content.phrase(name, _language(ticket)), "buttons": content.buttons(name, _language(ticket))}


def told_on_stage(content: Content, ticket: Ticket, stage: str) -> str:
    """The news that the request has come to a stage."""
    language = _language(ticket)
    return content.phrase("utter_stage_news", language, reference=ticket.request.reference, stage=content.phrase(f"stage_{stage}", language))


def told_on_appointment(content: Content, ticket: Ticket, at: datetime, place: str) -> str:
    """When and where the appointment is, in the office's time."""
    language = _language(ticket)
    return content.phrase("utter_appointment", language, when=moment_words(at.astimezone(content.programme.zone), language), where=place)


def told_on_cancelling(content: Content, ticket: Ticket) -> str:
    """The sentence that the appointment does not take place."""
    return content.phrase("utter_appointment_off", _language(ticket))


def _language(ticket: Ticket) -> str:
    return ticket.person.language or "en"
