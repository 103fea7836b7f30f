"""Switching the language, at any time."""

import re
import unicodedata

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.base import CaseworkAction, Events, casework_of, entity, room
from bot.content.letters import letter
from casework import people

_ARABIC_STEM = re.compile(r"\A[وفبل]?(?:ال)?([\u0621-\u064A]{3,}?ي)[هة]?\Z")


class ChooseLanguage(CaseworkAction):
    """Takes the language from the button, or from its name in the message; else shows all of them."""

    def name(self) -> str:
        """Called by rasa-sdk."""
        return "action_choose_language"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        """See :class:`CaseworkAction`."""
        wanted = entity(tracker, "language") or named_language(tracker.latest_message.get("text") or "")
        if wanted not in room.content.languages:
            dispatcher.utter_message(response="utter_choose_language")
            return None
        with casework_of(tracker) as (_, person):
            people.speak(person, wanted, "chosen")
        dispatcher.utter_message(response="utter_language_changed", in_language=wanted)
        return None


def named_language(text: str) -> str | None:
    """The one language of ours that a text names, in any of our languages; None if it names none or several."""
    words = {form for word in "".join(map(letter, text)).split() for form in _forms(word)}
    named = {code for code, names in _names().items() if words & names}
    return named.pop() if len(named) == 1 else None


def _names() -> dict[str, set[str]]:
    """Language code -> what it is called in each of our languages, from Unicode's own list."""
    from babel import Locale

    found: dict[str, set[str]] = {}
    for code in room.content.languages:
        names = [Locale.parse(speaker).languages.get(code) for speaker in room.content.languages]
        found[code] = {form for name in [room.content.languages[code]["language"], *names] if name for form in _forms(name)}
    return found


def _forms(word: str) -> set[str]:
    """A word and its stem: Arabic writes "in" and "the" onto it, and names a language as a feminine or a masculine."""
    letters = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter)).replace("ى", "ي")
    return {plain, _ARABIC_STEM.sub(r"\1", plain)}
