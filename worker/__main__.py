"""The worker: `python -m worker`. Looks around every second while it holds the lease."""

import logging
import signal
import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import bot.content
from bot.channels.conversation import Conversation
from bot.channels.engine import Engine, EngineDown, RasaEngine
from bot.channels.forgetting import forget_people
from casework import doubts, drafts, leases, messages, retention
from casework.database import Database
from casework.retention import Periods
from service import logs
from service.settings import read_settings
from worker import follow_up

logger = logging.getLogger("worker")
LEASE = timedelta(seconds=15)
DAILY = timedelta(days=1)
EVERY = 1.0  # seconds between two rounds


def round_of_work(database: Database, conversation: Conversation, periods: Periods, hold: Callable[[], bool] = lambda: True) -> None:
    """Everything that is due now: first what nobody may wait for. Each work stands alone, so that one that fails holds up no other.

    Args:
        hold: renews the lease of this worker; false once another one has it.
    """
    content, done = conversation.content, {}

    def work(what: str, does: Callable[[], int]) -> None:
        try:
            done[what] = does()
        except EngineDown:
            logger.warning("the engine is down: %s wait", what)
        except Exception as error:  # noqa: BLE001 - the next round tries it again
            logger.error("%s: failed with %s", what, type(error).__name__)

    def written(does: Callable[..., int], *more: Any) -> Callable[[], int]:
        def in_transaction() -> int:
            with database.write() as session:
                return does(session, *more)

        return in_transaction

    work("doubts became alerts", written(doubts.become_alerts))
    work("sends uncertain", written(messages.expire_deliveries))
    work("reminded", written(follow_up.remind, content))
    work("raised", written(follow_up.raise_late, content))
    work("drafts dropped", written(drafts.drop_old))
    work("too old", lambda: _retain(database, conversation.engine, periods))
    work("people erased", lambda: forget_people(database, conversation.engine))
    work("people to answer", lambda: _answer_waiting(database, conversation, hold))
    done.pop("people to answer", None)
    if any(done.values()):
        logger.info(", ".join(f"{count} {what}" for what, count in done.items() if count))


def _answer_waiting(database: Database, conversation: Conversation, hold: Callable[[], bool]) -> int:
    with database.read() as session:
        waiting = messages.people_waiting(session)
    for person_id in waiting:
        if not hold():  # a slow engine took longer than the lease
            break
        conversation.answer(person_id)
    return len(waiting)


def _retain(database: Database, engine: Engine, periods: Periods) -> int:
    """Once a day, what has been kept long enough goes; if the engine is down its part is tried again the next day."""
    with database.write() as session:
        if not leases.due(session, "retention", DAILY):
            return 0
        count = sum(retention.retain(session, periods).values())
    return count + retention.retain_engine(engine, periods)


def main() -> None:
    """Work until stopped."""
    logs.configure()
    settings = read_settings()
    database = settings.database()
    content = bot.content.load(show_drafts=settings.show_drafts)
    conversation = Conversation(database, RasaEngine(settings.engine_url, settings.engine_secret), content, {"web": settings.chat_url})
    stop, holder = threading.Event(), uuid.uuid4().hex
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: stop.set())

    def hold() -> bool:
        with database.write() as session:
            return leases.hold(session, "worker", holder, LEASE)

    while not stop.wait(EVERY):
        try:
            if hold():
                round_of_work(database, conversation, settings.retention, hold)
        except Exception as error:  # noqa: BLE001 - one bad round must not end the work
            logger.error("a round of work failed: %s", type(error).__name__)
    with database.write() as session:
        leases.let_go(session, "worker", holder)


if __name__ == "__main__":
    main()
