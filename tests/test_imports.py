"""Imports point one way, as docs/architecture.md says, and nothing happens at import. Read from the source, not tried."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OURS = ("benchmarks", "bot", "casework", "desk", "service", "training", "worker")

# What each room may import of ours: the beginnings of module names.
MAY = {
    "bot/content": ("bot.content",),
    "casework": ("casework",),
    "bot/engine": ("bot.content", "bot.engine"),
    "bot/actions": ("bot.actions", "bot.content", "casework", "service"),
    "bot/channels": ("bot.channels", "bot.content", "casework", "service"),
    "worker": ("worker", "bot.channels", "bot.content", "casework", "service"),
    "desk": ("desk", "bot.channels", "bot.content", "casework", "service"),
    "training": ("training", "bot.content", "casework", "service"),
    "service": ("service", "bot.channels", "bot.content", "casework", "training"),
    "benchmarks": ("benchmarks", "bot.content", "bot.engine", "service", "training"),
}
# A room's command line puts the rooms together, so it may know them.
COMMANDS = {"casework/__main__.py": ("casework", "bot.channels", "service")}
# What no part of a room may import of others: the room stays in its Python, and knows neither Rasa nor the web.
MAY_NOT = {
    "casework": ("rasa", "rasa_sdk", "starlette", "fastapi", "httpx", "telegram", "uvicorn", "yaml"),
    "bot/content": ("rasa", "rasa_sdk", "sqlalchemy", "pydantic", "httpx", "starlette", "telegram"),
    "bot/engine": ("rasa_sdk", "telegram", "starlette"),
    "bot/actions": ("rasa", "telegram", "starlette"),
    "bot/channels": ("rasa", "rasa_sdk"),
    "desk": ("rasa", "rasa_sdk", "telegram"),
    "training": ("rasa", "rasa_sdk", "telegram"),
    "worker": ("rasa", "rasa_sdk", "telegram", "starlette"),
    "benchmarks": ("rasa_sdk", "telegram", "starlette"),
    "service": ("rasa", "rasa_sdk", "telegram"),
}


def modules(room):
    return sorted((ROOT / room).rglob("*.py"))


def imported(path):
    """Every module that a file imports, also inside of functions, with relative imports written out."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join([*package[: len(package) - node.level + 1], *filter(None, [node.module])]) if node.level else node.module
            if base in ("bot", ""):  # `from bot import content` imports bot.content
                yield from (f"{base}.{name.name}" for name in node.names)
            else:
                yield base


def begins(name, beginnings):
    return any(name == beginning or name.startswith(beginning + ".") for beginning in beginnings)


CASES = [(room, path) for room in MAY for path in modules(room)]


@pytest.mark.parametrize("room, path", CASES, ids=[str(path.relative_to(ROOT)) for _, path in CASES])
def test_imports_point_one_way(room, path):
    for name in imported(path):
        if begins(name, OURS) and name != "bot":
            may = COMMANDS.get(str(path.relative_to(ROOT)), MAY[room])
            assert begins(name, may), f"{path.relative_to(ROOT)} must not import {name}"
        assert not begins(name, MAY_NOT[room]), f"{path.relative_to(ROOT)} must not import {name}"


def test_every_room_has_its_rule():
    rooms = {str(path.relative_to(ROOT).parent) for name in OURS for path in modules(name)}
    assert {room for room in rooms if not any(room == known or room.startswith(known + "/") for known in MAY)} == {"bot"}


@pytest.mark.parametrize("path", [path for _, path in CASES], ids=lambda path: str(path.relative_to(ROOT)))
def test_nobody_reads_the_environment_but_the_one_place(path):
    allowed = {"service/settings.py", "service/parts.py", "training/models.py", "benchmarks/understanding.py"}  # they hand it on to processes
    name = str(path.relative_to(ROOT))
    if name not in allowed and not name.startswith("bot/engine/"):  # the engine's room has no other way to be told
        assert not re.search(r"\bos\.(environ|getenv)\b|import environ|import getenv", path.read_text(encoding="utf-8"))


def test_there_is_no_room_for_everything():
    names = {path.name for room in MAY for path in modules(room)}
    assert not names & {"utils.py", "helpers.py", "common.py", "misc.py", "actions.py"}
