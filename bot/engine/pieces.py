"""Pieces of texts (letters that follow one another, words), each weighed by how rare it is.

scikit-learn learns what occurs and how rare it is (TfidfVectorizer). For the one message of a chat its general way takes
longer than the counting, so a message is counted here: to the same numbers, as a test holds.
"""

from collections import Counter
from typing import Any, Callable, Dict, Iterable, Sequence, Text, Tuple

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

Row = Tuple[np.ndarray, np.ndarray]  # where the numbers of a text stand (int32), and the numbers (float32)


def scores(row: Row, weights: np.ndarray) -> np.ndarray:
    """What a text's numbers, weighed, add up to: shape (columns of the weights,)."""
    places, values = row
    return values @ weights[places]


class Pieces:
    """One kind of pieces, and how to count those of a text.

    Args:
        way: fitted; `Pieces.learn` makes it.
    """

    def __init__(self, way: TfidfVectorizer) -> None:
        self.way = way
        self._known: Dict[Text, int] = way.vocabulary_
        self._rarity = way.idf_.astype(np.float32)
        self._cut: Callable[[Text], Iterable[Text]] = way.build_analyzer()

    def __reduce__(self) -> Tuple[Any, ...]:
        """For the file: only what was learnt."""
        return Pieces, (self.way,)

    def __len__(self) -> int:
        """How many pieces are known: the length of a row."""
        return len(self._known)

    @classmethod
    def learn(cls, texts: Sequence[Text], **how: Any) -> Tuple["Pieces", csr_matrix]:
        """Learn from texts; returns also their numbers, shape (texts, pieces), float32.

        Args:
            how: which pieces, as TfidfVectorizer has it.
        """
        way = TfidfVectorizer(lowercase=False, sublinear_tf=True, dtype=np.float32, **how)
        seen = way.fit_transform(texts)
        way.vocabulary_ = {piece: int(place) for piece, place in way.vocabulary_.items()}  # NumPy's numbers take longer to load
        way.stop_words_ = None  # what was left out, a hundred megabytes for nobody
        return cls(way), seen

    def row(self, text: Text) -> Row:
        """The numbers of a text: an often and a rare piece counts more, all together are of length 1."""
        counts, known = Counter(self._cut(text)), self._known
        kept = [piece for piece in counts if piece in known]
        if not kept:
            return np.zeros(0, np.int32), np.zeros(0, np.float32)
        places, often = np.array([known[piece] for piece in kept], np.int32), np.array([counts[piece] for piece in kept], np.float32)
        values = (1 + np.log(often)) * self._rarity[places]
        return places, values / np.sqrt(values @ values)
