"""When a counsellor will read it: told after a person is called or a request is sent. Nothing unverified is told."""

from datetime import datetime

from rasa_sdk.executor import CollectingDispatcher

from bot.actions.base import room
from bot.content.summary import moment_words
from casework.clock import now


def tell_closed(dispatcher: CollectingDispatcher, language: str) -> None:
    """Say that nobody is there now, when somebody is, and what to do if it is urgent; nothing while counsellors are there."""
    hours = room.content.programme.hours
    opening = hours and hours.next_opening(now())
    if opening and not hours.is_open(now()):
        dispatcher.utter_message(response="utter_closed_now", in_language=language, opening=moment_words(opening, language))


def tell_when(dispatcher: CollectingDispatcher, language: str, at: datetime | None = None) -> None:
    """Say when somebody is there and by when an answer can be expected, as far as the office verified its hours.

    Args:
        at: since when the person waits; now where nothing is given.
    """
    tell_closed(dispatcher, language)
    hours, within = room.content.programme.hours, room.content.programme.answer_within
    if hours and within and (by := hours.after(at or now(), within)) and by > now():
        dispatcher.utter_message(response="utter_answer_by", in_language=language, by=moment_words(by, language))
