"""The web room under test: a real casework on SQLite, and fakes of everything else that record what they were asked."""

import re
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import uvicorn
from cryptography.fernet import Fernet
from starlette.testclient import TestClient

from bot.content.eligibility import read_precheck
from bot.content.programme import Programme
from casework import people, requests, staff, tickets
from casework.database import Database
from casework.messages import receive
from casework.models import Base, Person, Ticket
from casework.sealing import Keyring
from desk.app import create_app

PASSWORD = "a long password"
PRECHECK = read_precheck(Path(__file__).resolve().parents[2] / "bot/data/eligibility.yml")
LOOPBACK = ("127.0.0.1", 50000)


class FakeContent:
    """Says the name of each phrase, unless it was given words for a language."""

    def __init__(self, words=None):
        self.words = words or {}
        self.programme = Programme({})
        self.precheck = PRECHECK

    def phrase(self, name, language, **values):
        return self.words.get(language, {}).get(name, name)

    def buttons(self, name, language, ranking=()):
        return [{"title": f"button of {name}", "payload": "/end_handover"}]

    def language_names(self):
        return {"en": "English", "ar": "العربية", "sq": "Shqip"}

    def direction(self, language):
        return "rtl" if language == "ar" else "ltr"


class FakeConversation:
    """Answers each message with an echo, and remembers every call."""

    def __init__(self):
        self.calls, self.people, self.languages = [], {}, {}
        self.messages = []  # (person_id, source_key, line)
        self.breaks = False
        self.buttons = [{"title": "Yes", "payload": "b1.0"}]

    def start(self, channel, address, language, keep_address):
        self.calls.append(("start", channel, language, keep_address))
        person_id = self.people[(channel, address)] = f"person {len(self.people)}"
        self.languages[person_id] = language or "en"
        return person_id

    def find(self, channel, address):
        return self.people.get((channel, address))

    def receive(self, person_id, source_key, kind, data, language=None):
        self.calls.append(("receive", source_key, kind, data, language))
        self.languages[person_id] = language or self.languages[person_id]
        for owner, key, line in self.messages:
            if (owner, key) == (person_id, source_key):
                return line["id"]
        return self._add(person_id, source_key, data.get("text") or data["payload"], "person")

    def answer(self, person_id):
        self.calls.append(("answer", person_id))
        if self.breaks:
            raise RuntimeError("secret words of a person")
        owner, key, line = [entry for entry in self.messages if entry[0] == person_id and entry[2]["mine"]][-1]
        if not any(other[2].get("reply_to") == line["id"] for other in self.messages):
            self._add(person_id, None, f"Echo: {line['text']}", "assistant", self.buttons, line["id"])

    def replies(self, person_id, after=0, reply_to=None, wait=0):
        self.calls.append(("replies", after, reply_to, wait))
        lines = [line for owner, _, line in self.messages if owner == person_id and not line["mine"] and line["id"] > after]
        found = [line for line in lines if reply_to in (None, line["reply_to"])]
        return {"replies": found, "language": self.languages[person_id], "answered": True}

    def history(self, person_id):
        return [line for owner, _, line in self.messages if owner == person_id]

    def counsellor_writes(self, person_id, text):
        self._add(person_id, None, text, "0123456789abcdef" * 2)

    def _add(self, person_id, key, text, author, buttons=(), reply_to=None):
        number = len(self.messages) + 1
        line = {"id": number, "text": text, "buttons": list(buttons), "author": author, "mine": author == "person", "reply_to": reply_to}
        self.messages.append((person_id, key, line))
        return number


class Desk:
    """A browser at the desk: follows links, fills the forms it was shown."""

    def __init__(self, app):
        self.client = TestClient(app, client=LOOPBACK)

    def get(self, address, **more):
        return self.client.get(address, **more)

    def post(self, address, page, **fields):
        """Press a button on `page`: its tokens go with the fields."""
        text = self.client.get(page).text
        tokens = dict(re.findall(r'<input type="hidden" name="(\w+)"[^>]* value="([^"]*)"', text))
        return self.client.post(address, data={**tokens, **fields}, follow_redirects=False)

    def sign_in(self, name, password=PASSWORD):
        return self.post("/desk/sign-in", "/desk/sign-in", name=name, password=password)

    def step(self, ticket_id, name, **fields):
        return self.post(f"/desk/tickets/{ticket_id}/{name}", f"/desk/tickets/{ticket_id}", **fields)

    def ticket(self, ticket_id):
        return self.get(f"/desk/tickets/{ticket_id}")


