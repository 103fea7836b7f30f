"""Logging for every part: counts and ids of this run, never a text, a name or a secret."""

import logging

# These write addresses, and with them tokens, into their INFO lines.
TALKATIVE = ("httpx", "httpcore", "telegram", "uvicorn.access", "sanic.access", "rasa_sdk", "apscheduler", "alembic")


def configure(level: int = logging.INFO) -> None:
    """One line an entry, to standard output."""
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s", force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
