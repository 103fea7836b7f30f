"""Which language a message is in, learnt from our own questions: they have every language and its transliterations.

Languages that we do not speak are learnt from bot/data/other_languages.yml: such a message is answered in the language
of ours that its writer is likeliest to read.
"""

import re
from typing import Any, Dict, List, Mapping, Optional, Text

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

import bot.content
from bot.engine.classifier import WRITTEN_REFERENCE
from bot.engine.danger import DOUBT

SURE = 0.9  # from here on what a person writes outweighs their telephone's language
UNSPOKEN = 0.5  # from here on a message is in a language we do not speak; docs/understanding.md has the trade-off
TELLING = 3  # words that it takes to tell such a language, of which there are few examples
NEAR = "near "  # before a language of ours: the class of all languages whose writers are likeliest to read that one
_LETTERS = re.compile(r"[^\W\d_]")
_LATIN = re.compile(r"[A-Za-z\u00C0-\u024F'’.,-]+")


def language_of(metadata: Mapping[str, Any], parsed: Mapping[str, Any]) -> str:
    """The language to answer in: the person's own choice; else what they write, when that is sure; else what is known.

    Names of people and places are written in Latin letters in every language: one or two such words tell the language
    of nobody who has written before, and of nobody at all unless they mean something to us.

    Args:
        metadata: of the message: `language`, and `language_from` (`chosen`, `written` or `channel`).
        parsed: what the message was understood as, with `language: {name, confidence, short, unspoken}` and `intent`.
    """
    written, origin = parsed.get("language") or {}, metadata.get("language_from")
    understood = (parsed.get("intent") or {}).get("name") != DEFAULT_NLU_FALLBACK_INTENT_NAME
    telling = not written.get("short") or (understood and origin != "written")
    if origin != "chosen" and telling and (written.get("unspoken") or written.get("confidence", 0) >= SURE):
        return written["name"]
    return metadata.get("language") or written.get("name") or "en"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class LanguageIdentifier(GraphComponent):
    """Adds `language: {name, confidence, short}` to what is understood of a message.

    `name` is always one of ours; `unspoken` is there and true where the message is in none of them.
    """

    def __init__(self, model_storage: ModelStorage, resource: Resource, model: Optional[Pipeline] = None) -> None:
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
        asked = [message for message in training_data.intent_examples if _language(message) and message.get(INTENT) != DOUBT]
        known = [(message.get(TEXT), _language(message)) for message in asked]
        others = bot.content.load().other_languages.values()
        known += [(text, NEAR + other["nearest"]) for other in others for text in other["examples"]]
        self._model = make_pipeline(
            TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 3), sublinear_tf=True, min_df=2, dtype=np.float32),
            LogisticRegression(C=30, max_iter=80, class_weight="balanced"),
        )
        self._model.fit([text for text, _ in known], [code for _, code in known])
        with self._model_storage.write_to(self._resource) as folder:
            joblib.dump(self._model, folder / "languages.joblib")
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
        names, chances = self._model.classes_, self._model.predict_proba([text])[0]
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
    return len(words) < 3 and all(_LATIN.fullmatch(word) for word in words)


def _language(message: Message) -> Optional[str]:
    return ((message.get(METADATA) or {}).get("example") or {}).get("language")
