"""Who is answered when, and how it ends."""

import asyncio
import time

from bot.channels.telegram.gateway import finish
from bot.channels.telegram.turns import Turns
from tests.channels.telegram.conftest import FAST


def test_one_task_a_person_and_one_more_look_for_what_came_meanwhile():
    looked, answered = [], []

    def answer(person_id):
        looked.append(person_id)
        time.sleep(0.05)

    async def work():
        turns = Turns(answer, lambda: answered.append(True))
        turns.wake("a")
        await asyncio.sleep(0.01)
        for person_id in ("a", "b", "a"):
            turns.wake(person_id)
        await turns.finish(5)

    asyncio.run(work())
    assert sorted(looked) == ["a", "a", "b"] and len(answered) == 3


def test_the_end_does_not_wait_for_ever():
    async def work():
        turns = Turns(lambda person_id: time.sleep(0.5), lambda: None)
        turns.wake("a")
        start = time.monotonic()
        await turns.finish(0.05)
        return time.monotonic() - start

    assert asyncio.run(work()) < 0.4


def test_a_last_delivery_that_fails_is_left_to_the_next_start(log):
    async def deliver():
        raise OSError("PRIVATE")

    async def work():
        await finish(Turns(lambda person_id: None, lambda: None), deliver, FAST)

    asyncio.run(work())
    assert "the last delivery was not finished: OSError" in log.text
