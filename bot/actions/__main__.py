"""The action server: `python -m bot.actions`. Loopback only, and every request brings the shared secret."""

import hmac
import warnings

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Request, Sanic
from sanic.response import HTTPResponse, json

import bot.content
from bot.actions.base import room
from service import logs
from service.settings import Settings, read_settings

HEADER = "X-House-Secret"


def action_server(settings: Settings) -> Sanic:
    """The Sanic application, with its casework and content in place."""
    room.database, room.content = settings.database(), bot.content.load(show_drafts=settings.show_drafts)
    room.request_days = settings.retention.tickets
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        executor = ActionExecutor()
        executor.register_package("bot.actions")
        app = create_app(executor, cors_origins=None)

    async def check(request: Request) -> HTTPResponse | None:
        given = request.headers.get(HEADER, "")
        if not hmac.compare_digest(given.encode(), settings.actions_secret.encode()):
            return json({"error": "unauthorized"}, 401)
        return None

    async def tell_no_secrets(request: Request, answer: HTTPResponse) -> HTTPResponse | None:
        # On an error Sanic repeats the request, the whole conversation with it, and the engine logs what it gets.
        return json({"error": "failed"}, answer.status) if answer.status >= 400 and answer.status != 401 else None

    app.register_middleware(check, "request")
    app.register_middleware(tell_no_secrets, "response")
    return app


def main() -> None:
    """Serve until stopped."""
    logs.configure()
    settings = read_settings()
    action_server(settings).run(host="127.0.0.1", port=settings.actions_port, single_process=True, motd=False, access_log=False)


if __name__ == "__main__":
    main()
