"""The engine's one door. Every route of the server, ours and Rasa's own, wants the secret in a header: 401 without it."""

import hmac
import logging
import os
import traceback
from functools import lru_cache
from typing import Any, Awaitable, Callable, Dict, List, Optional, Text

import structlog
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.content.languages import language_of

HEADER = "X-House-Secret"
logger = logging.getLogger(__name__)


class Door(InputChannel):
    """`/webhooks/house`: messages in and answers out, understanding alone, forgetting, health."""

    def __init__(self) -> None:
        self._secret = os.environ.get("ENGINE_SECRET", "")
        if len(self._secret) < 16:
            raise RuntimeError("setting ENGINE_SECRET is missing or too short")
        _keep_words_out_of_logs()
        _check_action_answers_quickly()
        _know_events_by_name()

    @classmethod
    def name(cls) -> Text:
        """The path below /webhooks."""
        return "house"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[Text, Any]]) -> "Door":
        """Called by Rasa."""
        return cls()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes. Called by Rasa."""
        house = Blueprint("house")

        @house.listener("before_server_start")
        async def lock_all_doors(app: Sanic, _: Any) -> None:
            app.register_middleware(self._check, "request")

        @house.get("/health")
        async def health(request: Request) -> HTTPResponse:
            agent = request.app.ctx.agent
            ready = bool(agent and agent.is_ready())
            return response.json({"ready": ready, "model": agent.model_id if ready else None}, 200 if ready else 503)

        @house.post("/messages")
        async def messages(request: Request) -> HTTPResponse:
            return response.json(await _turn(request.app.ctx.agent, request.json))

        @house.post("/parse")
        async def parse(request: Request) -> HTTPResponse:
            parsed = await request.app.ctx.agent.parse_message(request.json["text"])
            return response.json(_understood(parsed))

        @house.delete("/conversations")
        async def forget_old(request: Request) -> HTTPResponse:
            before = float(request.args.get("before"))
            return response.json({"forgotten": _own_store(request.app.ctx.agent.tracker_store).forget_before(before)})

        @house.delete("/conversations/<conversation_id>")
        async def forget(request: Request, conversation_id: str) -> HTTPResponse:
            agent = request.app.ctx.agent
            async with agent.lock_store.lock(conversation_id):
                _own_store(agent.tracker_store).forget(conversation_id)
            return response.json({"forgotten": True})

        return house

    async def _check(self, request: Request) -> Optional[HTTPResponse]:
        given = request.headers.get(HEADER, "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            return response.json({"error": "unauthorized"}, 401)
        return None


async def _turn(agent: Any, body: Dict[Text, Any]) -> Dict[Text, Any]:
    """One turn of a conversation. A message that was answered before gets the same answers, and changes nothing.

    Args:
        body: `conversation`, `message_id`, `text`, `metadata` (`language`, `language_from`, `chat_link`).

    Returns:
        `replies` (each `name`, `text`, `buttons`), `intent` (`name`, `confidence`), `language` (to answer in), `unspoken`
        (whether the message's own language is none of ours), `danger` (the risk_* topic, where it is in doubt), `also` (the
        second topic of a message with two questions) and `form` (the guided form that is under way).
    """
    conversation, message_id = body["conversation"], str(body["message_id"])
    # Looking and answering under one lock: a message sent again while its first turn is slow waits for that turn's answers.
    async with agent.lock_store.lock(conversation):
        tracker = await agent.tracker_store.retrieve(conversation)
        if tracker is None or not _answered(tracker, message_id):
            out, metadata = CollectingOutputChannel(), body.get("metadata") or {}
            message = UserMessage(body["text"], out, conversation, input_channel="house", message_id=message_id, metadata=metadata)
            await agent.processor.handle_message(message)
            tracker = await agent.tracker_store.retrieve(conversation)
    if tracker is None or not _answered(tracker, message_id):
        return {"replies": [], "intent": None, "language": None}
    message = tracker.latest_message
    parsed = message.parse_data or {}
    replies = [_reply(event) for event in _since(tracker) if event.type_name == "bot"]
    return {
        "replies": replies,
        "intent": _intent(parsed.get("intent")),
        "language": language_of(message.metadata or {}, parsed),
        "unspoken": (parsed.get("language") or {}).get("unspoken"),
        "danger": parsed.get("danger"),
        "also": parsed.get("also"),
        "form": tracker.active_loop_name,
    }


def _answered(tracker: DialogueStateTracker, message_id: str) -> bool:
    return tracker.latest_message is not None and tracker.latest_message.message_id == message_id


def _since(tracker: DialogueStateTracker) -> List[Any]:
    """The events of the newest turn."""
    events = list(tracker.events)
    start = max(place for place, event in enumerate(events) if event.type_name == "user")
    return events[start:]


def _reply(event: Any) -> Dict[Text, Any]:
    name = (event.metadata or {}).get("utter_action")
    return {"name": name, "text": event.text or "", "buttons": (event.data or {}).get("buttons") or []}


def _understood(parsed: Dict[Text, Any]) -> Dict[Text, Any]:
    ranking = [_intent(entry) for entry in parsed.get("intent_ranking") or []]
    return {"intent": _intent(parsed.get("intent")), "ranking": ranking, "language": parsed.get("language")}


def _intent(entry: Optional[Dict[Text, Any]]) -> Optional[Dict[Text, Any]]:
    return {"name": entry.get("name"), "confidence": float(entry.get("confidence") or 0)} if entry else None


def _own_store(store: Any) -> Any:
    """Our tracker store inside the wrappers Rasa puts around it."""
    while not hasattr(store, "forget"):
        store = store._tracker_store
    return store


class _Discreet(logging.Formatter):
    """Tells an exception's type and place, never its message: that may hold a whole conversation."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is logging's
        frame = traceback.extract_tb(ei[2])[-1] if ei[2] else None
        return f"{ei[0].__name__} at {frame.filename}:{frame.lineno}" if frame else ei[0].__name__


def _keep_words_out_of_logs() -> None:
    """Rasa writes message texts into some of its log lines; they must never get there."""
    safe = {"event", "level", "logger", "timestamp", "log_level"}

    def only_the_event(_: Any, __: str, entry: Dict[Text, Any]) -> Dict[Text, Any]:
        return {key: value for key, value in entry.items() if key in safe}

    processors = structlog.get_config()["processors"]
    structlog.configure(processors=[only_the_event, *processors], cache_logger_on_first_use=False)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(_Discreet("%(asctime)s %(levelname)s %(name)s %(message)s"))


def _check_action_answers_quickly() -> None:
    """An action's answer is checked against Rasa's description of it; the description itself need not be checked each time.

    That took 50 ms of every turn with an action, half of what the engine did.
    """
    description = RemoteAction.action_response_format_spec()
    check = validator_for(description)(description).validate

    def validate(self: RemoteAction, result: Dict[Text, Any]) -> bool:
        check(result)
        return True

    RemoteAction._validate_action_result = validate


def _know_events_by_name() -> None:
    """Rasa looks through all kinds of events for each event it reads, and a turn reads the conversation three times."""
    Event.resolve_by_type = staticmethod(lru_cache(maxsize=None)(Event.resolve_by_type))