class Casework:
    """Puts things into the casework, and looks at them."""

    def __init__(self, database):
        self.database = database
        self.count = 0

    def staff(self, name, role="counsellor"):
        with self.database.write() as session:
            return staff.add_staff(session, name, role, PASSWORD).id

    def invitation(self, role="counsellor"):
        with self.database.write() as session:
            return staff.invite(session, role)

    def ticket(self, kind, text="hello", reason="", language="en"):
        """A person who wrote `text`, and the ticket it led to."""
        self.count += 1
        with self.database.write() as session:
            person = people.meet(session, "web", f"address {self.count}", keep_address=False)
            people.speak(person, language, "chosen")
            message, _ = receive(session, person, "1", "text", {"text": text})
            alert = kind == "alert"
            ticket = tickets.raise_alert(session, person, reason, message) if alert else tickets.open_ticket(session, person, kind)
            message.ticket_id = ticket.id
            return ticket.id

    def request(self, **answers):
        self.count += 1
        with self.database.write() as session:
            person = people.meet(session, "web", f"address {self.count}", keep_address=False)
            people.speak(person, "ar", "chosen")
            request = requests.submit(session, person, answers)
            return tickets.find_open(session, person.id, "request").id, request.reference

    def contact(self, ticket_id, agreed):
        with self.database.write() as session:
            tickets.answer_contact(session, session.get(Person, session.get(Ticket, ticket_id).person_id), agreed)

    def person_ends(self, ticket_id):
        with self.database.write() as session:
            tickets.end_by_person(session, session.get(Person, session.get(Ticket, ticket_id).person_id))

    def outbox(self, ticket_id):
        """(author, state, text) of what went out on the ticket."""
        with self.database.read() as session:
            found = [m for m in requests.thread(session, session.get(Ticket, ticket_id)) if m.direction == "out"]
            return [(m.author, m.state, m.open(self.database.keyring)["text"]) for m in found]

    def state(self, ticket_id):
        with self.database.read() as session:
            ticket = session.get(Ticket, ticket_id)
            return ticket.state, ticket.owner_id


@pytest.fixture
def database(tmp_path):
    keyring = Keyring({"k1": Fernet.generate_key().decode()}, b"an index key of the tests")
    database = Database(f"sqlite:///{tmp_path}/casework.sqlite", keyring)
    Base.metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture
def settings():
    return SimpleNamespace(session_secret="a secret of the tests", secure_cookies=False, show_drafts=True)


@pytest.fixture
def content():
    return FakeContent()


@pytest.fixture
def conversation():
    return FakeConversation()


@pytest.fixture
def app(settings, database, content, conversation):
    return create_app(settings, database, content, conversation)


@pytest.fixture
def casework(database):
    return Casework(database)


@pytest.fixture
def browser_at(app):
    """A new browser that nobody has signed in with."""
    return lambda: Desk(app)


@pytest.fixture
def signed_in(app, casework):
    """A function: the browser of a new member of staff, who has signed in."""

    def sign_in(name="Ana", role="counsellor"):
        casework.staff(name, role)
        desk = Desk(app)
        assert desk.sign_in(name).status_code == 303
        return desk

    return sign_in


@pytest.fixture
def serve():
    """A function: runs an application on a free port of this machine, and gives its address."""
    servers = []

    def start(app):
        server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        servers.append((server, thread))
        until = time.monotonic() + 20
        while not server.started and time.monotonic() < until:
            time.sleep(0.02)
        return f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"

    yield start
    for server, thread in servers:
        server.should_exit = True
        thread.join(10)
