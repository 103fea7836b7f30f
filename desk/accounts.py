"""Signing in and out, and the one-time link that makes an account."""

from collections.abc import Mapping

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from casework import staff as accounts
from casework.errors import InvitationSpent, NotAllowed, WrongCredentials
from casework.models import Staff
from desk.access import csrf_token, enter, leave, posted
from desk.pages import page

LOOPBACK = ("127.0.0.1", "::1")


def routes() -> list[Route]:
    """Sign-in, sign-out and joining."""
    return [
        Route("/desk/sign-in", sign_in_page),
        Route("/desk/sign-in", posted(sign_in), methods=["POST"]),
        Route("/desk/sign-out", posted(sign_out), methods=["POST"]),
        Route("/desk/join", join_page),
        Route("/desk/join", posted(join), methods=["POST"]),
    ]


def sign_in_page(request: Request, status: int = 200, name: str = "") -> Response:
    """The form; a status other than 200 says that name and password did not fit."""
    return page(request, "sign_in.html", status, csrf=csrf_token(request), name=name, refused=status != 200)


def sign_in(request: Request, fields: Mapping[str, str]) -> Response:
    """Begin a session."""
    with request.app.state.database.write() as session:
        member = _known(session, fields)  # a failed attempt is committed too: it is counted
    if member is None:
        return sign_in_page(request, 401, fields.get("name", ""))
    enter(request, member)
    return RedirectResponse("/desk", 303)


def sign_out(request: Request, fields: Mapping[str, str]) -> Response:
    """End the session."""
    leave(request)
    return RedirectResponse("/desk/sign-in", 303)


def join_page(request: Request, status: int = 200, problem: str = "", secret: str = "", name: str = "") -> Response:
    """The form behind the link `/desk/join#SECRET`; the secret stays in the fragment, which no server ever logs."""
    _only_here(request)
    return page(request, "join.html", status, csrf=csrf_token(request), problem=problem, secret=secret, name=name)


def join(request: Request, fields: Mapping[str, str]) -> Response:
    """Make the account that the link was for, and begin its session."""
    _only_here(request)
    secret, name = fields.get("secret", ""), fields.get("name", "")
    try:
        with request.app.state.database.write() as session:
            member = accounts.accept_invitation(session, secret, name, fields.get("password", ""))
    except InvitationSpent:
        return join_page(request, 410, "spent")
    except NotAllowed:
        return join_page(request, 422, "unfit", secret, name)
    enter(request, member)
    return RedirectResponse("/desk", 303)


def _known(session: Session, fields: Mapping[str, str]) -> Staff | None:
    try:
        return accounts.sign_in(session, fields.get("name", ""), fields.get("password", ""))
    except WrongCredentials:
        return None


def _only_here(request: Request) -> None:
    # whoever makes accounts sits at the machine, or comes through a tunnel to it
    if request.client is None or request.client.host not in LOOPBACK:
        raise HTTPException(403)
