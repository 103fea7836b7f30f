"""How long the gateway waits for what, and how it stops waiting when it is told to stop."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from telegram.error import RetryAfter

logger = logging.getLogger(__name__)
Result = TypeVar("Result")


class Stopped(Exception):
    """The gateway was told to stop before the answer came."""


@dataclass(frozen=True)
class Pace:
    """The gateway's times, in seconds; tests make them short."""

    poll: int = 20  # Telegram holds a question for updates this long when there are none
    network: float = 15  # for any other answer of Telegram's; a whole send must fit into its lease of 60 s
    deliver: float = 0.5  # between two looks for what the desk wrote
    sweep: float = 3  # between two looks for people whom nobody answers
    first_pause: float = 1  # after the first failure; it doubles
    longest_pause: float = 30
    conflict_pause: float = 30  # while somebody else polls with our token
    finish: float = 25  # for turns under way when the gateway stops; longer than the engine's patience


class Growing:
    """Pauses that double with every failure in a row."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self.reset()

    def next(self) -> float:
        """Seconds to wait now."""
        seconds, self._seconds = self._seconds, min(self._seconds * 2, self._pace.longest_pause)
        return seconds

    def reset(self) -> None:
        """All is well again."""
        self._seconds = self._pace.first_pause


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait `seconds`, less if told to stop."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        pass


async def unless_stopped(stop: asyncio.Event, work: Coroutine[Any, Any, Result]) -> Result:
    """The result of `work`.

    Raises:
        Stopped: `stop` was set first; the work is cancelled.
    """
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise Stopped
    finally:
        working.cancel()
        stopping.cancel()
        await asyncio.gather(working, stopping, return_exceptions=True)


async def insist(name: str, work: Callable[[], Coroutine[Any, Any, Any]], stop: asyncio.Event, pace: Pace) -> bool:
    """Do `work` until it succeeds; False if told to stop first.

    Args:
        name: what is being done, for the log. Of an error only its type is logged: its words may hold the token.
    """
    growing = Growing(pace)
    while not stop.is_set():
        try:
            await unless_stopped(stop, work())
            return True
        except Stopped:
            return False
        except Exception as error:  # noqa: BLE001 - a gateway that gives up answers nobody
            seconds = max(growing.next(), asked_to_wait(error))
            logger.warning("%s failed (%s), again in %.0f s", name, type(error).__name__, seconds)
            await pause(stop, seconds)
    return False


async def repeat(
    name: str, work: Callable[[], Awaitable[Any]], stop: asyncio.Event, pace: Pace, seconds: float, wake: asyncio.Event | None = None
) -> None:
    """Do `work` every `seconds` until told to stop; failures are logged by their type.

    Args:
        wake: set when there is something to do sooner; then `stop` is noticed only at the end of a round.
    """
    growing = Growing(pace)
    while not stop.is_set():
        if wake:
            wake.clear()
        try:
            await work()
            growing.reset()
        except Exception as error:  # noqa: BLE001 - the next round may succeed
            logger.error("%s failed: %s", name, type(error).__name__)
            await pause(stop, growing.next())
        else:
            await pause(wake or stop, seconds)


def asked_to_wait(error: Exception) -> float:
    """The seconds Telegram asked us to wait, 0 if it did not."""
    if not isinstance(error, RetryAfter):
        return 0
    wait = error.retry_after  # seconds today, a timedelta in later versions of the library
    return wait if isinstance(wait, int | float) else wait.total_seconds()
