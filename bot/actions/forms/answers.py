"""What a person said to a step, and how single answers are read: numbers, countries, telephone numbers, free words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import phonenumbers

from bot.content import Content, countries
from bot.content.letters import plain

HOME_REGION = "XK"  # of telephone numbers written without a country code
_DIGITS = re.compile(r"(?<!\d)\d{1,3}(?!\d)")  # of any script


@dataclass
class Problem(Exception):
    """The answer cannot be kept; `response` is what to say, `countries` what may have been meant."""

    response: str
    countries: Sequence[str] = ()


@dataclass(frozen=True)
class Said:
    """What the person said to a step: typed text, or the choice a button carries.

    Attributes:
        chance: how sure the intent is, 0 to 1.
    """

    text: str
    choice: str | None
    intent: str
    chance: float = 1.0


@dataclass(frozen=True)
class Heard:
    """An answer and all that is needed to read it.

    Attributes:
        step: what was asked.
        language: the person's.
        held: the answers given before.
    """

    step: str
    said: Said
    language: str
    content: Content
    held: Mapping[str, Any] = field(default_factory=dict)

    def words(self, limit: int = 200, lines: bool = False) -> str:
        """The typed words.

        Raises:
            Problem: a button or nothing where words are asked for.
        """
        text = self.said.text.strip() if lines else " ".join(self.said.text.split())
        if not text or self.said.choice or text.startswith("/"):
            raise Problem("utter_not_understood_here")
        return text[:limit]

    def country(self) -> str:
        """The country that was named or pressed, ISO 3166.

        Raises:
            Problem: none is recognised; with up to three that may have been meant.
        """
        if self.said.choice and len(self.said.choice) == 2 and self.said.choice.isupper():
            return self.said.choice
        code, meant = countries.find(self.words(), countries.names(self.content))
        if code is None:
            raise Problem("utter_country_did_you_mean" if meant else "utter_country_unknown", tuple(meant))
        return code

    def number(self, least: int = 0) -> int:
        """The number, in digits of any script or in the person's words.

        Raises:
            Problem: there is no number from `least` to 99.
        """
        found = read_number(self.said.choice or self.words(), self.content, self.language)
        if found is None or not least <= found <= 99:
            raise Problem("utter_number_unclear")
        return found

    def phone(self) -> str:
        """The telephone number in its international form; one without a country code is taken for a local one.

        Raises:
            Problem: it is no possible number.
        """
        found = read_phone(self.said.text)
        if found is None:
            raise Problem("utter_phone_unclear")
        return found


def read_number(text: str, content: Content, language: str) -> int | None:
    """The first number in a text; None if there is none."""
    if digits := _DIGITS.search(text):
        return int(digits[0])
    values: dict[str, int] = {}
    for words in (content.words(language, "numbers"), content.words("en", "numbers")):
        for value, forms in enumerate(words):
            for form in forms.split("|"):
                values.setdefault(plain(form), value)
    return next((values[word] for word in plain(text).split() if word in values), None)


def read_phone(text: str) -> str | None:
    """The telephone number in a text, in its international form; None if there is none."""
    digits = "".join(str(int(one)) if one.isdecimal() else one for one in text)
    try:
        number = phonenumbers.parse(digits, HOME_REGION)
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL) if phonenumbers.is_possible_number(number) else None
