"""The parts of the house: which there are, what each may know, and a port that is taken."""

import socket

import pytest

from service.__main__ import check_ports
from service.parts import parts, taken
from service.settings import ROOT, SECRETS, read_settings
from service.supervisor import HouseDown


@pytest.fixture
def house(tmp_path):
    """A function: the parts for some settings."""
    return lambda **more: parts(read_settings({"VAR_DIR": str(tmp_path), **more}), tmp_path / "model.tar.gz")


@pytest.fixture
def listener():
    """A port of this machine at which something listens."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_telegram_is_a_part_only_with_a_token(house):
    assert [part.name for part in house()] == ["engine", "actions", "worker", "desk"]
    assert [part.name for part in house(TELEGRAM_BOT_TOKEN="123456:abcdefghij")][-1] == "telegram"


def test_telegram_has_a_port_only_for_a_webhook(house):
    token = {"TELEGRAM_BOT_TOKEN": "123456:abcdefghij"}
    assert house(**token)[-1].port is None
    assert house(**token, TELEGRAM_WEBHOOK_URL="https://a.example")[-1].port == 8081


def test_the_engine_holds_no_key_of_the_casework_and_no_token(house, monkeypatch):
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456:abcdefghij")
    monkeypatch.setenv("CASEWORK_KEYS", "k1:something")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///casework")
    engine = house()[0]
    assert {"ENGINE_SECRET", "ENGINE_KEY", "ACTIONS_SECRET"} <= set(engine.environment)
    forbidden = {*SECRETS, "TELEGRAM_BOT_TOKEN", "DATABASE_URL"} - {"ENGINE_SECRET", "ENGINE_KEY", "ACTIONS_SECRET"}
    assert not forbidden & set(engine.environment)
    assert engine.command[0] == str(ROOT / ".venv-engine/bin/python")


def test_the_engine_listens_on_loopback_only(house):
    command = house()[0].command
    assert command[command.index("--interface") + 1] == "127.0.0.1"


def test_a_part_that_is_printed_shows_no_environment(house):
    assert "SECRET" not in repr(house())


def test_a_port_at_which_something_listens_is_taken(listener):
    assert taken(listener)


def test_a_port_that_was_just_left_is_free():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    assert not taken(port)


@pytest.mark.parametrize("setting", ["DESK_PORT", "ENGINE_PORT", "ACTIONS_PORT", "TELEGRAM_WEBHOOK_PORT"])
def test_a_port_that_is_taken_names_its_setting(house, listener, setting):
    telegram = {"TELEGRAM_BOT_TOKEN": "123456:abcdefghij", "TELEGRAM_WEBHOOK_URL": "https://a.example"}
    free = {"DESK_PORT": "48080", "ENGINE_PORT": "45005", "ACTIONS_PORT": "45055", "TELEGRAM_WEBHOOK_PORT": "48081"}
    check_ports(house(**telegram, **free))
    with pytest.raises(HouseDown, match=setting):
        check_ports(house(**telegram, **{**free, setting: str(listener)}))
