"""Outside the opening hours: people are told when somebody reads it, and what to do if it is urgent; danger waits for nobody."""

import dataclasses
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from actions_of_a_closed_office import closed_now
from dialogue import talk
from forms import REQUEST, as_far_as, gives

from bot.content.programme import Programme
from bot.content.summary import moment_words
from casework.clock import now

LANGUAGES = ("en", "ar", "fa", "tr", "fr", "sq")
everywhere = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module")
def closed(on):
    """A house whose office is closed now."""
    rooms = on.supervisor.parts
    place = next(place for place, room in enumerate(rooms) if room.name == "actions")
    usual = rooms[place]
    script = Path(__file__).with_name("actions_of_a_closed_office.py")

    def change(room):
        with on.without("actions"):
            rooms[place] = room
        on.back()

    change(dataclasses.replace(usual, command=[sys.executable, str(script)]))
    yield on
    change(usual)


def times(language):
    """When it opens, and by when an answer can be expected, as it is told."""
    hours = Programme(closed_now()).hours
    opening = hours.next_opening(now())
    return {"opening": moment_words(opening, language), "by": moment_words(opening + timedelta(hours=2), language)}


@everywhere
def test_who_calls_a_human_is_told_when_somebody_is_there(closed, language):
    person = talk(closed, language).asks("talk_to_human").hears("offer_human").presses("button_yes")
    person.hears("handover_opened", "closed_now", "answer_by", **times(language))
    assert "112" in person.heard[1]["text"] and person.ticket("handover") is not None
    person.asks("talk_to_human").hears("handover_waiting", "queue", "closed_now", "answer_by", **times(language))


@everywhere
def test_a_request_is_taken_and_its_answer_promised(closed, language):
    person = as_far_as(talk(closed, language), "request", REQUEST[-1][0])
    gives(person, REQUEST[-1][1])
    person.hears("request_made", "closed_now", "answer_by", **times(language))
    assert person.ticket("request") is not None


@everywhere
def test_danger_raises_its_alert_whatever_the_hour(closed, language):
    person = talk(closed, language).asks("risk_violence", words=4)
    person.hears("risk_violence", "closed_now", "ask_contact", **times(language))
    assert person.ticket("alert").reason == "risk_violence"
    person.presses("button_contact_yes").hears("contact_agreed")
