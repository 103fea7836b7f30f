"""All content in one object, and how a text reaches a person: their language, then English, values filled in."""

import re
from pathlib import Path
from typing import Dict, Iterable, List, Mapping, Optional, Tuple

from bot.content.eligibility import Precheck, read_precheck
from bot.content.files import ContentError, from_yaml, read_text
from bot.content.programme import Programme, read_programme
from bot.content.topics import Topic, fingerprint, read_catalogue, read_topic

FALLBACK = "en"
Button = Dict[str, str]
_NAMED = re.compile(r"\{([a-z_]+)\}")


class Content:
    """Topics, phrases, buttons and the programme, by language. A changed file is read again at its next use.

    Args:
        root: the folder bot/data.
        show_drafts: whether a text nobody reviewed may be shown; where not, the reviewed English one is, or none.
    """

    def __init__(self, root: Path, show_drafts: bool = True) -> None:
        self.root = Path(root)
        self.show_drafts = show_drafts
        self._files: Dict[Path, tuple] = {}
        self.catalogue = read_catalogue(self.root / "topics.yml")
        self.languages = {path.stem: self._phrase_file(path.stem) for path in sorted((self.root / "phrases").glob("*.yml"))}
        if FALLBACK not in self.languages:
            raise ContentError(f"{self.root}/phrases/{FALLBACK}.yml is missing")
        self.programme  # read now: a programme without 112 must not start
        self.precheck  # nor a pre-check whose rules contradict themselves

    # --- what is there ---

    @property
    def programme(self) -> Programme:
        """The office's values."""
        return self._fresh(self.root / "programme.yml", read_programme)

    @property
    def precheck(self) -> Precheck:
        """The pre-check's questions and rules."""
        return self._fresh(self.root / "eligibility.yml", read_precheck)

    def topic(self, intent: str, language: str) -> Optional[Topic]:
        """One topic in one language, if somebody wrote it."""
        path = self.root / "knowledge" / intent / f"{language}.md"
        return self._fresh(path, read_topic) if path.exists() else None

    def topics(self) -> Iterable[Topic]:
        """Every topic in every language there is."""
        for path in sorted((self.root / "knowledge").glob("*/*.md")):
            yield self._fresh(path, read_topic)

    def language_names(self) -> Dict[str, str]:
        """Language code -> the language's own name for itself."""
        return {code: phrases["language"] for code, phrases in self.languages.items()}

    @property
    def other_languages(self) -> Dict[str, dict]:
        """Languages that are recognised and not spoken: code -> `name`, `nearest` (a language of ours) and `examples`."""
        path = self.root / "other_languages.yml"
        others = self._fresh(path, _read_others) if path.exists() else {}
        return {code: other for code, other in others.items() if code not in self.languages}

    @property
    def country_words(self) -> Tuple[Tuple[str, str], ...]:
        """(ISO 3166 code, word) for all that people write for a country and no list of names has."""
        return self._fresh(self.root / "countries.yml", _read_countries)

    def direction(self, language: str) -> str:
        """`rtl` or `ltr`."""
        return self._phrase_file(language if language in self.languages else FALLBACK)["direction"]

    # --- what a person reads ---

    def answer(self, intent: str, language: str) -> Optional[str]:
        """The topic's answer as a person may read it; None if there is none."""
        for topic in self._readable(intent, language):
            if topic.answer:
                return self.programme.fill(topic.answer, topic.language)
        return None

    def title(self, intent: str, language: str) -> str:
        """The topic in a few of the person's words, as on a button."""
        return next((topic.title for topic in self._readable(intent, language)), intent)

    def phrase(self, name: str, language: str, /, **values: object) -> str:
        """An interface sentence.

        Args:
            values: what `{name}` in the sentence stands for, and `{office.name}` where the office has not said it.

        Raises:
            ContentError: there is no such sentence in English.
        """
        for code in dict.fromkeys((language, FALLBACK)):
            text = self._phrase_file(code)["phrases"].get(name) if code in self.languages else None
            if text:
                filled = self.programme.fill(text, code, values)
                return _NAMED.sub(lambda found: str(values.get(found[1], "")), filled)
        raise ContentError(f"there is no phrase {name!r} in phrases/{FALLBACK}.yml")

    def words(self, language: str, kind: str) -> List[str]:
        """What people of a language type of a kind (`correction`, `numbers` ...); empty where nobody wrote any."""
        return [str(word) for word in (self._phrase_file(language).get("words") or {}).get(kind) or []] if language in self.languages else []

    def notice_version(self, names: Iterable[str], language: str) -> str:
        """A mark of the notices as they were shown: it changes with any word of them."""
        return fingerprint("\n".join(self.phrase(name, language) for name in names))

    def text(self, name: str, language: str, /, **values: object) -> str:
        """A response by its Rasa name: `utter_<intent>` is the topic's answer, anything else a phrase."""
        intent = name[len("utter_"):]
        if intent in self.catalogue:
            answer = self.answer(intent, language)
            if answer is not None:
                return f"{answer}\n\n{self.phrase('draft_notice', language)}" if intent == "greet" and self.show_drafts else answer
        return self.phrase(name, language, **values)

    def buttons(self, name: str, language: str, ranking: Iterable[str] = ()) -> List[Button]:
        """The buttons below a response.

        Args:
            ranking: topics from likeliest to least, for a response that offers what may have been meant.
        """
        spec = self._fresh(self.root / "conversation" / "buttons.yml", read_yaml).get(name)
        if spec is None:
            intent = name[len("utter_"):]
            topics = next((topic.related for topic in self._readable(intent, language)), []) if intent in self.catalogue else []
            spec = [{"topic": topic} for topic in topics]
        found: List[Button] = []
        for entry in spec:
            found.extend(self._button(entry, language, list(ranking)))
        return found

    def _button(self, entry: Mapping, language: str, ranking: List[str]) -> List[Button]:
        if "ranking" in entry:
            return [button for intent in self.offerable(ranking)[: entry["ranking"]] for button in self._topic_button(intent, language)]
        if "topic" in entry:
            return self._topic_button(entry["topic"], language)
        if entry.get("languages"):
            payload = '/affirm{"choice": "%s"}' if entry["languages"] == "spoken" else '/choose_language{"language": "%s"}'
            return [{"title": name, "payload": payload % code} for code, name in self.language_names().items()]
        if "text" in entry:
            return [{"title": str(entry["text"]), "payload": entry["payload"]}]
        return [{"title": self.phrase(entry["phrase"], language), "payload": entry["payload"]}]

    def offerable(self, ranking: Iterable[str]) -> List[str]:
        """Of ranked intents those worth offering as "did you mean": topics and tasks, not small talk."""
        return [name for name in ranking if name in self.catalogue and self.catalogue[name]["group"] not in ("conversation", "protection")]

    def _topic_button(self, intent: str, language: str) -> List[Button]:
        # A topic nobody may read yet has no words for a button.
        return [{"title": topic.title, "payload": f"/{intent}"} for topic in self._readable(intent, language)][:1]

    def _readable(self, intent: str, language: str) -> Iterable[Topic]:
        # A language without its phrases is learnt from, and not spoken yet: half a conversation in it would confuse.
        for code in dict.fromkeys((language if language in self.languages else FALLBACK, FALLBACK)):
            topic = self.topic(intent, code)
            # A safe answer to danger is told in any case: silence would be worse than a draft.
            safe = intent in self.catalogue and self.catalogue[intent]["group"] == "protection"
            if topic and (self.show_drafts or safe or topic.status == "reviewed"):
                yield topic

    # --- files ---

    def _phrase_file(self, language: str) -> dict:
        return self._fresh(self.root / "phrases" / f"{language}.yml", _read_phrases)

    def _fresh(self, path: Path, read):
        """What `read` makes of the file, again once the file has changed. A broken change keeps the last good one."""
        stamp = path.stat()
        stamp = (stamp.st_mtime_ns, stamp.st_size)
        held = self._files.get(path)
        if held is None or held[0] != stamp:
            try:
                held = (stamp, read(path))
            except ContentError:
                if held is None:
                    raise
                held = (stamp, held[1])
            self._files[path] = held
        return held[1]


