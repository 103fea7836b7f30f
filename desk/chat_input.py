"""Reads what a page or a program sends to the web chat, and says in one clear sentence what is wrong with it."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request


@dataclass(frozen=True)
class Sent:
    """A message: `kind` is text or button, `data` {"text": ...} or {"payload": ...}, `language` the page's own choice."""

    client_id: str
    kind: str
    data: dict[str, str]
    language: str | None


async def read_json(request: Request) -> dict[str, Any]:
    """The body, a JSON object; an empty body is an empty object.

    A form of another site cannot send this content type, so a cookie alone never writes in a person's name.

    Raises:
        HTTPException: 415 for another content type, 400 for anything but a JSON object, 413 over 64 kB.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, "Send JSON, with the header Content-Type: application/json.")
    try:
        data = json.loads(await request.body() or b"{}")
    except (ValueError, RecursionError):
        raise HTTPException(400, "The body is not valid JSON.") from None
    _require(isinstance(data, dict), "The body must be a JSON object.")
    return data


def read_message(data: dict[str, Any], languages: Collection[str]) -> Sent:
    """The message in the body of POST /chat/messages.

    Raises:
        HTTPException: 400, naming what is missing or wrong.
    """
    client_id, text, payload = data.get("client_id"), data.get("text"), data.get("payload")
    _require(isinstance(client_id, str) and 1 <= len(client_id) <= 64, "client_id must be a string of 1 to 64 characters.")
    _require(client_id.isprintable(), "client_id must be made of printable characters.")
    _require((text is None) != (payload is None), "Send either text or payload, not both and not neither.")
    name, value = ("text", text) if payload is None else ("payload", payload)
    _require(isinstance(value, str) and value.strip() != "", f"{name} must be a string that is not empty.")
    _require(_is_unicode(value), f"{name} must be valid Unicode.")
    return Sent(client_id, "text" if name == "text" else "button", {name: value}, read_language(data, languages))


def read_language(data: dict[str, Any], languages: Collection[str]) -> str | None:
    """The language in the body, if it names one.

    Raises:
        HTTPException: 400, it is not one of `languages`.
    """
    language = data.get("language")
    known = language is None or (isinstance(language, str) and language in languages)
    _require(known, f"language must be one of: {', '.join(languages)}.")
    return language


def read_after(request: Request) -> int:
    """The message id after which the caller wants to read; 0 if none is given.

    Raises:
        HTTPException: 400, it is not the id of a message.
    """
    after = request.query_params.get("after", "0")
    _require(after.isascii() and after.isdecimal() and len(after) <= 15, "after must be the id of a message, a number.")
    return int(after)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a pair, which JSON can spell but nobody can store
        return False
    return True


def _require(fulfilled: bool, sentence: str) -> None:
    if not fulfilled:
        raise HTTPException(400, sentence)
