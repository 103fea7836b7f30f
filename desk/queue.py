"""The queue: which tickets wait, for whom. A row never shows personal text."""

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casework import tickets
from casework.models import Staff
from desk.access import EVERYBODY, SEE_TICKETS, csrf_token, show
from desk.pages import page

VIEWS = ("open", "mine", "unassigned", "closed")


def routes() -> list[Route]:
    """The queue's page and the table in it, which the page fetches again and again."""
    return [Route("/desk", show(home, EVERYBODY)), Route("/desk/queue", show(table))]


def home(request: Request, session: Session, staff: Staff) -> Response:
    """The queue; for a trainer, whose work is elsewhere, a page that says so."""
    if staff.role not in SEE_TICKETS:
        return page(request, "trainer.html", staff=staff, csrf=csrf_token(request))
    return page(request, "queue.html", staff=staff, csrf=csrf_token(request), **_waiting(request, session, staff))


def table(request: Request, session: Session, staff: Staff) -> Response:
    """The table alone."""
    return page(request, "queue_table.html", **_waiting(request, session, staff))


def _waiting(request: Request, session: Session, staff: Staff) -> dict:
    asked = request.query_params.get("view")
    view = asked if asked in VIEWS else "open"
    return {
        "view": view,
        "views": VIEWS,
        "tickets": tickets.queue(session, staff, view),
        "alerts": sum(ticket.kind == "alert" for ticket in tickets.queue(session, staff, "unassigned")),
        "languages": request.app.state.content.language_names(),
    }
