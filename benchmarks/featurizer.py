"""Our sentence embeddings as a feature of Rasa's own pipeline, for the comparison in benchmarks/diet_on_embeddings.yml."""

from typing import Any, Dict, List, Text

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

from bot.engine.embeddings import VectorCache
from bot.engine.encoder import shared_encoder


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEmbeddings(DenseFeaturizer, GraphComponent):
    """Gives each message one dense sentence feature of 384 numbers."""

    def __init__(self, name: Text) -> None:
        self._name = name

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
        """Embed messages as they come in."""
        texts = [message.get(TEXT) or "" for message in messages]
        self._add(messages, shared_encoder()(texts))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Embed all questions, from the cache where they are known."""
        messages = [message for message in training_data.training_examples if message.get(TEXT)]
        self._add(messages, VectorCache().vectors([message.get(TEXT) for message in messages], shared_encoder()))
        return training_data

    def _add(self, messages: List[Message], vectors: np.ndarray) -> None:
        for message, vector in zip(messages, vectors):
            message.add_features(Features(vector.reshape(1, -1), FEATURE_TYPE_SENTENCE, TEXT, self._name))
