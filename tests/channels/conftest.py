"""A conversation with somebody, over a real casework and an engine written by hand."""

import pytest

from bot.channels.conversation import Conversation
from casework import messages, tickets
from casework.clock import now
from casework.models import Message, Person, Ticket
from fake_engine import CONTENT, FakeEngine
from sqlalchemy import select, update


class Somebody:
    """A person who writes, and what they were told."""

    def __init__(self, conversation, person_id):
        self.conversation, self.database, self.id = conversation, conversation.database, person_id
        self.count = 0

    def sends(self, kind="text", key=None, **data):
        """Send a message without waiting for its answer; returns its id."""
        self.count += 1
        return self.conversation.receive(self.id, key or f"key {self.count}", kind, data)

    def writes(self, text, key=None):
        """Send a text; returns what is answered to it."""
        return self.hears(self.sends(text=text, key=key))

    def presses(self, payload):
        """Press a button by the short name it was shown with; returns what is answered."""
        return self.hears(self.sends("button", payload=payload))

    def hears(self, message_id):
        """Let everything be answered that waits; returns the texts that answer this message."""
        self.conversation.answer(self.id)
        with self.database.read() as session:
            found = session.scalars(select(Message).where(Message.person_id == self.id, Message.reply_to == message_id).order_by(Message.id))
            return [message.open(self.database.keyring)["text"] for message in found]

    def buttons(self):
        """The newest buttons, by their titles."""
        shown = [message for message in self.conversation.history(self.id) if message["buttons"]]
        return {button["title"]: button["payload"] for button in shown[-1]["buttons"]}

    def state(self, message_id):
        """The state of a message."""
        with self.database.read() as session:
            return session.get_one(Message, message_id).state

    def ticket(self, kind):
        """The open ticket of a kind: its reason, and the texts that belong to it; None if there is none."""
        with self.database.read() as session:
            ticket = tickets.find_open(session, self.id, kind)
            if ticket is None:
                return None
            found = session.scalars(select(Message).where(Message.ticket_id == ticket.id, Message.direction == "in").order_by(Message.id))
            return ticket.reason, [message.open(self.database.keyring).get("text", "") for message in found]

    def later(self):
        """Time passes, until everything that waits is due."""
        with self.database.write() as session:
            session.execute(update(Message).where(Message.person_id == self.id).values(not_before=now()))

    def is_offered(self, *payloads):
        """Buttons are written to the person, with a new answer."""
        with self.database.write() as session:
            person = session.get_one(Person, self.id)
            buttons = [{"title": payload.strip("/"), "payload": payload} for payload in payloads]
            messages.send(session, person, {"text": "?", "buttons": buttons}, reply_to=10**6 + self.count)


@pytest.fixture
def engine():
    """The engine written by hand."""
    return FakeEngine()


@pytest.fixture(scope="session")
def words():
    """The real content, in English for what the assistant says by itself."""
    return CONTENT


@pytest.fixture
def conversation(database, engine, words):
    """The one way in."""
    return Conversation(database, engine, words)


@pytest.fixture
def somebody(conversation):
    """A person of the web chat who writes English."""
    return Somebody(conversation, conversation.start("web", "a secret", "en", keep_address=False))


@pytest.fixture
def live(database, somebody, counsellor):
    """A live handover of somebody, accepted by a counsellor; its id."""
    with database.write() as session:
        ticket = tickets.open_ticket(session, session.get_one(Person, somebody.id), "handover")
        return tickets.accept(session, ticket.id, counsellor, "A counsellor is here.").id


@pytest.fixture
def history_of(database):
    """A function: what happened to the ticket of a kind."""

    def look(ticket_id):
        with database.read() as session:
            return [event.what for event in tickets.events(session, session.get_one(Ticket, ticket_id))]

    return look
