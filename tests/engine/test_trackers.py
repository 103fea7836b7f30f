"""The engine's conversation store keeps a dialogue's state, and no words."""

import asyncio
import json

import pytest
import sqlalchemy as sa
from bot.engine.trackers import KEPT_EVENTS, SealedTrackerStore
from cryptography.fernet import Fernet
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker


def said(text, message_id="1"):
    parsed = {"intent": {"name": "greet", "confidence": 1.0}, "entities": [{"entity": "choice", "value": "Karim"}], "text": text}
    return UserUttered(text, parsed["intent"], parsed["entities"], parsed, message_id=message_id)


def turn(text, answer):
    return [ActionExecuted("action_listen"), said(text), ActionExecuted("utter_greet"), BotUttered(answer)]


def stored(store, key, conversation="c1"):
    with store._engine.connect() as connection:
        sealed = connection.execute(sa.text("SELECT sealed FROM conversations WHERE id = :id"), {"id": conversation}).scalar()
    return None if sealed is None else json.loads(Fernet(key.encode()).decrypt(sealed))


@pytest.fixture
def store(domain, key):
    return SealedTrackerStore(domain)


def save(store, domain, events, conversation="c1"):
    tracker = DialogueStateTracker.from_events(conversation, events, domain.slots)
    asyncio.run(store.save(tracker))
    return asyncio.run(store.retrieve(conversation))


def test_a_conversation_comes_back_with_its_state(store, domain):
    back = save(store, domain, [*turn("hello", "welcome"), SlotSet("asking", "handover")])
    assert back.get_slot("asking") == "handover"
    assert back.latest_message.intent["name"] == "greet"


def test_what_a_person_typed_is_not_stored(store, domain, key):
    save(store, domain, turn("my name is Karim Planted", "welcome"))
    assert "Planted" not in json.dumps(stored(store, key))
    assert "Karim" not in json.dumps(stored(store, key))


def test_only_the_newest_answers_are_stored(store, domain, key):
    save(store, domain, [*turn("one", "first answer"), *turn("two", "second answer")])
    kept = json.dumps(stored(store, key))
    assert "second answer" in kept and "first answer" not in kept


def test_the_file_itself_holds_nothing_readable(store, domain, key, tmp_path):
    save(store, domain, turn("hello", "a readable answer"))
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("engine.sqlite*"))
    assert b"readable" not in raw and b"greet" not in raw


def test_a_long_conversation_is_shortened_and_keeps_slots_and_form(store, domain, key):
    events = [SlotSet("asking", "handover"), ActiveLoop("counselling_form"), SlotSet("intake_name", "given")]
    for number in range(60):
        events += turn(f"message {number}", "answer")
    back = save(store, domain, events)
    assert len(stored(store, key)) <= KEPT_EVENTS + 6
    assert back.get_slot("asking") == "handover"
    assert back.get_slot("intake_name") == "given"
    assert back.active_loop_name == "counselling_form"


def test_forgetting_is_deleting_the_row(store, domain, key):
    save(store, domain, turn("hello", "welcome"))
    store.forget("c1")
    assert stored(store, key) is None
    assert asyncio.run(store.retrieve("c1")) is None


def test_a_conversation_of_a_lost_key_begins_anew(store, domain, monkeypatch):
    save(store, domain, turn("hello", "welcome"))
    monkeypatch.setenv("ENGINE_KEY", Fernet.generate_key().decode())
    assert asyncio.run(SealedTrackerStore(domain).retrieve("c1")) is None
