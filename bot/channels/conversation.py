"""The one way in: whatever a person sends on any channel goes through here.

A message is stored and committed first (:meth:`Conversation.receive`), then answered (:meth:`Conversation.answer`), one
turn of a person at a time and in order. The answers go to the outbox in the same transaction that ends the turn. If
this process dies in between, another one finds the message still unanswered and goes on.
"""

import logging
import re
import time
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from bot.channels import files
from bot.channels.besides import CHECK, phrase, with_besides
from bot.channels.engine import Engine, EngineDown, Turn, is_risk
from bot.content import Content
from casework import doubts, drafts, messages, people, tickets
from casework.database import LOCKED, Database
from casework.models import Message, Person

logger = logging.getLogger(__name__)

READ_AT_MOST = 4096  # characters the assistant reads at once; Telegram sends no more in one message
ENGINE_BACK_IN = timedelta(seconds=5)
TIMELESS = re.compile(
    r"/(ask_|talk_to_human|choose_language|help|request_|see_my_data|send_my_data|check_eligibility|end_handover|report_abuse|withdraw_consent|tell_opinion)"
)
# What follows a counsellor's message reaches the ticket; of these the assistant says no more than that.
NO_MORE_THAN_THAT = {
    "utter_did_you_mean", "utter_did_you_mean_again", "utter_yes_to_what", "utter_no_to_what", "utter_thank", "utter_goodbye", "utter_greet",
}  # fmt: skip
WHILE_LIVE = (
    "/end_handover", "/choose_language", "/see_my_data", "/send_my_data", "/withdraw_consent", "/delete_my_data", "/report_abuse", "/affirm", "/deny",
)  # fmt: skip
_BUTTON = re.compile(r"b(\d{1,15})\.(\d{1,2})\Z", re.ASCII)
_WORD = re.compile(r"\w")
PIECE, OVERLAP = 500, 100  # characters; pieces overlap, so that no sentence of danger is cut in two


class OwnAnswer(str):
    """The name of an answer that needs no words. Its type tells it from what a person typed, whatever they typed."""

    @property
    def payload(self) -> str:
        """What the engine is told, so that a form which is under way asks its question again."""
        return '/no_answer{"choice": "%s"}' % self.removeprefix("utter_")


