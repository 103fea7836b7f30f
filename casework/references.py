"""References of requests: short enough to read out on the phone, impossible to guess, with a check character.

Eight characters of Crockford's base 32 (no I, L, O, U) without Z, 34 random bits and a check character in the same
alphabet: `VR-7K4M-Q2X9`. The check catches every single wrong character and every swap of two neighbours.
"""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXY"
_PARTS = re.compile(r"[^\W_]+")
_CONFUSED = str.maketrans("OIL", "011")


def new_reference() -> str:
    """A fresh reference."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(7))
    return _written(body + _check(body))


def read_reference(text: str) -> str | None:
    """The reference in what a person typed, in its one written form; None if there is none with a right check."""
    letters = "".join(c for c in text.upper().translate(_DIGITS).translate(_CONFUSED) if c in ALPHABET or c == "Z")
    starts = [start for start in range(len(letters) - 7) if letters[:start].endswith("VR")]
    # Without the prefix it must stand alone, in its eight or its four and four: other words read like one by chance.
    if [len(part) for part in _PARTS.findall(text)] in ([8], [4, 4]):  # "VR" may begin the eight characters too
        starts.append(0)
    for start in starts:
        body = letters[start : start + 8]
        if "Z" not in body and _check(body[:7]) == body[7]:
            return _written(body)
    return None


_DIGITS = {ord(d): str(i % 10) for i, d in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹০১২৩৪৫৬৭৮৯")}


def _written(body: str) -> str:
    return f"VR-{body[:4]}-{body[4:]}"


def _check(body: str) -> str:
    # Weighted sum modulo 31, a prime and the size of the alphabet: the weights 1 to 7 and their differences all have
    # inverses, so one wrong character or two swapped neighbours change it. A 32nd character would count as another one.
    return ALPHABET[sum(weight * ALPHABET.index(c) for weight, c in enumerate(body, start=1)) % 31]
