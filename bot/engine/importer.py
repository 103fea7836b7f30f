"""Turns bot/data into what Rasa trains on: an intent, its questions, its response and its rule for every topic."""

import hashlib
from pathlib import Path
from typing import Any, Dict, List, Optional, Set, Text

from rasa.shared.core.constants import DEFAULT_INTENTS
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.importers.utils import story_graph_from_paths
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

import bot.content

NOBODYS = "none"  # language of a question that nobody wrote
RISK = "protection"  # the group of the catalogue whose answers come before everything


class Question(Message):
    """A question as training data, cheap to copy and to tell from others.

    Rasa copies all training data a dozen times, hashes it more often and strips each intent as often; what it does by
    default for each of a hundred thousand questions takes longer than learning from them.

    Args:
        language: that it was written in.
    """

    def __init__(self, text: str, intent: str, language: str) -> None:
        super().__init__({TEXT: text, INTENT: intent, METADATA: {"example": {"language": language}}})
        self._fingerprint = hashlib.sha256("\0".join((text, intent, language)).encode()).hexdigest()
        self._hash = hash(self._fingerprint)

    def __deepcopy__(self, memo: Any) -> "Question":
        """Itself: no part of our pipeline changes a question."""
        return self

    def __hash__(self) -> int:
        """Of the fingerprint."""
        return self._hash

    def set(self, prop: str, info: Any, add_to_output: bool = False) -> None:
        """Nothing where that is what it is anyway; else Rasa's way."""
        if self.data.get(prop) != info:
            super().set(prop, info, add_to_output)

    def fingerprint(self) -> Text:
        """A hash of what was written, its intent and its language."""
        return self._fingerprint


class TopicImporter(RasaFileImporter):
    """Rasa's own file importer, plus the topics.

    The data is always bot/data: `rasa train` and `rasa data validate` need no argument. The domain carries only the
    title of each answer, for it travels with every action call; bot/engine/responses.py reads the answers themselves.
    """

    def __init__(self, config_file: Optional[str] = None, domain_path: Optional[str] = None, training_data_paths: Any = None) -> None:
        self.content = bot.content.load()
        self._questions: Optional[TrainingData] = None
        super().__init__(config_file, domain_path, [str(self.content.root / "conversation")])

    def get_domain(self) -> Domain:
        """domain.yml with the intents and responses of the content."""
        return super().get_domain().merge(Domain.from_dict(self._topic_domain()))

    def get_nlu_data(self, language: Optional[str] = "en") -> TrainingData:
        """Every question of every topic, and its title as on a button, each with the language it was written in."""
        if self._questions is None:
            self._questions = super().get_nlu_data(language).merge(TrainingData(training_examples=self._examples()))
        return self._questions

    def _examples(self) -> List[Message]:
        asked = [(topic, text) for topic in self.content.topics() for text in dict.fromkeys([*topic.questions, topic.title])]
        examples = [Question(text, topic.intent, topic.language) for topic, text in asked]
        # Rasa wants an example of every intent; those that only buttons and our own parts say have their name, not learnt.
        unwritten = [name for name in super().get_domain().intents if name not in self.content.catalogue and name not in DEFAULT_INTENTS]
        return examples + [Question(name, name, NOBODYS) for name in unwritten]

    def get_stories(self, exclusion_percentage: Optional[int] = None) -> StoryGraph:
        """The guided conversations, and a rule for each topic that has none there."""
        domain = self.get_domain()
        written = story_graph_from_paths(self._story_files, domain, exclusion_percentage)
        rules = YAMLStoryReader(domain).read_from_parsed_yaml({"rules": self._topic_rules()})
        return written.merge(StoryGraph(rules))

    def _topic_domain(self) -> Dict[str, Any]:
        guided = self._steps("intent")
        responses = {f"utter_{name}": [{"text": self.content.title(name, "en")}] for name in self._answered() if name not in guided}
        responses.update({name: [{"text": name}] for name in self._steps("action") if name.startswith("utter_")})
        return {"version": "3.1", "intents": list(self.content.catalogue), "responses": responses}

    def _answered(self) -> List[str]:
        topics = ((name, self.content.topic(name, "en")) for name in self.content.catalogue)
        return [name for name, topic in topics if topic and topic.answer]

    def _topic_rules(self) -> List[Dict[str, Any]]:
        guided = self._steps("intent")
        return [self._rule(name) for name in self._answered() if name not in guided]

    def _rule(self, name: str) -> Dict[str, Any]:
        steps: List[Dict[str, str]] = [{"intent": name}, {"action": f"utter_{name}"}]
        if self.content.catalogue[name]["group"] == RISK:
            steps.append({"action": "action_ask_contact"})
        return {"rule": f"answer {name}", "steps": steps}

    def _steps(self, kind: str) -> Set[str]:
        """The intents, or the actions, that the rules in bot/data/conversation name."""
        rules = [rule for path in self._story_files for rule in bot.content.read_yaml(Path(path)).get("rules", [])]
        return {step[kind] for rule in rules for step in rule["steps"] if kind in step}


def is_written(message: Message) -> bool:
    """Whether somebody wrote this question: then there is something to learn from it."""
    example = (message.get(METADATA) or {}).get("example") or {}
    return bool(message.get(TEXT)) and example.get("language") != NOBODYS
