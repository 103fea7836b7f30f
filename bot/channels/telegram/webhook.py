"""The webhook: Telegram posts each update, and we answer 200 only once it is stored. Any other answer makes it come again."""

import asyncio
import contextlib
import hmac
import json
import logging
from collections.abc import Iterator
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.telegram.polling import Take

logger = logging.getLogger(__name__)

PATH = "/telegram"
LARGEST_BODY = 1_000_000  # bytes; an update is a few thousand


class TooLarge(Exception):
    """The body is larger than any update."""


class Malformed(Exception):
    """The body is not an update."""


def create_app(take: Take, secret: str) -> Starlette:
    """The route that Telegram posts to.

    Args:
        take: stores an update, or raises.
        secret: what Telegram was told to send in its header.
    """

    async def receive(request: Request) -> Response:
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return Response(status_code=401)
        try:
            await take(parse(await read_body(request)))
        except TooLarge:
            return Response(status_code=413)
        except Malformed:
            return Response(status_code=400)
        except Exception as error:  # noqa: BLE001 - Telegram delivers it again
            logger.error("storing an update failed: %s", type(error).__name__)
            return Response(status_code=500)
        return Response(status_code=200)

    return Starlette(routes=[Route(PATH, receive, methods=["POST"])])


async def read_body(request: Request) -> bytes:
    """The body.

    Raises:
        TooLarge: it has more than `LARGEST_BODY` bytes, whatever its header says.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise TooLarge
    return bytes(body)


def parse(body: bytes) -> dict[str, Any]:
    """The update in a body.

    Raises:
        Malformed: it is no JSON object with an update's id.
    """
    try:
        update = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
        raise Malformed
    return update


async def serve(app: Starlette, port: int, stop: asyncio.Event) -> None:
    """Serve `app` on loopback, behind the proxy that speaks TLS, until told to stop."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_config=None, access_log=False, lifespan="off", server_header=False,
        timeout_graceful_shutdown=5,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve())
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    stopping.cancel()
    await serving


class _Server(uvicorn.Server):
    """A server that leaves the signals to the gateway, which has more to finish than its requests."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
