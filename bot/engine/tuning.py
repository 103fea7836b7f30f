"""Tunes the sentence encoder on our own questions: `make tune`, long work, worth it once many questions are new.

The encoder learns to put questions of one topic close together, whatever their language. What changes is kept as two
narrow matrices for each matrix of the model (low-rank adaptation, Hu et al. 2021) in models/tuning.npz, a few megabytes
that live in the repository. Training the assistant afterwards takes it as it is.
"""

import random
import sys
import time
from pathlib import Path
from typing import Dict, List, Sequence, Text, Tuple

import numpy as np
import tensorflow as tf

from bot.engine.encoder import TUNING, prepared, tokenizer
from bot.engine.weights import HEADS, HIDDEN, LAYERS, Weights, package_file, read

RANK = 32  # how narrow a change is
ROUNDS = 3  # times that each question is seen; a fourth made messages of other hands no better
RATE = 4e-4
BATCH = 64
SCALE = 20.0  # how sharply topics are told apart by the angle between vectors
SMOOTHING = 0.1
DROPOUT = 0.1
LONGEST = 96  # word pieces; longer questions are cut, they are few
PARTS = ("q", "k", "v", "ao", "fi", "fo")


class TunedEncoder(tf.Module):
    """The encoder with a narrow change beside each of its matrices, as TensorFlow computes and differentiates it."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        self._fixed = {name: tf.constant(array) for name, array in weights.layers.items()}
        self._epsilon = weights.epsilon
        generator = np.random.default_rng(0)
        self.down: Dict[Text, tf.Variable] = {}
        self.up: Dict[Text, tf.Variable] = {}
        for name in (f"l{number}.{part}.w" for number in range(LAYERS) for part in PARTS):
            wide, narrow = weights.layers[name].shape
            self.down[name] = tf.Variable(generator.normal(0, 1 / np.sqrt(narrow), (RANK, narrow)).astype(np.float32))
            self.up[name] = tf.Variable(np.zeros((wide, RANK), np.float32))

    def __call__(self, x: tf.Tensor, there: tf.Tensor, learning: bool) -> tf.Tensor:
        """Unit vectors, shape (texts, 384), of word vectors (texts, pieces, 384) and which pieces are there (texts, pieces)."""
        x = self._even(x, "emb.ln")
        if learning:
            x = tf.nn.dropout(x, DROPOUT)
        hide = (1 - there[:, None, None, :]) * -1e9
        for number in range(LAYERS):
            at = f"l{number}."
            query, key, value = (self._heads(self._linear(x, at + part, learning)) for part in "qkv")
            chances = tf.nn.softmax(tf.matmul(query, key, transpose_b=True) / np.sqrt(HIDDEN / HEADS) + hide)
            attended = tf.transpose(tf.matmul(chances, value), [0, 2, 1, 3])
            attended = tf.reshape(attended, tf.shape(x))
            x = self._even(x + self._linear(attended, at + "ao", learning), at + "aln")
            wide = tf.nn.gelu(self._linear(x, at + "fi", learning))
            x = self._even(x + self._linear(wide, at + "fo", learning), at + "oln")
        mean = tf.reduce_sum(x * there[..., None], 1) / tf.reduce_sum(there, 1, keepdims=True)
        return tf.math.l2_normalize(mean, 1)

    def _linear(self, x: tf.Tensor, name: Text, learning: bool) -> tf.Tensor:
        shape, kind = tf.shape(x), tf.bfloat16
        flat = tf.cast(tf.reshape(x, [-1, x.shape[-1]]), kind)
        matrix = self._fixed[name + ".w"] + tf.matmul(self.up[name + ".w"], self.down[name + ".w"])
        out = tf.matmul(flat, tf.cast(matrix, kind), transpose_b=True)
        out = tf.cast(out, tf.float32) + self._fixed[name + ".b"]
        return tf.reshape(out, [shape[0], shape[1], out.shape[-1]])

    def _heads(self, x: tf.Tensor) -> tf.Tensor:
        shape = tf.shape(x)
        return tf.transpose(tf.reshape(x, [shape[0], shape[1], HEADS, HIDDEN // HEADS]), [0, 2, 1, 3])

    def _even(self, x: tf.Tensor, name: Text) -> tf.Tensor:
        x = x - tf.reduce_mean(x, -1, keepdims=True)
        spread = tf.reduce_mean(tf.square(x), -1, keepdims=True)
        return x * tf.math.rsqrt(spread + self._epsilon) * self._fixed[name + ".w"] + self._fixed[name + ".b"]

    def changes(self) -> Dict[Text, np.ndarray]:
        """The narrow matrices, as the file keeps them."""
        found = {f"{name}.up": matrix.numpy().astype(np.float16) for name, matrix in self.up.items()}
        return {**found, **{f"{name}.down": matrix.numpy().astype(np.float16) for name, matrix in self.down.items()}}


def tune(texts: Sequence[Text], topics: Sequence[Text], goal: Path) -> None:
    """Learn from questions and their topics; write `goal`. About 40 s for each thousand questions on two cores."""
    weights = read(package_file())
    pieces = tokenizer(weights)
    pieces.enable_truncation(LONGEST)
    ids = [one.ids for one in pieces.encode_batch([prepared(text, weights) for text in texts])]
    names = sorted(set(topics))
    wanted = np.array([names.index(topic) for topic in topics])
    place = weights.layers["emb.pos"] + weights.layers["emb.type"][0]
    encoder = TunedEncoder(weights)
    head = tf.Variable(np.random.default_rng(1).normal(0, 0.05, (HIDDEN, len(names))).astype(np.float32))
    steps = ROUNDS * -(-len(texts) // BATCH)
    rate = tf.keras.optimizers.schedules.PolynomialDecay(RATE, steps, 0.02 * RATE)
    narrow, wide = tf.keras.optimizers.Adam(rate), tf.keras.optimizers.Adam(tf.keras.optimizers.schedules.PolynomialDecay(1e-2, steps, 2e-4))
    loss_of = tf.keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=SMOOTHING)
    changing = list(encoder.down.values()) + list(encoder.up.values())

    @tf.function(input_signature=[tf.TensorSpec([None, None, HIDDEN]), tf.TensorSpec([None, None]), tf.TensorSpec([None], tf.int32)])
    def step(x, there, right):
        with tf.GradientTape() as tape:
            vectors = encoder(x, there, True)
            loss = loss_of(tf.one_hot(right, len(names)), SCALE * tf.matmul(vectors, tf.math.l2_normalize(head, 0)))
        slopes = tape.gradient(loss, [*changing, head])
        slopes, _ = tf.clip_by_global_norm(slopes, 1.0)
        narrow.apply_gradients(zip(slopes[:-1], changing))
        wide.apply_gradients([(slopes[-1], head)])
        return loss

    began, done, mean = time.monotonic(), 0, None
    order = random.Random(0)
    for turn in range(ROUNDS):
        for part in _mixed(ids, order):
            longest = max(len(ids[one]) for one in part)
            there = np.array([[1.0] * len(ids[one]) + [0.0] * (longest - len(ids[one])) for one in part], np.float32)
            padded = np.array([ids[one] + [1] * (longest - len(ids[one])) for one in part])
            loss = float(step(weights.word_vectors(padded) + place[:longest], there, wanted[part]))
            done, mean = done + 1, loss if mean is None else 0.98 * mean + 0.02 * loss
            if done % 25 == 0:
                seconds = time.monotonic() - began
                sys.stdout.write(f"  tuning: round {turn + 1} of {ROUNDS}, step {done} of {steps}, loss {mean:.3f}, about {seconds / done * (steps - done) / 60:.0f} min left\n")
                sys.stdout.flush()
        np.savez_compressed(goal, **encoder.changes())


def _mixed(ids: Sequence[List[int]], order: random.Random) -> List[np.ndarray]:
    """All questions in random batches of similar length."""
    places = list(range(len(ids)))
    order.shuffle(places)
    parts = []
    for start in range(0, len(places), BATCH * 16):
        near = sorted(places[start : start + BATCH * 16], key=lambda one: len(ids[one]))
        parts += [np.array(near[at : at + BATCH]) for at in range(0, len(near), BATCH)]
    order.shuffle(parts)
    return parts


def main() -> None:
    """Tune on all questions under bot/data."""
    import bot.content

    pairs = [(question, topic.intent) for topic in bot.content.load().topics() for question in topic.questions]
    tune([text for text, _ in pairs], [intent for _, intent in pairs], TUNING)


if __name__ == "__main__":
    main()
