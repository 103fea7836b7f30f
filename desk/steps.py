"""The steps a counsellor takes with a ticket. Each calls one use case and goes back to the ticket."""

from collections.abc import Callable, Mapping

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from casework import tickets
from casework.errors import NotAllowed
from casework.models import Message, Staff
from desk.access import act
from desk.closing import told_on_accepting, told_on_closing
from desk.ticket import ticket_page

Fields = Mapping[str, str]


def routes() -> list[Route]:
    """One address for each step."""
    steps = {"claim": claim, "release": release, "accept": accept, "reply": reply, "note": note, "close": close}
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
    tickets.close(session, ticket.id, staff, told_on_closing(request.app.state.content, ticket))
    return _back(request)


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
