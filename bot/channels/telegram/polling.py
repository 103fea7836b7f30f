"""Fetches updates. Asking with an offset acknowledges all before it, so every update is stored before the next question.

One gateway alone can poll. Where several run, they use the webhook.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from telegram import Bot
from telegram.error import Conflict

from bot.channels.telegram.patience import Growing, Pace, Stopped, asked_to_wait, insist, pause, unless_stopped
from bot.channels.telegram.updates import WANTED

logger = logging.getLogger(__name__)

Take = Callable[[Mapping[str, Any]], Awaitable[None]]


async def poll(bot: Bot, take: Take, stop: asyncio.Event, pace: Pace) -> None:
    """Fetch updates and hand each to `take` until told to stop. A webhook set earlier is taken away first."""
    await insist("taking the webhook away", bot.delete_webhook, stop, pace)
    offset, growing, in_conflict = 0, Growing(pace), False
    while not stop.is_set():
        try:
            updates = await unless_stopped(stop, _fetch(bot, offset, pace))
            for update in updates:
                if not await insist("storing an update", lambda: take(update), stop, pace):  # noqa: B023 - awaited here
                    return
                offset = update["update_id"] + 1
            growing.reset()
            in_conflict = False
        except Stopped:
            return
        except Conflict:
            if not in_conflict:
                logger.error("Telegram refuses to be polled (409): another gateway polls with this token, or a webhook is set")
            in_conflict = True
            await pause(stop, pace.conflict_pause)
        except Exception as error:  # noqa: BLE001 - whatever it is, people keep writing
            seconds = max(growing.next(), asked_to_wait(error))
            logger.warning("no updates (%s), again in %.0f s", type(error).__name__, seconds)
            await pause(stop, seconds)


async def _fetch(bot: Bot, offset: int, pace: Pace) -> list[dict[str, Any]]:
    """The updates from `offset` on, as plain JSON (see updates.py).

    The Bot API does not mind the case of a method's name; the library, which has a method of its own for `getUpdates`
    that parses the batch into objects, does.
    """
    question = {"offset": offset, "timeout": pace.poll, "allowed_updates": list(WANTED)}
    return await bot.do_api_request("getupdates", question, read_timeout=pace.poll + pace.network)
