"""The command that runs the gateway."""

import os
import signal
import threading

import pytest

from bot.channels.telegram import __main__ as command
from bot.channels.telegram import gateway
from tests.channels.telegram.conftest import settings_for


def test_it_needs_a_token(monkeypatch):
    monkeypatch.setattr(command, "read_settings", lambda: settings_for("http://127.0.0.1:9").model_copy(update={"telegram_bot_token": ""}))
    monkeypatch.setattr(command.logs, "configure", lambda: None)
    with pytest.raises(SystemExit, match="TELEGRAM_BOT_TOKEN"):
        command.main()


def test_a_signal_stops_it(monkeypatch, tmp_path):
    ended = []

    async def run(settings, database, conversation, stop):
        threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGTERM)).start()
        await stop.wait()
        ended.append(True)

    monkeypatch.setattr(gateway, "run", run)
    monkeypatch.setattr(command, "read_settings", lambda: settings_for("http://127.0.0.1:9", var_dir=tmp_path))
    monkeypatch.setattr(command.logs, "configure", lambda: None)
    command.main()
    assert ended
