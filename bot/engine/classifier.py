"""Which topic a message is about, whether it signals danger, and whether that is sure enough to be told.

Two views of a message are multiplied: what it means (embeddings, softmax regression) and how it is written (words and
character n-grams, as spelt and as consonants alone, a linear support vector machine). Each finds what the other misses;
docs/understanding.md has the measurement. Danger is looked for in the whole message and in each of its sentences (bot/engine/danger.py).
"""

import os
import re
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Sequence, Text, Tuple

import joblib
import numpy as np
from joblib import Parallel, delayed
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.svm import LinearSVC

from bot.engine.danger import Danger
from bot.engine.embeddings import VectorCache
from bot.engine.encoder import shared_encoder
from bot.engine.importer import is_written
from bot.engine.letters import Letters
from bot.engine.memory import give_back
from bot.engine.pieces import scores
from bot.engine.sentences import sentences
from bot.engine.softmax import Softmax, log_softmax

RANKING = 10  # topics reported for a message
PACKED = ("zlib", 1)  # what Rasa then packs once more, as hard as it can, is done with sooner
SMALL = 0.02  # smaller weights of letters decide nothing; four in five are, and zeros take no room in the file
NEAREST, ONE_OF_THE_REST = 20_000, 10  # questions of other topics from which letters learn what is not of a topic: so many, and each tenth
EMBEDDING_SCALE = 4.0  # unit vectors of e5 lie close together; the regression converges faster on longer ones
LEAST = -14.0  # logarithm of the chance below which a topic is not ruled out further by its meaning alone
REFERENCE = "request_status"  # what a message is about that holds a request's reference and nothing else we know
WRITTEN_REFERENCE = re.compile(r"\bvr[\s–-]*\w{4}[\s–-]*\w{4}\b", re.I)
COURTESY = ("greet", "thank", "goodbye")  # beside a question they are not what the message is about
_LETTER = re.compile(r"[^\W\d_]")
_PAUSE = re.compile(r"[,،;:.!?؟।\n]+\s*")


