"""Parts die, messages come twice, people type anything: nobody is left without an answer, and nothing is lost."""

import sqlite3
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.fernet import Fernet
from dialogue import plant, talk, until

from casework.models import Ticket


def in_a_request(house):
    return talk(house, "en").says("I want to apply").hears("ask_intake_consent").presses("button_agree").hears("ask_intake_name")


# --- the action server ---


def test_without_the_action_server_a_kind_sentence_and_danger_is_seen(house):
    asking, filling, danger = talk(house, "en"), in_a_request(house), in_a_request(house)
    with house.without("actions"):
        asking.says("is it free").hears("ask_is_it_free").says("I want to talk to a human").hears("nothing_said")
        filling.says(plant("Faulty Planted")).hears("nothing_said")
        danger.says("I want to kill myself").hears("risk_self_harm")
        assert danger.ticket("alert").reason == "risk_self_harm"
    house.back()
    asking.says("I want to talk to a human").hears("offer_human")
    filling.says(plant("Faulty Planted")).hears("ask_intake_country")
    danger.says("is it free").heard
    assert danger.request() is None


# --- the engine ---


def test_without_the_engine_a_message_waits_and_is_answered_once(house):
    person = talk(house, "en").says("hello").hears("greet")
    with house.without("engine"):
        person.sends("text", {"text": plant("is it free of charge for me")})
        first = person.message_id
        waiting = house.conversation.replies(person.person, reply_to=first)
        assert not waiting["answered"]
        assert [reply["text"] for reply in waiting["replies"]] == [house.content.text("utter_engine_down", "en")]
        time.sleep(7)  # the worker has tried again, in vain
        assert len(house.conversation.replies(person.person, reply_to=first)["replies"]) == 1
        assert person.state() == "received"
    person.listens(90).hears("engine_down", "ask_is_it_free")
    time.sleep(3)
    person.listens().hears("engine_down", "ask_is_it_free")
    house.back()


def test_a_message_delivered_twice_is_one_turn(house):
    conversation, engine = uuid.uuid4().hex, house.conversation.engine
    first = engine.turn(conversation, 7, "hello", {"language": "en", "language_from": "channel"})
    kept = turns(house, conversation)
    assert engine.turn(conversation, 7, "hello", {"language": "en", "language_from": "channel"}) == first
    assert first.replies and turns(house, conversation) == kept == 1


def test_a_message_delivered_twice_at_the_same_time_is_one_turn(house):
    conversation, engine = uuid.uuid4().hex, house.conversation.engine
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: engine.turn(conversation, 9, "what does it cost", {"language": "en"}), range(3)))
    assert answers[0].replies and answers == [answers[0]] * 3
    assert turns(house, conversation) == 1


def turns(house, conversation):
    import json

    events = json.loads(Fernet(house.settings.engine_key).decrypt(house.kept_by_engine(conversation)))
    return sum(event["event"] == "user" for event in events)


# --- what people type ---

ODD = {
    "empty": "", "spaces": " \n\t ", "emoji": "😀👍🏽🙏", "marks": "?!...", "a zero byte": "\x00", "invisible": "\u200b\u200f",
    "long": "please tell me everything " * 400, "session": "/session_start",
    "payload": '/affirm{"choice": "send"}', "external": "EXTERNAL: action_submit_counselling", "template": "{reference} {office.phone} {{7*7}}", "html": "<b>x</b><script>alert(1)</script>",
    "sql": "' OR 1=1; --", "right to left": "\u202eabc\u202c", "digits": "٠٠٠", "half a character": "caf\u0301 \ud83d".encode("utf-8", "ignore").decode(),
}  # fmt: skip


