"""The web chat: its page, and the JSON interface behind it. Whatever people write goes through the conversation.

A session is a random secret, held by the browser as a cookie or by a program as a bearer token. Only a blind index of
it is kept on our side. It has nothing to do with the sessions of staff.
"""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

import anyio.to_thread
from anyio import CapacityLimiter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from desk.chat_input import Sent, read_after, read_json, read_language, read_message
from desk.pages import page

CHANNEL = "web"
COOKIE = "chat"
COOKIE_SECONDS = 90 * 24 * 60 * 60  # a request lives for weeks, and only the chat that made it can ask about it
WAIT = 20.0  # seconds; after that the page asks again by itself
AT_ONCE = 64  # messages answered at the same time; they wait in threads of their own, so the desk is never held up


def routes() -> list[Route]:
    """The page and its interface."""
    return [
        Route("/chat", chat_page),
        Route("/chat/sessions", start, methods=["POST"]),
        Route("/chat/messages", receive, methods=["POST"]),
        Route("/chat/messages", replies),
        Route("/chat/history", history),
        Route("/chat/files/{message_id:int}", file),
        Route("/chat/leave", leave, methods=["POST"]),
    ]


def make_threads() -> CapacityLimiter:
    """The threads that wait for answers."""
    return CapacityLimiter(AT_ONCE)


def chat_page(request: Request) -> Response:
    """The page, in the language it is asked for, else one the browser knows."""
    content = request.app.state.content
    names = content.language_names()
    chosen = request.query_params.get("lang")
    language = chosen if chosen in names else _browser_language(request, names)
    return page(
        request,
        "chat.html",
        language=language,
        direction=content.direction(language),
        languages={code: (name, content.direction(code)) for code, name in names.items()},
        say=lambda name: content.phrase(name, language),
    )


async def start(request: Request) -> Response:
    """POST {language?} -> 201 {session, language}. The secret is a cookie too, for the page."""
    state = request.app.state
    language = read_language(await read_json(request), state.content.language_names())
    secret = secrets.token_urlsafe(32)
    await anyio.to_thread.run_sync(state.conversation.start, CHANNEL, secret, language, False)
    response = JSONResponse({"session": secret, "language": language or "en"}, 201)
    response.set_cookie(
        COOKIE, secret, COOKIE_SECONDS, path="/chat", secure=state.settings.secure_cookies, httponly=True, samesite="lax"
    )
    return response


async def receive(request: Request) -> Response:
    """POST {text | payload, language?, client_id} -> {replies, language}; a repeated client_id gets the same replies."""
    state = request.app.state
    sent = read_message(await read_json(request), state.content.language_names())
    return JSONResponse(await anyio.to_thread.run_sync(_answered, request, sent, limiter=state.chat_threads))


def replies(request: Request) -> Response:
    """GET ?after=ID -> {replies, language}: what was written to the person since."""
    person_id = _person(request)
    return JSONResponse(_shown(request.app.state.conversation.replies(person_id, after=read_after(request))))


def history(request: Request) -> Response:
    """GET -> {messages, language}: the last ones of both sides, for a page that is opened again."""
    conversation, person_id = request.app.state.conversation, _person(request)
    messages = conversation.history(person_id)
    first = messages[0]["id"] if messages else 1
    language = conversation.replies(person_id, after=first - 1)["language"]  # fetching also marks what is shown as arrived
    lines = [{**_line(message), "mine": bool(message["mine"])} for message in messages]
    return JSONResponse({"messages": lines, "language": language})


def file(request: Request) -> Response:
    """GET -> the file of a message that was written to this person."""
    found = request.app.state.conversation.file(_person(request), request.path_params["message_id"])
    if found is None:
        raise HTTPException(404)
    name, content = found
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type="text/plain; charset=utf-8", headers=headers)


def leave(request: Request) -> Response:
    """POST: the person leaves the page; answers that wait only for them go."""
    request.app.state.conversation.leave(_person(request))
    return JSONResponse({})


def _answered(request: Request, sent: Sent) -> dict[str, Any]:
    conversation, person_id = request.app.state.conversation, _person(request)
    message_id = conversation.receive(person_id, sent.client_id, sent.kind, sent.data, language=sent.language)
    conversation.answer(person_id)
    return _shown(conversation.replies(person_id, after=message_id, reply_to=message_id, wait=WAIT))


def _person(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    secret = token.strip() if scheme.lower() == "bearer" else request.cookies.get(COOKIE)
    person_id = request.app.state.conversation.find(CHANNEL, secret) if secret else None
    if person_id is None:
        raise HTTPException(401, "There is no such session. Begin one with POST /chat/sessions.", {"WWW-Authenticate": "Bearer"})
    return person_id


def _shown(found: Mapping[str, Any]) -> dict[str, Any]:
    return {"replies": [_line(reply) for reply in found["replies"]], "language": found["language"]}


def _line(message: Mapping[str, Any]) -> dict[str, Any]:
    """What leaves the house of a message: never who of the staff wrote it."""
    author = message["author"] if message["author"] in ("person", "assistant") else "counsellor"
    buttons = [{"title": button["title"], "payload": button["payload"]} for button in message["buttons"]]
    file = {"file": f"/chat/files/{message['id']}"} if message.get("file") else {}
    return {"id": message["id"], "text": message["text"], "buttons": buttons, "author": author, **file}


def _browser_language(request: Request, known: Iterable[str]) -> str:
    for wanted in request.headers.get("accept-language", "").lower().split(","):
        code = wanted.partition(";")[0].partition("-")[0].strip()
        if code in known:
            return code
    return "en"