@dataclass
class Views:
    """The two trained views, and how they are weighed."""

    letters: Letters
    by_letters: np.ndarray  # weights, shape (features, intents), float16; most are 0
    by_meaning: Softmax
    meaning_weight: float
    sharpness: float

    @property
    def intents(self) -> np.ndarray:
        """The intents, in the order of the columns of :meth:`chances`."""
        return self.by_meaning.classes

    def chances(self, texts: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        """The chance of each intent for each text, shape (texts, intents), rows adding up to 1.

        Args:
            vectors: what the texts mean, shape (texts, 384).
        """
        letters = log_softmax(self.sharpness * np.stack([scores(row, self.by_letters) for row in self.letters.rows(texts)]))
        meaning = np.maximum(self.by_meaning.log_chances(vectors * EMBEDDING_SCALE), LEAST)
        return np.exp(log_softmax(self.meaning_weight * meaning + (1 - self.meaning_weight) * letters))


def learn(texts: Sequence[str], intents: Sequence[str], vectors: np.ndarray, meaning_weight: float, sharpness: float) -> Views:
    """Train both views, about half a minute for a hundred thousand questions."""
    vectors = vectors * EMBEDDING_SCALE
    with ThreadPoolExecutor(1) as beside:  # meanwhile, the letters are counted in processes of their own
        learning = beside.submit(Softmax.learn, vectors, intents, rounds=10, at_once=256, pace=0.003)
        letters, seen = Letters.learn(texts)
        by_meaning = learning.result()
    near, mine = by_meaning.log_chances(vectors), np.asarray(intents)[:, None] == by_meaning.classes
    # Processes, for the library behind LinearSVC has one source of chance that threads would share: no two trainings were the same.
    shares = np.array_split(np.arange(mine.shape[1]), os.cpu_count() or 1)
    learnt = Parallel(n_jobs=len(shares), max_nbytes=None)(delayed(_lines)(seen, mine[:, share], near[:, share]) for share in shares)
    weights = np.concatenate(learnt, axis=1)
    by_letters = np.where(np.abs(weights) > SMALL, weights, 0).astype(np.float16, order="C")  # a message reads it by rows
    return Views(letters, by_letters, by_meaning, meaning_weight, sharpness)


def _lines(seen: csr_matrix, mine: np.ndarray, near: np.ndarray) -> np.ndarray:
    """The lines of some topics, shape (features, topics), float32; `mine` and `near` have a column for each topic."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # four rounds tell topics as well as forty
        found = [_line(seen, mine[:, place], near[:, place]) for place in range(mine.shape[1])]
    return np.stack(found, axis=1).astype(np.float32) if found else np.zeros((seen.shape[1], 0), np.float32)


def _line(seen: csr_matrix, mine: np.ndarray, near: np.ndarray) -> np.ndarray:
    """One line between a topic and the others, shape (features,).

    Most other questions are so far from the topic that what they mean rules them out: letters learn from those that mean
    what is nearest to it, and from some of the rest.

    Args:
        mine: which questions are of the topic, shape (questions,).
        near: how near to the topic each is by its meaning, shape (questions,).
    """
    others = np.flatnonzero(~mine)
    others = others[np.argsort(-near[others], kind="stable")]
    rows = np.sort(np.concatenate([np.flatnonzero(mine), others[:NEAREST], others[NEAREST::ONE_OF_THE_REST]]))
    return LinearSVC(C=1, max_iter=4, fit_intercept=False, random_state=0).fit(seen[rows], mine[rows]).coef_[0]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(IntentClassifier, GraphComponent):
    """Sets `intent` (a topic told as certain, `nlu_fallback` or `nlu_danger_doubt`) and `intent_ranking` of each message.

    Where it applies also `danger` (what is doubted), `meant` (the question that is answered if the person denies it), and
    `also` (the second topic of a message with two questions).
    """

    def __init__(
        self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, views: Optional[Views] = None
    ) -> None:
        self._config, self._model_storage, self._resource, self._views = config, model_storage, resource, views
        self._embed = shared_encoder() if views else None

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """How sure is sure enough (chances, 0 to 1), and how the two views are weighed."""
        return {"certain": 0.55, "certain_in_sentence": 0.7, "meaning_weight": 0.55, "sharpness": 6.0, "danger": Danger.DEFAULTS}

    @classmethod
    def validate_config(cls, config: Dict[Text, Any]) -> None:
        """Nothing more to check."""

    @classmethod
    def create(
        cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> "TopicClassifier":
        """Called by Rasa before training."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> "TopicClassifier":
        """Called by Rasa with a trained model."""
        with model_storage.read_from(resource) as folder:
            loaded = cls(config, model_storage, resource, joblib.load(folder / "views.joblib"))
        give_back()
        return loaded

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all questions."""
        known = [message for message in training_data.intent_examples if is_written(message)]
        texts, intents = [message.get(TEXT) for message in known], [message.get(INTENT) for message in known]
        vectors = VectorCache().vectors(texts, shared_encoder())
        self._views = learn(texts, intents, vectors, self._config["meaning_weight"], self._config["sharpness"])
        with self._model_storage.write_to(self._resource) as folder:
            joblib.dump(self._views, folder / "views.joblib", compress=PACKED)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Decide on each message that has words."""
        for message in messages:
            if message.get(TEXT) and not message.get(TEXT).startswith("/"):
                self._decide(message)
        return messages

    def _decide(self, message: Message) -> None:
        text = message.get(TEXT)
        chances, *parts = self._chances([text, *sentences(text)])
        order = chances.argsort()[::-1]
        ranking = [{"name": str(self._views.intents[place]), "confidence": float(chances[place])} for place in order[:RANKING]]
        certain = ranking[0] if ranking[0]["confidence"] >= self._config["certain"] else None
        certain = self._beside_courtesy(text, certain)
        danger = Danger(self._views.intents, self._config["danger"]).look(chances, parts)
        if WRITTEN_REFERENCE.fullmatch(text.strip()) or not _LETTER.search(text):  # a reference or a number alone means nothing
            danger, certain, parts = None, None, []
        if danger and not danger.sure:
            message.set("danger", danger.name, add_to_output=True)
            message.set("meant", self._question(ranking), add_to_output=True)
        first, second = self._two_questions(parts, certain and certain["name"])
        if second and not danger:
            certain = {"name": first, "confidence": self._config["certain_in_sentence"]}
            message.set("also", second, add_to_output=True)
        intent = (danger and danger.intent) or certain or _reference(text)
        message.set(INTENT, intent or {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": 1 - ranking[0]["confidence"]}, add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)

    def _question(self, ranking: Sequence[Dict[Text, Any]]) -> Optional[Text]:
        """The question that a message asks for certain, danger or not."""
        harmless = next((entry for entry in ranking if not entry["name"].startswith("risk_")), None)
        asked = harmless and harmless["name"].startswith("ask_") and harmless["confidence"] >= self._config["certain"]
        return harmless["name"] if asked else None

    def _beside_courtesy(self, text: Text, certain: Optional[Dict[Text, Any]]) -> Optional[Dict[Text, Any]]:
        """What a message that begins with a greeting or thanks goes on to ask, if that is certain."""
        _, *rest = _PAUSE.split(text, 1)
        if not certain or certain["name"] not in COURTESY or not rest or not rest[0].strip():
            return certain
        chances = self._chances(rest)[0]
        name, chance = str(self._views.intents[chances.argmax()]), float(chances.max())
        other = chance >= self._config["certain_in_sentence"] and name not in (*COURTESY, "affirm", "deny", "out_of_scope")
        return {"name": name, "confidence": chance} if other else certain

    def _two_questions(self, parts: Sequence[np.ndarray], certain: Optional[Text]) -> Tuple[Optional[Text], Optional[Text]]:
        """Two topics that two sentences of a message ask about, each for certain; the one of the whole message first."""
        best = [(str(self._views.intents[row.argmax()]), row.max()) for row in parts]
        asked = [name for name, chance in best if name.startswith("ask_") and chance >= self._config["certain_in_sentence"]]
        asked = sorted(dict.fromkeys(asked), key=lambda name: name != certain)
        if len(asked) != 2 or (certain and certain not in asked):
            return None, None
        return asked[0], asked[1]

    def _chances(self, texts: Sequence[str]) -> np.ndarray:
        return self._views.chances(texts, self._embed(texts))


def _reference(text: str) -> Optional[Dict[Text, Any]]:
    return {"name": REFERENCE, "confidence": 1.0} if WRITTEN_REFERENCE.search(text) else None
