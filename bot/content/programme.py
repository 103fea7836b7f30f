"""The office's own values: contacts, hours, amounts, numbers, each with its source and date.

A value is told to a person only when somebody verified it; until then its sentence disappears.
"""

import re
from pathlib import Path
from typing import Dict, Mapping, Optional

import yaml

from bot.content.topics import ContentError, read_text

PLACEHOLDER = re.compile(r"\{([a-z]+\.[a-z_]+)\}")
ALTERNATIVE = " || "


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
        entry = self._values.get(name)
        if not entry or not entry.get("verified"):
            return None
        value = entry.get("value")
        if isinstance(value, dict):
            value = value.get(language) or value.get("en")
        return str(value) if value not in (None, "") else None

    def fill(self, text: str, language: str) -> str:
        """`text` with its placeholders filled, line by line.

        Of the alternatives on a line (`a || b`) the first one whose values are all known is told; a line with none
        disappears.
        """
        lines = (self._line(line, language) for line in text.split("\n"))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(line for line in lines if line is not None)).strip()

    def _line(self, line: str, language: str) -> Optional[str]:
        for alternative in line.split(ALTERNATIVE):
            values = {name: self.value(name, language) for name in PLACEHOLDER.findall(alternative)}
            if all(values.values()):
                return PLACEHOLDER.sub(lambda found: values[found[1]], alternative)
        return None


def read_programme(path: Path) -> Programme:
    """programme.yml.

    Raises:
        ContentError: not YAML, a value without source or date, or no verified 112.
    """
    try:
        data = yaml.safe_load(read_text(path))
    except yaml.YAMLError as error:
        raise ContentError(f"{path}: not YAML: {error}") from error
    if not isinstance(data, dict) or not all(isinstance(entries, dict) for entries in data.values()):
        raise ContentError(f"{path}: must be groups of values")
    for group, entries in data.items():
        for name, entry in entries.items():
            if not isinstance(entry, dict) or "value" not in entry or "verified" not in entry:
                raise ContentError(f"{path}: {group}.{name} needs value, source, checked and verified")
            if entry["verified"] and not (entry.get("source") and entry.get("checked")):
                raise ContentError(f"{path}: {group}.{name} is verified but has no source and date")
    programme = Programme(data)
    if programme.value("emergency.general") != "112":
        raise ContentError(f"{path}: emergency.general must be 112, verified by its source")
    return programme
