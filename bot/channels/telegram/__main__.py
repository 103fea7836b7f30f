"""Runs the Telegram gateway until it is told to stop (SIGTERM, SIGINT)."""

import asyncio
import signal
import sys

import bot.content
from bot.channels.conversation import Conversation
from bot.channels.engine import RasaEngine
from bot.channels.telegram import gateway
from service import logs
from service.settings import Settings, SettingsError, read_settings


def main() -> None:
    """Read the settings, wire the parts together, run."""
    logs.configure()
    try:
        settings = read_settings()
    except SettingsError as error:
        sys.exit(str(error))
    if not settings.telegram_bot_token:
        sys.exit("setting TELEGRAM_BOT_TOKEN is empty: there is no Telegram bot to run")
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    database = settings.database()
    engine = RasaEngine(settings.engine_url, settings.engine_secret)
    conversation = Conversation(database, engine, bot.content.load(show_drafts=settings.show_drafts))
    try:
        await gateway.run(settings, database, conversation, stop)
    finally:
        database.close()


if __name__ == "__main__":
    main()
