"""The worker: `python -m worker`. Looks around every second while it holds the lease."""

import logging
import signal
import threading
import uuid
from datetime import timedelta

import bot.content
from bot.channels.conversation import Conversation, forget_people
from bot.channels.engine import EngineDown, RasaEngine
from casework import doubts, drafts, leases, messages
from casework.database import Database
from service import logs
from service.settings import read_settings

logger = logging.getLogger("worker")
LEASE = timedelta(seconds=15)
EVERY = 1.0  # seconds between two rounds


def round_of_work(database: Database, conversation: Conversation) -> None:
    """Everything that is due now."""
    with database.read() as session:
        waiting = messages.people_waiting(session)
    for person_id in waiting:
        conversation.answer(person_id)
    with database.write() as session:
        uncertain = messages.expire_deliveries(session)
        dropped = drafts.drop_old(session)
        alerts = doubts.become_alerts(session)
    erased = forget_people(database, conversation.engine)
    if uncertain or dropped or erased or alerts:
        logger.info("%s sends uncertain, %s drafts dropped, %s people erased, %s doubts became alerts", uncertain, dropped, erased, alerts)


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
                round_of_work(database, conversation)
        except EngineDown:
            logger.warning("the engine is down; erasures wait")
        except Exception as error:  # noqa: BLE001 - one bad round must not end the work
            logger.error("a round of work failed: %s", type(error).__name__)
    with database.write() as session:
        leases.let_go(session, "worker", holder)


if __name__ == "__main__":
    main()
