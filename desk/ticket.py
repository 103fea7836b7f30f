"""One ticket: what is known, what was said, what has happened, and what may be done now."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casework import requests, tickets
from casework.errors import UnknownKey
from casework.models import Message, Staff, Ticket
from casework.sealing import Sealed
from desk.access import csrf_token, show
from desk.closing import told_on_closing
from desk.pages import page


@dataclass(frozen=True)
class Line:
    """A line of the thread. `side`: person, assistant, staff or note; `state`: of what goes out, else empty."""

    side: str
    author: str
    text: str
    state: str
    at: datetime


def routes() -> list[Route]:
    """The ticket's page and the thread in it, which the page fetches again and again."""
    return [Route("/desk/tickets/{ticket_id}", show(ticket_page)), Route("/desk/tickets/{ticket_id}/thread", show(thread))]


def ticket_page(request: Request, session: Session, staff: Staff, status: int = 200, unsent: str = "") -> Response:
    """The page.

    Args:
        unsent: a text that was refused; it is shown again, so that its writer does not lose it.
    """
    ticket = tickets.look_at(session, request.path_params["ticket_id"], staff)
    return page(
        request,
        "ticket.html",
        status,
        staff=staff,
        csrf=csrf_token(request),
        once=secrets.token_urlsafe(12),
        unsent=unsent,
        fields=_opened(session, ticket.request) if ticket.request else {},
        events=tickets.events(session, ticket),
        may_reply=tickets.may_reply(ticket, staff),
        told=told_on_closing(request.app.state.content, ticket),
        languages=request.app.state.content.language_names(),
        **_thread(session, ticket),
    )


def thread(request: Request, session: Session, staff: Staff) -> Response:
    """The thread alone."""
    ticket = tickets.look_at(session, request.path_params["ticket_id"], staff)
    return page(request, "thread.html", **_thread(session, ticket))


def _thread(session: Session, ticket: Ticket) -> dict:
    names = dict(session.execute(select(Staff.id, Staff.name)).tuples().all())
    return {
        "ticket": ticket,
        "names": names,
        "lines": [_line(session, message, names) for message in requests.thread(session, ticket)],
        # when this changes, so does what may be done: the page tells its reader
        "version": f"{ticket.state}-{ticket.contact}-{ticket.reason}-{ticket.owner_id or ''}",
    }


def _line(session: Session, message: Message, names: dict[str, str]) -> Line:
    data = _opened(session, message)
    text = data.get("text") or data.get("title") or data.get("payload") or ""
    side = "note" if message.direction == "note" else message.author if message.author in ("person", "assistant") else "staff"
    state = message.state if message.direction == "out" else ""
    return Line(side, names.get(message.author, "a counsellor"), str(text), state, message.created_at)


def _opened(session: Session, row: Sealed) -> dict:
    try:
        return row.open(session.info["keyring"])
    except UnknownKey:  # one row that cannot be read must not hide the others
        return {"text": "(sealed with a key this desk does not have)"}
