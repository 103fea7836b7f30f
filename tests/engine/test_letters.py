"""A message is counted here to the same numbers as scikit-learn counts it."""

import pickle

import numpy as np
import pytest
from bot.engine.letters import Letters
from scipy.sparse import hstack

TAUGHT = [
    "can my dog fly with me", "my dog and my cat", "how many bags can I take", "bags and bags and bags", "هل يمكنني أخذ كلبي معي",
    "hal yumkinuni akhdh kalbi ma3i", "كلبي وقطتي", "hoću li moći da ponesem psa", "da li mogu da ponesem torbe", "я my dog",
]  # fmt: skip


@pytest.fixture(scope="module")
def learnt():
    return Letters.learn(TAUGHT)


def numbers(letters, text):
    places, values = letters.row(text)
    row = np.zeros(letters.edges[-1], np.float32)
    row[places] = values
    return row


def test_what_was_learnt_from_is_counted_alike(learnt):
    letters, seen = learnt
    assert np.abs(np.stack([numbers(letters, text) for text in TAUGHT]) - seen.toarray()).max() < 1e-6


def test_what_was_learnt_is_the_same_after_it_was_put_away(learnt):
    letters, seen = learnt
    again = pickle.loads(pickle.dumps(letters))
    assert np.abs(numbers(again, TAUGHT[0]) - seen.toarray()[0]).max() < 1e-6


@pytest.mark.parametrize("text", ["", "?", "zzz", "My DOG, my dog... my dog!", "كلب", "bags\n\nbags", "🐕 dog", "a" * 500])
def test_whatever_is_written_is_counted_alike(learnt, text):
    letters, _ = learnt
    wanted = hstack([pieces.way.transform([spelling(text)]) for spelling, pieces in letters.ways]).toarray()[0]
    assert np.abs(numbers(letters, text) - wanted).max() < 1e-6
