"""Topics: one folder an intent, one Markdown file a language."""

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Optional

from bot.content.files import ContentError, from_yaml, read_text

QUESTIONS = "## Questions"
STATUSES = ("draft", "reviewed")
_FILE = re.compile(r"\A---\n(?P<front>.*?)^---\n(?P<body>.*)\Z", re.S | re.M)


@dataclass(frozen=True)
class Topic:
    """One topic in one language."""

    intent: str
    language: str
    title: str
    status: str
    answer: str
    questions: List[str]
    related: List[str] = field(default_factory=list)
    sources: List[str] = field(default_factory=list)
    translates: Optional[str] = None

    @property
    def fingerprint(self) -> str:
        """What a translation of this answer carries as `translates`."""
        return fingerprint(self.answer)


def fingerprint(answer: str) -> str:
    """First twelve hexadecimal digits of the SHA-256 of an answer's text."""
    return hashlib.sha256(answer.strip().encode()).hexdigest()[:12]


def read_topic(path: Path) -> Topic:
    """The topic in `<intent>/<language>.md`.

    Raises:
        ContentError: the file has no front matter, an unknown status, no title or no questions.
    """
    parts = _FILE.match(read_text(path).replace("\r\n", "\n"))
    if not parts:
        raise ContentError(f"{path}: must begin with front matter between two lines of ---")
    front = from_yaml(parts["front"], path) or {}
    if not isinstance(front, dict) or any(not isinstance(front.get(name) or [], list) for name in ("related", "sources")):
        raise ContentError(f"{path}: the front matter must be lines of `name: value`; related and sources are lists")
    answer, _, questions = parts["body"].partition(QUESTIONS)
    topic = Topic(
        intent=path.parent.name,
        language=path.stem,
        title=str(front.get("title") or "").strip(),
        status=str(front.get("status") or ""),
        answer=answer.strip(),
        questions=[line[2:].strip() for line in questions.splitlines() if line.startswith("- ") and line[2:].strip()],
        related=list(front.get("related") or []),
        sources=[str(source) for source in front.get("sources") or []],
        translates=front.get("translates") and str(front["translates"]),
    )
    if topic.status not in STATUSES:
        raise ContentError(f"{path}: status must be one of {', '.join(STATUSES)}")
    if not topic.title:
        raise ContentError(f"{path}: the title is missing")
    if not topic.questions:
        raise ContentError(f"{path}: there is no question under '{QUESTIONS}'")
    return topic


def read_catalogue(path: Path) -> Dict[str, dict]:
    """The intents of topics.yml by name, each with its `covers`, `care` (list) and `group`."""
    groups = from_yaml(read_text(path), path)
    return {entry["intent"]: {"care": [], **entry, "group": group} for group, entries in groups.items() for entry in entries}
