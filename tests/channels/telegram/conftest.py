"""A gateway that runs against a Bot API of our own, an engine that echoes, a database of its own."""

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from bot.channels.conversation import Conversation
from bot.channels.engine import EngineDown, Turn
from bot.channels.telegram import gateway
from bot.channels.telegram.patience import Pace
from casework import messages
from casework.database import Database
from casework.models import Base, Message, Person
from casework.sealing import Keyring
from service.settings import Settings
from tests.channels.telegram.fake_bot_api import TOKEN, FakeBotApi, running

FAST = Pace(
    poll=5, network=0.5, deliver=0.03, sweep=0.05, first_pause=0.02, longest_pause=0.1, conflict_pause=0.05, finish=5
)
KEYS = f"k1:{Fernet.generate_key().decode()}"
SECRET = "s" * 32


class EchoEngine:
    """An engine that says what it heard, and remembers it."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, str, Mapping[str, Any]]] = []
        self.buttons: list[dict[str, str]] = []
        self.takes = 0.0  # seconds a turn needs
        self.down = 0  # turns that fail before it works again
        self.at_once = self.most_at_once = 0

    def turn(self, conversation: str, message_id: int, text: str, metadata: Mapping[str, Any]) -> Turn:
        if self.down:
            self.down -= 1
            raise EngineDown("ConnectError")
        if text.startswith("/no_answer"):  # as the rule does
            name = "utter_" + text.split('"')[3]
            return Turn([{"name": name, "text": name, "buttons": []}], "no_answer", None)
        self.heard.append((message_id, text, metadata))
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        time.sleep(self.takes)
        self.at_once -= 1
        return Turn([{"name": "utter_echo", "text": f"you said: {text}", "buttons": self.buttons}], "ask_echo", None)

    def intent(self, text: str) -> str | None:
        return None

    def forget(self, conversation: str) -> None:
        pass

    def ready(self) -> bool:
        return True

    @property
    def texts(self) -> list[str]:
        return [text for _, text, _ in self.heard]


class PlainContent:
    """Sentences that are their own names."""

    languages = {"en": {}, "sq": {}, "ckb": {}}

    def phrase(self, name: str, language: str, **values: object) -> str:
        return name

    text = phrase

    def buttons(self, name: str, language: str) -> list[dict[str, str]]:
        return []


@dataclass
class House:
    """Everything behind one bot; gateways come and go."""

    api: FakeBotApi
    database: Database
    engine: EchoEngine
    settings: Settings
    conversation: Conversation = field(init=False)
    pace: Pace = FAST

    def __post_init__(self) -> None:
        self.conversation = Conversation(self.database, self.engine, PlainContent())

    @contextlib.contextmanager
    def gateway(self, conversation: Conversation | None = None) -> Iterator[None]:
        """A gateway at work; it is stopped in order at the end of the block, and must not have failed."""
        loop, stop, failed = asyncio.new_event_loop(), asyncio.Event(), []

        def work() -> None:
            try:
                loop.run_until_complete(
                    gateway.run(self.settings, self.database, conversation or self.conversation, stop, self.pace)
                )
            except BaseException as error:  # noqa: BLE001 - told below, in the thread of the test
                failed.append(error)
            finally:
                loop.run_until_complete(loop.shutdown_default_executor())
                loop.close()

        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield
        finally:
            if thread.is_alive():
                loop.call_soon_threadsafe(stop.set)
            thread.join(20)
        assert not thread.is_alive() and not failed, failed

    def write(self, chat_id: int, text: str, **data: Any) -> int:
        """Somebody at the desk writes to the person of a chat."""
        person_id = self.conversation.start("telegram", str(chat_id))
        with self.database.write() as session:
            person = session.get_one(Person, person_id)
            return messages.send(session, person, {"text": text, **data}, author="counsellor-1").id

    def stored(self, direction: str = "in") -> list[tuple[str, str, dict[str, Any]]]:
        """Kind, state and data of every message, oldest first."""
        with self.database.read() as session:
            found = session.scalars(select(Message).where(Message.direction == direction).order_by(Message.id)).all()
            return [(message.kind, message.state, message.open(self.database.keyring)) for message in found]

    def states(self, direction: str = "out") -> list[str]:
        """The state of every message, oldest first."""
        return [state for _, state, _ in self.stored(direction)]


def until(check: Callable[[], Any], seconds: float = 8) -> Any:
    """Wait until `check` is true; fail when it never is."""
    end = time.monotonic() + seconds
    while not (found := check()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)
    return found


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """In every test of this folder: not one log line holds the token or what somebody wrote."""
    caplog.set_level(logging.DEBUG)
    yield caplog
    for word in (TOKEN, TOKEN.split(":")[1], "PRIVATE"):
        assert word not in caplog.text


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    key = KEYS.split(":", 1)[1]
    database = Database(f"sqlite:///{tmp_path}/casework.sqlite", Keyring({"k1": key}, b"i" * 16))
    Base.metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeBotApi]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with running(FakeBotApi()) as api:
        yield api


def settings_for(api_url: str, **more: Any) -> Settings:
    secrets = dict.fromkeys(("engine_secret", "actions_secret", "session_secret", "index_secret"), SECRET)
    return Settings(
        **secrets,
        engine_key=Fernet.generate_key().decode(),
        telegram_webhook_secret=SECRET,
        casework_keys=KEYS,
        telegram_bot_token=TOKEN,
        telegram_api_url=api_url,
        **more,
    )


@pytest.fixture
def house(api: FakeBotApi, database: Database) -> House:
    return House(api, database, EchoEngine(), settings_for(api.url))
