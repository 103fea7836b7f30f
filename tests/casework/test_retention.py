"""How long things are kept, and that the end comes: on real stores, by kind."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from casework import accesses, messages, requests, retention, tickets
from casework.clock import now
from casework.models import Access, IntakeRequest, Invitation, Message, Person, Ticket
from casework.retention import Periods

PERIODS = Periods(messages=30, tickets=180, people=180, accesses=730, engine=30)


def count(database, table):
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table))


def retain(database, days=0):
    with database.write() as session:
        return retention.retain(session, PERIODS, now() + timedelta(days=days))


@pytest.fixture
def wrote(database, met):
    """Somebody who wrote, and was answered."""
    person_id = met()
    with database.write() as session:
        person = session.get_one(Person, person_id)
        message, _ = messages.receive(session, person, "1", "text", {"text": "hello"})
        messages.end_turn(message)
        messages.delivered(messages.send(session, person, {"text": "good day"}, reply_to=message.id))
    return person_id


def test_messages_end_after_their_days(database, wrote):
    assert retain(database, 29)["messages"] == 0 and count(database, Message) == 2
    assert retain(database, 31)["messages"] == 2 and count(database, Message) == 0


def test_what_is_under_way_never_ends(database, met):
    with database.write() as session:
        person = session.get_one(Person, met())
        messages.receive(session, person, "1", "text", {"text": "not answered yet"})
        messages.send(session, person, {"text": "not sent yet"})
    retain(database, 400)
    assert count(database, Message) == 2


def test_a_ticket_ends_with_its_messages_after_it_was_closed(database, met, counsellor):
    with database.write() as session:
        person = session.get_one(Person, met())
        request = requests.submit(session, person, {"name": "Karim"})
        ticket = session.scalar(select(Ticket).where(Ticket.request_id == request.id))
        tickets.claim(session, ticket.id, session.merge(counsellor))
        messages.delivered(tickets.reply(session, ticket.id, session.merge(counsellor), "Good morning"))
    retain(database, 1000)
    assert (count(database, Ticket), count(database, IntakeRequest), count(database, Message)) == (1, 1, 1)  # open: kept
    with database.write() as session:
        tickets.close(session, ticket.id, session.merge(counsellor))
    retain(database, 179)
    assert count(database, Ticket) == 1
    assert retain(database, 181)["tickets"] == 1
    assert (count(database, Ticket), count(database, IntakeRequest), count(database, Message)) == (0, 0, 0)


def test_who_never_came_back_is_marked_for_erasure(database, wrote):
    retain(database, 179)
    with database.read() as session:
        assert session.get_one(Person, wrote).erase_at is None
    assert retain(database, 181)["people"] == 1
    with database.read() as session:
        assert session.get_one(Person, wrote).erase_at is not None


def test_who_has_something_open_stays(database, met, opened):
    with database.write() as session:
        tickets.open_ticket(session, session.get_one(Person, met("web", "waits")), "handover")
    assert retain(database, 1000)["people"] == 0


def test_traces_of_looks_and_links_end_too(database, opened, counsellor):
    ticket_id = opened("request")
    with database.write() as session:
        accesses.note(session, session.get_one(Ticket, ticket_id), session.merge(counsellor))
        session.add(Invitation(token_hash="x", role="admin", expires_at=now()))
    assert retain(database, 29)["invitations"] == 0 and count(database, Access) == 1
    counts = retain(database, 731)
    assert counts["accesses"] == 1 and counts["invitations"] == 1


def test_loading_a_page_again_is_one_look(database, opened, counsellor, second_counsellor):
    ticket_id = opened("request")
    with database.write() as session:
        for staff in (counsellor, counsellor, second_counsellor):
            accesses.note(session, session.get_one(Ticket, ticket_id), session.merge(staff))
    with database.read() as session:
        assert [look.staff_id for look in accesses.of_ticket(session, ticket_id)] == [second_counsellor.id, counsellor.id]
    with database.write() as session:
        session.execute(update(Access).values(at=now() - timedelta(minutes=11)))
        accesses.note(session, session.get_one(Ticket, ticket_id), session.merge(counsellor))
    assert count(database, Access) == 3
