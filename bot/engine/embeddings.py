"""The vectors of the questions, for a training.

Embedding unchanged questions again is most of a training's time, so vectors are kept on disk by their text's hash.
"""

import hashlib
import os
import sqlite3
import sys
import time
from pathlib import Path
from typing import Dict, Optional, Sequence

import numpy as np

from bot.engine.encoder import Encoder
from bot.engine.weights import HIDDEN

ASKED = 500  # keys in one question to SQLite, which takes 999
AT_ONCE = 2048  # texts: so many are kept, and their progress shown, at a time


class VectorCache:
    """Vectors by text on disk (SQLite), so a training embeds only what is new.

    Args:
        path: another file than the one of the trainings (EMBEDDING_CACHE in docs/settings.md).
    """

    def __init__(self, path: Optional[Path] = None) -> None:
        path = path or Path(os.environ.get("EMBEDDING_CACHE", ".cache/embeddings.sqlite"))
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(str(path), timeout=30)
        self._connection.execute("PRAGMA mmap_size = 2000000000")  # bytes: all are read in half the time
        self._connection.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")

    def vectors(self, texts: Sequence[str], embed: Encoder) -> np.ndarray:
        """The vectors of `texts`, shape (texts, 384); unknown ones are embedded, kept, and their progress shown."""
        keys = [hashlib.sha256(f"{embed.name}\0{text}".encode()).digest() for text in texts]  # another model, other vectors
        known = self._kept(sorted(set(keys)))
        new = {key: text for key, text in zip(keys, texts) if key not in known}
        known.update(self._embed_new(new, embed))
        return np.stack([known[key] for key in keys]) if keys else np.zeros((0, HIDDEN), dtype=np.float32)

    def _kept(self, keys: Sequence[bytes]) -> Dict[bytes, np.ndarray]:
        found: Dict[bytes, np.ndarray] = {}
        for start in range(0, len(keys), ASKED):
            part = keys[start : start + ASKED]
            rows = self._connection.execute(f"SELECT key, vector FROM vectors WHERE key IN ({','.join('?' * len(part))})", part)
            found.update((key, np.frombuffer(vector, dtype=np.float32)) for key, vector in rows)
        return found

    def _embed_new(self, new: Dict[bytes, str], embed: Encoder) -> Dict[bytes, np.ndarray]:
        found: Dict[bytes, np.ndarray] = {}
        items = list(new.items())
        began = time.monotonic()
        for start in range(0, len(items), AT_ONCE):
            part = items[start : start + AT_ONCE]
            for (key, _), vector in zip(part, embed([text for _, text in part])):
                found[key] = vector
            with self._connection:
                self._connection.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", [(key, found[key].tobytes()) for key, _ in part])
            _show_progress(len(found), len(items), time.monotonic() - began)
        return found


def _show_progress(done: int, total: int, seconds: float) -> None:
    left = seconds / done * (total - done)
    sys.stdout.write(f"  embedding questions: {done} of {total}, about {left:.0f} s left\n")
    sys.stdout.flush()
