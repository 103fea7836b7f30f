"""Answers people: side by side, and each person by one task at a time."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

logger = logging.getLogger(__name__)

AT_ONCE = 8


class Turns:
    """Who is being answered.

    Args:
        answer: answers all that a person has sent; it runs in a thread.
        answered: called after it, so that the answers go out.
    """

    def __init__(self, answer: Callable[[str], None], answered: Callable[[], None]) -> None:
        self._answer, self._answered = answer, answered
        # Threads of their own: while the engine is slow, new messages must still find a thread to be stored in.
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="turn")
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    def wake(self, person_id: str) -> None:
        """See that the person is answered. If that is under way, it looks once more before it ends."""
        if person_id in self._tasks:
            self._again.add(person_id)
        else:
            self._tasks[person_id] = asyncio.create_task(self._work(person_id))

    async def finish(self, seconds: float) -> None:
        """Let the turns under way end, for `seconds` at most; what is not answered then waits in the casework."""
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=seconds)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _work(self, person_id: str) -> None:
        try:
            while True:
                self._again.discard(person_id)
                await asyncio.get_running_loop().run_in_executor(self._threads, self._answer, person_id)
                self._answered()
                if person_id not in self._again:
                    return
        except Exception as error:  # noqa: BLE001 - the message is stored: the next sweep takes it up again
            logger.error("answering failed: %s", type(error).__name__)
        finally:
            del self._tasks[person_id]
            self._again.discard(person_id)
