"""Wires the web room together. Nothing happens at import."""

from collections.abc import Callable, Mapping

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import RedirectResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from desk import accounts, chat, errors, figures, health, queue, steps, ticket
from desk.pages import STATIC, make_templates
from desk.protection import CalmErrors, SecurityHeaders, SmallBodies

SESSION_SECONDS = 12 * 60 * 60  # counted from signing in: the cookie is not renewed


def create_app(
    settings, database, content, conversation=None, health: Callable[[], Mapping[str, bool]] | None = None
) -> Starlette:
    """The web application.

    Args:
        settings: `session_secret`, `secure_cookies` and `show_drafts` are used.
        database: the casework's :class:`casework.database.Database`.
        content: sentences and languages, :class:`bot.content.Content`.
        conversation: the one way in for what people write; without it there is no web chat.
        health: tells which parts are well, name -> bool; without it only the database is asked.
    """
    routes = _routes(chat.routes() if conversation else [])
    app = Starlette(routes=routes, middleware=_middleware(settings), exception_handlers=errors.HANDLERS)
    app.state.settings, app.state.database, app.state.content = settings, database, content
    app.state.conversation, app.state.chat_threads = conversation, chat.make_threads()
    app.state.health = health or (lambda: {"database": database.answers()})
    app.state.templates = make_templates()
    return app


def _routes(chat_routes: list[Route]) -> list:
    return [
        Route("/", lambda request: RedirectResponse("/desk", 303)),
        Route("/healthz", health.healthz),
        *accounts.routes(),
        *queue.routes(),
        *ticket.routes(),
        *steps.routes(),
        *figures.routes(),
        *chat_routes,
        Mount("/static", StaticFiles(directory=STATIC)),
    ]


def _middleware(settings) -> list[Middleware]:
    return [
        Middleware(SecurityHeaders),
        Middleware(CalmErrors),
        Middleware(
            SessionMiddleware,
            secret_key=settings.session_secret,
            session_cookie="desk",
            max_age=SESSION_SECONDS,
            same_site="lax",
            https_only=settings.secure_cookies,
        ),
        Middleware(SmallBodies),
    ]
