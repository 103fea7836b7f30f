"""Pieces of texts (letters that follow one another, words), each weighed by how often it stands there and how rare it is.

The numbers are those of scikit-learn's TfidfVectorizer (`char_wb` and `word`, sublinear), as a test holds. Its way takes
each text letter by letter. Here a word is cut once, however often it occurs: a training is done with it in less than
half the time, and one message of a chat does not wait for what is made for thousands.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import Dict, Iterable, List, Mapping, Sequence, Text, Tuple, Union

import numpy as np
from scipy.sparse import csr_matrix

Row = Tuple[np.ndarray, np.ndarray]  # where the numbers of a text stand (int32), and the numbers (float32)


def scores(row: Row, weights: np.ndarray) -> np.ndarray:
    """What a text's numbers, weighed, add up to: shape (columns of the weights,)."""
    places, values = row
    return values @ weights[places]


@dataclass(frozen=True)
class Words:
    """Words, and pairs of words that follow one another."""

    def parts(self, text: Text) -> List[Text]:
        """What a text is cut into."""
        words = text.split()
        return words + [f"{first} {second}" for first, second in zip(words, words[1:])]

    def pieces(self, part: Text) -> List[Text]:
        """What one part is counted as."""
        return [part]


@dataclass(frozen=True)
class LettersOfWords:
    """Letters that follow one another in a word, the space before and after it among them."""

    shortest: int
    longest: int

    def parts(self, text: Text) -> List[Text]:
        """What a text is cut into."""
        return text.split()

    def pieces(self, part: Text) -> List[Text]:
        """What one part is counted as; a word that is shorter than the shortest piece, as itself."""
        word = f" {part} "
        longest = max(self.shortest, min(self.longest, len(word)))
        return [word[at : at + length] for length in range(self.shortest, longest + 1) for at in range(max(1, len(word) - length + 1))]


Kind = Union[Words, LettersOfWords]


class Pieces:
    """One kind of pieces, and how to count those of a text.

    Args:
        kind: `Words` or `LettersOfWords`.
        known: where the number of each piece stands.
        rarity: by which it is multiplied, shape (pieces,), float32.
    """

    def __init__(self, kind: Kind, known: Dict[Text, int], rarity: np.ndarray) -> None:
        self.kind, self.known, self._rarity = kind, known, rarity

    def __len__(self) -> int:
        """How many pieces are known: the length of a row."""
        return len(self.known)

    @classmethod
    def learn(cls, texts: Sequence[Text], kind: Kind, at_least: int, at_most: int) -> Tuple["Pieces", csr_matrix]:
        """Learn from texts; returns also their numbers, shape (texts, pieces), float32, the pieces of most texts first.

        Args:
            at_least: in how many texts a piece must stand.
            at_most: how many pieces are kept: those that occur most.
        """
        parts, of_texts = _counted(kind.parts(text) for text in texts)
        pieces, of_parts = _counted(kind.pieces(part) for part in parts)
        counts = (of_texts @ of_parts).tocsr()
        holding, occurring = np.bincount(counts.indices, minlength=len(pieces)), np.asarray(counts.sum(axis=0))[0]
        kept = np.flatnonzero(holding >= at_least)
        kept = kept[np.lexsort((kept, -occurring[kept]))][:at_most]
        kept = kept[np.lexsort((kept, -holding[kept]))]  # what is asked for most lies together: learning is a quarter faster
        rarity = (np.log((1 + len(texts)) / (1 + holding[kept])) + 1).astype(np.float32)
        learnt = cls(kind, {pieces[place]: at for at, place in enumerate(kept)}, rarity)
        return learnt, learnt._weighed(_columns(counts, kept))

    def _weighed(self, counts: csr_matrix) -> csr_matrix:
        values = (1 + np.log(counts.data)) * self._rarity[counts.indices]
        texts = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        lengths = np.sqrt(np.bincount(texts, values.astype(np.float64) ** 2, minlength=counts.shape[0]))
        return csr_matrix(((values / lengths[texts]).astype(np.float32), counts.indices, counts.indptr), shape=counts.shape)

    def rows(self, texts: Sequence[Text]) -> List[Row]:
        """The numbers of some texts: an often and a rare piece counts more, all of a text together are of length 1."""
        known, cut = self.known, self.kind.pieces
        parts = [self.kind.parts(text) for text in texts]
        places = {part: [known[piece] for piece in cut(part) if piece in known] for part in set(chain.from_iterable(parts))}
        return [self._row(Counter(chain.from_iterable([places[part] for part in one]))) for one in parts]

    def _row(self, counts: Mapping[int, int]) -> Row:
        if not counts:
            return np.zeros(0, np.int32), np.zeros(0, np.float32)
        places, often = np.fromiter(counts.keys(), np.int32, len(counts)), np.fromiter(counts.values(), np.float32, len(counts))
        values = (1 + np.log(often)) * self._rarity[places]
        return places, values / np.sqrt(values @ values)


def _counted(lists: Iterable[Sequence[Text]]) -> Tuple[List[Text], csr_matrix]:
    """Everything that occurs in some lists, and how often in each of them, shape (lists, what occurs), float32."""
    places: Dict[Text, int] = {}
    found: List[int] = []
    ends = [0]
    for one in lists:
        found.extend([places.setdefault(item, len(places)) for item in one])
        ends.append(len(found))
    counts = csr_matrix((np.ones(len(found), np.float32), np.array(found, np.int32), np.array(ends)), shape=(len(ends) - 1, len(places)))
    counts.sum_duplicates()
    return list(places), counts


def _columns(counts: csr_matrix, kept: np.ndarray) -> csr_matrix:
    """Some columns in their new order."""
    new = np.full(counts.shape[1], -1, np.int32)
    new[kept] = np.arange(len(kept), dtype=np.int32)
    there = new[counts.indices] >= 0
    ends = np.concatenate([[0], np.cumsum(there)])[counts.indptr]
    picked = csr_matrix((counts.data[there], new[counts.indices[there]], ends), shape=(counts.shape[0], len(kept)))
    picked.sort_indices()
    return picked