def load(root: Optional[Path] = None, show_drafts: bool = True) -> Content:
    """The content of bot/data."""
    return Content(root or Path(__file__).resolve().parent.parent / "data", show_drafts)


def read_yaml(path: Path) -> dict:
    """A YAML file as a dict, an empty one if there is nothing in it. Raises ContentError if it is anything else."""
    data = from_yaml(read_text(path), path)
    if not isinstance(data, (dict, type(None))):
        raise ContentError(f"{path}: must be lines of `name: value`")
    return data or {}


def _read_countries(path: Path) -> tuple:
    data = read_yaml(path)
    found = {}
    for code, words in data.items():
        if not (isinstance(code, str) and len(code) == 2 and isinstance(words, list)):
            raise ContentError(f"{path}: must be lines of `IQ: [words]`; quote a code like \"NO\"")
        for word in map(str, words):
            if found.setdefault(word, code) != code:
                raise ContentError(f"{path}: {word!r} stands under {found[word]} and {code}")
    return tuple((code, word) for word, code in found.items())


def _read_others(path: Path) -> dict:
    data = read_yaml(path)
    for code, other in data.items():
        if not isinstance(other, dict) or not other.get("name") or not other.get("nearest") or not isinstance(other.get("examples"), list):
            raise ContentError(f"{path}: {code} needs name, nearest and a list of examples")
    return data


def _read_phrases(path: Path) -> dict:
    data = read_yaml(path)
    if not data.get("language") or data.get("direction") not in ("ltr", "rtl") or not isinstance(data.get("phrases"), dict):
        raise ContentError(f"{path}: needs language, direction (ltr or rtl), status and phrases")
    return data
