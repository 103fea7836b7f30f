"""What guards every answer of the web room: headers, small bodies, and errors that tell nothing."""

import logging
import traceback

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk import errors

logger = logging.getLogger(__name__)

BODY_AT_MOST = 64 * 1024  # bytes; a reply of 4,000 characters stays below it even when percent-encoded
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class SecurityHeaders:
    """Adds the headers above. Only static files may be kept by a browser."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and dress its answer."""

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                headers["Cache-Control"] = "public, max-age=86400" if scope["path"].startswith("/static/") else "no-store"
            await send(message)

        await self.app(scope, receive, dressed)


class SmallBodies:
    """Refuses a body over 64 kB with 413, whatever its headers say of its length."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and count what is read of it."""
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > BODY_AT_MOST:
                raise HTTPException(413, "The body is larger than 64 kB.")
            return message

        await self.app(scope, counted, send)


class CalmErrors:
    """Turns an unexpected error into a kind answer and one log line.

    The line names the kind of error and its place, never its message, which could quote a person.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer 500 if that fails before an answer has begun."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 - whatever broke, nobody sees its trace
            logger.error("%s of a page failed: %s at %s", scope.get("method"), type(error).__name__, _place(error))
            if begun:
                raise ConnectionAbortedError("the answer broke off") from None
            await errors.answer(Request(scope), 500)(scope, receive, send)


def _place(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename}:{frame.lineno}"
