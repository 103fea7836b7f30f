"""One word, many spellings: what is written is made alike before its letters are compared.

:func:`alike` folds what phones and keyboards vary within a script. :func:`bones` keeps only the consonants, in Latin
letters, whatever the script was: "masmou7" and "مسموح", "hocu" and "хоћу", "gaurantee" and "guarantee" become the same.
"""

import re
import unicodedata

from anyascii import anyascii

from bot.content.letters import letter

_STRETCHED = re.compile(r"(.)\1{2,}")
_DOUBLED = re.compile(r"(.)\1+")
_FIRST_VOWEL = re.compile(r"\b[اع]")  # written in Arabic letters where it begins a word, and only there
_SOFT = re.compile(r"[aeiouyw]")
# Letters that keyboards and dialects write one for another; without the marks that phones leave out.
_SAME = str.maketrans("أإآٱىيېكةؤئı", "اااایییکهویi")
_FLAPPED = ("\u09a1\u09bc", "\u09b0"), ("\u09a2\u09bc", "\u09b0")  # Bengali: said and typed as r
# Digits that stand for Arabic letters inside a word of Latin ones ("masmou7", "3andi").
_DIGITS = {"2": "a", "3": "a", "5": "kh", "6": "t", "7": "h", "8": "gh", "9": "q"}
_CHAT_DIGIT = re.compile(r"(?<=[a-z])[2356789]|[2356789](?=[a-z])")
# Sounds that Latin spellings of one word write differently, the longer ones first.
_SOUNDS = (("sh", "s"), ("kh", "h"), ("ch", "c"), ("gh", "g"), ("th", "t"), ("dh", "d"), ("zh", "z"), ("ph", "f"), ("dz", "z"), ("ts", "c"), ("ck", "k"), ("q", "k"), ("v", "w"), ("x", "h"), ("j", "g"), ("z", "s"))  # fmt: skip


def alike(text: str) -> str:
    """A text as all who mean it would spell it: small letters, no accents and marks, variants of a letter as one."""
    plain = unicodedata.normalize("NFKD", text.lower())
    for written, said in _FLAPPED:
        plain = plain.replace(written, said)
    bare = "".join(letter(one) for one in plain if not unicodedata.combining(one))
    return _STRETCHED.sub(r"\1", bare.translate(_SAME))


def bones(text: str) -> str:
    """The consonants of each word in Latin letters; a word's first vowel counts as `a`."""
    typed = _CHAT_DIGIT.sub(lambda found: _DIGITS[found[0]], alike(text))
    latin = anyascii(_FIRST_VOWEL.sub("a", typed)).lower().replace("'", "")
    for written, sound in _SOUNDS:
        latin = latin.replace(written, sound)
    return " ".join(_bones(word) for word in latin.split())


def _bones(word: str) -> str:
    first = "a" if word[0] in "aeiou" else "g" if word[0] == "y" else word[0]  # Bengali writes j where people type y
    return _DOUBLED.sub(r"\1", first + _SOFT.sub("", word[1:]))
