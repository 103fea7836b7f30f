"""What an update of Telegram's means to us.

Updates are read as the plain JSON they are: a kind of message that is newer than any library must not break a whole
batch, and everybody behind it, as it would when the batch is parsed into objects.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

WANTED = ("message", "edited_message", "callback_query")
COMMANDS = {
    "start": "/greet",
    "help": "/help",
    "language": "/choose_language",
    "human": "/talk_to_human",
    "mydata": "/see_my_data",
    "delete": "/delete_my_data",
}
# A command stands alone. What follows it is a person's words, and words are text; only a link may add a parameter to
# /start.
_COMMAND = re.compile(r"/(?P<name>[a-z]+)(?:@(?P<bot>\w+))?(?P<parameter>\s[\w-]{1,64})?", re.IGNORECASE | re.ASCII)
# Notices that Telegram writes into a chat by itself: nobody said anything.
_NOTICES = frozenset(
    "pinned_message message_auto_delete_timer_changed chat_background_set write_access_allowed connected_website"
    " proximity_alert_triggered boost_added users_shared chat_shared forum_topic_created forum_topic_edited"
    " forum_topic_closed forum_topic_reopened".split()
)


@dataclass(frozen=True)
class Incoming:
    """What a person sent in their private chat.

    Attributes:
        kind, data: as `Conversation.receive` takes them.
        language: Telegram's code of the app's language, a hint at best.
        callback_id: of a pressed button, which wants to be acknowledged.
    """

    chat_id: int
    source_key: str
    kind: str
    data: Mapping[str, Any] = field(repr=False)
    language: str = ""
    callback_id: str = ""


def read(update: Mapping[str, Any], username: str = "") -> Incoming | None:
    """What the person sent; None for all that is not for us: groups, channels, bots, notices.

    Args:
        username: our own, to tell `/help@us` from a command to another bot.
    """
    key = f"u{update.get('update_id')}"
    if "callback_query" in update:
        return _pressed(_part(update, "callback_query"), key)
    if "edited_message" in update:
        edited = _part(update, "edited_message")
        # a live location is edited every few seconds: only new words are a new message
        return _written(edited, key, username) if _words(edited) else None
    return _written(_part(update, "message"), key, username)


def _pressed(query: Mapping[str, Any], key: str) -> Incoming | None:
    chat_id, data = _private_chat(_part(query, "message"), _part(query, "from")), query.get("data")
    if chat_id is None or not isinstance(data, str):
        return None
    return Incoming(chat_id, key, "button", {"payload": _clean(data)}, _language(query), str(query.get("id", "")))


def _written(message: Mapping[str, Any], key: str, username: str) -> Incoming | None:
    chat_id = _private_chat(message, _part(message, "from"))
    if chat_id is None or not _NOTICES.isdisjoint(message):
        return None
    # The message's own id as well: Telegram starts update ids anew after a quiet week, and none may be taken for another.
    key = f"{key}.{message.get('message_id')}"
    kind, data = _meaning(_words(message), username)
    return Incoming(chat_id, key, kind, data, _language(message))


def _meaning(words: str, username: str) -> tuple[str, dict[str, str]]:
    command = _COMMAND.fullmatch(words.strip())
    name = command["name"].lower() if command else ""
    for_us = command is not None and (command["bot"] or username).lower() == username.lower()
    if name in COMMANDS and for_us and (name == "start" or not command["parameter"]):
        return "command", {"payload": COMMANDS[name]}
    return ("text", {"text": words}) if words else ("other", {})


def _private_chat(message: Mapping[str, Any], sender: Mapping[str, Any]) -> int | None:
    chat = _part(message, "chat")
    private = chat.get("type") == "private" and isinstance(chat.get("id"), int)
    return chat["id"] if private and sender and not sender.get("is_bot") else None


def _words(message: Mapping[str, Any]) -> str:
    words = message.get("text") or message.get("caption") or ""
    return _clean(words) if isinstance(words, str) else ""


def _language(holder: Mapping[str, Any]) -> str:
    return str(_part(holder, "from").get("language_code") or "").split("-")[0]


def _part(holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = holder.get(name)
    return part if isinstance(part, Mapping) else {}


def _clean(text: str) -> str:
    """`text` without halves of characters: JSON can carry them, no database can."""
    return text.encode("utf-8", "replace").decode("utf-8")
