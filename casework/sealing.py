"""Encryption of personal fields at rest.

A row that holds personal text mixes in :class:`Sealed`: one encrypted JSON object and the id of the key that sealed
it, so keys can be rotated row by row. Nothing personal is a column of its own, except what a blind index needs.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
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
    """

    def __init__(self, keys: Mapping[str, str], index_key: bytes) -> None:
        if not keys:
            raise ValueError("a keyring needs at least one key")
        self._fernets = {key_id: Fernet(key) for key_id, key in keys.items()}
        self.current = next(iter(keys))
        self._index_key = index_key

    def seal(self, data: Mapping[str, Any]) -> tuple[str, bytes]:
        """The current key's id and `data` (JSON-serialisable) sealed with it."""
        plain = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")  # half an emoji
        return self.current, self._fernets[self.current].encrypt(plain)

    def open(self, key_id: str, sealed: bytes) -> dict[str, Any]:
        """The data that :meth:`seal` was given.

        Raises:
            UnknownKey: the key is not in this ring, or does not open the row.
        """
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
