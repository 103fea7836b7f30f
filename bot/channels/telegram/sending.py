"""Sends one message of ours: plain text, its buttons below, and every failure under the name the outbox knows."""

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import httpx
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, LinkPreviewOptions
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.channels.outbox import NotSent, Uncertain, Unreachable
from bot.channels.telegram.patience import asked_to_wait

logger = logging.getLogger(__name__)

LONGEST = 4096  # UTF-16 units in one message, https://core.telegram.org/bots/api#sendmessage
CAPTION = 1024  # characters below a file
# The request never left this machine: no connection was made.
_NO_CONNECTION = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


async def send(bot: Bot, address: str, data: Mapping[str, Any], message_id: int) -> str:
    """Send a message; a long one in several parts, with the buttons below the last.

    Args:
        address: the chat's id.
        data: `text` and `buttons`, as the outbox holds them; `content` is the name and the bytes of a file to send with it.
        message_id: ours, by which a pressed button finds its way back (see `Conversation.shown`).

    Returns:
        Telegram's id of the last part.

    Raises:
        NotSent, Uncertain, Unreachable: see bot/channels/outbox.py.
    """
    parts, sent = split(data.get("text") or data.get("title") or ""), ""
    if not parts:
        logger.error("message %s has no text", message_id)
        raise Unreachable
    if data.get("content"):
        return await _send_file(bot, address, parts[0], *data["content"], message_id)
    for number, part in enumerate(parts, 1):
        buttons = keyboard(data.get("buttons") or [], message_id) if number == len(parts) else None
        try:
            # no parse_mode: what people write is never markup
            message = await bot.send_message(
                int(address), part, reply_markup=buttons, link_preview_options=LinkPreviewOptions(is_disabled=True)
            )
        except TelegramError as error:
            raise (Uncertain() if sent else meaning(error, message_id)) from error
        sent = str(message.message_id)
    return sent


async def _send_file(bot: Bot, address: str, caption: str, name: str, content: bytes, message_id: int) -> str:
    try:
        message = await bot.send_document(int(address), InputFile(content, filename=name), caption=caption[:CAPTION])
    except TelegramError as error:
        raise meaning(error, message_id) from error
    return str(message.message_id)


def meaning(error: TelegramError, message_id: int) -> Exception:
    """What the error says about a message: sent, not sent, or nobody knows."""
    if isinstance(error, RetryAfter):
        return NotSent(timedelta(seconds=asked_to_wait(error)))
    if isinstance(error, InvalidToken):
        return NotSent()
    if isinstance(error, Forbidden | ChatMigrated):
        return Unreachable()
    if isinstance(error, BadRequest):
        if "chat not found" not in str(error).lower():
            logger.error("Telegram does not accept message %s: %s", message_id, type(error).__name__)
        return Unreachable()
    if isinstance(error, NetworkError) and isinstance(error.__cause__, _NO_CONNECTION):
        return NotSent()
    return Uncertain()


def keyboard(buttons: Sequence[Mapping[str, str]], message_id: int) -> InlineKeyboardMarkup | None:
    """One button a row. What it sends is its name, not its payload: a name works only in the chat it was shown in."""
    rows = [
        [InlineKeyboardButton(button["title"], callback_data=f"b{message_id}.{place}")]
        for place, button in enumerate(buttons)
        if button.get("title", "").strip()
    ]
    return InlineKeyboardMarkup(rows) if rows else None


def split(text: str, longest: int = LONGEST) -> list[str]:
    """The text in parts of at most `longest` UTF-16 units, cut between paragraphs, else lines, else words."""
    parts = []
    while (end := _reach(text, longest)) < len(text):
        cuts = (text.rfind(mark, 0, end + 1) for mark in ("\n\n", "\n", " "))
        cut = next((cut for cut in cuts if cut > end // 2), end)
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [part for part in (*parts, text) if part.strip()]


def _reach(text: str, units: int) -> int:
    """How many characters of `text` fit into so many UTF-16 units."""
    for place, character in enumerate(text):
        units -= 2 if ord(character) > 0xFFFF else 1
        if units < 0:
            return place
    return len(text)
