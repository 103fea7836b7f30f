"""The steps a counsellor takes with a ticket. Each calls one use case and goes back to the ticket."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from casework import requests, tickets
from casework.errors import NotAllowed
from casework.models import Message, Staff
from desk.access import act
from desk.ticket import ticket_page
from desk.told import asked_on_closing, told_on_accepting, told_on_appointment, told_on_cancelling, told_on_closing, told_on_stage

Fields = Mapping[str, str]
REMINDED_AT = 10  # o'clock


def routes() -> list[Route]:
    """One address for each step."""
    steps = {
        "claim": claim, "release": release, "accept": accept, "reply": reply, "note": note, "close": close,
        "stage": stage, "appointment": appointment, "appointment-off": appointment_off,
    }  # fmt: skip
    return [Route(f"/desk/tickets/{{ticket_id}}/{name}", act(step), methods=["POST"]) for name, step in steps.items()]


def claim(request: Request, session: Session, staff: Staff, fields: Fields) -> Response:
    """Make the ticket one's own."""
    tickets.claim(session, _ticket_id(request), staff)
    return _back(request)


def release(request: Request, session: Session, staff: Staff, fields: Fields) -> Response:
    """Give the ticket back to the queue."""
    tickets.release(session, _ticket_id(request), staff)
    return _back(request)


def accept(request: Request, session: Session, staff: Staff, fields: Fields) -> Response:
    """Begin the live conversation."""
    ticket = tickets.look_at(session, _ticket_id(request), staff)
    tickets.accept(session, ticket.id, staff, *told_on_accepting(request.app.state.content, ticket))
    return _back(request)


def close(request: Request, session: Session, staff: Staff, fields: Fields) -> Response:
    """End the work on the ticket; of a live conversation: hand the person back to the assistant."""
    ticket = tickets.look_at(session, _ticket_id(request), staff)
    content = request.app.state.content
    tickets.close(session, ticket.id, staff, told_on_closing(content, ticket))
    if ticket.request:
        requests.ask_opinion(session, ticket.request, asked_on_closing(content, ticket))
    return _back(request)


def stage(request: Request, session: Session, staff: Staff, fields: Fields) -> Response:
    """Move the request on to another stage, and tell the person."""
    ticket, wanted = tickets.look_at(session, _ticket_id(request), staff), fields.get("stage", "")
    if ticket.request is None or wanted not in requests.STAGES:
        raise NotAllowed
    requests.set_stage(session, ticket.id, staff, wanted, told_on_stage(request.app.state.content, ticket, wanted))
    return _back(request)


def appointment(request: Request, session: Session, staff: Staff, fields: Fields) -> Response:
    """Make or move the appointment: `at` as a local time of the office, `place` in a few words."""
    content = request.app.state.content
    ticket, place = tickets.look_at(session, _ticket_id(request), staff), fields.get("place", "").strip()
    try:
        at = datetime.fromisoformat(fields.get("at", "")).replace(tzinfo=content.programme.zone)
        with session.begin_nested():
            told = told_on_appointment(content, ticket, at, place)
            requests.set_appointment(session, ticket.id, staff, at, place, _day_before(at), told)
    except (ValueError, NotAllowed):
        return ticket_page(request, session, staff, 409, refused="The appointment was not made: it needs a time that is still to come, and a place.")
    return _back(request)


def appointment_off(request: Request, session: Session, staff: Staff, fields: Fields) -> Response:
    """Take the appointment back, and tell the person."""
    ticket = tickets.look_at(session, _ticket_id(request), staff)
    requests.cancel_appointment(session, ticket.id, staff, told_on_cancelling(request.app.state.content, ticket))
    return _back(request)


def _day_before(at: datetime) -> datetime:
    """When to remind: at ten in the morning of the day before."""
    return (at - timedelta(days=1)).replace(hour=REMINDED_AT, minute=0, second=0, microsecond=0)


def reply(request: Request, session: Session, staff: Staff, fields: Fields) -> Response:
    """Write to the person."""
    return _write(tickets.reply, request, session, staff, fields)


def note(request: Request, session: Session, staff: Staff, fields: Fields) -> Response:
    """Write to colleagues."""
    return _write(tickets.add_note, request, session, staff, fields)


def _write(use_case: Callable[..., Message], request: Request, session: Session, staff: Staff, fields: Fields) -> Response:
    text = fields.get("text", "")
    try:
        with session.begin_nested():
            message = use_case(session, _ticket_id(request), staff, text)
            # each form carries its own mark: sent twice by an impatient finger or a browser, it is written once
            message.source_key = f"desk:{fields['once'][:64]}" if fields.get("once") else None
    except NotAllowed:
        return ticket_page(request, session, staff, 409, unsent=text)
    except IntegrityError:
        pass  # this form was taken before
    return _back(request, "#written")


def _ticket_id(request: Request) -> str:
    return request.path_params["ticket_id"]


def _back(request: Request, place: str = "") -> Response:
    return RedirectResponse(f"/desk/tickets/{_ticket_id(request)}{place}", 303)
