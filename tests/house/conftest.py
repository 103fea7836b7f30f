"""The whole house, started for real: every part by the supervisor, on free ports of this machine, in a temporary folder."""

import importlib.util
import logging
import os
import signal
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg
import pytest
from dialogue import plant, until
from sqlalchemy import create_engine, make_url, text

import bot.content
from bot.channels.conversation import Conversation
from bot.channels.engine import RasaEngine
from bot.content import Content
from casework.database import Database
from casework.migrate import migrate
from service.health import health_of
from service.parts import Part, parts
from service.settings import SECRETS, Settings, read_settings
from service.supervisor import RESTARTS, WINDOW, HouseDown, Supervisor
from tests.channels.telegram.fake_bot_api import TOKEN, FakeBotApi, Failure, running
from training.models import ready_model

POSTGRESQL = os.environ.get("TEST_DATABASE_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/test")


@dataclass
class House:
    """A running house, and what a channel of it needs."""

    settings: Settings = field(repr=False)
    database: Database = field(repr=False)
    conversation: Conversation = field(repr=False)
    content: Content = field(repr=False)
    supervisor: Supervisor = field(repr=False)
    bot_api: FakeBotApi = field(repr=False)
    log: Path
    watching: threading.Lock = field(default_factory=threading.Lock, repr=False)
    died: dict[str, float] = field(default_factory=dict, repr=False)  # when each part was killed last

    @contextmanager
    def without(self, name: str) -> Iterator[None]:
        """A part is killed, as by a crash; after the block the supervisor brings it back."""
        with self.watching:
            process = self.supervisor.running[name]
            process.send_signal(signal.SIGKILL)
            process.wait(10)
            self.died[name] = time.monotonic()
            yield

    def mourns(self, name: str) -> bool:
        """Whether a part died so lately that killing it again would be more than the supervisor puts up with."""
        return time.monotonic() - self.died.get(name, -WINDOW) < WINDOW / (RESTARTS - 1)

    def back(self) -> None:
        """Wait until every part answers again."""
        until("the house is well", lambda: all(self._health().values()))

    def kept_by_engine(self, person_id: str) -> bytes | None:
        """The sealed row of the engine's store."""
        store = create_engine(self.settings.engine_database_url)
        try:
            with store.connect() as connection:
                return connection.execute(text("SELECT sealed FROM conversations WHERE id = :id"), {"id": person_id}).scalar()
        finally:
            store.dispose()

    def forget_session(self, person_id: str) -> None:
        """What an hour of silence does: the engine begins a new session with this person."""
        self.conversation.engine.forget(person_id)

    def _health(self) -> dict[str, bool]:
        return health_of(self.settings, self.database, self.conversation.engine)()


@pytest.fixture(scope="session")
def log(tmp_path_factory) -> Iterator[Path]:
    """Every line that any part of any house of this run wrote, and those of this process."""
    path = tmp_path_factory.mktemp("log") / "house.log"
    mine = logging.FileHandler(path)
    mine.setFormatter(logging.Formatter("   tests | %(levelname)s %(name)s %(message)s"))
    logging.getLogger().addHandler(mine)
    yield path
    logging.getLogger().removeHandler(mine)


