"""Tunes the sentence encoder on our own questions: `make tune`, long work, worth it once many questions are new.

The encoder learns to put questions of one topic close together, whatever their language and however misspelt. It goes
on from the tuning that is there (`ANEW=1` begins from the model as it was published). With TEACHER=FILE, another tuning,
it learns to give that one's vectors, too: so does one that computes less learn what one knew that computed more. All
its matrices may change; what is kept of each change are its strongest directions, two narrow matrices (as in low-rank
adaptation, Hu et al. 2021) in models/tuning.npz, some megabytes that live in the repository. Training the assistant
takes it as it is.
"""

import os
import random
import sys
import time
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Text, Tuple

import numpy as np
import tensorflow as tf

import bot.content
from bot.engine.embeddings import VectorCache
from bot.engine.encoder import PAIRED_AFTER, TUNING, Changes, Encoder, load_tuning, prepared, tokenizer
from bot.engine.weights import HEADS, HIDDEN, Weights, package_file, read

ROUNDS_ANEW, ROUNDS_ON = 3, 1  # times that each question is seen
RATE, HEAD_RATE = 1e-4, 1e-2
WARM_UP = 0.06  # share of the steps in which the rate grows
BATCH = 64
SCALE = 20.0  # how sharply topics are told apart by the angle between vectors
SMOOTHING = 0.1
DROPOUT = 0.1
LONGEST = 80  # word pieces; longer questions are cut, they are few
KEPT = 128  # directions kept of each change
TEACHING = 10.0  # how much the likeness to a teacher's vectors counts beside the topics
MISSPELT = 0.3  # share of the questions that are read with slips of the thumb
LAYERS_KEPT = (0, 1, 2, 4, 8, 9, 10, 11)  # of twelve: what the others do the kept ones learn, and a message is read in two thirds of the time
PAIRS_FROM = 3  # layers read each word piece by itself; the others read pairs of neighbours, and take half as long
PARTS = ("q", "k", "v", "ao", "fi", "fo")
MATRICES = [f"l{number}.{part}.w" for number in LAYERS_KEPT for part in PARTS]


