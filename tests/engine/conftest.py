"""Fixtures of the engine's room. These tests run in the engine's own Python."""

import pytest
from cryptography.fernet import Fernet
from rasa.shared.core.domain import Domain

DOMAIN = """
version: "3.1"
intents: [greet, ask_is_it_free]
slots:
  asking: {type: categorical, values: [nothing, handover], mappings: [{type: custom}]}
  intake_name: {type: text, influence_conversation: false, mappings: [{type: custom}]}
forms:
  counselling_form: {required_slots: [intake_name]}
"""


@pytest.fixture
def domain():
    return Domain.from_yaml(DOMAIN)


@pytest.fixture
def key(monkeypatch, tmp_path):
    """The engine's key and database in the environment, as the supervisor gives them."""
    value = Fernet.generate_key().decode()
    monkeypatch.setenv("ENGINE_KEY", value)
    monkeypatch.setenv("ENGINE_DATABASE_URL", f"sqlite:///{tmp_path}/engine.sqlite")
    return value
