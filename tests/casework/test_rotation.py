"""Keys are changed while the house goes on: other processes take the new key up by themselves, and no row is lost."""

import pytest
from cryptography.fernet import Fernet

from casework import drafts, messages, rotation
from casework.database import Database
from casework.errors import UnknownKey
from casework.models import Message, Person
from casework.sealing import Keyring


class Keys:
    """A file of keys, as service/settings.py has one."""

    def __init__(self, **keys):
        self.keys, self.readers = keys, []

    def ring(self):
        """The keyring of one process."""
        seen = dict(self.keys)

        def changed():
            if seen == self.keys:
                return None
            seen.clear(), seen.update(self.keys)
            return dict(self.keys)

        return Keyring(self.keys, b"index" * 4, changed)


def new():
    return Fernet.generate_key().decode()


@pytest.fixture
def keys():
    return Keys(k1=new())


@pytest.fixture
def processes(database, keys):
    """Two processes on the same casework."""
    two = [Database(database.url, keys.ring()) for _ in range(2)]
    yield two
    for process in two:
        process.close()


def written(process, person_id, text):
    with process.write() as session:
        return messages.send(session, session.get_one(Person, person_id), {"text": text}).id


def read(process, message_id):
    with process.read() as session:
        message = session.get_one(Message, message_id)
        return message.open(process.keyring)["text"], message.key_id


def somebody(process):
    with process.write() as session:
        from casework import people

        return people.meet(session, "telegram", "77").id


def test_everything_is_sealed_anew_and_read_by_all(processes, keys):
    mine, other = processes
    person_id = somebody(mine)
    ids = [written(mine, person_id, f"text {number}") for number in range(5)]
    with mine.write() as session:
        drafts.answer(session, person_id, "counselling", name="Ali")
    keys.keys = {"k2": new(), **keys.keys}
    assert dict(rotation.reseal(mine))["messages"] == 5
    assert rotation.key_ids(mine) == {"k2"}
    assert [read(other, message_id) for message_id in ids] == [(f"text {number}", "k2") for number in range(5)]  # unknown id: read again
    with other.read() as session:
        assert drafts.answers(session, person_id, "counselling") == {"name": "Ali"}


def test_a_process_that_writes_meanwhile_uses_the_new_key_at_once(processes, keys):
    mine, other = processes
    person_id = somebody(mine)
    keys.keys = {"k2": new(), **keys.keys}
    assert read(mine, written(other, person_id, "hello")) == ("hello", "k2")


def test_a_key_that_is_gone_is_named_and_changes_nothing(processes, keys):
    mine, _ = processes
    person_id = somebody(mine)
    message_id = written(mine, person_id, "hello")
    lost = keys.keys
    keys.keys = {"k9": new()}
    with pytest.raises(UnknownKey, match="k1"):
        list(rotation.reseal(mine))
    keys.keys = {**keys.keys, **lost}
    list(rotation.reseal(mine))
    assert read(mine, message_id) == ("hello", "k9")


def test_every_sealed_table_is_known():
    assert {table.__tablename__ for table in rotation.sealed_tables()} == {"people", "messages", "drafts", "requests"}
