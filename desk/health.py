"""Whether the parts are well, for whoever watches over them."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse


def healthz(request: Request) -> PlainTextResponse:
    """A line for each part, `engine: ok`; 200 only if all are well, else 503."""
    parts = request.app.state.health()
    lines = [f"{name}: {'ok' if well else 'down'}\n" for name, well in parts.items()]
    return PlainTextResponse("".join(lines), 200 if all(parts.values()) else 503)
