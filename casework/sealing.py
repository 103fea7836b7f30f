"""Encryption of personal fields at rest.

A row that holds personal text mixes in :class:`Sealed`: one encrypted JSON object and the id of the key that sealed
it, so keys can be rotated row by row. Nothing personal is a column of its own, except what a blind index needs.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.errors import UnknownKey


class Keyring:
    """The keys of the casework: the first one seals, all of them open.

    Args:
        keys: key id -> Fernet key (url-safe base64 of 32 bytes); the first entry is the current one.
        index_key: secret of the blind index, at least 16 bytes.
        changed: gives the keys anew once they have changed since it was last called, else None; so that keys are rotated
            while this process goes on.
    """

    def __init__(self, keys: Mapping[str, str], index_key: bytes, changed: Callable[[], Mapping[str, str] | None] | None = None) -> None:
        self._take(keys)
        self._index_key = index_key
        self._changed = changed or (lambda: None)

    def reread(self) -> None:
        """Take the keys anew if they have changed."""
        if keys := self._changed():
            self._take(keys)

    def keys(self) -> dict[str, str]:
        """Key id -> key, the current one first."""
        return dict(self._keys)

    def _take(self, keys: Mapping[str, str]) -> None:
        if not keys:
            raise ValueError("a keyring needs at least one key")
        self._keys = dict(keys)
        self._fernets, self.current = {key_id: Fernet(key) for key_id, key in keys.items()}, next(iter(keys))

    def seal(self, data: Mapping[str, Any]) -> tuple[str, bytes]:
        """The current key's id and `data` (JSON-serialisable) sealed with it."""
        self.reread()
        plain = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")  # half an emoji
        return self.current, self._fernets[self.current].encrypt(plain)

    def open(self, key_id: str, sealed: bytes) -> dict[str, Any]:
        """The data that :meth:`seal` was given.

        Raises:
            UnknownKey: the key is not in this ring, or does not open the row.
        """
        if key_id not in self._fernets:  # rotated in the meantime
            self.reread()
        try:
            return json.loads(self._fernets[key_id].decrypt(sealed))
        except (KeyError, InvalidToken) as error:
            raise UnknownKey(key_id) from error

    def index(self, value: str) -> str:
        """A blind index: equal values have equal indexes, and no value can be read from one (HMAC-SHA-256)."""
        return hmac.new(self._index_key, value.encode(), hashlib.sha256).hexdigest()


class Sealed:
    """Columns of a row whose personal fields are encrypted together."""

    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    key_id: Mapped[str] = mapped_column(String(16))

    def seal(self, keyring: Keyring, data: Mapping[str, Any]) -> None:
        """Replace the row's personal fields by `data`."""
        self.key_id, self.sealed = keyring.seal(data)

    def open(self, keyring: Keyring) -> dict[str, Any]:
        """The row's personal fields."""
        return keyring.open(self.key_id, self.sealed)