@pytest.fixture(scope="session")
def house(tmp_path_factory, log) -> Iterator[House]:
    """The house as it starts by default: on SQLite."""
    with _open(tmp_path_factory.mktemp("house"), log) as running:
        yield running


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def on(request, tmp_path_factory, log) -> Iterator[House]:
    """The house on each kind of database; with PostgreSQL go Redis locks, as on several machines."""
    if request.param == "sqlite":
        yield request.getfixturevalue("house")
        return
    with _own_database() as url, _open(tmp_path_factory.mktemp("large"), log, **_for_several_machines(url)) as running:
        yield running


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Discretion is looked at last, when everything has been said."""
    items.sort(key=lambda item: item.path.name == "test_discretion.py" and item.path.parent == Path(__file__).parent)


@contextmanager
def _open(folder: Path, log: Path, **environment: str) -> Iterator[House]:
    with running(FakeBotApi()) as bot_api, _furnished(folder, log, bot_api, environment) as house:
        yield house


@contextmanager
def _furnished(folder: Path, log: Path, bot_api: FakeBotApi, environment: dict[str, str]) -> Iterator[House]:
    bot_api.fail("getMe", Failure(500, "starting"), Failure(cut=True))  # what it says to that must keep the token to itself
    telegram = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": bot_api.url}
    settings, rooms = _furnish({"VAR_DIR": str(folder), **_ports(), **telegram, **environment})
    for name in (*SECRETS, "TELEGRAM_BOT_TOKEN"):
        plant(getattr(settings, name.lower()).split(":")[-1])
    database, content = settings.database(), bot.content.load()
    migrate(database)
    conversation = Conversation(database, RasaEngine(settings.engine_url, settings.engine_secret), content, {"web": settings.chat_url})
    with log.open("a") as file, _closed_afterwards(database):

        def write(line: str) -> None:
            file.write(line)
            file.flush()

        supervisor = Supervisor(rooms, lambda line: write(f"   house | {line}\n"), write)
        house = House(settings, database, conversation, content, supervisor, bot_api, log)
        with _running(supervisor, house.watching):
            house.back()
            _desk_answers(settings, rooms)
            yield house


@contextmanager
def _running(supervisor: Supervisor, watching: threading.Lock) -> Iterator[None]:
    stop, gave_up = threading.Event(), []

    def watch() -> None:
        while not stop.wait(0.3):
            with watching:
                try:
                    supervisor.look_after()
                except HouseDown as error:
                    return gave_up.append(error)

    watcher = threading.Thread(target=watch, daemon=True)
    try:
        supervisor.start()
        watcher.start()
        yield
    finally:
        stop.set()
        watcher.join(10)
        supervisor.stop()
    assert not gave_up, gave_up


def _furnish(environment: dict[str, str]) -> tuple[Settings, list[Part]]:
    """The settings and the parts of a house that knows this environment and nothing of the tests' own."""
    with pytest.MonkeyPatch.context() as setting:
        for name in (*Settings.model_fields, *SECRETS):
            setting.delenv(name.upper(), raising=False)
        model = ready_model()
        for name, value in environment.items():
            setting.setenv(name, value)
        settings = read_settings()
        found = parts(settings, model)
    modules = {"desk": "desk.__main__", "telegram": "bot.channels.telegram.__main__"}
    return settings, [part for part in found if part.name not in modules or importlib.util.find_spec(modules[part.name])]


def _ports() -> dict[str, str]:
    names = ("ENGINE_PORT", "ACTIONS_PORT", "DESK_PORT", "TELEGRAM_WEBHOOK_PORT")
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in names]
    ports = {name: str(probe.getsockname()[1]) for name, probe in zip(names, probes)}
    for probe in probes:
        probe.close()
    return ports


def _desk_answers(settings: Settings, rooms: list[Part]) -> None:
    if any(part.name == "desk" for part in rooms):
        until("the desk answers", lambda: _status(f"http://127.0.0.1:{settings.desk_port}/healthz") == 200)


def _status(url: str) -> int | None:
    try:
        return httpx.get(url, timeout=5, trust_env=False).status_code
    except httpx.HTTPError:
        return None


# --- PostgreSQL and Redis ---


@contextmanager
def _closed_afterwards(database: Database) -> Iterator[None]:
    try:
        yield
    finally:
        database.close()


@contextmanager
def _own_database() -> Iterator[str]:
    """The address of a PostgreSQL database of its own, gone afterwards."""
    address, name = make_url(POSTGRESQL), f"house_{uuid.uuid4().hex[:12]}"
    try:
        server = psycopg.connect(address.set(drivername="postgresql").render_as_string(False), autocommit=True, connect_timeout=5)
    except psycopg.OperationalError:
        _absent("PostgreSQL")
    with closing(server):
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield address.set(database=name).render_as_string(False)
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _for_several_machines(database_url: str) -> dict[str, str]:
    redis = {"REDIS_URL": "redis://127.0.0.1:6379/1"} if _listens(6379) else {}
    return {"DATABASE_URL": database_url, "ENGINE_DATABASE_URL": database_url, **redis}


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError:
        return False
    return True


def _absent(what: str) -> None:
    said = f"{what} is absent: not tested"
    pytest.fail(said) if os.environ.get("REQUIRE_ALL") == "1" else pytest.skip(said)
