"""Files under bot/data as text and as YAML, and the error that names one."""

from pathlib import Path
from typing import Any

import yaml

# The one of libyaml reads a thousand topics in a third of a second, the other in more than one; both are safe and say the same.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ContentError(ValueError):
    """A file under bot/data is not as it should be; the message names the file and what to mend."""


def read_text(path: Path) -> str:
    """The text of a file. Raises ContentError if it is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ContentError(f"{path}: is not UTF-8") from error


def from_yaml(text: str, path: Path) -> Any:
    """What a YAML text says. Raises ContentError, naming the file it is from, if it is none."""
    try:
        return yaml.load(text, _LOADER)
    except yaml.YAMLError as error:
        raise ContentError(f"{path}: not YAML: {error}") from error
