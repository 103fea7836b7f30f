"""A Bot API server written by hand: real HTTP on loopback, a memory of what it was asked, and failures on demand."""

import asyncio
import contextlib
import json
import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

TOKEN = "123456:a-token-nobody-may-see"
USERNAME = "return_counsel_bot"


@dataclass(frozen=True)
class Failure:
    """What happens to one request instead of success.

    Attributes:
        after: whether the request takes effect all the same (the message is in the chat, the answer is lost).
    """

    status: int = 0
    description: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    hang: float = 0
    cut: bool = False
    after: bool = False


class FakeBotApi:
    """What Telegram would have seen and done.

    Attributes:
        asked: every request in order: its method's name and its parameters.
        chats: chat id -> the messages that arrived there.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.chats: dict[int, list[dict[str, Any]]] = defaultdict(list)
        self.updates: list[dict[str, Any]] = []
        self.acknowledge = True  # False: the same updates come again, whatever the offset says
        self._failures: dict[str, deque[Failure]] = defaultdict(deque)
        self._last_id = 1000
        self.url = ""

    # --- what tests say ---

    def fail(self, method: str, *failures: Failure) -> None:
        """Let the next requests of `method` fail."""
        self._failures[method.lower()].extend(failures)

    def text(self, chat_id: int, text: str, **more: Any) -> dict[str, Any]:
        """The person writes a text."""
        return self.message(chat_id, text=text, **more)

    def message(self, chat_id: int, **content: Any) -> dict[str, Any]:
        """The person sends something."""
        return self.push(message={**self._envelope(chat_id), **content})

    def press(self, chat_id: int, data: str) -> dict[str, Any]:
        """The person presses a button, or pretends to."""
        query = {"id": f"q{self._next()}", "from": sender(chat_id), "chat_instance": "1", "data": data}
        return self.push(callback_query={**query, "message": self._envelope(chat_id)})

    def push(self, **update: Any) -> dict[str, Any]:
        """Queue an update of any kind."""
        entry = {"update_id": self._next(), **update}
        self.updates.append(entry)
        return entry

    def texts(self, chat_id: int) -> list[str]:
        """The texts that arrived in a chat."""
        return [message["text"] for message in list(self.chats[chat_id])]

    def calls(self, method: str) -> list[dict[str, Any]]:
        """The parameters of every request of `method`."""
        return [parameters for name, parameters in list(self.asked) if name == method.lower()]

    def _envelope(self, chat_id: int) -> dict[str, Any]:
        chat = {"id": chat_id, "type": "private", "first_name": "Nobody"}
        return {"message_id": self._next(), "date": int(time.time()), "chat": chat, "from": sender(chat_id)}

    def _next(self) -> int:
        self._last_id += 1
        return self._last_id

    # --- what the server does ---

    async def handle(self, request: Request) -> Response:
        """Answer one request."""
        method, parameters = request.path_params["method"].lower(), _parameters(await request.body())
        if request.path_params["token"] != TOKEN:
            return _error(401, "Unauthorized")
        self.asked.append((method, parameters))
        failure = self._failures[method].popleft() if self._failures[method] else None
        if failure:
            return await self._failed(failure, method, parameters)
        answer = json.dumps({"ok": True, "result": await self._result(method, parameters)})  # ASCII, so half a character can travel
        return Response(answer, media_type="application/json")

    async def _failed(self, failure: Failure, method: str, parameters: dict[str, Any]) -> Response:
        if failure.after:
            await self._result(method, parameters)
        if failure.cut:
            # a body shorter than announced: the connection breaks in the middle of the answer
            return StreamingResponse(iter([b'{"ok"']), headers={"Content-Length": "500"})
        await asyncio.sleep(failure.hang)
        return _error(failure.status or 500, failure.description, failure.parameters)

    async def _result(self, method: str, parameters: dict[str, Any]) -> Any:
        if method == "getme":
            return {"id": 123456, "is_bot": True, "first_name": "Counsel", "username": USERNAME}
        if method == "getupdates":
            return await self._updates(parameters.get("offset", 0), parameters.get("timeout", 0))
        if method == "sendmessage":
            return self._sent(parameters)
        return True  # setWebhook, deleteWebhook, setMyCommands, sendChatAction, answerCallbackQuery

    async def _updates(self, offset: int, timeout: float) -> list[dict[str, Any]]:
        if self.acknowledge:
            self.updates = [update for update in self.updates if update["update_id"] >= offset]
        until = time.monotonic() + timeout
        while not self.updates and time.monotonic() < until:
            await asyncio.sleep(0.01)
        if not self.acknowledge:
            await asyncio.sleep(0.02)
        return self.updates[:100]

    def _sent(self, parameters: dict[str, Any]) -> dict[str, Any]:
        message = {"message_id": self._next(), "date": int(time.time()), "text": parameters["text"]}
        chat_id = int(parameters["chat_id"])
        self.chats[chat_id].append({**message, "keyboard": parameters.get("reply_markup", {}).get("inline_keyboard", [])})
        return {**message, "chat": {"id": chat_id, "type": "private"}}


def sender(chat_id: int, **more: Any) -> dict[str, Any]:
    """The account that writes in a private chat."""
    return {"id": chat_id, "is_bot": False, "first_name": "Nobody", "language_code": "sq-AL", **more}


@contextlib.contextmanager
def running(fake: FakeBotApi, port: int = 0) -> Iterator[FakeBotApi]:
    """Serve the fake on loopback in a thread of its own."""
    app = Starlette(routes=[Route("/bot{token}/{method}", fake.handle, methods=["POST"])])
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=0)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    fake.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield fake
    finally:
        server.should_exit = True
        thread.join(10)


def _parameters(body: bytes) -> dict[str, Any]:
    return {name: values[0] if name == "text" else _value(values[0]) for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}


def _value(text: str) -> Any:
    """Numbers, lists and objects travel as JSON; a text is left alone by the caller."""
    if text[:1] in "[{" or text.lstrip("-").isdigit():
        with contextlib.suppress(ValueError):
            return json.loads(text)
    return text


def _error(status: int, description: str, parameters: dict[str, Any] | None = None) -> JSONResponse:
    body = {"ok": False, "error_code": status, "description": description}
    return JSONResponse({**body, "parameters": parameters} if parameters else body, status_code=status)
