"""Erasure, proven: everything a person planted is looked for in every store, file and log, before and afterwards."""

import json
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from dialogue import plant, talk, until
from sqlalchemy import create_engine, inspect, text

MARK = "mark four two"  # always the same: at random it would now and then read like something else
NAME, TOWN, NOTE, ADDED, SAID = (plant(f"{word} {MARK}") for word in ("Zahra", "Planttown", "please bring an interpreter planted", "my planted cousin comes too", "is it free for planted people"))


def stores(house):
    """Every row of every table of both stores, as text; what is sealed is opened with every key there is."""
    keys = [pair.split(":", 1)[1] for pair in house.settings.casework_keys.split(",")] + [house.settings.engine_key]
    fernets = [Fernet(key) for key in keys]
    for url in {house.settings.database_url, house.settings.engine_database_url}:
        engine = create_engine(url)
        with engine.connect() as connection:
            for table in inspect(engine).get_table_names():
                for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings():
                    yield table, " ".join(_opened(value, fernets) for value in row.values())
        engine.dispose()


def _opened(value, fernets):
    if not isinstance(value, bytes | memoryview):
        return str(value)
    for fernet in fernets:
        try:
            opened = fernet.decrypt(bytes(value)).decode()
            return opened + json.dumps(json.loads(opened), ensure_ascii=False)
        except InvalidToken:
            continue
    return bytes(value).hex()


def found(house, *planted):
    """Tables that hold one of these."""
    return {table for table, row in stores(house) if any(one in row for one in planted)}


def readable(house, *planted):
    """Files of the house, and its log, in which one of these can be read."""
    files = [path for path in [*Path(house.settings.var_dir).rglob("*"), house.log] if path.is_file()]
    return [path.name for path in files if any(one.encode() in path.read_bytes() for one in planted)]


def a_whole_life(house):
    """A person who did all that leaves something: a pre-check, a request, an addition, a call, a question."""
    person = talk(house, "en").says(SAID).asks("check_eligibility").hears("ask_check_consent").presses("button_agree")
    for button in ("check_place_kosovo", "check_age_adult", "check_company_alone", "check_wish_own"):
        person.presses(button)
    person.says("Morocco").presses("check_asylum_none").presses("check_papers_valid").presses("check_needs_none").presses("check_before_first")
    person.hears("check_likely").presses("button_request_with_check").presses("button_agree").presses("button_carry_yes").hears("ask_intake_name")
    person.says(NAME).presses("Morocco").hears("ask_intake_place").says(TOWN).goes_alone().presses("button_phone").says("044 888 777")
    person.presses("button_safe_yes").speaks("ar").presses("button_any_time").needs_nothing().says(NOTE).presses("button_send").hears("request_made")
    person.asks("request_counselling").hears("request_open").presses("button_add").says(ADDED).hears("request_added")
    return person.says("I want to talk to a human").hears("offer_human").presses("button_yes").hears("handover_opened")


def test_nothing_is_left_anywhere(on):
    person = a_whole_life(on)
    planted = (NAME, TOWN, NOTE, ADDED, SAID, "+383 44 888 777", person.told["reference"])
    assert {"messages", "requests"} <= found(on, *planted)  # the search does find what is there
    assert person.person in {row.split()[0] for table, row in stores(on) if table == "people"}
    assert readable(on, *planted[:-1]) == []  # and none of it could ever be read without the keys
    person.asks("delete_my_data").hears("ask_delete_with_request").presses("button_delete_all").hears("deleted")
    until("everything is erased", lambda: not person.known(), 30)
    assert found(on, *planted, person.person) == set()
    assert readable(on, *planted, person.person) == []
    assert any(table == "erasures" for table, _ in stores(on))


def test_the_file_of_my_data_has_all_of_it(on):
    person = a_whole_life(on)
    person.asks("see_my_data").hears("my_data").presses("button_data_file").hears("my_data_file")
    name, content = on.conversation.file(person.person, person.heard[0]["id"])
    file = content.decode("utf-8-sig")
    assert name.endswith(".txt")
    for kept in (NAME, TOWN, NOTE, ADDED, SAID, "+383 44 888 777", person.told["reference"], "I am 18 or older", "a talk with a counsellor"):
        assert kept in file, kept
    assert "{" not in file.replace(SAID, "")
    other = talk(on, "en").starts()
    assert on.conversation.file(other.person, person.heard[0]["id"]) is None
