"""The gateway between Telegram and the conversation: takes updates in, answers, and delivers what is in the outbox.

    Telegram -> polling or webhook -> intake (stored first) -> turns -> outbox -> sending -> Telegram
"""

import asyncio
import functools
import logging
import warnings
from collections.abc import Awaitable, Callable

from telegram import Bot
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest
from telegram.warnings import PTBDeprecationWarning

from bot.channels.conversation import Conversation
from bot.channels.outbox import deliver_due
from bot.channels.telegram import webhook
from bot.channels.telegram.intake import CHANNEL, Intake
from bot.channels.telegram.menu import set_menu
from bot.channels.telegram.patience import Pace, insist, repeat
from bot.channels.telegram.polling import poll
from bot.channels.telegram.sending import send
from bot.channels.telegram.turns import Turns
from bot.channels.telegram.updates import WANTED
from casework import messages
from casework.database import Database
from service.settings import Settings

logger = logging.getLogger(__name__)


async def run(settings: Settings, database: Database, conversation: Conversation, stop: asyncio.Event, pace: Pace = Pace()) -> None:
    """Run until `stop` is set; what is under way then is finished.

    Args:
        settings: the bot's token, the Bot API's address, and the webhook's if there is one.
        pace: how long to wait for what.
    """
    keep_secrets_out_of_the_log()
    bot = make_bot(settings, pace)
    written = asyncio.Event()  # something may be in the outbox
    deliver = functools.partial(deliver_due, database, CHANNEL, functools.partial(send, bot), conversation.file)
    turns = Turns(conversation.answer, written.set)
    intake = Intake(bot, conversation, turns)
    try:
        if await insist("greeting Telegram", bot.initialize, stop, pace):
            conversation.links[CHANNEL] = bot.link
            logger.info("the Telegram gateway runs")
            await asyncio.gather(
                listen(settings, bot, intake, stop, pace),
                repeat("delivering", deliver, stop, pace, pace.deliver, written),
                repeat("looking for people who wait", lambda: wake_waiting(database, turns), stop, pace, pace.sweep),
                insist("the list of commands", lambda: set_menu(bot, conversation.content), stop, pace),
            )
            await finish(turns, deliver, pace)
    finally:
        intake.close()
        await bot.shutdown()


async def finish(turns: Turns, deliver: Callable[[], Awaitable[int]], pace: Pace) -> None:
    """Let the turns under way end and send their answers; what does not get done waits in the casework."""
    await turns.finish(pace.finish)
    try:
        await asyncio.wait_for(deliver(), pace.finish)
    except Exception as error:  # noqa: BLE001 - the next start delivers it
        logger.warning("the last delivery was not finished: %s", type(error).__name__)


async def listen(settings: Settings, bot: Bot, intake: Intake, stop: asyncio.Event, pace: Pace) -> None:
    """Take updates in until told to stop: by webhook if it has an address, else by polling."""
    if not settings.telegram_webhook_url:
        return await poll(bot, intake.take, stop, pace)
    app = webhook.create_app(intake.take, settings.telegram_webhook_secret)
    announce = functools.partial(
        bot.set_webhook,
        settings.telegram_webhook_url,
        secret_token=settings.telegram_webhook_secret,
        allowed_updates=WANTED,
    )
    await asyncio.gather(
        webhook.serve(app, settings.telegram_webhook_port, stop), insist("setting the webhook", announce, stop, pace)
    )


async def wake_waiting(database: Database, turns: Turns) -> None:
    """Answer people whose message nobody works on: a process died, or the engine was down."""
    for person_id in await asyncio.to_thread(_waiting, database):
        turns.wake(person_id)


def _waiting(database: Database) -> list[str]:
    with database.read() as session:
        return list(messages.people_waiting(session, channel=CHANNEL))


def make_bot(settings: Settings, pace: Pace) -> ExtBot:
    """The client of the Bot API. It never repeats a request by itself: what is sent again is the outbox's decision."""

    request = HTTPXRequest(read_timeout=pace.network, write_timeout=10, connect_timeout=5, pool_timeout=5)
    return ExtBot(
        settings.telegram_bot_token,
        base_url=f"{settings.telegram_api_url}/bot",
        request=request,
        get_updates_request=request,
        rate_limiter=AIORateLimiter(max_retries=0),
    )


def keep_secrets_out_of_the_log() -> None:
    """Silence the libraries: httpx names addresses, which hold the token; python-telegram-bot quotes what it cannot
    read, at ERROR and CRITICAL too, which may be a person's message. What matters is logged here, without either.
    """
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)
    warnings.filterwarnings("ignore", ".*retry_after.*", PTBDeprecationWarning)
