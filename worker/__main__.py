"""The worker: `python -m worker`. Looks around every second while it holds the lease."""

import logging
import signal
import threading
import uuid
from datetime import timedelta

import bot.content
from bot.channels.conversation import Conversation, forget_people
from bot.channels.engine import Engine, EngineDown, RasaEngine
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


def round_of_work(database: Database, conversation: Conversation, periods: Periods) -> None:
    """Everything that is due now."""
    with database.read() as session:
        waiting = messages.people_waiting(session)
    for person_id in waiting:
        conversation.answer(person_id)
    with database.write() as session:
        done = {
            "sends uncertain": messages.expire_deliveries(session),
            "drafts dropped": drafts.drop_old(session),
            "doubts became alerts": doubts.become_alerts(session),
            "reminded": follow_up.remind(session, conversation.content),
            "raised": follow_up.raise_late(session, conversation.content),
        }
        retain = leases.due(session, "retention", DAILY)
    if retain:
        done |= _retain(database, conversation.engine, periods)
    done["people erased"] = forget_people(database, conversation.engine)
    if any(done.values()):
        logger.info(", ".join(f"{count} {what}" for what, count in done.items() if count))


def _retain(database: Database, engine: Engine, periods: Periods) -> dict[str, int]:
    """What has been kept long enough goes; if the engine is down its part is tried again the next day."""
    with database.write() as session:
        done = {f"{kind} too old": count for kind, count in retention.retain(session, periods).items()}
    try:
        done["conversations too old"] = retention.retain_engine(engine, periods)
    except EngineDown:
        logger.warning("the engine is down; its old conversations wait")
    return done


def main() -> None:
    """Work until stopped."""
    logs.configure()
    settings = read_settings()
    database = settings.database()
    content = bot.content.load(show_drafts=settings.show_drafts)
    conversation = Conversation(database, RasaEngine(settings.engine_url, settings.engine_secret), content)
    stop, holder = threading.Event(), uuid.uuid4().hex
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: stop.set())
    while not stop.wait(EVERY):
        try:
            with database.write() as session:
                mine = leases.hold(session, "worker", holder, LEASE)
            if mine:
                round_of_work(database, conversation, settings.retention)
        except EngineDown:
            logger.warning("the engine is down; erasures wait")
        except Exception as error:  # noqa: BLE001 - one bad round must not end the work
            logger.error("a round of work failed: %s", type(error).__name__)
    with database.write() as session:
        leases.let_go(session, "worker", holder)


if __name__ == "__main__":
    main()
