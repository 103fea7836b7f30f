"""Tickets to work on."""

import pytest

from casework import messages, tickets
from casework.models import Person, Ticket


@pytest.fixture
def opened(database, met):
    """A function: the id of a ticket of a kind, opened now for a new person."""
    count = iter(range(1000))

    def open_one(kind, reason=""):
        person_id = met(address=f"chat {next(count)}")
        with database.write() as session:
            person = session.get_one(Person, person_id)
            message, _ = messages.receive(session, person, "1", "text", {"text": "help"})
            if kind == "alert":
                return tickets.raise_alert(session, person, reason or "risk_violence", message).id
            return tickets.open_ticket(session, person, kind).id

    return open_one


@pytest.fixture
def step(database):
    """A function: one transition of a ticket, in a transaction of its own; returns its new state."""

    def take(transition, ticket_id, staff, *details):
        with database.write() as session:
            transition(session, ticket_id, staff, *details)
            session.flush()
            return session.get_one(Ticket, ticket_id).state

    return take


@pytest.fixture
def state_of(database):
    """A function: a ticket's state and owner."""

    def look(ticket_id):
        with database.read() as session:
            ticket = session.get_one(Ticket, ticket_id)
            return ticket.state, ticket.owner_id

    return look


@pytest.fixture
def told(database):
    """A function: what was written to the person on a ticket, as (author, text)."""
    from casework.requests import thread

    def look(ticket_id):
        with database.read() as session:
            found = thread(session, session.get_one(Ticket, ticket_id))
            return [(message.author, message.open(database.keyring)["text"]) for message in found if message.direction == "out"]

    return look
