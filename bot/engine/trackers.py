"""The engine's conversation store: one sealed row a conversation, as short as the dialogue allows.

What a person typed is never stored, only what it was understood as; of what the assistant said, only the newest turn
stays (so that a repeated delivery gets the same answer). Erasing a person is deleting one row.
"""

import json
import os
import time
from typing import Any, Dict, List, Optional, Text

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

KEPT_EVENTS = 80  # enough for the longest form; a turn is about six events
_tables = sa.MetaData()
_conversations = sa.Table(
    "conversations",
    _tables,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("updated_at", sa.Float, nullable=False, index=True),  # retention asks for the oldest
)


class SealedTrackerStore(TrackerStore):
    """Keeps conversations in `ENGINE_DATABASE_URL`, sealed with `ENGINE_KEY`."""

    def __init__(self, domain: Optional[Domain] = None, event_broker: Any = None, **_: Any) -> None:
        super().__init__(domain, event_broker)
        self._fernet = Fernet(os.environ["ENGINE_KEY"])
        self._engine = sa.create_engine(os.environ["ENGINE_DATABASE_URL"].replace("+psycopg:", "+psycopg2:"), hide_parameters=True)
        _tables.create_all(self._engine)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Seal the conversation and store it."""
        sealed = self._fernet.encrypt(json.dumps(_without_words(_shortened(tracker, self.domain))).encode())
        with self._engine.begin() as connection:
            row = {"sealed": sealed, "updated_at": time.time()}
            changed = connection.execute(_conversations.update().where(_conversations.c.id == tracker.sender_id).values(row))
            if changed.rowcount == 0:
                connection.execute(_conversations.insert().values(id=tracker.sender_id, **row))

    async def retrieve(self, sender_id: Text) -> Optional[DialogueStateTracker]:
        """The conversation, or None if it is new (or sealed with a key that is gone)."""
        with self._engine.connect() as connection:
            sealed = connection.execute(sa.select(_conversations.c.sealed).where(_conversations.c.id == sender_id)).scalar()
        if sealed is None:
            return None
        try:
            events = json.loads(self._fernet.decrypt(sealed))
        except InvalidToken:
            return None
        return DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)

    async def keys(self) -> List[Text]:
        """Ids of all conversations."""
        with self._engine.connect() as connection:
            return list(connection.execute(sa.select(_conversations.c.id)).scalars())

    def forget(self, sender_id: Text) -> None:
        """Erase a conversation."""
        with self._engine.begin() as connection:
            connection.execute(_conversations.delete().where(_conversations.c.id == sender_id))

    def forget_before(self, moment: float) -> int:
        """Erase the conversations that nobody has continued since `moment` (seconds of Unix time). Returns how many."""
        with self._engine.begin() as connection:
            return connection.execute(_conversations.delete().where(_conversations.c.updated_at < moment)).rowcount


def _shortened(tracker: DialogueStateTracker, domain: Domain) -> List[Dict[Text, Any]]:
    """The newest events, from the beginning of a turn on, after the slots and the form as they stood there."""
    events = [event.as_dict() for event in tracker.events]
    cut = len(events) - KEPT_EVENTS
    while 0 < cut < len(events) and events[cut]["event"] != "user":
        cut += 1
    if cut <= 0 or cut >= len(events):
        return events
    before = DialogueStateTracker.from_dict(tracker.sender_id, events[:cut], domain.slots)
    stamp = events[cut]["timestamp"]
    state: List[Dict[Text, Any]] = [
        {"event": "slot", "name": name, "value": slot.value, "timestamp": stamp}
        for name, slot in before.slots.items()
        if slot.value != slot.initial_value
    ]
    if before.active_loop_name:
        state.append({"event": "active_loop", "name": before.active_loop_name, "timestamp": stamp})
    started = [event for event in events[:cut] if event["event"] == "session_started"][-1:]
    return started + state + [{"event": "action", "name": "action_listen", "timestamp": stamp}] + events[cut:]


def _without_words(events: List[Dict[Text, Any]]) -> List[Dict[Text, Any]]:
    """The events without what the person typed, and without what was said to them before the newest turn."""
    newest = max((place for place, event in enumerate(events) if event["event"] == "user"), default=0)
    return [_wordless(event, place >= newest) for place, event in enumerate(events)]


def _wordless(event: Dict[Text, Any], of_newest_turn: bool) -> Dict[Text, Any]:
    if event["event"] == "user":
        parsed = event.get("parse_data") or {}
        kept = {"intent": parsed.get("intent"), "language": parsed.get("language"), "entities": [], "text": ""}
        return {**event, "text": "", "parse_data": kept}
    if event["event"] == "bot" and not of_newest_turn:
        return {**event, "text": "", "data": {}, "metadata": {}}
    return event
