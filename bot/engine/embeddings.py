"""Sentence embeddings as Rasa's pipeline wants them.

Embedding unchanged questions again is most of a training's time, so vectors are kept on disk by their text's hash.
"""

import hashlib
import os
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any, Dict, List, Sequence, Text

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.encoder import Encoder, shared_encoder
from bot.engine.sentences import sentences
from bot.engine.weights import HIDDEN

SENTENCE_VECTORS = "sentence_vectors"  # of a message: the vectors of its sentences, shape (sentences, 384)
AT_ONCE = 2048  # texts; the more, the better those of one length can be put together


class VectorCache:
    """Vectors by text on disk (SQLite), so a training embeds only what is new."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(str(path), timeout=30)
        self._connection.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")

    def vectors(self, texts: Sequence[str], embed: Encoder) -> np.ndarray:
        """The vectors of `texts`, shape (texts, 384); unknown ones are embedded, kept, and their progress shown."""
        keys = [hashlib.sha256(f"{embed.name}\0{text}".encode()).digest() for text in texts]  # another model, other vectors
        known: Dict[bytes, np.ndarray] = {}
        for key in set(keys):
            row = self._connection.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
            if row:
                known[key] = np.frombuffer(row[0], dtype=np.float32)
        new = {key: text for key, text in zip(keys, texts) if key not in known}
        known.update(self._embed_new(new, embed))
        return np.stack([known[key] for key in keys]) if keys else np.zeros((0, HIDDEN), dtype=np.float32)

    def _embed_new(self, new: Dict[bytes, str], embed: Encoder) -> Dict[bytes, np.ndarray]:
        found: Dict[bytes, np.ndarray] = {}
        items = list(new.items())
        began = time.monotonic()
        for start in range(0, len(items), AT_ONCE):
            part = items[start : start + AT_ONCE]
            for (key, _), vector in zip(part, embed([text for _, text in part])):
                found[key] = vector
            with self._connection:
                self._connection.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", [(key, found[key].tobytes()) for key, _ in part])
            _show_progress(len(found), len(items), time.monotonic() - began)
        return found


def _show_progress(done: int, total: int, seconds: float) -> None:
    left = seconds / done * (total - done)
    sys.stdout.write(f"  embedding questions: {done} of {total}, about {left:.0f} s left\n")
    sys.stdout.flush()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEmbeddings(DenseFeaturizer, GraphComponent):
    """Gives each message one dense sentence feature of 384 numbers."""

    def __init__(self, name: Text) -> None:
        self._name = name
        self._embed = shared_encoder()

    @classmethod
    def create(
        cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> "SentenceEmbeddings":
        """Called by Rasa."""
        return cls(execution_context.node_name)

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """No settings of its own."""
        return {"alias": None}

    @classmethod
    def validate_config(cls, config: Dict[Text, Any]) -> None:
        """Nothing to check."""

    def process(self, messages: List[Message]) -> List[Message]:
        """Embed messages as they come in, each with its sentences: together they are done sooner than one after the other."""
        for message in messages:
            text = message.get(TEXT) or ""
            vectors = self._embed([text, *sentences(text)])
            self._add([message], vectors[:1])
            message.set(SENTENCE_VECTORS, vectors[1:])
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Embed all questions, from the cache where they are known."""
        cache = VectorCache(Path(os.environ.get("EMBEDDING_CACHE", ".cache/embeddings.sqlite")))
        messages = [message for message in training_data.training_examples if message.get(TEXT)]
        self._add(messages, cache.vectors([message.get(TEXT) for message in messages], self._embed))
        return training_data

    def _add(self, messages: List[Message], vectors: np.ndarray) -> None:
        for message, vector in zip(messages, vectors):
            message.add_features(Features(vector.reshape(1, -1), FEATURE_TYPE_SENTENCE, TEXT, self._name))
