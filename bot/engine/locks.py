"""The lock that keeps a conversation's turns apart: in memory for one engine, in Redis for several."""

import os
from typing import Any
from urllib.parse import urlparse

from rasa.core.lock_store import InMemoryLockStore, LockStore, RedisLockStore


class Locks(LockStore):
    """Named in endpoints.yml, where Rasa wants a class: making one gives Rasa's own store for these settings."""

    def __new__(cls, endpoint_config: Any = None) -> LockStore:  # noqa: D102 - see the class
        address = urlparse(os.environ.get("REDIS_URL", ""))
        if not address.hostname:
            return InMemoryLockStore()
        database = int((address.path or "/1").strip("/") or 1)
        return RedisLockStore(host=address.hostname, port=address.port or 6379, db=database, password=address.password)
