"""Which language a message is answered in; both runtimes decide it here."""

from typing import Any, Mapping

SURE = 0.65  # from here on what a person writes outweighs their telephone's language; 99.6 % of such guesses are right
SCRIPTS = {"sr": "sr_Latn"}  # our texts are in this script, where Unicode's default for the language is another one
NOT_UNDERSTOOD = "nlu_fallback"  # Rasa's own name


def language_of(metadata: Mapping[str, Any], parsed: Mapping[str, Any]) -> str:
    """The language to answer in: the person's own choice; else what they write, when that is sure; else what is known.

    Names of people and places look alike in all languages that share their letters (Latin ones; Arabic ones): one or two
    such words tell the language of nobody who has written before, and of nobody at all unless they mean something to us.

    Args:
        metadata: of the message: `language`, and `language_from` (`chosen`, `written` or `channel`).
        parsed: what the message was understood as, with `language: {name, confidence, short, unspoken}` and `intent`.
    """
    written, origin = parsed.get("language") or {}, metadata.get("language_from")
    understood = (parsed.get("intent") or {}).get("name") != NOT_UNDERSTOOD
    telling = not written.get("short") or (understood and origin != "written")
    if origin != "chosen" and telling and (written.get("unspoken") or written.get("confidence", 0) >= SURE):
        return written["name"]
    return metadata.get("language") or written.get("name") or "en"


def locale_of(language: str) -> str:
    """The name under which Unicode's data (babel) has a language as we write it."""
    return SCRIPTS.get(language, language)
