"""What every action shares: a session, the person, and an apology when something breaks."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from bot.content import Content
from bot.content.languages import language_of as decided_language
from casework.database import Database
from casework.models import Person

logger = logging.getLogger(__name__)
Events = list[dict[str, Any]]


@dataclass
class Room:
    """What the action server was started with. rasa-sdk makes the actions itself, so they find it here."""

    database: Database | None = None
    content: Content | None = None
    request_days: int = 0  # how long a closed request is kept


room = Room()


class CaseworkAction(Action, ABC):
    """An action whose work is a use case of the casework, in a thread of its own."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Called by rasa-sdk."""
        try:
            return await asyncio.to_thread(self.act, dispatcher, tracker) or []
        except Exception as error:  # noqa: BLE001 - a person never sees an internal error
            logger.error("%s failed: %s", self.name(), type(error).__name__)
            dispatcher.messages.clear()
            dispatcher.utter_message(response="utter_something_wrong")
            return []

    @abstractmethod
    def name(self) -> str:
        """The action's name in domain.yml."""

    @abstractmethod
    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        """The work itself. Returns events for the engine, if any."""


@contextmanager
def casework_of(tracker: Tracker) -> Iterator[tuple[Session, Person]]:
    """One transaction, and the person this conversation is with."""
    with room.database.write() as session:
        yield session, session.get_one(Person, tracker.sender_id)


def language_of(tracker: Tracker, person: Person) -> str:
    """The language this turn is answered in, as the engine decides it too; a choice made in this turn counts."""
    if person.language_from == "chosen":
        return person.language
    message = tracker.latest_message or {}
    return decided_language(message.get("metadata") or {}, message)


def intent_of(tracker: Tracker) -> str:
    """The intent of the message that is being answered."""
    return ((tracker.latest_message or {}).get("intent") or {}).get("name") or ""


def chance_of(tracker: Tracker) -> float:
    """How sure the intent of the message that is being answered is, 0 to 1."""
    return float(((tracker.latest_message or {}).get("intent") or {}).get("confidence") or 0)


def entity(tracker: Tracker, name: str) -> str | None:
    """What a pressed button carries; typed text carries nothing."""
    return next(tracker.get_latest_entity_values(name), None)
