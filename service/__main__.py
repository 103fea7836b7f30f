"""`python -m service run`: the whole house. `migrate`, `user`, `console` are its smaller tools."""

import argparse
import getpass
import signal
import sys
import threading
import time

import httpx

from casework import staff
from casework.errors import NotAllowed
from casework.migrate import migrate
from service import logs
from service.parts import Part, parts, taken
from service.settings import Settings, SettingsError, read_settings
from service.supervisor import HouseDown, Supervisor
from training.models import TrainingFailed, ready_model

PATIENCE = 120.0  # seconds for all parts to answer


def main() -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m service")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="start everything")
    commands.add_parser("migrate", help="bring the database to the newest schema")
    commands.add_parser("console", help="chat in this terminal (everything else must be running)")
    user = commands.add_parser("user", help="make a desk account")
    user.add_argument("name")
    user.add_argument("role", choices=staff.ROLES)
    chosen = parser.parse_args()
    logs.configure()
    try:
        return {"run": _run, "migrate": _migrate, "console": _console, "user": _user}[chosen.command](read_settings(), chosen)
    except (SettingsError, HouseDown, TrainingFailed) as error:
        print(f"cannot go on: {error}", file=sys.stderr)
        return 1


def _run(settings: Settings, chosen: argparse.Namespace) -> int:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    _say("preparing the database")
    _migrate(settings, chosen)
    model = ready_model()
    house = parts(settings, model)
    check_ports(house)
    supervisor = Supervisor(house, _say)
    try:
        _say("starting " + ", ".join(part.name for part in house))
        supervisor.start()
        _wait_until_ready(settings, supervisor, stop)
        if not stop.is_set():
            _announce(settings)
        supervisor.watch(stop)
    finally:
        _say("stopping")
        supervisor.stop()
    return 0


def check_ports(house: list[Part]) -> None:
    """Before anything is started: whether the ports of all parts are free.

    Raises:
        HouseDown: one is not; the message names its setting.
    """
    for part in house:
        if part.port and taken(part.port):
            raise HouseDown(f"port {part.port} is in use: set {part.port_setting} to another one")


def _wait_until_ready(settings: Settings, supervisor: Supervisor, stop: threading.Event) -> None:
    began = time.monotonic()
    while not stop.wait(0.3):
        supervisor.look_after()
        try:
            if httpx.get(f"{settings.desk_url}/healthz", timeout=5, trust_env=False).status_code == 200:
                _say(f"ready after {time.monotonic() - began:.0f} s")
                return
        except httpx.HTTPError:
            pass
        if time.monotonic() - began > PATIENCE:
            raise HouseDown(f"not ready after {PATIENCE:.0f} s; the lines above say why")


def _announce(settings: Settings) -> None:
    address = settings.desk_url
    _say(f"web chat: {address}/chat")
    _say(f"desk:     {address}/desk")
    _say("telegram: on" if settings.telegram_bot_token else "telegram: off (set TELEGRAM_BOT_TOKEN)")
    database = settings.database()
    with database.write() as session:
        if not staff.anybody(session):
            secret = staff.invite(session, "admin")
            # The one secret that is printed: it works once, on this machine only, for a day.
            print(f"house | make the first desk account, on this machine: {address}/desk/join#{secret}", flush=True)
    database.close()


def _migrate(settings: Settings, _: argparse.Namespace) -> int:
    database = settings.database()
    migrate(database)
    database.close()
    return 0


def _user(settings: Settings, chosen: argparse.Namespace) -> int:
    _migrate(settings, chosen)
    password = getpass.getpass("password (at least 10 characters): ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    try:
        with settings.database().write() as session:
            staff.add_staff(session, chosen.name, chosen.role, password)
    except NotAllowed:
        print("not made: the name is taken or empty, or the password has fewer than ten characters", file=sys.stderr)
        return 1
    print(f"made: {chosen.name}, {chosen.role}")
    return 0


def _console(settings: Settings, _: argparse.Namespace) -> int:
    from bot.channels.console import chat

    return chat(settings)


def _say(line: str) -> None:
    print(f"house | {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
