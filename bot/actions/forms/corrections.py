"""Corrections by speaking: "no, Erbil, not Baghdad", "the number is wrong", at any step of the request.

A message corrects when it holds a word of correction (phrases/<lang>.yml, `words`) and either repeats an earlier answer,
or names what is to be changed, or brings a country, a town or a telephone number that is not asked for at the moment.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.actions.forms.answers import Heard, read_phone
from bot.content import Content, countries
from bot.content.letters import plain
from bot.content.summary import left_to_right

_PHONE = re.compile(r"(?:\+|00|[0٠۰০])[\d\s()/-]{7,}")  # a number as one writes it to be called, and no hours of the day
MOST_WORDS = 12  # a longer message tells something, and corrects nothing
SPOKEN = ("place", "name", "country", "phone", "when", "family", "note")
ASKED_AS = {"adults": "family", "children": "family", "safe": "phone"}  # steps that are spoken of by another name
DRAFT = {"family": ("adults", "children"), "country": ("country", "country_written"), "phone": ("phone", "safe")}


@dataclass(frozen=True)
class Correction:
    """What changes in the draft: None takes an answer out, so that it is asked again.

    Attributes:
        given: changes of the draft.
        value: the new answer as the person reads it; None when it is to be asked.
    """

    given: Mapping[str, Any]
    value: str | None = None


def find(heard: Heard) -> Correction | None:
    """The correction in a message, or None."""
    text = plain(heard.said.text)
    if heard.said.choice or not text or len(text.split()) > MOST_WORDS:
        return None
    rest = _without(text, _words(heard, "correction"))
    if rest == text:
        return None
    named = [name for name in SPOKEN if name != ASKED_AS.get(heard.step, heard.step) and _holds(rest, _words(heard, name))]
    return _repeats_old(heard, rest) or _new_value(heard, rest, named) or _asked_again(heard, named)


def _repeats_old(heard: Heard, rest: str) -> Correction | None:
    """The old answer is repeated beside the new one: "Erbil, not Baghdad"."""
    olds = {"place": heard.held.get("place"), "country": heard.held.get("country_written"), "name": heard.held.get("name"), "when": heard.held.get("when")}
    for name, old in olds.items():
        if name == heard.step or not old or not _holds(rest, [plain(old)]):
            continue
        new = _spelt(heard.said.text, _without(_bare(heard, rest), [plain(old)]))
        if new:
            return _given(heard, name, new)
    return None


def _new_value(heard: Heard, rest: str, named: list[str]) -> Correction | None:
    """Something new is said that can only be one thing, or whose name is said with it."""
    written = _PHONE.search(heard.said.text)
    if heard.held.get("phone") and heard.step != "phone" and written and (phone := read_phone(written[0])):
        return Correction({"phone": phone, "safe": None}, left_to_right(heard.content, phone, heard.language))  # whether that one may be called was not said yet
    code = countries.named(rest, countries.names(heard.content))
    if heard.held.get("country") and heard.step not in ("country", "place", "speech") and code:
        new = _spelt(heard.said.text, _bare(heard, rest))
        return _given(heard, "place" if heard.held.get("place") and code == heard.held["country"] else "country", new)
    new = _spelt(heard.said.text, _bare(heard, rest))
    if len(named) == 1 and named[0] in ("name", "place", "when") and named[0] in heard.held and new and len(new.split()) <= 4:
        return _given(heard, named[0], new)
    return None


def _asked_again(heard: Heard, named: list[str]) -> Correction | None:
    """What is named is wrong, and nothing else is said: it is asked again."""
    for name in named:
        fields = DRAFT.get(name, (name,))
        if any(field in heard.held for field in fields):
            return Correction({field: None for field in fields})
    return None


def _given(heard: Heard, name: str, new: str) -> Correction:
    if name != "country" and name != "place":
        return Correction({name: new}, new)
    code = countries.named(new, countries.names(heard.content))
    if name == "place":
        return Correction({"place": new, **({"country": code} if code else {})}, new)
    if code is None:
        return Correction({"country": None, "country_written": None})
    elsewhere = {"place": None} if code != heard.held.get("country") else {}
    return Correction({"country": code, "country_written": new, **elsewhere}, countries.name(code, heard.language))


def _bare(heard: Heard, rest: str) -> str:
    """A text without the words for what is corrected, and without small words."""
    for name in (*SPOKEN, "filler"):
        rest = _without(rest, _words(heard, name))
    return rest


def _words(heard: Heard, kind: str) -> list[str]:
    content: Content = heard.content
    return [plain(word) for language in dict.fromkeys((heard.language, "en")) for word in content.words(language, kind)]


def _holds(text: str, phrases: list[str]) -> bool:
    return any(f" {phrase} " in f" {text} " for phrase in phrases if phrase)


def _without(text: str, phrases: list[str]) -> str:
    padded = f" {text} "
    for phrase in sorted(filter(None, phrases), key=len, reverse=True):
        while f" {phrase} " in padded:
            padded = padded.replace(f" {phrase} ", " ")
    return " ".join(padded.split())


def _spelt(text: str, bare: str) -> str:
    """The words of `bare` as the person spelt them in `text`."""
    wanted = set(bare.split())
    kept = [word.strip(",.;:!?،؛؟।\"'()") for word in text.split() if plain(word) in wanted or set(plain(word).split()) & wanted]
    return " ".join(kept)[:60]
