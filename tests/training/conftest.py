"""A copy of the parts of the house that a model is made of, small enough to change."""

import shutil

import pytest

from service.settings import ROOT


@pytest.fixture
def house(tmp_path):
    """The folder of an assistant with two topics."""
    for name in ("config.yml", "domain.yml"):
        shutil.copy(ROOT / name, tmp_path / name)
    for name in ("bot/engine", "bot/data/conversation"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for intent in ("ask_pets", "affirm"):
        shutil.copytree(ROOT / "bot/data/knowledge" / intent, tmp_path / "bot/data/knowledge" / intent)
    (tmp_path / "bot/data/topics.yml").write_text("programme:\n- {intent: ask_pets}\nconversation:\n- {intent: affirm}\n")
    return tmp_path


@pytest.fixture
def content_folder(house):
    """Its content: every language, two topics."""
    shutil.copytree(ROOT / "bot/data/phrases", house / "bot/data/phrases")
    for name in ("programme.yml", "eligibility.yml"):
        shutil.copy(ROOT / "bot/data" / name, house / "bot/data" / name)
    return house / "bot/data"


@pytest.fixture
def edit():
    """A function: replace some words of a file."""

    def replace(path, old, new):
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace
