"""A small content of its own, which a test may change as a trainer would."""

import os

import pytest

import bot.content
from small_content import FILES, topic


@pytest.fixture
def write(tmp_path):
    """A function: write a file of the content, so that its change is noticed."""
    clock = iter(range(1, 10_000))

    def put(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text) if isinstance(text, bytes) else path.write_text(text, encoding="utf-8")
        os.utime(path, (1_700_000_000, 1_700_000_000 + next(clock)))
        return path

    return put


@pytest.fixture
def root(write, tmp_path):
    """The folder of the small content."""
    for name, text in FILES.items():
        write(name, text)
    write("knowledge/ask_pets/en.md", topic("Pets", "Ask us about pets.", related="[ask_papers]"))
    write("knowledge/ask_pets/ar.md", topic("حيوانات", "اسألنا."))
    write("knowledge/ask_papers/en.md", topic("Papers", "Bring papers.", status="reviewed"))
    return tmp_path


@pytest.fixture
def content(root):
    """The small content."""
    return bot.content.load(root)
