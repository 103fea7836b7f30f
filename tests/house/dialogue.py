"""Tests that read as dialogue:

    talk(house, "en").says("is it free").hears("ask_is_it_free").presses("ask_scam").hears("ask_scam")

What is heard is compared with the content, whole and in order; every word a test says is planted, and must never be
found in a log (test_discretion.py).
"""

import re
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Self

from sqlalchemy import select, update

from casework import drafts, requests
from casework.clock import now
from casework.models import Consent, Draft, IntakeRequest, Message, Person, Ticket

planted: set[str] = set()
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_MARK = re.compile("\x01([a-z_]+)\x02")


def plant(text: str) -> str:
    """Remember a text that no log may ever hold; shorter ones are found everywhere by chance."""
    if len(text) > 6:
        planted.add(text)
    return text


def until(what: str, holds: Callable[[], bool], patience: float = 90) -> None:
    """Wait until something holds, at most `patience` seconds."""
    end = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < end, f"not within {patience} s: {what}"
        time.sleep(0.1)


def talk(house: Any, language: str, person: str | None = None) -> "Talk":
    """A person begins to write, whose telephone speaks `language`."""
    return Talk(house, language, person or house.conversation.start("web", plant(uuid.uuid4().hex), language, keep_address=False))


class Talk:
    """One person's side of a conversation, and what is in the casework of it.

    Attributes:
        heard: the replies to the newest message, each `text` and `buttons`.
        told: values found in the replies by the last :meth:`hears`, such as `reference`.
    """

    def __init__(self, house: Any, language: str, person: str) -> None:
        self.house, self.language, self.person = house, language, person
        self.heard: list[dict[str, Any]] = []
        self.offered: list[dict[str, str]] = []
        self.told: dict[str, str] = {}
        self.message_id = 0

    # --- dialogue ---

    def says(self, text: str) -> Self:
        """Write a message and wait for the answers."""
        return self._sends("text", {"text": plant(text)})

    def asks(self, topic: str, words: int = 1) -> Self:
        """Write the first of the questions that belong to a topic, of so many words at least."""
        questions = self.house.content.topic(topic, self.language).questions
        return self.says(next(question for question in questions if len(question.split()) >= words))

    def presses(self, button: str) -> Self:
        """Press a button of the newest answers: its phrase, its topic, or its title."""
        return self._sends("button", {"payload": self.button(button)})

    def presses_again(self, payload: str) -> Self:
        """Press a button that was shown earlier, or forge one."""
        return self._sends("button", {"payload": payload})

    def sends_other(self) -> Self:
        """Send a picture, a voice message, anything that is no text."""
        return self._sends("other", {})

    def starts(self) -> Self:
        """What a chat opens with: the greeting."""
        return self._sends("command", {"payload": "/greet"})

    def hears(self, *names: str, **values: str) -> Self:
        """The answers are exactly these responses, in this order.

        Args:
            names: responses without their `utter_`.
            values: what stands for `{name}` in them; a value that is not given may be anything, and goes to `told`.
        """
        texts = [reply["text"] for reply in self.heard]
        assert len(texts) == len(names), f"{names} expected, heard: {texts}"
        for name, text in zip(names, texts):
            found = re.fullmatch(self._pattern(name, values), text, re.S)
            assert found, f"utter_{name} in {self.language} expected, heard: {texts}"
            self.told |= found.groupdict()
        return self

    def hears_in(self, language: str, *names: str, **values: str) -> Self:
        """The same, and from now on in another language."""
        self.language = language
        return self.hears(*names, **values)

    def offers(self, *buttons: str) -> Self:
        """The newest answers have these buttons, maybe among others."""
        for button in buttons:
            self.button(button)
        return self

    def button(self, name: str) -> str:
        """The payload of a button in the newest answers."""
        title = self._title(name)
        found = [button["payload"] for button in self.offered if button["title"] == title]
        assert found, f"no button {title!r} in {[button['title'] for button in self.offered]}"
        return found[0]

    # --- casework ---

    def ticket(self, kind: str) -> Ticket | None:
        """The one ticket of this kind, open or closed."""
        with self.house.database.read() as session:
            found = session.scalars(select(Ticket).where(Ticket.person_id == self.person, Ticket.kind == kind)).all()
            assert len(found) < 2, f"{len(found)} tickets of kind {kind}"
            return found[0] if found else None

    def request(self) -> tuple[str, dict[str, Any]] | None:
        """The newest request: its stage and its answers."""
        with self.house.database.read() as session:
            query = select(IntakeRequest).where(IntakeRequest.person_id == self.person)
            found = session.scalars(query.order_by(IntakeRequest.created_at.desc())).first()
            return (found.stage, found.open(self.house.database.keyring)) if found else None

    def draft(self, form: str = requests.FORM) -> dict[str, Any]:
        """The answers of an unfinished form."""
        with self.house.database.read() as session:
            return drafts.answers(session, self.person, form)

    def consents(self) -> list[str]:
        """What the person has agreed to and not taken back."""
        with self.house.database.read() as session:
            query = select(Consent.purpose).where(Consent.person_id == self.person, Consent.withdrawn_at.is_(None))
            return list(session.scalars(query.order_by(Consent.given_at)))

    def attached(self, kind: str) -> list[str]:
        """The person's own words on the ticket of this kind."""
        ticket = self.ticket(kind)
        with self.house.database.read() as session:
            mine = [message for message in requests.thread(session, ticket) if message.direction == "in"]
            return [message.open(self.house.database.keyring).get("text", "") for message in mine]

    def state(self) -> str:
        """Of the newest message: received, answering or answered."""
        with self.house.database.read() as session:
            return session.get_one(Message, self.message_id).state

    def known(self) -> bool:
        """Whether the casework still knows this person."""
        with self.house.database.read() as session:
            return session.get(Person, self.person) is not None

    # --- how ---

    def sends(self, kind: str, data: dict[str, str]) -> int:
        """Hand a message in as a channel does, and wait for nothing."""
        self.message_id = self.house.conversation.receive(self.person, uuid.uuid4().hex, kind, data)
        self.house.conversation.answer(self.person)
        return self.message_id

    def listens(self, wait: float = 30) -> Self:
        """Take the answers to the newest message."""
        answer = self.house.conversation.replies(self.person, reply_to=self.message_id, wait=wait)
        assert answer["answered"], "no answer in time"
        self.heard = answer["replies"]
        self.offered = [button for reply in self.heard for button in reply["buttons"]]
        return self

    def receives(self, *names: str, **values: str) -> Self:
        """What was written to the person since, without being asked for: exactly these responses."""
        found = self.house.conversation.replies(self.person, after=max([self.message_id, *(reply["id"] for reply in self.heard)]))
        self.heard = found["replies"]
        self.offered = [button for reply in self.heard for button in reply["buttons"]]
        return self.hears(*names, **values)

    def _sends(self, kind: str, data: dict[str, str]) -> Self:
        self.sends(kind, data)
        return self.listens()

    def _pattern(self, name: str, values: dict[str, str]) -> str:
        content = self.house.content
        phrases = content.languages["en"]["phrases"]
        marks = {found: f"\x01{found}\x02" for found in _PLACEHOLDER.findall(phrases.get(f"utter_{name}", ""))}
        text = re.escape(content.text(f"utter_{name}", self.language, **{**marks, **values}))
        return _MARK.sub(lambda found: f"(?P<{found[1]}>.+?)", text.replace("\\\x01", "\x01").replace("\\\x02", "\x02"))

    def pauses(self, days: float = 0) -> Self:
        """Be silent: long enough that the engine's session ends, or for days, after which the worker looks through the drafts."""
        self.house.forget_session(self.person)
        if days:
            with self.house.database.write() as session:
                session.execute(update(Draft).where(Draft.person_id == self.person).values(updated_at=now() - timedelta(days=days)))
                drafts.drop_old(session)
        return self

    def goes_alone(self) -> Self:
        """From the question for the adults to that for the contact: one adult, no child."""
        return self.hears("ask_intake_adults").presses("1").hears("ask_intake_children").presses("0").hears("ask_intake_contact")

    def speaks(self, language: str) -> Self:
        """From the question for the language to that for the time."""
        return self.hears("ask_intake_speech").presses(f"language_{language}").hears("ask_intake_when")

    def needs_nothing(self) -> Self:
        """From the question for the needs to that for a note."""
        return self.hears("ask_intake_needs").presses("button_needs_none").hears("ask_intake_note")

    def _title(self, name: str) -> str:
        content = self.house.content
        if name.startswith(("button_", "check_", "need_")) and name not in content.catalogue:
            return content.phrase(name, self.language)
        if name.startswith("language_"):
            return content.language_names()[name.removeprefix("language_")]
        return content.title(name, self.language) if name in content.catalogue else name
