"""Figures without names, and who opened which file: for supervisors."""

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casework import accesses, figures
from casework.models import Staff
from desk.access import SUPERVISE, csrf_token, show
from desk.pages import page


def routes() -> list[Route]:
    """The two pages."""
    return [Route("/desk/figures", show(figures_page, SUPERVISE)), Route("/desk/accesses", show(accesses_page, SUPERVISE))]


def figures_page(request: Request, session: Session, staff: Staff) -> Response:
    """How many tickets there are, and what people said about the help."""
    found = {"tickets": figures.tickets_by_kind(session), "opinions": figures.opinions_by_month(session)}
    return page(request, "figures.html", staff=staff, csrf=csrf_token(request), **found)


def accesses_page(request: Request, session: Session, staff: Staff) -> Response:
    """Who opened which ticket, the newest first."""
    names = dict(session.execute(select(Staff.id, Staff.name)).tuples().all())
    return page(request, "accesses.html", staff=staff, csrf=csrf_token(request), accesses=accesses.newest(session), names=names)
