"""How a message is written: its words and pieces of words, as spelt and as consonants alone, each weighed by how rare it is.

scikit-learn learns what occurs and how rare it is (TfidfVectorizer). For the one message of a chat its general way takes
longer than the counting, so a message is counted here: to the same numbers, as a test holds.
"""

import os
from collections import Counter
from functools import cached_property
from typing import Any, Callable, Dict, Iterable, List, Sequence, Text, Tuple

import numpy as np
from joblib import Parallel, delayed
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.engine.spelling import alike, bones

SPELT, BONES = slice(0, 2), slice(2, 4)  # which ways count what is spelt, and which the consonants


Way = Tuple[Callable[[Text], Text], TfidfVectorizer]  # how a text is spelt before it is counted, and what counts it


class Letters:
    """What was learnt to be counted.

    Args:
        ways: fitted, each counts something else; `Letters.learn` makes them.
    """

    def __init__(self, ways: Sequence[Way]) -> None:
        self.ways = ways

    @classmethod
    def learn(cls, texts: Sequence[Text]) -> Tuple["Letters", csr_matrix]:
        """Learn from texts; returns also their numbers, shape (texts, features)."""
        ways = [
            (alike, _counting(120_000, analyzer="char_wb", ngram_range=(3, 5))),
            (alike, _counting(60_000, token_pattern=r"\S+", ngram_range=(1, 2))),
            (bones, _counting(80_000, analyzer="char_wb", ngram_range=(3, 4))),
            (bones, _counting(60_000, token_pattern=r"\S+", ngram_range=(1, 2))),
        ]
        spelt = {alike: list(map(alike, texts))}
        spelt[bones] = list(map(bones, texts))
        learnt = Parallel(n_jobs=os.cpu_count())(delayed(_fitted)(way, spelt[spelling]) for spelling, way in ways)
        return cls([(spelling, way) for (spelling, _), (way, _) in zip(ways, learnt)]), hstack([seen for _, seen in learnt]).tocsr()

    @cached_property
    def edges(self) -> np.ndarray:
        """Where the features of each way begin, and where the last ones end."""
        return np.cumsum([0] + [len(way.vocabulary_) for _, way in self.ways])

    def transform(self, texts: Sequence[Text]) -> csr_matrix:
        """The numbers of some texts, shape (texts, features), float32."""
        rows = [self._row(text) for text in texts]
        places = np.concatenate([places for places, _ in rows]) if rows else np.zeros(0, np.int32)
        values = np.concatenate([values for _, values in rows]) if rows else np.zeros(0, np.float32)
        ends = np.cumsum([0] + [len(places) for places, _ in rows])
        return csr_matrix((values, places, ends), shape=(len(rows), self.edges[-1]))

    def _row(self, text: Text) -> Tuple[np.ndarray, np.ndarray]:
        spelt = {alike: alike(text), bones: bones(text)}
        parts = [_weighed(analyze(spelt[spelling]), known, rarity) for spelling, analyze, known, rarity in self._counters]
        return np.concatenate([places + edge for edge, (places, _) in zip(self.edges, parts)]), np.concatenate([values for _, values in parts])

    @cached_property
    def _counters(self) -> List[Tuple[Callable[[Text], Text], Callable[[Text], Iterable[Text]], Dict[Text, int], np.ndarray]]:
        return [(spelling, way.build_analyzer(), way.vocabulary_, way.idf_.astype(np.float32)) for spelling, way in self.ways]


def _weighed(pieces: Iterable[Text], known: Dict[Text, int], rarity: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Where the known ones of some pieces stand, and their numbers: often and rare counts more, all together are of length 1."""
    counts = [(known[piece], often) for piece, often in Counter(pieces).items() if piece in known]
    if not counts:
        return np.zeros(0, np.int32), np.zeros(0, np.float32)
    places, often = np.array(counts, np.int32).T
    values = (1 + np.log(often.astype(np.float32))) * rarity[places]
    return places, values / np.sqrt(values @ values)


def _counting(most: int, **how: Any) -> TfidfVectorizer:
    return TfidfVectorizer(lowercase=False, max_features=most, min_df=2, sublinear_tf=True, dtype=np.float32, **how)


def _fitted(way: TfidfVectorizer, texts: Sequence[Text]) -> Tuple[TfidfVectorizer, csr_matrix]:
    seen = way.fit_transform(texts)
    way.vocabulary_ = {piece: int(place) for piece, place in way.vocabulary_.items()}  # NumPy's numbers take longer to load
    way.stop_words_ = None  # what was left out, a hundred megabytes for nobody
    return way, seen
