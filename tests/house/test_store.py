"""The engine's conversation store: sealed, and even opened without a word of anybody."""

import json
from pathlib import Path

from cryptography.fernet import Fernet
from dialogue import plant, talk

from bot.actions.forms.request import ORDER

WORDS = ["Storina Planted", "Afganistan", "+383 44 555 666", "every morning before the prayer", "I have an illness of the heart"]


def opened(house, person):
    return json.loads(Fernet(house.settings.engine_key).decrypt(house.kept_by_engine(person.person)))


def a_long_talk(house):
    person = talk(house, "en").says("is it free").hears("ask_is_it_free").says("I want to apply").hears("ask_intake_consent")
    person.presses("button_agree").hears("ask_intake_name")
    name, country, phone, when, note = map(plant, WORDS)
    person.says(name).says(country).presses("button_skip").goes_alone().says(phone).presses("button_safe_yes").speaks("en")
    person.says(when).needs_nothing().says(note)
    return person.hears("intake_summary", name=WORDS[0], note=WORDS[-1])


def test_no_word_and_no_name_is_kept(house):
    person = a_long_talk(house)
    person.presses("button_send").hears("request_made").says("is it free").hears("ask_is_it_free")
    kept = json.dumps(opened(house, person), ensure_ascii=False)
    for said in ["is it free", "I want to apply", *WORDS, *WORDS[0].split(), "+38344555666"]:
        assert said not in kept
    assert person.told["reference"] not in kept


def test_of_what_was_said_to_a_person_only_the_newest_turn_stays(house):
    person = talk(house, "en").says("is it free").hears("ask_is_it_free").says("hello").hears("greet")
    spoken = [event for event in opened(house, person) if event["event"] == "bot" and event["text"]]
    assert [event["text"] for event in spoken] == [house.content.text("utter_greet", "en")]


def test_only_the_intent_of_a_message_is_kept(house):
    person = a_long_talk(house)
    for event in opened(house, person):
        if event["event"] == "user":
            assert event["text"] == "" and event["parse_data"]["text"] == "" and event["parse_data"]["entities"] == []
        if event["event"] == "slot" and event["name"] == "form_step":
            assert event["value"] in (None, "resume", "consent", *ORDER)


def test_the_files_of_the_house_hold_nothing_readable(house):
    person = a_long_talk(house)
    person.presses("button_send").hears("request_made")
    files = [path for path in Path(house.settings.var_dir).rglob("*.sqlite*")]
    assert {path.name for path in files} >= {"engine.sqlite", "casework.sqlite"}
    held = b"".join(path.read_bytes() for path in files)
    for word in [*WORDS, "Storina", "is it free", "ask_is_it_free"]:
        assert word.encode() not in held
