"""Who is at the desk and what their role opens: the one place of sessions, CSRF tokens and role checks."""

import secrets
from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from casework.models import Staff
from casework.staff import ROLES

SEE_TICKETS = ("counsellor", "supervisor", "admin")
SUPERVISE = ("supervisor", "admin")
EVERYBODY = ROLES


class NotSignedIn(Exception):
    """Nobody is signed in, or the account is no longer active."""


class NotForRole(Exception):
    """This page is not for the role of the one who asks."""


# --- sessions ---


def enter(request: Request, staff: Staff) -> None:
    """Begin a session of `staff`; whatever the browser had before is gone."""
    request.session.clear()
    request.session["staff"] = staff.id


def leave(request: Request) -> None:
    """End the session."""
    request.session.clear()


def csrf_token(request: Request) -> str:
    """The token that every form of this session carries."""
    if "csrf" not in request.session:
        request.session["csrf"] = secrets.token_urlsafe(24)
    return request.session["csrf"]


# --- endpoints ---


def show(view: Callable[[Request, Session, Staff], Response], roles=SEE_TICKETS) -> Callable:
    """A GET endpoint for signed-in staff of `roles`; the view gets a session to read."""

    def endpoint(request: Request) -> Response:
        with request.app.state.database.read() as session:
            return view(request, session, _staff(request, session, roles))

    return endpoint


def open_file(view: Callable[[Request, Session, Staff], Response], roles=SEE_TICKETS) -> Callable:
    """A GET endpoint that leaves a trace: that `staff` opened it is written down in the same transaction."""

    def endpoint(request: Request) -> Response:
        with request.app.state.database.write() as session:
            return view(request, session, _staff(request, session, roles))

    return endpoint


def act(view: Callable[[Request, Session, Staff, Mapping[str, str]], Response], roles=SEE_TICKETS) -> Callable:
    """A POST endpoint for signed-in staff of `roles`; the view runs in one transaction and gets the form's fields."""

    def in_transaction(request: Request, fields: Mapping[str, str]) -> Response:
        with request.app.state.database.write() as session:
            return view(request, session, _staff(request, session, roles), fields)

    return posted(in_transaction)


def posted(view: Callable[[Request, Mapping[str, str]], Response]) -> Callable:
    """A POST endpoint: the form is read, its CSRF token checked, and the view runs in a thread with its fields."""

    async def endpoint(request: Request) -> Response:
        form = await request.form(max_files=0, max_fields=20)
        # browsers send line ends as CR LF
        fields = {name: value.replace("\r\n", "\n") for name, value in form.items() if isinstance(value, str)}
        if "staff" not in request.session and not request.url.path.startswith(("/desk/sign-in", "/desk/join")):
            raise NotSignedIn  # the session ran out: a sign-in page helps more than a refused token
        if not _same(fields.get("csrf", ""), request.session.get("csrf", "")):
            raise HTTPException(403)
        return await run_in_threadpool(view, request, fields)

    return endpoint


def _staff(request: Request, session: Session, roles) -> Staff:
    staff = session.get(Staff, request.session.get("staff", ""))
    if staff is None or not staff.active:
        raise NotSignedIn
    if staff.role not in roles:
        raise NotForRole
    return staff


def _same(given: str, expected: str) -> bool:
    return bool(expected) and secrets.compare_digest(given.encode(), expected.encode())
