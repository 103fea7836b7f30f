"""`python -m casework`: retention and new keys by command, on a real house's files."""

import pytest
from sqlalchemy import update

import casework.__main__ as commands
from casework import messages, people
from casework.clock import now
from casework.migrate import migrate
from casework.models import Message, Person
from datetime import timedelta
from service.settings import read_settings


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The settings of an empty house; its commands find it by the environment."""
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setenv("ENGINE_PORT", "9")  # nobody listens there
    settings = read_settings()
    database = settings.database()
    migrate(database)
    with database.write() as session:
        person = people.meet(session, "telegram", "77")
        message, _ = messages.receive(session, person, "1", "text", {"text": "hello"})
        messages.end_turn(message)
    yield settings
    database.close()


def test_keys_are_rotated_and_the_old_one_stays_until_the_next_time(home, capsys):
    running = home.database()  # a process that was started before
    assert commands.main(["rotate-keys"]) == 0
    assert "new key: k2" in capsys.readouterr().out
    with running.read() as session:
        message = session.query(Message).one()
        assert message.key_id == "k2" and message.open(running.keyring) == {"text": "hello"}
    assert list(read_settings().keyring().keys()) == ["k2", "k1"]
    assert commands.main(["rotate-keys"]) == 0
    assert list(read_settings().keyring().keys()) == ["k3", "k2"]
    running.close()


def test_keys_of_the_environment_are_only_used(home, monkeypatch, capsys):
    key = home.casework_keys.split(":", 1)[1]
    from cryptography.fernet import Fernet

    monkeypatch.setenv("CASEWORK_KEYS", f"new:{Fernet.generate_key().decode()},k1:{key}")
    assert commands.main(["rotate-keys"]) == 0
    assert "come from the environment" in capsys.readouterr().out
    with read_settings().database().read() as session:
        assert session.query(Message).one().key_id == "new"


def test_a_lost_key_is_said_and_nothing_is_lost(home, monkeypatch, capsys):
    from cryptography.fernet import Fernet

    monkeypatch.setenv("CASEWORK_KEYS", f"new:{Fernet.generate_key().decode()}")
    assert commands.main(["rotate-keys"]) == 1
    assert "k1 is not among the keys" in capsys.readouterr().err


def test_retention_runs_and_says_when_the_engine_is_away(home, capsys):
    with home.database().write() as session:
        session.execute(update(Message).values(created_at=now() - timedelta(days=31)))
        session.execute(update(Person).values(last_seen_at=now() - timedelta(days=200)))
    assert commands.main(["retain"]) == 1
    out = capsys.readouterr()
    assert "1 messages" in out.out and "1 people" in out.out and "the engine does not run" in out.err


def test_a_wrong_setting_is_named(home, monkeypatch, capsys):
    monkeypatch.setenv("RETENTION_MESSAGES_DAYS", "0")
    assert commands.main(["retain"]) == 2
    assert "RETENTION_MESSAGES_DAYS" in capsys.readouterr().err
