"""A message is counted here to the same numbers as scikit-learn counts it."""

import pickle

import numpy as np
import pytest
from bot.engine.letters import WAYS, Letters
from bot.engine.pieces import LettersOfWords, Pieces, Words
from sklearn.feature_extraction.text import TfidfVectorizer

TAUGHT = [
    "can my dog fly with me", "my dog and my cat", "how many bags can I take", "bags and bags and bags", "هل يمكنني أخذ كلبي معي",
    "hal yumkinuni akhdh kalbi ma3i", "كلبي وقطتي", "hoću li moći da ponesem psa", "da li mogu da ponesem torbe", "я my dog",
]  # fmt: skip


@pytest.fixture(scope="module")
def learnt():
    return Letters.learn(TAUGHT)


THEIRS = {
    LettersOfWords(3, 5): {"analyzer": "char_wb", "ngram_range": (3, 5)},
    LettersOfWords(3, 4): {"analyzer": "char_wb", "ngram_range": (3, 4)},
    LettersOfWords(1, 3): {"analyzer": "char_wb", "ngram_range": (1, 3)},
    Words(): {"token_pattern": r"\S+", "ngram_range": (1, 2)},
}


def numbers(letters, text):
    places, values = letters.rows([text])[0]
    row = np.zeros(letters.edges[-1], np.float32)
    row[places] = values
    return row


def test_what_was_learnt_from_is_counted_alike(learnt):
    letters, seen = learnt
    assert np.abs(np.stack([numbers(letters, text) for text in TAUGHT]) - seen.toarray()).max() < 1e-6


def test_a_text_is_counted_alike_whatever_stands_beside_it(learnt):
    letters, _ = learnt
    beside = letters.rows([*TAUGHT, "", TAUGHT[0]])
    assert len(beside) == len(TAUGHT) + 2
    for text, (places, values) in zip(TAUGHT, beside):
        alone = letters.rows([text])[0]
        assert dict(zip(places, values)) == pytest.approx(dict(zip(*alone)))


def test_what_was_learnt_is_the_same_after_it_was_put_away(learnt):
    letters, seen = learnt
    again = pickle.loads(pickle.dumps(letters))
    assert np.abs(numbers(again, TAUGHT[0]) - seen.toarray()[0]).max() < 1e-6


@pytest.mark.parametrize("kind", THEIRS)
@pytest.mark.parametrize("text", ["", "?", "zzz", "my dog, my dog... my dog!", "كلب", "bags\n\nbags", "🐕 dog", "a" * 500, "i am a b"])
def test_whatever_is_written_is_counted_as_they_count(kind, text):
    way = TfidfVectorizer(lowercase=False, sublinear_tf=True, min_df=2, **THEIRS[kind]).fit(TAUGHT)
    pieces, seen = Pieces.learn(TAUGHT, kind, 2, 10_000)
    wanted = dict(zip(way.get_feature_names_out(), way.transform([text]).toarray()[0]))
    places, values = pieces.rows([text])[0]
    counted = dict(zip(places, values))
    assert pieces.known.keys() == wanted.keys()
    assert all(counted.get(place, 0) == pytest.approx(wanted[piece], abs=1e-6) for piece, place in pieces.known.items())
    assert seen.sum() == pytest.approx(way.transform(TAUGHT).sum(), rel=1e-5)


def test_of_many_pieces_those_are_kept_that_occur_most_and_the_one_of_most_texts_stands_first():
    pieces, _ = Pieces.learn(["a a a", "b", "b", "c", "c d"], Words(), at_least=1, at_most=4)
    assert list(pieces.known) == ["b", "c", "a", "a a"]


@pytest.mark.parametrize("spelling", WAYS)
def test_a_text_is_spelt_word_by_word(spelling):
    for text in [*TAUGHT, "Masmou7  ya  3ammo?", "Is my PHONE dying!!!!", "l'aéroport\tde Tirana", "১০ কেজি 🧳 ব্যাগ"]:
        assert spelling(text).split() == " ".join(map(spelling, text.split())).split()