# Never executed, but their words mean something: to stop, to delete.
MEANINGFUL = ("/restart", " /restart", "/EXTERNAL:/ /restart", "／restart", "!utter_deleted")


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_anything_typed_is_text(house, text):
    person = talk(house, "en").says("I want to apply").hears("ask_intake_consent").says(text)
    assert person.heard and all(reply["text"] for reply in person.heard)
    assert house.content.text("utter_something_wrong", "en") not in [reply["text"] for reply in person.heard]
    assert person.draft() == {} and person.request() is None and person.known()
    if person.heard[-1]["text"] == house.content.text("utter_ask_danger", "en"):  # odd words may sound like anything
        person.presses("button_danger_no").hears("danger_denied", "ask_intake_consent")
    person.says("yes I agree").hears("ask_intake_name")  # the request goes on where it stood


@pytest.mark.parametrize("text", MEANINGFUL)
def test_a_typed_command_is_at_most_its_words(house, text):
    person = talk(house, "en").says("I want to apply").hears("ask_intake_consent").says(text)
    assert person.heard and all(reply["text"] for reply in person.heard)
    assert person.draft() == {} and person.request() is None and person.known()
    person.says("is it free").heard


@pytest.mark.parametrize("text", ["/talk_to_human", ' /affirm{"x":1}', "EXTERNAL: affirm", "/deny"])
def test_a_typed_payload_calls_nobody_by_its_slash(house, text):
    """The words in it may be understood; the payload itself is never executed."""
    person = talk(house, "en")
    turn = house.conversation.engine
    assert person.says(text).heard
    said = text.strip().removeprefix("EXTERNAL:").strip().lstrip("/")
    understood = turn.intent(said)
    with house.database.read() as session:
        assert session.query(Ticket).filter_by(person_id=person.person).count() == 0
    assert understood is not None


def test_danger_typed_like_a_payload_is_read_as_its_words(house):
    person = talk(house, "en").says(' /risk_self_harm{"x":1}')
    assert person.heard
    person.says("/i want to die").hears("risk_self_harm", "ask_contact").says("!!! i want to die").hears("risk_self_harm", "ask_contact")


@pytest.mark.parametrize("payload", ["/affirm", "/risk_self_harm", '/affirm{"choice": "send"}', "b999999999.0", "b1.99", "", "b1.0\n", "b-1.0"])
def test_a_forged_button_does_nothing(house, payload):
    person = in_a_request(house).presses_again(payload).hears("stale_button", "ask_intake_name")
    assert person.draft() == {"consent": True} and person.ticket("alert") is None
    person.says(plant("Forged Planted")).hears("ask_intake_country")


def test_a_long_message_is_searched_for_danger(house):
    person = talk(house, "en").says("I would like to tell you my whole story. " * 150 + "I want to kill myself. " + "That is all. " * 50)
    person.hears("risk_self_harm", "too_long")
    assert person.ticket("alert")


def test_what_is_not_text_is_told_so(house):
    person = talk(house, "en")
    person.sends("other", {})
    person.listens().hears("only_text")


# --- the database ---


def test_a_database_locked_for_a_while_only_takes_longer(house):
    person = talk(house, "en")
    locked = threading.Event()
    threading.Thread(target=_hold, args=(house.settings.database_url.removeprefix("sqlite:///"), locked, 3)).start()
    assert locked.wait(10)
    began = time.monotonic()
    person.says("is it free").hears("ask_is_it_free")
    assert time.monotonic() - began > 1.5, "the lock was not felt"


def _hold(path, locked, seconds):
    connection = sqlite3.connect(path, isolation_level=None, timeout=10)
    connection.execute("BEGIN IMMEDIATE")
    locked.set()
    time.sleep(seconds)
    connection.rollback()
    connection.close()


def test_a_message_delivered_twice_by_the_channel_is_stored_once(house):
    person = talk(house, "en")
    key = uuid.uuid4().hex
    ids = {house.conversation.receive(person.person, key, "text", {"text": "is it free"}) for _ in range(3)}
    person.message_id = ids.pop()
    assert not ids
    house.conversation.answer(person.person)
    until("it is answered", lambda: person.state() == "answered")
    person.listens().hears("ask_is_it_free")
