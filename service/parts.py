"""The parts of the house: how each is started and asked whether it is well."""

import os
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path

from service.settings import ROOT, Settings

# What the engine may know of the settings: never the casework's keys, never the bot's token.
ENGINE_SEES = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SHOW_DRAFTS", "REDIS_URL")


@dataclass(frozen=True)
class Part:
    """One process of the house."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(repr=False)
    port: int | None = None
    port_setting: str = ""


def parts(settings: Settings, model: Path) -> list[Part]:
    """Every part that these settings call for, in the order in which they start."""
    app = sys.executable
    environment = app_environment(settings)
    rasa = ["-m", "bot.engine", "run", "--model", str(model), "--enable-api", "--interface", "127.0.0.1", "--port", str(settings.engine_port)]
    found = [
        Part("engine", [str(ROOT / ".venv-engine/bin/python"), *rasa], engine_environment(settings), settings.engine_port, "ENGINE_PORT"),
        Part("actions", [app, "-m", "bot.actions"], environment, settings.actions_port, "ACTIONS_PORT"),
        Part("worker", [app, "-m", "worker"], environment),
        Part("desk", [app, "-m", "desk"], environment, settings.desk_port, "DESK_PORT"),
    ]
    if settings.telegram_bot_token:
        port = settings.telegram_webhook_port if settings.telegram_webhook_url else None
        found.append(Part("telegram", [app, "-m", "bot.channels.telegram"], environment, port, "TELEGRAM_WEBHOOK_PORT"))
    return found


def app_environment(settings: Settings) -> dict[str, str]:
    """What the parts in the app's Python read their settings from."""
    return {**os.environ, "VAR_DIR": str(settings.var_dir), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def engine_environment(settings: Settings) -> dict[str, str]:
    """What the engine reads its settings from, and nothing else."""
    seen = {name: os.environ[name] for name in ENGINE_SEES if name in os.environ}
    return seen | {
        "ENGINE_SECRET": settings.engine_secret,
        "ENGINE_KEY": settings.engine_key,
        "ENGINE_DATABASE_URL": settings.engine_database_url,
        "ACTIONS_URL": f"{settings.actions_url}/webhook",
        "ACTIONS_SECRET": settings.actions_secret,
        "SHOW_DRAFTS": str(settings.show_drafts).lower(),
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
        "PYTHONUNBUFFERED": "1",
    }


def taken(port: int) -> bool:
    """Whether something else listens on a port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False
