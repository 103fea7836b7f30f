"""Outside the opening hours people are told when somebody reads it, in their language; nothing unverified is told."""

import pytest

import bot.content
from bot.actions import hours
from bot.actions.base import room
from bot.content.programme import Programme
from casework.clock import now

CLOCK = {"source": "office", "checked": "2026-11-01", "verified": True}
TODAY = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Dispatcher:
    """Remembers what was said."""

    def __init__(self):
        self.said = []

    def utter_message(self, response, in_language, **values):
        self.said.append((response, in_language, values))


class Office:
    """The content of an office with these hours."""

    def __init__(self, programme):
        self.programme = Programme(programme)


@pytest.fixture
def told(monkeypatch):
    """A function: what is said in an office with a timetable and a promise."""

    def say(timetable, within=None, language="en", verified=True):
        programme = {"office": {"timetable": {**CLOCK, "value": timetable, "verified": verified}, "answer_within": {**CLOCK, "value": within, "verified": verified}}}
        monkeypatch.setattr(room, "content", Office(programme))
        dispatcher = Dispatcher()
        hours.tell_when(dispatcher, language)
        return dispatcher.said

    return say


def closed_now():
    """A timetable that opens on another day than today and tomorrow."""
    return {"timezone": "UTC", TODAY[(now().weekday() + 3) % 7]: ["09:00-12:00"]}


ALWAYS = {"timezone": "UTC", **{day: ["00:00-23:59"] for day in TODAY}}


@pytest.mark.parametrize("language", sorted(bot.content.load().languages))
def test_when_it_is_closed(told, language):
    (closed, promise) = told(closed_now(), 2, language)
    assert closed[:2] == ("utter_closed_now", language) and promise[:2] == ("utter_answer_by", language)
    sentence = bot.content.load().phrase("utter_closed_now", language, **closed[2])
    assert "112" in sentence and "{" not in sentence and closed[2]["opening"] in sentence


def test_while_it_is_open_only_the_promise_is_told(told):
    assert [name for name, _, _ in told(ALWAYS, 1)] == ["utter_answer_by"]
    assert told(ALWAYS) == []


def test_nothing_unverified_is_told(told):
    assert told(closed_now(), 2, verified=False) == []


def test_an_office_that_never_opens_says_nothing(told):
    assert told({"timezone": "UTC"}, 2) == []
