"""Personal text is nowhere readable on the disk, and opens with its own key only."""

import json

import pytest
from cryptography.fernet import Fernet

from casework import consents, drafts, messages, people, requests, tickets
from casework.database import Database
from casework.errors import UnknownKey
from casework.migrate import migrate
from casework.sealing import Keyring

PLANTED = {
    "address": "planted-address-4711",
    "text": "planted text of a message",
    "arabic": "نص مزروع في الرسالة",
    "name": "Planted Name",
    "phone": "+38344000111",
    "note": "planted note",
    "reply": "planted reply",
    "draft": "planted draft",
}


def new_key():
    return Fernet.generate_key().decode()


def plant(session, counsellor):
    """Write every planted value where it belongs."""
    person = people.meet(session, "telegram", PLANTED["address"])
    messages.receive(session, person, "1", "text", {"text": PLANTED["text"]})
    messages.receive(session, person, "2", "text", {"text": PLANTED["arabic"]})
    consents.give(session, person, "request", "request-1")
    requests.submit(session, person, {name: PLANTED[name] for name in ("name", "phone")})
    drafts.answer(session, person.id, requests.FORM, name=PLANTED["draft"])
    ticket = tickets.find_open(session, person.id, "request")
    tickets.claim(session, ticket.id, counsellor)
    tickets.reply(session, ticket.id, counsellor, PLANTED["reply"])
    tickets.add_note(session, ticket.id, counsellor, PLANTED["note"])
    return person.id


def test_no_planted_text_is_found_in_the_files_of_sqlite(tmp_path, keyring, password_hash):
    from casework.models import Staff

    database = Database(f"sqlite:///{tmp_path}/casework.sqlite", keyring)
    migrate(database)
    with database.write() as session:
        counsellor = Staff(name="Arta", role="counsellor", password_hash=password_hash)
        session.add(counsellor)
        session.flush()
        plant(session, counsellor)
    while_open = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    database.close()
    files = [*while_open.values(), *(path.read_bytes() for path in tmp_path.iterdir())]
    assert any(b"Arta" in content for content in files), "the search finds what is there in the clear"
    for value in PLANTED.values():
        spellings = (value.encode(), value.encode("utf-16-le"), json.dumps(value)[1:-1].encode())
        assert not any(spelling in content for content in files for spelling in spellings), value


def test_a_row_opens_with_its_own_key_only():
    key_id, sealed = Keyring({"k1": new_key()}, b"index").seal({"text": "hello"})
    with pytest.raises(UnknownKey):
        Keyring({"k1": new_key()}, b"index").open(key_id, sealed)
    with pytest.raises(UnknownKey):
        Keyring({"k2": new_key()}, b"index").open(key_id, sealed)


def test_a_damaged_row_does_not_open(keyring):
    key_id, sealed = keyring.seal({"text": "hello"})
    with pytest.raises(UnknownKey):
        keyring.open(key_id, sealed[:-4] + b"AAAA")


def test_an_old_key_still_opens_after_a_new_one_has_come():
    old, new = new_key(), new_key()
    sealed = Keyring({"k1": old}, b"index").seal({"text": "hello"})
    rotated = Keyring({"k2": new, "k1": old}, b"index")
    assert rotated.open(*sealed) == {"text": "hello"}
    assert rotated.seal({})[0] == "k2"


def test_equal_values_are_sealed_differently_and_indexed_equally(keyring):
    assert keyring.seal({"text": "hello"}) != keyring.seal({"text": "hello"})
    assert keyring.index("42") == keyring.index("42") != keyring.index("43")
    assert "42" != keyring.index("42") and len(keyring.index("42")) == 64


def test_another_secret_makes_another_index():
    key = new_key()
    assert Keyring({"k1": key}, b"one").index("42") != Keyring({"k1": key}, b"two").index("42")


def test_any_text_can_be_kept_also_half_an_emoji_and_nothing(keyring):
    for text in ("", "\x00", "🙏" * 5000, "عربي"):
        assert keyring.open(*keyring.seal({"text": text})) == {"text": text}
    assert keyring.open(*keyring.seal({"text": "ok \ud83d"})) == {"text": "ok ?"}


def test_there_is_no_keyring_without_a_key():
    with pytest.raises(ValueError):
        Keyring({}, b"index")
