"""Renders templates. Everything in them is escaped; styles and scripts are files of our own."""

import hashlib
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from casework.clock import now

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"


def make_templates() -> Jinja2Templates:
    """The templates, with the filters they use."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(age=age, moment=moment)
    marks = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:8] for path in STATIC.iterdir() if path.is_file()}
    # the mark changes with the file, so a browser that keeps files still gets the new one
    environment.globals["static"] = lambda name: f"/static/{name}?v={marks[name]}"
    return Jinja2Templates(env=environment)


def page(request: Request, template: str, status: int = 200, /, **context) -> Response:
    """The template as an answer; every desk page knows whether texts are still drafts."""
    state = request.app.state
    context = {"show_drafts": state.settings.show_drafts, "staff": None, "csrf": "", **context}
    return state.templates.TemplateResponse(request, template, context, status)


def age(since: datetime) -> str:
    """How long ago, in one number: `3 min`, `2 h`, `5 days`."""
    minutes = max(0, int((now() - since).total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} days"


def moment(at: datetime) -> str:
    """A time for those without scripts; with them the browser shows its own."""
    return f"{at:%Y-%m-%d %H:%M} UTC"
