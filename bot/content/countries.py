"""Countries as people write them, in every language of ours: Unicode's list, by way of babel, and countries.yml."""

from collections.abc import Mapping
from functools import lru_cache

from babel import Locale
from rapidfuzz import fuzz, process

from bot.content.library import Content
from bot.content.languages import locale_of
from bot.content.letters import plain


def find(text: str, names: Mapping[str, str]) -> tuple[str | None, list[str]]:
    """The country a text names.

    Args:
        text: a word or a sentence ("I want to go to Irak").
        names: as :func:`names` gives them.

    Returns:
        ISO 3166 code if one is sure, else None; and up to three codes of what may have been meant.
    """
    wanted = plain(text)
    if code := named(text, names):
        return code, []
    if len(wanted.split()) > 4:  # a sentence resembles some country's name by chance
        return None, []
    close = process.extract(wanted, names.keys(), scorer=fuzz.WRatio, limit=8, score_cutoff=78)
    codes = list(dict.fromkeys(names[name] for name, _, _ in close))[:3]
    sure = bool(close) and close[0][1] >= 90 and len(wanted) >= 5
    return (codes[0], []) if sure else (None, codes)


def named(text: str, names: Mapping[str, str]) -> str | None:
    """The country a text names without a typing error; the longest name in it counts."""
    words = plain(text).split()
    for length in (4, 3, 2, 1):
        for start in range(len(words) - length + 1):
            if code := names.get(" ".join(words[start : start + length])):
                return code
    return None


def name(code: str, language: str) -> str:
    """A country's name in a language."""
    return Locale.parse(locale_of(language)).territories.get(code) or Locale.parse("en").territories.get(code, code)


def names(content: Content) -> Mapping[str, str]:
    """Every way we know to write a country, its people or its cities, as :func:`find` compares it -> ISO 3166 code."""
    return _names(tuple(content.languages), content.country_words)


@lru_cache(maxsize=4)
def _names(languages: tuple[str, ...], spoken: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    found = {plain(word): code for code, word in spoken}
    for locale in dict.fromkeys([*languages, *map(locale_of, languages)]):
        for code, territory in Locale.parse(locale).territories.items():
            if len(code) == 2 and code.isalpha() and code not in ("ZZ", "EU", "UN", "EZ", "QO"):
                found.setdefault(plain(territory), code)
    return found
