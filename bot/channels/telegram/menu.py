"""The commands that Telegram lists beside the text field, in every language it lets us name."""

import logging

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats

from bot.channels.telegram.updates import COMMANDS
from bot.content import Content

logger = logging.getLogger(__name__)

OTHERS = "en"  # what people see whose app speaks none of our languages


async def set_menu(bot: Bot, content: Content) -> None:
    """Tell Telegram the commands. Best effort: they work all the same when it fails."""
    # Telegram takes codes of two letters only; people of the other languages see the English list.
    named = [code for code in content.languages if len(code) == 2]
    try:
        await bot.set_my_commands(_commands(content, OTHERS), scope=BotCommandScopeAllPrivateChats())
        for code in named:
            await bot.set_my_commands(_commands(content, code), scope=BotCommandScopeAllPrivateChats(), language_code=code)
    except Exception as error:  # noqa: BLE001 - a list is no reason not to answer people
        logger.warning("the list of commands was not set: %s", type(error).__name__)


def _commands(content: Content, language: str) -> list[BotCommand]:
    return [BotCommand(name, content.phrase(f"telegram_command_{name}", language)) for name in COMMANDS]
