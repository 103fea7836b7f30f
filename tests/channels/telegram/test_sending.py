"""How a message is cut, and what an error says about it."""

from datetime import timedelta

import httpx
import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.channels.outbox import NotSent, Uncertain, Unreachable
from bot.channels.telegram.sending import keyboard, meaning, split


def units(text):
    return len(text.encode("utf-16-le")) // 2


def test_a_text_that_fits_is_left_alone():
    assert split("x" * 4096) == ["x" * 4096]
    assert split("  as it is \n") == ["  as it is \n"]


def test_nothing_to_send():
    assert split(" \n") == []


def test_cut_between_paragraphs():
    first, second = "a" * 3000, "b " * 1000
    assert split(f"{first}\n\n{second}") == [first, second]


def test_cut_between_words():
    parts = split("word " * 2000)
    assert all(units(part) <= 4096 and part.startswith("word") for part in parts)
    assert " ".join(parts).split() == ["word"] * 2000


@pytest.mark.parametrize("character", ["x", "😀", "ع"])
def test_cut_where_there_is_no_gap(character):
    parts = split(character * 5000)
    assert "".join(parts) == character * 5000
    assert all(units(part) <= 4096 for part in parts)


def caused(error, cause):
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (RetryAfter(7), NotSent),
        (InvalidToken("token"), NotSent),
        (caused(NetworkError("x"), httpx.ConnectError("x")), NotSent),
        (caused(TimedOut(), httpx.ConnectTimeout("x")), NotSent),
        (caused(TimedOut(), httpx.PoolTimeout("x")), NotSent),
        (Forbidden("blocked"), Unreachable),
        (ChatMigrated(-5), Unreachable),
        (BadRequest("Chat not found"), Unreachable),
        (BadRequest("BUTTON_DATA_INVALID"), Unreachable),
        (caused(TimedOut(), httpx.ReadTimeout("x")), Uncertain),
        (caused(NetworkError("x"), httpx.ReadError("x")), Uncertain),
        (NetworkError("Internal Server Error"), Uncertain),
        (TelegramError("Invalid server response"), Uncertain),
    ],
)
def test_what_an_error_says_about_the_message(error, name):
    assert type(meaning(error, 1)) is name


def test_a_flood_names_its_time():
    assert meaning(RetryAfter(7), 1).retry_after == timedelta(seconds=7)


def test_a_button_without_words_keeps_the_places_of_the_others():
    rows = keyboard([{"title": "yes"}, {"title": " "}, {"title": "no"}], 12).inline_keyboard
    assert [(row[0].text, row[0].callback_data) for row in rows] == [("yes", "b12.0"), ("no", "b12.2")]
    assert keyboard([], 12) is None
