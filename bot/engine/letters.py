"""How a message is written: its words and pieces of words, as spelt and as consonants alone."""

from functools import cached_property
from itertools import chain
from typing import Callable, Dict, List, Sequence, Text, Tuple

import numpy as np
from joblib import Parallel, delayed
from scipy.sparse import csr_matrix, hstack

from bot.engine.pieces import Kind, LettersOfWords, Pieces, Row, Words
from bot.engine.spelling import alike, bones

SPELT, BONES = slice(0, 2), slice(2, 4)  # which ways count what is spelt, and which the consonants
WORDS = (Words(), 2, 60_000)
WAYS: Dict[Callable[[Text], Text], Tuple[Tuple[Kind, int, int], ...]] = {  # how a text is spelt before it is counted, and what is counted then: in at least so many texts, at most so many
    alike: ((LettersOfWords(3, 5), 2, 120_000), WORDS),
    bones: ((LettersOfWords(3, 4), 2, 80_000), WORDS),
}


class Letters:
    """What was learnt to be counted.

    Args:
        ways: each counts something else, in texts spelt in its own manner; `Letters.learn` makes them.
    """

    def __init__(self, ways: Sequence[Tuple[Callable[[Text], Text], Pieces]]) -> None:
        self.ways = ways

    @classmethod
    def learn(cls, texts: Sequence[Text]) -> Tuple["Letters", csr_matrix]:
        """Learn from texts; returns also their numbers, shape (texts, features)."""
        learnt = Parallel(n_jobs=len(WAYS), max_nbytes=None)(delayed(_learnt)(spelling, texts) for spelling in WAYS)
        ways = [(spelling, pieces, seen) for spelling, found in zip(WAYS, learnt) for pieces, seen in found]
        return cls([(spelling, pieces) for spelling, pieces, _ in ways]), hstack([seen for *_, seen in ways]).tocsr()

    @cached_property
    def edges(self) -> np.ndarray:
        """Where the features of each way begin, and where the last ones end."""
        return np.cumsum([0] + [len(pieces) for _, pieces in self.ways])

    def rows(self, texts: Sequence[Text]) -> List[Row]:
        """The numbers of some texts: a message and its sentences, which have their words in common."""
        spelt = {spelling: _spelt(spelling, texts) for spelling in WAYS}
        ways = [pieces.rows(spelt[spelling]) for spelling, pieces in self.ways]
        return [self._joined(rows) for rows in zip(*ways)]

    def _joined(self, rows: Sequence[Row]) -> Row:
        return np.concatenate([places + edge for edge, (places, _) in zip(self.edges, rows)]), np.concatenate([values for _, values in rows])


def _learnt(spelling: Callable[[Text], Text], texts: Sequence[Text]) -> List[Tuple[Pieces, csr_matrix]]:
    spelt = _spelt(spelling, texts)
    return [Pieces.learn(spelt, *how) for how in WAYS[spelling]]


def _spelt(spelling: Callable[[Text], Text], texts: Sequence[Text]) -> List[Text]:
    words = [text.split() for text in texts]
    spelt = {word: spelling(word) for word in set(chain.from_iterable(words))}  # each once: it takes a while
    return [" ".join([spelt[word] for word in one]) for one in words]
