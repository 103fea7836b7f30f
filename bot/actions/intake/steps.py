"""The steps of the intake request, and how an answer to each is read.

A step gives back what to keep (a dict for the draft), or a :class:`Problem` that names the sentence that helps.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import phonenumbers

from bot.actions.intake import countries

ORDER = ("consent", "name", "country", "contact", "phone", "when", "note", "confirmed")
FREE_TEXT = ("name", "when")  # any words are an answer, unless they clearly ask something
# Words of an answer that say too little to doubt anybody's safety: a name, a place, an hour. A note goes to a counsellor.
TOO_FEW_TO_DOUBT = {"name": 3, "country": 3, "phone": 4, "when": 6, "note": 10_000}
LIMITS = {"name": 60, "when": 120, "note": 1000}
_ARABIC_DIGITS = {ord(d): str(i % 10) for i, d in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹০১২৩৪৫৬৭৮৯")}


@dataclass(frozen=True)
class Problem(Exception):
    """The answer cannot be kept; `response` is what to say, `countries` what may have been meant."""

    response: str
    countries: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Said:
    """What the person said to a step: typed text, or the choice a button carries."""

    text: str
    choice: str | None
    intent: str


def read(step: str, said: Said, names: Mapping[str, str]) -> Mapping[str, Any]:
    """What the answer to `step` adds to the draft.

    Raises:
        Problem: it is not an answer.
    """
    return _READERS[step](said, names)


def doubtless(step: str, said: Said) -> bool:
    """Whether an answer to `step` is too short to ask the person about danger because of it."""
    return len(said.text.split()) <= TOO_FEW_TO_DOUBT.get(step, 0)


def next_step(answers: Mapping[str, Any]) -> str | None:
    """The first step that has no answer yet; None when all are answered."""
    for step in ORDER:
        if step == "phone" and answers.get("contact") != "phone":
            continue
        if step not in answers:
            return step
    return None


def _consent(said: Said, _: Mapping[str, str]) -> Mapping[str, Any]:
    if said.intent == "affirm" and said.choice is None:
        return {"consent": True}
    raise Problem("utter_not_understood_here")


def _name(said: Said, _: Mapping[str, str]) -> Mapping[str, Any]:
    return {"name": "" if said.choice == "skip" or said.intent == "deny" else _words(said, "name")}


def _country(said: Said, names: Mapping[str, str]) -> Mapping[str, Any]:
    if said.choice == "skip":
        return {"country": "", "country_written": ""}
    if said.choice and len(said.choice) == 2:
        return {"country": said.choice, "country_written": ""}
    code, meant = countries.find(_words(said, "country"), names)
    if code:
        return {"country": code, "country_written": said.text[:80]}
    raise Problem("utter_country_did_you_mean" if meant else "utter_country_unknown", meant)


def _contact(said: Said, names: Mapping[str, str]) -> Mapping[str, Any]:
    if said.choice in ("chat", "phone"):
        return {"contact": said.choice}
    try:
        return {"contact": "phone", **_phone(said, names)}
    except Problem:
        raise Problem("utter_not_understood_here") from None


def _phone(said: Said, _: Mapping[str, str]) -> Mapping[str, Any]:
    if said.choice == "chat":
        return {"contact": "chat"}
    try:
        number = phonenumbers.parse(said.text.translate(_ARABIC_DIGITS), "XK")
    except phonenumbers.NumberParseException:
        raise Problem("utter_phone_unclear") from None
    if not phonenumbers.is_possible_number(number):
        raise Problem("utter_phone_unclear")
    return {"phone": phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)}


def _when(said: Said, _: Mapping[str, str]) -> Mapping[str, Any]:
    return {"when": said.choice or _words(said, "when")}


def _note(said: Said, _: Mapping[str, str]) -> Mapping[str, Any]:
    return {"note": "" if said.choice == "skip" or said.intent == "deny" else _words(said, "note")}


def _confirmed(said: Said, _: Mapping[str, str]) -> Mapping[str, Any]:
    if said.intent == "affirm" and said.choice in (None, "send"):
        return {"confirmed": True}
    if said.choice == "contact":
        return {"contact": None, "phone": None}
    if said.choice in ORDER:
        return {said.choice: None}
    raise Problem("utter_summary_not_yet" if said.intent == "deny" else "utter_not_understood_here")


def _words(said: Said, step: str) -> str:
    text = " ".join(said.text.split()) if step != "note" else said.text.strip()
    if not text or said.choice or text.startswith("/"):
        raise Problem("utter_not_understood_here")
    return text[: LIMITS.get(step, 200)]


def _resume(said: Said, _: Mapping[str, str]) -> Mapping[str, Any]:
    raise Problem("utter_not_understood_here")  # only its buttons answer this question


_READERS = {
    "resume": _resume,
    "consent": _consent, "name": _name, "country": _country, "contact": _contact, "phone": _phone,
    "when": _when, "note": _note, "confirmed": _confirmed,
}  # fmt: skip
