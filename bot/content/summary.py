"""A request in words, in the person's language: for the summary before it is sent, and for the file of one's own data."""

from datetime import datetime
from typing import Any, Dict, Mapping

from babel.dates import format_datetime

from bot.content import countries
from bot.content.languages import locale_of
from bot.content.library import Content

TIMES = ("morning", "afternoon", "any")


def request_words(content: Content, held: Mapping[str, Any], language: str) -> Dict[str, str]:
    """Values for `utter_intake_summary`.

    Args:
        held: the request's answers, as the form keeps them (docs/privacy.md names them).
    """
    skipped = content.phrase("word_skipped", language)
    country = countries.name(held["country"], language) if held.get("country") else skipped
    when = held.get("when") or ""
    return {
        "name": held.get("name") or skipped,
        "country": f"{country}, {held['place']}" if held.get("place") else country,
        "family": content.phrase("word_family", language, adults=_number(held, "adults", skipped), children=_number(held, "children", skipped)),
        "contact": _contact(content, held, language),
        "speech": held.get("speech") or skipped,
        "when": content.phrase(f"word_{when}", language) if when in TIMES else when or skipped,
        "needs": needs_words(content, held, language) or content.phrase("word_none", language),
        "note": (held.get("note") or skipped) + (f"\n{content.phrase('word_carried', language)}" if held.get("carry") or held.get("check") else ""),
    }


def needs_words(content: Content, held: Mapping[str, Any], language: str) -> str:
    """The needs that were named, as a list; empty if none were."""
    return ", ".join(content.phrase(f"need_{need}", language) for need in held.get("needs") or [])


def moment_words(at: datetime, language: str) -> str:
    """A day and an hour as people of a language say it, in the zone `at` is in."""
    return format_datetime(at, "EEEE d MMMM, HH:mm", locale=locale_of(language), tzinfo=at.tzinfo)


def left_to_right(content: Content, text: str, language: str) -> str:
    """A telephone number as it is read in a right-to-left line: without these marks its groups would change places."""
    return f"\u2066{text}\u2069" if content.direction(language) == "rtl" else text


def _number(held: Mapping[str, Any], step: str, skipped: str) -> str:
    return skipped if held.get(step) in (None, "") else str(held[step])


def _contact(content: Content, held: Mapping[str, Any], language: str) -> str:
    if held.get("contact") not in ("phone", "trusted"):
        return content.phrase("word_chat", language)
    phone = left_to_right(content, held.get("phone", ""), language)
    reached = content.phrase("word_trusted", language, phone=phone) if held["contact"] == "trusted" else phone
    safe = content.phrase(f"word_safe_{held.get('safe', 'ask')}", language)
    return f"{reached} ({safe})"