class LearningEncoder(tf.Module):
    """The encoder as TensorFlow computes and differentiates it."""

    def __init__(self, weights: Weights, changes: Changes) -> None:
        super().__init__()
        self._fixed = {name: tf.constant(array) for name, array in weights.layers.items() if name not in MATRICES}
        self._epsilon = weights.epsilon
        self.matrices = {name: tf.Variable(weights.layers[name] + changes.matrices.get(name, 0)) for name in MATRICES}

    def __call__(self, x: tf.Tensor, there: tf.Tensor) -> tf.Tensor:
        """Unit vectors, shape (texts, 384), of word vectors (texts, pieces, 384) and which pieces are there (texts, pieces)."""
        x = tf.nn.dropout(self._even(x, "emb.ln"), DROPOUT)
        for done, number in enumerate(LAYERS_KEPT):
            if done == PAIRS_FROM:
                x, there = self._paired(x, there)
            hide = (1 - there[:, None, None, :]) * -1e9
            at = f"l{number}."
            query, key, value = (self._heads(self._linear(x, at + part)) for part in "qkv")
            chances = tf.nn.softmax(tf.matmul(query, key, transpose_b=True) / np.sqrt(HIDDEN / HEADS) + hide)
            attended = tf.reshape(tf.transpose(tf.matmul(chances, value), [0, 2, 1, 3]), tf.shape(x))
            x = self._even(x + tf.nn.dropout(self._linear(attended, at + "ao"), DROPOUT), at + "aln")
            wide = tf.nn.gelu(self._linear(x, at + "fi"), approximate=True)
            x = self._even(x + tf.nn.dropout(self._linear(wide, at + "fo"), DROPOUT), at + "oln")
        mean = tf.reduce_sum(x * there[..., None], 1) / tf.reduce_sum(there, 1, keepdims=True)
        return tf.math.l2_normalize(mean, 1)

    def _paired(self, x: tf.Tensor, there: tf.Tensor) -> Tuple[tf.Tensor, tf.Tensor]:
        odd = tf.shape(there)[1] % 2
        x, there = tf.pad(x, [[0, 0], [0, odd], [0, 0]]), tf.pad(there, [[0, 0], [0, odd]])
        first, second = there[:, 0::2, None], there[:, 1::2, None]
        pairs = (x[:, 0::2] * first + x[:, 1::2] * second) / tf.maximum(first + second, 1)  # the last piece may be alone
        return pairs, first[..., 0]

    def _linear(self, x: tf.Tensor, name: Text) -> tf.Tensor:
        shape = tf.shape(x)
        out = tf.matmul(tf.reshape(x, [-1, x.shape[-1]]), self.matrices[name + ".w"], transpose_b=True) + self._fixed[name + ".b"]
        return tf.reshape(out, [shape[0], shape[1], out.shape[-1]])

    def _heads(self, x: tf.Tensor) -> tf.Tensor:
        shape = tf.shape(x)
        return tf.transpose(tf.reshape(x, [shape[0], shape[1], HEADS, HIDDEN // HEADS]), [0, 2, 1, 3])

    def _even(self, x: tf.Tensor, name: Text) -> tf.Tensor:
        x = x - tf.reduce_mean(x, -1, keepdims=True)
        spread = tf.reduce_mean(tf.square(x), -1, keepdims=True)
        return x * tf.math.rsqrt(spread + self._epsilon) * self._fixed[name + ".w"] + self._fixed[name + ".b"]


class Rate(tf.keras.optimizers.schedules.LearningRateSchedule):
    """Grows to `top` in the first steps, then sinks evenly."""

    def __init__(self, top: float, steps: int) -> None:
        self._top, self._steps, self._warm = top, steps, max(1.0, WARM_UP * steps)

    def __call__(self, step: tf.Tensor) -> tf.Tensor:
        """The rate at a step."""
        step = tf.cast(step, tf.float32)
        return self._top * tf.minimum((step + 1) / self._warm, tf.maximum(0.02, (self._steps - step) / (self._steps - self._warm)))


class Tuning:
    """One run: the questions, the encoder that learns them, and where it goes.

    Args:
        texts: the questions.
        topics: of each question.
        rounds: how often each is seen.
        changes: of an earlier tuning, to go on from.
        taught: the vectors that another tuning gives the questions, shape (texts, 384); this one learns to give them, too.
    """

    def __init__(
        self, texts: Sequence[Text], topics: Sequence[Text], rounds: int, changes: Changes, taught: Optional[np.ndarray] = None
    ) -> None:
        self._texts, self._rounds = texts, rounds
        self._names = sorted(set(topics))
        self._wanted = np.array([self._names.index(topic) for topic in topics], np.int32)
        self._weights = read(package_file())
        self._pieces = tokenizer(self._weights)
        self._pieces.enable_truncation(LONGEST)
        self._place = self._weights.layers["emb.pos"] + self._weights.layers["emb.type"][0]
        self._encoder = LearningEncoder(self._weights, changes)
        # One direction a topic: questions are pulled towards their own.
        self._head = tf.Variable(np.random.default_rng(1).normal(0, 0.05, (HIDDEN, len(self._names))).astype(np.float32))
        self._steps = rounds * -(-len(texts) // BATCH)
        self._slow, self._fast = (tf.keras.optimizers.Adam(Rate(top, self._steps)) for top in (RATE, HEAD_RATE))
        self._loss = tf.keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=SMOOTHING)
        self._order = random.Random(0)
        self._taught = np.zeros((len(texts), HIDDEN), np.float32) if taught is None else taught  # like nothing, so nothing to learn

    def run(self, goal: Path) -> None:
        """Learn; write `goal` after every round. About two seconds a step of 64 questions on two cores."""
        began, done, mean = time.monotonic(), 0, None
        for turn in range(1, self._rounds + 1):
            ids = [piece.ids for piece in self._pieces.encode_batch([prepared(misspelt(text, self._order), self._weights) for text in self._texts])]
            for part in self._batches(ids):
                loss = float(self._learn(*self._tensors([ids[one] for one in part]), self._wanted[part], self._taught[part]))
                done, mean = done + 1, loss if mean is None else 0.98 * mean + 0.02 * loss
                if done % 25 == 0:
                    left = (time.monotonic() - began) / done * (self._steps - done) / 60
                    print(f"  tuning: round {turn} of {self._rounds}, step {done} of {self._steps}, loss {mean:.3f}, about {left:.0f} min left", flush=True)
            np.savez_compressed(goal, **self._changes())

    @tf.function(input_signature=[tf.TensorSpec([None, None, HIDDEN]), tf.TensorSpec([None, None]), tf.TensorSpec([None], tf.int32), tf.TensorSpec([None, HIDDEN])])
    def _learn(self, x: tf.Tensor, there: tf.Tensor, right: tf.Tensor, taught: tf.Tensor) -> tf.Tensor:
        changing = list(self._encoder.matrices.values())
        with tf.GradientTape() as tape:
            vectors = self._encoder(x, there)
            likeness = tf.matmul(vectors, tf.math.l2_normalize(self._head, 0))
            loss = self._loss(tf.one_hot(right, len(self._names)), SCALE * likeness)
            loss -= TEACHING * tf.reduce_mean(tf.reduce_sum(vectors * taught, 1))
        slopes, _ = tf.clip_by_global_norm(tape.gradient(loss, [*changing, self._head]), 1.0)
        self._slow.apply_gradients(zip(slopes[:-1], changing))
        self._fast.apply_gradients([(slopes[-1], self._head)])
        return loss

    def _tensors(self, ids: List[List[int]]) -> Tuple[tf.Tensor, tf.Tensor]:
        longest = max(map(len, ids))
        there = np.array([[1.0] * len(one) + [0.0] * (longest - len(one)) for one in ids], np.float32)
        padded = np.array([one + [1] * (longest - len(one)) for one in ids])
        return tf.constant(self._weights.word_vectors(padded) + self._place[:longest]), tf.constant(there)

    def _batches(self, ids: Sequence[List[int]]) -> List[np.ndarray]:
        """All questions in random batches of similar length."""
        places = list(range(len(ids)))
        self._order.shuffle(places)
        parts = []
        for start in range(0, len(places), BATCH * 16):
            near = sorted(places[start : start + BATCH * 16], key=lambda one: len(ids[one]))
            parts += [np.array(near[at : at + BATCH]) for at in range(0, len(near), BATCH)]
        self._order.shuffle(parts)
        return parts

    def _changes(self) -> Dict[Text, np.ndarray]:
        """The narrow matrices, as the file keeps them."""
        kept: Dict[Text, np.ndarray] = {PAIRED_AFTER: np.array(PAIRS_FROM)}
        for name, matrix in self._encoder.matrices.items():
            kept[f"{name}.up"], kept[f"{name}.down"] = narrow(matrix.numpy() - self._weights.layers[name])
        return kept


def narrow(change: np.ndarray, kept: int = KEPT) -> Tuple[np.ndarray, np.ndarray]:
    """The strongest directions of a change: two matrices, (out, kept) and (kept, in), whose product is close to it."""
    if len(change) > change.shape[1]:
        up, down = narrow(change.T, kept)
        return down.T, up.T
    directions = np.linalg.eigh(change @ change.T)[1][:, ::-1][:, :kept]  # of the singular value decomposition, but faster
    along = directions.T @ change
    root = np.sqrt(np.linalg.norm(along, axis=1) + 1e-12)
    return (directions * root).astype(np.float16), (along / root[:, None]).astype(np.float16)


def misspelt(text: Text, chance: random.Random) -> Text:
    """A text as a thumb might type it; most stay as they are."""
    if len(text) < 6 or chance.random() > MISSPELT:
        return text
    letters = list(text)
    for _ in range(1 + len(letters) // 25):
        at, slip = chance.randrange(1, len(letters) - 2), chance.random()
        if slip < 0.4:
            del letters[at]
        elif slip < 0.7:
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
        else:
            letters.insert(at, letters[at])
    bare = chance.random() < 0.3
    return "".join(letter for letter in letters if not bare or letter.isalnum() or letter == " ").strip() or text


def main() -> Optional[Text]:
    """Tune on all questions under bot/data; returns what was wrong, if anything was."""
    changes = Changes() if os.environ.get("ANEW") else load_tuning(TUNING)
    teacher = os.environ.get("TEACHER")
    if teacher and not Path(teacher).is_file():
        return f"TEACHER is {teacher}, but there is no such file; it must be a tuning, as models/tuning.npz is one"
    pairs = [(question, topic.intent) for topic in bot.content.load().topics() for question in topic.questions]
    texts, intents = [text for text, _ in pairs], [intent for _, intent in pairs]
    rounds = ROUNDS_ON if changes.matrices else ROUNDS_ANEW
    print(f"{len(pairs)} questions, {rounds} rounds, {'on from ' + TUNING.name if changes.matrices else 'from the model as it was published'}", flush=True)
    taught = VectorCache().vectors(texts, Encoder(Path(teacher))) if teacher else None
    Tuning(texts, intents, rounds, changes, taught).run(TUNING)
    return None


if __name__ == "__main__":
    sys.exit(main())
