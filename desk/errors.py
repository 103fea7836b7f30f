"""The one place that turns errors into answers: a kind page, or JSON for the chat's programs."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from casework.errors import AlreadyOwned, CaseworkError, NotAllowed, NotFound
from desk.access import NotForRole, NotSignedIn
from desk.pages import page

STATUS = {NotFound: 404, AlreadyOwned: 409, NotAllowed: 409}


def answer(request: Request, status: int, reason: str = "", detail: str = "", headers=None) -> Response:
    """An error as its reader understands it.

    Args:
        reason: a word that templates/error.html has a sentence for; the status has one too.
        detail: the sentence for programs.
    """
    if request.url.path.startswith("/chat/"):
        return JSONResponse({"error": detail or "Something went wrong here. Please try again."}, status, headers)
    response = page(request, "error.html", status, reason=reason or str(status), ticket_id=request.path_params.get("ticket_id"))
    response.headers.update(headers or {})
    return response


def _http(request: Request, error: HTTPException) -> Response:
    return answer(request, error.status_code, detail=error.detail, headers=error.headers)


def _casework(request: Request, error: CaseworkError) -> Response:
    return answer(request, STATUS.get(type(error), 500), type(error).__name__)


def _role(request: Request, error: NotForRole) -> Response:
    return answer(request, 403, "NotForRole")


def _sign_in(request: Request, error: NotSignedIn) -> Response:
    return RedirectResponse("/desk/sign-in", 303)


HANDLERS = {HTTPException: _http, CaseworkError: _casework, NotForRole: _role, NotSignedIn: _sign_in}
