"""Which language a message is in, learnt from our own questions: they have every language and its transliterations.

Languages that we do not speak are learnt from bot/data/other_languages.yml: such a message is answered in the language
of ours that its writer is likeliest to read.
"""

import re
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Text

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

import bot.content
from bot.engine.classifier import PACKED, WRITTEN_REFERENCE
from bot.engine.importer import is_written
from bot.engine.pieces import LettersOfWords, Pieces
from bot.engine.softmax import Softmax

UNSPOKEN = 0.4  # from here on a message is in a language we do not speak; docs/understanding.md has the trade-off
MOST = 100_000  # pieces that tell languages; more do not occur in four texts
TELLING = 3  # words that it takes to tell such a language, of which there are few examples
REPEATED = 16  # how often an example of such a language is learnt: there are forty of ours to each of them
NEAR = "near "  # before a language of ours: the class of all languages whose writers are likeliest to read that one
_LETTERS = re.compile(r"[^\W\d_]")
# Latin letters, or Arabic ones: those of several of our languages, so a name in them is of none.
_SHARED = re.compile(r"[A-Za-z\u00C0-\u024F'’.,-]+|[\u0600-\u06FF\u0750-\u077F\u200C.-]+")


@dataclass
class Languages:
    """What tells languages apart: how often which letters follow one another."""

    letters: Pieces
    by_letters: Softmax


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class LanguageIdentifier(GraphComponent):
    """Adds `language: {name, confidence, short}` to what is understood of a message.

    `name` is always one of ours; `unspoken` is there and true where the message is in none of them.
    """

    def __init__(self, model_storage: ModelStorage, resource: Resource, model: Optional[Languages] = None) -> None:
        self._model_storage, self._resource, self._model = model_storage, resource, model

    @classmethod
    def create(
        cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> "LanguageIdentifier":
        """Called by Rasa before training."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> "LanguageIdentifier":
        """Called by Rasa with a trained model."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, joblib.load(folder / "languages.joblib"))

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """No settings of its own."""
        return {}

    @classmethod
    def validate_config(cls, config: Dict[Text, Any]) -> None:
        """Nothing to check."""

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the languages of the questions, and those we do not speak, from their letters."""
        asked = [message for message in training_data.intent_examples if _language(message) and is_written(message)]
        known = [(message.get(TEXT), _language(message)) for message in asked]
        others = bot.content.load().other_languages.values()
        known += [(text, NEAR + other["nearest"]) for other in others for text in other["examples"]]
        codes = np.array([code for _, code in known])
        letters, seen = Pieces.learn([text.lower() for text, _ in known], LettersOfWords(1, 3), 4, MOST)
        rows = np.repeat(np.arange(len(known)), [REPEATED if code.startswith(NEAR) else 1 for code in codes])
        self._model = Languages(letters, Softmax.learn(seen[rows], codes[rows], rounds=6, at_once=1024, pace=0.015))
        with self._model_storage.write_to(self._resource) as folder:
            joblib.dump(self._model, folder / "languages.joblib", compress=PACKED)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Tell the language of each message that has at least three letters."""
        for message in messages:
            # A reference has letters of no language, and its digits would pass for Arabizi.
            text = WRITTEN_REFERENCE.sub(" ", message.get(TEXT) or "")
            if len(_LETTERS.findall(text)) >= 3 and not text.startswith("/"):
                message.set("language", self._guess(text), add_to_output=True)
        return messages

    def _guess(self, text: str) -> Dict[Text, Any]:
        names = self._model.by_letters.classes
        chances = np.exp(self._model.by_letters.log_chances_of(self._model.letters.rows([text.lower()])[0]))
        ours = np.array([not name.startswith(NEAR) for name in names])
        unspoken = len(text.split()) >= TELLING and chances[~ours].sum() >= UNSPOKEN
        best = np.where(ours != unspoken, chances, -1).argmax()
        guess = {"name": str(names[best]).replace(NEAR, ""), "confidence": float(chances[best]), "short": _maybe_a_name(text)}
        return {**guess, "unspoken": True} if unspoken else guess

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing to add in training."""
        return training_data


def _maybe_a_name(text: str) -> bool:
    words = text.split()
    return len(words) < 3 and all(_SHARED.fullmatch(word) for word in words)


def _language(message: Message) -> Optional[str]:
    return ((message.get(METADATA) or {}).get("example") or {}).get("language")
