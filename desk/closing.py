"""What a person is told when their ticket is accepted or closed: always a written text, in their language."""

from casework.models import Ticket

ON_CLOSING = {"handover": "utter_handover_ended", "request": "utter_request_closed", "alert": "utter_alert_closed"}


def told_on_accepting(content, ticket: Ticket) -> tuple[str, list[dict[str, str]]]:
    """The sentence that a counsellor is here now."""
    name = "utter_handover_accepted"
    return content.phrase(name, _language(ticket)), content.buttons(name, _language(ticket))


def told_on_closing(content, ticket: Ticket) -> str | None:
    """The sentence that the work has ended; None where nothing is told: a complaint, an alert without leave."""
    if ticket.kind not in ON_CLOSING or (ticket.kind == "alert" and ticket.contact != "agreed"):
        return None
    return content.phrase(ON_CLOSING[ticket.kind], _language(ticket))


def _language(ticket: Ticket) -> str:
    return ticket.person.language or "en"
