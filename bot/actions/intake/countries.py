"""Countries as people write them, in every language of ours: Unicode's list, by way of babel."""

import re
import unicodedata
from functools import lru_cache

from babel import Locale
from rapidfuzz import fuzz, process

# What people say for a country and no list of names has.
SPOKEN = {
    "DRC": "CD", "congo": "CD", "uk": "GB", "england": "GB", "usa": "US", "america": "US", "uae": "AE", "holland": "NL",
    "kurdistan": "IQ", "كردستان": "IQ", "maghreb": "MA", "bangla": "BD", "gaza": "PS", "غزة": "PS", "فلسطين": "PS", "palestine": "PS",
    "palestina": "PS", "turkey": "TR", "syria": "SY", "russia": "RU", "iran": "IR", "maroc": "MA", "algerie": "DZ", "irak": "IQ",
}  # fmt: skip


def find(text: str, languages: tuple[str, ...]) -> tuple[str | None, list[str]]:
    """The country a text names.

    Args:
        text: a word or a sentence ("I want to go to Irak").
        languages: codes of the languages whose names are known.

    Returns:
        ISO 3166 code if one is sure, else None; and up to three codes of what may have been meant.
    """
    names = _names(languages)
    wanted = _plain(text)
    for length in (4, 3, 2, 1):
        words = wanted.split()
        for start in range(len(words) - length + 1):
            code = names.get(" ".join(words[start : start + length]))
            if code:
                return code, []
    if len(wanted.split()) > 4:  # a sentence resembles some country's name by chance
        return None, []
    close = process.extract(wanted, names.keys(), scorer=fuzz.WRatio, limit=8, score_cutoff=78)
    codes = list(dict.fromkeys(names[name] for name, _, _ in close))[:3]
    sure = bool(close) and close[0][1] >= 90 and len(wanted) >= 5
    return (codes[0], []) if sure else (None, codes)


def name(code: str, language: str) -> str:
    """A country's name in a language."""
    return Locale.parse(language).territories.get(code) or Locale.parse("en").territories.get(code, code)


@lru_cache(maxsize=4)
def _names(languages: tuple[str, ...]) -> dict[str, str]:
    found = {_plain(spoken): code for spoken, code in SPOKEN.items()}
    for language in languages:
        for code, territory in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in ("ZZ", "EU", "UN", "EZ", "QO"):
                found.setdefault(_plain(territory), code)
    return found


def _plain(text: str) -> str:
    """Lower case, without marks, the Arabic article and alef's forms; words only."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in letters if not unicodedata.combining(c)).replace("ى", "ي").replace("ة", "ه")
    words = re.findall(r"[^\W_]+", letters)
    return " ".join(word[2:] if word.startswith("ال") and len(word) > 4 else word for word in words)
