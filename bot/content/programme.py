"""The office's own values: contacts, hours, amounts, numbers, each with its source and date.

A value is told to a person only when somebody verified it; until then its sentence disappears.
"""

import re
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, Dict, FrozenSet, Mapping, Optional
from zoneinfo import ZoneInfo

from bot.content.files import ContentError, from_yaml, read_text
from bot.content.hours import Hours, read_hours

PLACEHOLDER = re.compile(r"\{([a-z]+\.[a-z_]+)\}")
ALTERNATIVE = " || "
HOME_ZONE = "Europe/Belgrade"  # of Kosovo*, by IANA's name


class Programme:
    """Values by dotted name, `office.phone`."""

    def __init__(self, values: Mapping[str, Mapping[str, dict]]) -> None:
        self._values = {f"{group}.{name}": entry for group, entries in values.items() for name, entry in entries.items()}

    @property
    def names(self) -> Dict[str, bool]:
        """Every value's name, and whether it may be shown."""
        return {name: self.value(name) is not None for name in self._values}

    def value(self, name: str, language: str = "en") -> Optional[str]:
        """The verified value in `language` (else English); None if it is empty or nobody verified it."""
        value = self._verified(name)
        if isinstance(value, dict):
            value = value.get(language) or value.get("en")
        return str(value) if value not in (None, "", []) else None

    @property
    def hours(self) -> Optional[Hours]:
        """When counsellors are there, holidays taken out; None while nobody verified it."""
        timetable = self._verified("office.timetable")
        return read_hours(timetable, self._verified("office.holidays") or []) if timetable else None

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone, in which appointments are spoken of."""
        entry = self._values.get("office.timetable") or {}
        return ZoneInfo((entry.get("value") or {}).get("timezone") or HOME_ZONE)

    @property
    def answer_within(self) -> Optional[timedelta]:
        """Opening time within which an answer is promised; None while nobody verified it."""
        hours = self._verified("office.answer_within")
        return timedelta(hours=float(hours)) if hours else None

    @property
    def countries(self) -> Dict[str, FrozenSet[str]]:
        """Status -> codes of the countries that have it (ISO 3166): `suspended`, `here`, `other_way`; verified ones only."""
        return {name.split(".")[1]: frozenset(self._verified(name) or ()) for name in self._values if name.startswith("countries.")}

    def _verified(self, name: str) -> Any:
        entry = self._values.get(name)
        return entry.get("value") if entry and entry.get("verified") else None

    def fill(self, text: str, language: str, known: Mapping[str, object] = MappingProxyType({})) -> str:
        """`text` with its placeholders filled, line by line.

        Of the alternatives on a line (`a || b`) the first one whose values are all known is told; a line with none
        disappears.

        Args:
            known: values by dotted name, for those that nobody of the office has verified: what the house knows by itself.
        """
        lines = (self._line(line, language, known) for line in text.split("\n"))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(line for line in lines if line is not None)).strip()

    def _line(self, line: str, language: str, known: Mapping[str, object]) -> Optional[str]:
        for alternative in line.split(ALTERNATIVE):
            values = {name: self.value(name, language) or str(known.get(name) or "") for name in PLACEHOLDER.findall(alternative)}
            if all(values.values()):
                return PLACEHOLDER.sub(lambda found: values[found[1]], alternative)
        return None


def read_programme(path: Path) -> Programme:
    """programme.yml.

    Raises:
        ContentError: not YAML, a value without source or date, or no verified 112.
    """
    data = from_yaml(read_text(path), path)
    if not isinstance(data, dict) or not all(isinstance(entries, dict) for entries in data.values()):
        raise ContentError(f"{path}: must be groups of values")
    for group, entries in data.items():
        for name, entry in entries.items():
            if not isinstance(entry, dict) or "value" not in entry or "verified" not in entry:
                raise ContentError(f"{path}: {group}.{name} needs value, source, checked and verified")
            if entry["verified"] and not (entry.get("source") and entry.get("checked")):
                raise ContentError(f"{path}: {group}.{name} is verified but has no source and date")
    _check_tables(path, data)
    programme = Programme(data)
    if programme.value("emergency.general") != "112":
        raise ContentError(f"{path}: emergency.general must be 112, verified by its source")
    return programme


def _check_tables(path: Path, data: Mapping[str, Mapping[str, dict]]) -> None:
    """The values that are more than words, verified or not: what is wrong in them must not wait for the day it counts."""
    office, countries = data.get("office", {}), data.get("countries", {})
    try:
        timetable, holidays = (office.get(name, {}).get("value") for name in ("timetable", "holidays"))
        if timetable:
            read_hours(timetable, holidays or [])
        within = office.get("answer_within", {}).get("value")
        if within and not 0 < float(within) <= 1000:
            raise ValueError("answer_within must be hours of opening time, more than 0")
    except (ValueError, TypeError, AttributeError) as error:
        raise ContentError(f"{path}: office: {error}") from error
    for name, entry in countries.items():
        codes = entry["value"] or []
        if not isinstance(codes, list) or not all(isinstance(code, str) and len(code) == 2 and code.isupper() for code in codes):
            raise ContentError(f'{path}: countries.{name} must be a list of codes like [IQ, "NO"]')
