"""One ticket: what is known, what was said, what has happened, and what may be done now."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.content import Content, ContentError, countries
from bot.content.eligibility import UNSAID
from bot.content.summary import request_words
from casework import accesses, requests, tickets
from casework.errors import UnknownKey
from casework.models import Message, Staff, Ticket
from casework.sealing import Sealed
from desk.access import SUPERVISE, csrf_token, open_file, show
from desk.pages import page
from desk.told import told_on_closing


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
    return [Route("/desk/tickets/{ticket_id}", open_file(ticket_page)), Route("/desk/tickets/{ticket_id}/thread", show(thread))]


def ticket_page(request: Request, session: Session, staff: Staff, status: int = 200, unsent: str = "", refused: str = "") -> Response:
    """The page. Whoever opens it is written down.

    Args:
        unsent: a text that was refused; it is shown again, so that its writer does not lose it.
        refused: why something else was not done.
    """
    ticket = tickets.look_at(session, request.path_params["ticket_id"], staff)
    accesses.note(session, ticket, staff)
    content = request.app.state.content
    return page(
        request,
        "ticket.html",
        status,
        staff=staff,
        csrf=csrf_token(request),
        once=secrets.token_urlsafe(12),
        unsent=unsent,
        refused=refused,
        fields=_request(session, content, ticket) if ticket.request else {},
        stages=requests.STAGES,
        zone=content.programme.zone,
        opened=accesses.of_ticket(session, ticket.id) if staff.role in SUPERVISE else [],
        events=tickets.events(session, ticket),
        may_reply=tickets.may_reply(session, ticket, staff),
        told=told_on_closing(content, ticket),
        languages=content.language_names(),
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


def _request(session: Session, content: Content, ticket: Ticket) -> dict:
    """The request for a counsellor to read: label -> words, in English where they are ours."""
    held = _opened(session, ticket.request)
    if "text" in held:
        return {"Answers": held["text"]}
    words = request_words(content, held, "en")
    written = held.get("country_written")
    shown = {
        "Name": words["name"],
        "Return to": words["country"] + (f" (written: {written})" if written else ""),
        "Mark": "Journeys there are suspended at the moment" if held.get("country_status") == "suspended" else "",
        "Family": words["family"],
        "Reach them by": words["contact"],
        "Language, interpreter": words["speech"],
        "When": words["when"],
        "To prepare for": words["needs"],
        "Note": held.get("note", ""),
        "Added later": "\n".join(held.get("additions", [])),
    }
    if ticket.request.appointment_at:
        at = ticket.request.appointment_at.astimezone(content.programme.zone)
        shown["Appointment"] = f"{at:%a %d %B %Y, %H:%M} ({content.programme.zone}), {held.get('appointment_place', '')}"
    return {**shown, **_check(content, held.get("check") or {})}


def _check(content: Content, check: dict) -> dict:
    """The pre-check's answers, which the person agreed to send along."""
    if not check:
        return {}
    answers = [f"{name}: {_said(content, name, answer)}" for name, answer in check["answers"].items()]
    reasons = [_phrase(content, f"check_reason_{name}", name) for name in check["reasons"]]
    outcome = {"likely": "may fit", "look": "a counsellor must look", "first": "something else first", "unlikely": "probably not"}[check["outcome"]]
    indication = "\n".join([f"{outcome} (rules of {check['version']})", *reasons])
    return {"Pre-check, an indication": indication, "Answers of the check": "\n".join(answers)}


def _said(content: Content, name: str, answer: str) -> str:
    """An answer in the words of its button; as it was kept where the rules no longer know it."""
    if len(answer) == 2 and answer.isupper():
        return countries.name(answer, "en")
    return _phrase(content, "check_unsaid" if answer == UNSAID else f"check_{name}_{answer}", answer)


def _phrase(content: Content, name: str, otherwise: str) -> str:
    try:
        return content.phrase(name, "en")
    except ContentError:
        return otherwise


def _opened(session: Session, row: Sealed) -> dict:
    try:
        return row.open(session.info["keyring"])
    except UnknownKey:  # one row that cannot be read must not hide the others
        return {"text": "(sealed with a key this desk does not have)"}
