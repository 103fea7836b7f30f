"""The engine as the channels see it: its door over HTTP on loopback."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import httpx


def is_risk(intent: str | None) -> bool:
    """Whether an intent signals danger."""
    return bool(intent) and intent.startswith("risk_")


class EngineDown(Exception):
    """The engine did not answer, or not sensibly."""


@dataclass(frozen=True)
class Turn:
    """What the engine made of a message."""

    replies: list[dict[str, Any]] = field(default_factory=list)  # each name, text, buttons
    intent: str | None = None
    language: str | None = None
    danger: str | None = None  # the risk_* topic, where it is in doubt
    also: str | None = None  # the second topic of a message with two questions
    form: str | None = None  # the guided form that is under way
    unspoken: bool | None = None  # whether the message is in none of our languages

    @property
    def signalled(self) -> str | None:
        """The danger the turn is about: what was understood, or what the person confirmed when asked."""
        said = ((reply.get("name") or "")[len("utter_") :] for reply in self.replies)
        return self.intent if is_risk(self.intent) else next(filter(is_risk, said), None)


class Engine(Protocol):
    """What the conversation needs of an engine."""

    def turn(self, conversation: str, message_id: int, text: str, metadata: Mapping[str, Any]) -> Turn:
        """Let the conversation go one turn further; asking again for the same message gives the same answers."""

    def intent(self, text: str) -> str | None:
        """What a text means, without a conversation."""

    def forget(self, conversation: str) -> None:
        """Erase a conversation."""

    def forget_before(self, moment: datetime) -> int:
        """Erase the conversations that nobody has continued since `moment`. Returns how many."""

    def ready(self) -> bool:
        """Whether it would answer now."""


class RasaEngine:
    """The engine behind bot/engine/door.py.

    Args:
        url: `http://127.0.0.1:5005`.
        secret: what its door asks for.
        patience: seconds to wait for an answer.
    """

    def __init__(self, url: str, secret: str, patience: float = 20) -> None:
        self._http = httpx.Client(base_url=f"{url}/webhooks/house", headers={"X-House-Secret": secret}, timeout=patience, trust_env=False)

    def turn(self, conversation: str, message_id: int, text: str, metadata: Mapping[str, Any]) -> Turn:
        """See :class:`Engine`."""
        body = {"conversation": conversation, "message_id": message_id, "text": text, "metadata": dict(metadata)}
        answer = self._ask("POST", "/messages", body)
        understood = {name: answer.get(name) for name in ("language", "danger", "also", "unspoken", "form")}
        return Turn(answer.get("replies") or [], (answer.get("intent") or {}).get("name"), **understood)

    def intent(self, text: str) -> str | None:
        """See :class:`Engine`."""
        return (self._ask("POST", "/parse", {"text": text}).get("intent") or {}).get("name")

    def forget(self, conversation: str) -> None:
        """See :class:`Engine`."""
        self._ask("DELETE", f"/conversations/{conversation}")

    def forget_before(self, moment: datetime) -> int:
        """See :class:`Engine`."""
        return int(self._ask("DELETE", f"/conversations?before={moment.timestamp()}").get("forgotten") or 0)

    def ready(self) -> bool:
        """See :class:`Engine`."""
        try:
            return self._http.get("/health", timeout=3).status_code == 200
        except httpx.HTTPError:
            return False

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        try:
            answer = self._http.request(method, path, json=body)
            answer.raise_for_status()
            return answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise EngineDown(type(error).__name__) from error
