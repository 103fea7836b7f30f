"""Takes an update in: stored and committed first, then the courtesies, then the turn."""

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any

from telegram import Bot
from telegram.constants import ChatAction

from bot.channels.conversation import Conversation
from bot.channels.telegram.turns import Turns
from bot.channels.telegram.updates import Incoming, read

CHANNEL = "telegram"


class Intake:
    """The door for updates, whichever way they came.

    Args:
        turns: woken for everybody who sent something.
    """

    def __init__(self, bot: Bot, conversation: Conversation, turns: Turns) -> None:
        self._bot, self._conversation, self._turns = bot, conversation, turns
        self._courtesies: set[asyncio.Task[None]] = set()

    async def take(self, update: Mapping[str, Any]) -> None:
        """Store what the update brings; when this returns it is committed and may be acknowledged.

        Raises:
            Exception: of the database's; nothing was stored, and the update must come again.
        """
        incoming = read(update, self._bot.username)
        if incoming is None:
            return
        person_id = await asyncio.to_thread(self._store, incoming)
        if incoming.callback_id:
            self._be_kind(self._bot.answer_callback_query(incoming.callback_id))
        self._be_kind(self._bot.send_chat_action(incoming.chat_id, ChatAction.TYPING))
        self._turns.wake(person_id)

    def close(self) -> None:
        """Drop the courtesies that are still under way."""
        for courtesy in self._courtesies:
            courtesy.cancel()

    def _store(self, incoming: Incoming) -> str:
        person_id = self._conversation.start(CHANNEL, str(incoming.chat_id), language=incoming.language)
        self._conversation.receive(person_id, incoming.source_key, incoming.kind, incoming.data)
        return person_id

    def _be_kind(self, courtesy: Coroutine[Any, Any, Any]) -> None:
        """Do it beside everything else: no answer waits for it, and its failure changes nothing."""
        task = asyncio.create_task(_try(courtesy))
        self._courtesies.add(task)
        task.add_done_callback(self._courtesies.discard)


async def _try(courtesy: Coroutine[Any, Any, Any]) -> None:
    try:
        await courtesy
    except Exception:  # noqa: BLE001, S110 - only a courtesy; whatever matters fails and is logged where it is sent
        pass
