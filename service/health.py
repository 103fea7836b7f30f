"""Whether the house is well: the engine, the action server and the database, each asked now."""

from collections.abc import Callable

import httpx

from bot.channels.engine import Engine
from casework.database import Database
from service.settings import Settings


def health_of(settings: Settings, database: Database, engine: Engine) -> Callable[[], dict[str, bool]]:
    """A function that asks each part, name -> whether it answers."""
    actions = httpx.Client(base_url=settings.actions_url, headers={"X-House-Secret": settings.actions_secret}, timeout=3, trust_env=False)

    def health() -> dict[str, bool]:
        return {"engine": engine.ready(), "actions": _answers(actions), "database": database.answers()}

    return health


def _answers(actions: httpx.Client) -> bool:
    try:
        return actions.get("/health").status_code == 200
    except httpx.HTTPError:
        return False