class Conversation:
    """Receives, answers and shows messages.

    Args:
        database: the casework.
        engine: understands and decides the next step.
        content: the sentences said when the engine cannot.
        links: where others find the same chat, by channel; told to who asks for somebody else.
    """

    def __init__(self, database: Database, engine: Engine, content: Content, links: Mapping[str, str] = MappingProxyType({})) -> None:
        self.database, self.engine, self.content, self.links = database, engine, content, dict(links)

    # --- who writes ---

    def start(self, channel: str, address: str, language: str | None = None, keep_address: bool = True, chosen: bool = False) -> str:
        """The id of the person at `address`, met now if never before.

        Args:
            language: what the channel knows of their language, or what they chose there.
            keep_address: False where the address is a secret that is only compared.
        """
        with self.database.write() as session:
            person = people.meet(session, channel, address, keep_address=keep_address)
            if language in self.content.languages:
                people.speak(person, language, "chosen" if chosen else "channel")
            return person.id

    def find(self, channel: str, address: str) -> str | None:
        """The id of the person at `address`, if we met."""
        with self.database.read() as session:
            person = people.find(session, channel, address)
            return person.id if person else None

    # --- in ---

    def receive(self, person_id: str, source_key: str, kind: str, data: Mapping[str, Any], language: str | None = None) -> int:
        """Store a message; when this returns it is committed and may be acknowledged.

        Args:
            source_key: the channel's own id of the message; a repeated one is recognised.
            kind: `text`, `button`, `command` or `other`.
            data: `{"text": ...}`, `{"payload": ...}`, or nothing for what we cannot read.
            language: the person's own choice made on the page.
        """
        with self.database.write() as session:
            person = session.get_one(Person, person_id)
            people.seen(person)
            if language in self.content.languages:
                people.speak(person, language, "chosen")
            if kind == "button":
                offer = _offer(session, person_id, data.get("payload", ""))
                data = {**data, "title": offer[0]["title"] if offer else ""}
            message, _ = messages.receive(session, person, source_key, kind, data)
            return message.id

    def answer(self, person_id: str) -> None:
        """Answer what the person sent and nobody has answered yet, oldest first."""
        while True:
            with self.database.write() as session:
                message = messages.take_turn(session, person_id)
                if message is None:
                    return
                message_id = message.id
            self._take(person_id, message_id)

    # --- out ---

    def replies(self, person_id: str, after: int = 0, reply_to: int | None = None, wait: float = 0) -> dict[str, Any]:
        """What was written to a person who comes and gets it.

        Args:
            after: only what is newer than this message.
            reply_to: only what answers this message.
            wait: seconds to wait until that message has been answered.

        Returns:
            `replies` (each `id`, `text`, `buttons`, `author`), `language`, and `answered`.
        """
        until = time.monotonic() + wait
        while True:
            with self.database.write() as session:
                asked = session.get(Message, reply_to) if reply_to else None
                answered = asked is None or asked.state == "answered"
                if answered or time.monotonic() >= until:
                    person = session.get_one(Person, person_id)
                    shown = [self.shown(session, message) for message in messages.fetch(session, person_id, after, reply_to)]
                    return {"replies": shown, "language": person.language or "en", "answered": answered}
            time.sleep(0.1)

    def history(self, person_id: str) -> list[dict[str, Any]]:
        """The last messages of both sides, for a page that is opened again."""
        with self.database.read() as session:
            return [self.shown(session, message) for message in messages.history(session, person_id)]

    def shown(self, session: Session, message: Message) -> dict[str, Any]:
        """A message as a channel shows it: `id`, `text`, `buttons`, `author`, `mine`, and the name of its `file`, if any.

        A button's payload names the button, and only its own person can use it.
        """
        data = message.open(session.info["keyring"])
        buttons = [{"title": b["title"], "payload": f"b{message.id}.{place}"} for place, b in enumerate(data.get("buttons", []))]
        text = data.get("text") or data.get("title", "")
        author = message.author if message.author in ("person", "assistant") else "counsellor"
        return {"id": message.id, "text": text, "buttons": buttons, "author": author, "mine": message.direction == "in", "file": data.get("file")}

    def file(self, person_id: str, message_id: int) -> tuple[str, bytes] | None:
        """The file of a message that was sent to this person: its name and its bytes; None if there is none."""
        with self.database.read() as session:
            message = messages.sent_to(session, person_id, message_id)
            data = message.open(session.info["keyring"]) if message else {}
            return files.made(session, session.get_one(Person, person_id), self.content) if data.get("file") == files.MY_DATA else None

    def leave(self, person_id: str) -> None:
        """The person leaves the page: the answers of the pre-check go."""
        with self.database.write() as session:
            drafts.drop(session, person_id, CHECK)

    # --- one turn ---

    def _take(self, person_id: str, message_id: int) -> None:
        try:
            with self.database.read() as session:
                person, message = session.get_one(Person, person_id), session.get_one(Message, message_id)
                data = message.open(session.info["keyring"])
                live = tickets.live_handover(session, person_id) is not None
                said = self._said(session, person, message, data)
            if live and not said.startswith(WHILE_LIVE):
                self._take_live(person_id, message_id, data, said)
            else:
                self._take_turn(person, message_id, said)
        except EngineDown as error:
            logger.warning("engine down (%s), message %s waits", error, message_id)
            self._wait_for_engine(person_id, message_id)
        except Exception as error:  # noqa: BLE001 - nobody is left without an answer, whatever broke
            logger.error("turn of message %s failed: %s", message_id, type(error).__name__)
            self._finish(person_id, message_id, [self._phrase("utter_something_wrong", person_id)])

    def _said(self, session: Session, person: Person, message: Message, data: Mapping[str, Any]) -> str:
        """What goes to the engine: a payload this person was offered, harmless text, or the name of our own answer."""
        if message.kind == "other":
            return OwnAnswer("utter_only_text")
        if message.kind == "command":
            return data["payload"]
        if message.kind == "button":
            return self._pressed(session, person, data.get("payload", ""))
        text = plain(data.get("text", ""))
        if not text:
            return OwnAnswer("utter_empty")
        return text if _WORD.search(text) else OwnAnswer("utter_no_words")

    def _pressed(self, session: Session, person: Person, payload: str) -> str:
        offer = _offer(session, person.id, payload)
        if offer is None:
            return OwnAnswer("utter_stale_button")
        real, newest = offer[0]["payload"], offer[1]
        return real if newest or TIMELESS.match(real) else OwnAnswer("utter_stale_button")

    def _take_turn(self, person: Person, message_id: int, said: str) -> None:
        if isinstance(said, OwnAnswer):
            return self._take_wordless(person, message_id, said)
        if said == "/end_handover":
            return self._end_handover(person.id, message_id)
        if len(said) > READ_AT_MOST:
            return self._take_long(person.id, message_id, said)
        turn = self._turn(person, message_id, said)
        if danger := turn.signalled:  # before anything else can go wrong
            self._alert(person.id, message_id, danger)
        self._finish(person.id, message_id, self._safe(turn, person), turn)

    def _turn(self, person: Person, message_id: int, said: str) -> Turn:
        known = {"language": person.language, "language_from": person.language_from, "chat_link": self.links.get(person.channel, "")}
        return self.engine.turn(person.id, message_id, said, known)

    def _take_wordless(self, person: Person, message_id: int, said: OwnAnswer) -> None:
        """A picture, an old button, nothing: the engine hears of it for the sake of a form, and is not needed for the answer."""
        try:
            turn = self._turn(person, message_id, said.payload)
        except EngineDown:
            return self._finish(person.id, message_id, [self._phrase(said, person.id)])
        self._finish(person.id, message_id, self._safe(turn, person), turn)

    def _alert(self, person_id: str, message_id: int, intent: str) -> None:
        with self.database.write() as session:
            person, message = session.get_one(Person, person_id, with_for_update=LOCKED), session.get_one(Message, message_id)
            if message.state != "answered":
                tickets.raise_alert(session, person, intent, message)
                doubts.settle(session, person_id)
                if intent == tickets.CHILD:  # of a child alone no answers are kept
                    drafts.drop_all(session, person_id)

    def _take_long(self, person_id: str, message_id: int, text: str) -> None:
        """A message too long to answer is still searched for danger, piece by piece."""
        risk = self._danger(text)
        said = [self._answer(risk, person_id)] if risk else []
        if risk:
            self._alert(person_id, message_id, risk)
        self._finish(person_id, message_id, [*said, self._phrase("utter_too_long", person_id)], Turn(intent=risk))

    def _danger(self, text: str) -> str | None:
        starts = range(0, max(1, min(len(text), 20_000) - OVERLAP), PIECE - OVERLAP)
        pieces = (plain(text[start : start + PIECE]) for start in starts)
        return next((intent for intent in map(self.engine.intent, filter(None, pieces)) if is_risk(intent)), None)

    def _take_live(self, person_id: str, message_id: int, data: Mapping[str, Any], said: str) -> None:
        """In a live handover the text goes to the counsellor, engine or no engine; danger is noticed all the same."""
        risk = None
        if not isinstance(said, OwnAnswer) and not said.startswith("/"):
            try:
                risk = self._danger(said)
            except EngineDown:
                logger.warning("engine down, message %s of a live handover was not searched for danger", message_id)
        if risk:
            self._alert(person_id, message_id, risk)
        answers = [self._answer(risk, person_id)] if risk else []
        if isinstance(said, OwnAnswer) and said == "utter_only_text":
            answers.append(self._phrase("utter_live_other", person_id))
        self._finish(person_id, message_id, answers, Turn(intent=risk), live=True)

    def _end_handover(self, person_id: str, message_id: int) -> None:
        with self.database.write() as session:
            ended = tickets.end_by_person(session, session.get_one(Person, person_id))
        name = "utter_handover_ended" if ended else "utter_stale_button"
        self._finish(person_id, message_id, [self._phrase(name, person_id)])

    def _safe(self, turn: Turn, person: Person) -> list[dict[str, Any]]:
        """The engine's replies, never without a word, never without the safe answer to danger, with both of two answers."""
        replies = [reply for reply in turn.replies if reply.get("text")]
        language = None if person.language_from == "chosen" else turn.language
        if is_risk(turn.intent) and not any(is_risk((reply.get("name") or "")[len("utter_") :]) for reply in replies):
            replies.insert(0, self._answer(turn.intent, person.id, language))
        if turn.also and [reply.get("name") for reply in replies] == [f"utter_{turn.intent}"]:  # a question in a form waits
            replies.append(self._answer(turn.also, person.id, language))
        return replies or [self._phrase("utter_nothing_said", person.id)]

    def _finish(
        self, person_id: str, message_id: int, replies: list[dict[str, Any]], turn: Turn | None = None, live: bool = False
    ) -> None:
        """End the turn: language, ticket and answers in one transaction."""
        with self.database.write() as session:
            person = session.get_one(Person, person_id, with_for_update=LOCKED)
            message = session.get_one(Message, message_id)
            if message.state == "answered":  # another process was given this turn after our lease had run out
                return
            if turn and turn.language in self.content.languages:
                people.speak(person, turn.language, "written")
            if live:
                handover = tickets.live_handover(session, person_id)
                if handover is None:  # it has just ended, so the message is the assistant's
                    return messages.postpone_turn(message, timedelta())
                message.ticket_id = handover.id
            elif self._is_for_the_counsellor(message, turn, replies) and (asked := messages.answers_counsellor(session, message)):
                message.ticket_id = message.ticket_id or asked
                if {reply.get("name") for reply in replies} <= NO_MORE_THAN_THAT:
                    replies = [self._phrase("utter_passed_on", person_id, person.language)]
            self._doubt(session, person, message, turn, replies)
            for reply in with_besides(session, person, self.content, turn, replies, live):
                messages.send(session, person, _with_file(reply), reply_to=message_id)
            messages.end_turn(message)

    def _is_for_the_counsellor(self, message: Message, turn: Turn | None, replies: list[dict[str, Any]]) -> bool:
        """Whether what was written after a counsellor's message may be meant for them: no form, no danger, no button."""
        named = {reply.get("name") or "" for reply in replies}
        return message.kind == "text" and turn is not None and not (turn.form or turn.danger or turn.signalled or "utter_danger_denied" in named)

    def _doubt(self, session: Session, person: Person, message: Message, turn: Turn | None, replies: list[dict[str, Any]]) -> None:
        """Remember that danger was asked about, or forget it once the person said no."""
        said = {reply.get("name") for reply in replies}
        if "utter_ask_danger" in said and turn and turn.danger:
            doubts.ask(session, person, turn.danger, message)
        if "utter_danger_denied" in said:
            doubts.settle(session, person.id)

    def _wait_for_engine(self, person_id: str, message_id: int) -> None:
        """Keep the message for later; the person is told so once."""
        reply = self._phrase("utter_engine_down", person_id)
        with self.database.write() as session:
            person = session.get_one(Person, person_id, with_for_update=LOCKED)
            message = session.get_one(Message, message_id)
            if message.state == "answered":  # another process could, after our lease had run out
                return
            if message.attempts == 1:
                messages.send(session, person, reply, reply_to=message_id)
            messages.postpone_turn(message, ENGINE_BACK_IN)

    def _phrase(self, name: str, person_id: str, language: str | None = None) -> dict[str, Any]:
        return phrase(self.content, name, language or self._language(person_id))

    def _answer(self, intent: str, person_id: str, language: str | None = None) -> dict[str, Any]:
        language, name = language or self._language(person_id), f"utter_{intent}"
        return {"name": name, "text": self.content.text(name, language), "buttons": self.content.buttons(name, language)}

    def _language(self, person_id: str) -> str:
        with self.database.read() as session:
            return session.get_one(Person, person_id).language or "en"


def _offer(session: Session, person_id: str, payload: str) -> tuple[dict[str, str], bool] | None:
    """The button behind a short name like `b12.0`, if this person was shown it; see messages.offered."""
    found = _BUTTON.match(payload)
    return messages.offered(session, person_id, int(found[1]), int(found[2])) if found else None


def _with_file(reply: dict[str, Any]) -> dict[str, Any]:
    """A reply that announces a file carries it: only its name, the file itself is made when it is sent."""
    return {**reply, "file": files.MY_DATA} if reply.get("name") == "utter_my_data_file" else reply


def plain(text: str) -> str:
    """What a person typed, as nothing but text: no command and no payload, whatever it looks like."""
    text = text.replace("\x00", "").strip()
    while text.startswith(("/", "EXTERNAL:")):
        text = text.removeprefix("EXTERNAL:").lstrip("/").strip()
    return text
