"""What follows a request: stages, the appointment and its reminder, waiting too long, and whether it helped."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

import bot.content
from casework import figures, requests, tickets
from casework.clock import now
from casework.errors import NotAllowed
from casework.models import Message, Opinion, Person, Ticket
from worker import follow_up

CONTENT = bot.content.load()


@pytest.fixture
def asked(database, met, counsellor):
    """A request that the counsellor has claimed: ids of its person, ticket and request."""
    person_id = met()
    with database.write() as session:
        request = requests.submit(session, session.get_one(Person, person_id), {"name": "Karim"})
        ticket = session.scalar(select(Ticket).where(Ticket.request_id == request.id))
        tickets.claim(session, ticket.id, session.merge(counsellor))
        return SimpleNamespace(person=person_id, ticket=ticket.id, request=request.id)


@pytest.fixture
def told(database):
    """A function: the texts in a person's outbox."""

    def look(person_id):
        with database.read() as session:
            found = session.scalars(select(Message).where(Message.person_id == person_id, Message.direction == "out").order_by(Message.id))
            return [message.open(database.keyring)["text"] for message in found]

    return look


def appointment(database, asked, staff, at, remind_at, place="Room 3"):
    with database.write() as session:
        requests.set_appointment(session, asked.ticket, session.merge(staff), at, place, remind_at, "told")


def reminded(database, at=None):
    with database.write() as session:
        return follow_up.remind(session, CONTENT, at)


def test_each_stage_is_told(database, asked, counsellor, told):
    for stage in [*requests.STAGES[1:], requests.STAGES[-1]]:  # the last one is pressed twice
        with database.write() as session:
            assert requests.set_stage(session, asked.ticket, session.merge(counsellor), stage, f"now {stage}").stage == stage
    assert told(asked.person) == [f"now {stage}" for stage in requests.STAGES[1:]]


def test_who_did_not_agree_to_contact_is_told_nothing_first(database, asked, counsellor, told):
    with database.write() as session:
        tickets.raise_alert(session, session.get_one(Person, asked.person), "risk_violence")
        requests.set_stage(session, asked.ticket, session.merge(counsellor), "travel", "told")
    at = now() + timedelta(days=3)
    appointment(database, asked, counsellor, at, at - timedelta(days=1))
    reminded(database, at - timedelta(hours=20)), late(database, now() + timedelta(days=5))
    with pytest.raises(NotAllowed), database.write() as session:
        tickets.reply(session, asked.ticket, session.merge(counsellor), "Good morning")
    closes(database, asked, counsellor)
    assert [text for text in told(asked.person) if text != "closed"] == []
    with database.write() as session:
        person = session.get_one(Person, asked.person)
        tickets.answer_contact(session, person, True)
        assert tickets.may_be_told(session, asked.person)


@pytest.mark.parametrize("stage", ["closed", "withdrawn", "", "<b>", "assigned"])
def test_no_other_stage_can_be_set(database, asked, counsellor, stage):
    with pytest.raises(NotAllowed), database.write() as session:
        requests.set_stage(session, asked.ticket, session.merge(counsellor), stage, "told")


def test_only_its_owner_moves_it(database, asked, second_counsellor):
    with pytest.raises(NotAllowed), database.write() as session:
        requests.set_stage(session, asked.ticket, session.merge(second_counsellor), "travel", "told")


def test_the_reminder_comes_once_and_in_the_persons_language(database, asked, counsellor, told):
    at = now() + timedelta(days=3)
    appointment(database, asked, counsellor, at, at - timedelta(days=1))
    assert reminded(database) == 0
    assert reminded(database, at - timedelta(hours=23)) == 1 and reminded(database, at - timedelta(hours=22)) == 0
    first, reminder = told(asked.person)
    assert first == "told" and "Room 3" in reminder


def test_an_appointment_that_has_passed_is_not_reminded_of(database, asked, counsellor, told):
    at = now() + timedelta(hours=5)
    appointment(database, asked, counsellor, at, now() + timedelta(minutes=1))
    assert reminded(database, at + timedelta(hours=1)) == 1 and told(asked.person) == ["told"]


def test_an_appointment_made_at_short_notice_needs_no_reminder(database, asked, counsellor):
    appointment(database, asked, counsellor, now() + timedelta(hours=5), now() - timedelta(hours=1))
    assert reminded(database, now() + timedelta(hours=1)) == 0


def test_a_moved_appointment_is_reminded_of_anew_and_a_cancelled_one_not(database, asked, counsellor, told):
    at = now() + timedelta(days=3)
    appointment(database, asked, counsellor, at, at - timedelta(days=1))
    appointment(database, asked, counsellor, at + timedelta(days=1), at, "Room 4")
    assert reminded(database, at - timedelta(hours=1)) == 0
    with database.write() as session:
        requests.cancel_appointment(session, asked.ticket, session.merge(counsellor), "off")
    assert reminded(database, at + timedelta(hours=1)) == 0 and told(asked.person) == ["told", "told", "off"]


@pytest.mark.parametrize("days, place", [(-1, "here"), (1, ""), (1, "   "), (1, "x" * 201)])
def test_an_appointment_needs_a_time_to_come_and_a_place(database, asked, counsellor, days, place):
    with pytest.raises(NotAllowed):
        appointment(database, asked, counsellor, now() + timedelta(days=days), now(), place)


def test_after_the_request_is_taken_back_nobody_is_reminded(database, asked, counsellor):
    at = now() + timedelta(days=3)
    appointment(database, asked, counsellor, at, at - timedelta(days=1))
    with database.write() as session:
        requests.withdraw(session, session.get_one(Person, asked.person))
    assert reminded(database, at - timedelta(hours=3)) == 0


# --- waiting too long ---


def late(database, at):
    with database.write() as session:
        return follow_up.raise_late(session, CONTENT, at)


def test_who_waits_too_long_is_told_once_and_goes_up(database, asked, counsellor, told, met):
    assert late(database, now() + timedelta(hours=23)) == 0
    assert late(database, now() + timedelta(hours=25)) == 1 and late(database, now() + timedelta(hours=26)) == 0
    assert told(asked.person) == [CONTENT.phrase("utter_still_waiting", "en")]
    with database.read() as session:
        assert session.get_one(Ticket, asked.ticket).raised_at is not None
        assert [ticket.id for ticket in tickets.queue(session, session.merge(counsellor))][0] == asked.ticket


def test_who_was_answered_does_not_wait(database, asked, counsellor):
    with database.write() as session:
        tickets.reply(session, asked.ticket, session.merge(counsellor), "Good morning")
    assert late(database, now() + timedelta(days=9)) == 0


def test_an_alert_never_tells_by_itself(database, opened):
    opened("alert")
    assert late(database, now() + timedelta(days=9)) == 0


def test_the_place_in_the_queue(database, met):
    ids, waiting = [], [met(address=f"queue {number}") for number in range(3)]
    with database.write() as session:
        for number, person_id in enumerate(waiting):
            ids.append(tickets.open_ticket(session, session.get_one(Person, person_id), "handover").id)
            session.get_one(Ticket, ids[-1]).created_at = now() + timedelta(seconds=number)
            session.flush()
    with database.read() as session:
        assert [tickets.waiting_before(session, session.get_one(Ticket, ticket_id)) for ticket_id in ids] == [0, 1, 2]


# --- whether it helped ---


def closes(database, asked, counsellor):
    with database.write() as session:
        ticket = tickets.close(session, asked.ticket, session.merge(counsellor), "closed")
        requests.ask_opinion(session, ticket.request, {"text": "did it help?"})


def opinion(database, person_id, answer):
    with database.write() as session:
        return requests.tell_opinion(session, session.get_one(Person, person_id), answer)


def test_the_answer_is_counted_once_without_whose_it_is(database, asked, counsellor, told):
    closes(database, asked, counsellor)
    assert told(asked.person) == ["closed", "did it help?"]
    assert opinion(database, asked.person, "partly") and not opinion(database, asked.person, "yes")
    with database.read() as session:
        assert figures.opinions_by_month(session) == {f"{now():%Y-%m}": {"yes": 0, "partly": 1, "no": 0}}
        assert {column.name for column in Opinion.__table__.columns} == {"id", "month", "answer"}


@pytest.mark.parametrize("answer", ["", "maybe", "yes'; --"])
def test_anything_else_is_not_counted(database, asked, counsellor, answer):
    closes(database, asked, counsellor)
    assert not opinion(database, asked.person, answer)


def test_who_was_not_asked_is_not_counted(database, asked):
    assert not opinion(database, asked.person, "yes")


def test_a_request_taken_back_is_not_asked_about(database, asked):
    with database.write() as session:
        request = requests.withdraw(session, session.get_one(Person, asked.person))
        requests.ask_opinion(session, request, {"text": "did it help?"})
        assert request.opinion == "unasked"


def test_figures_count_every_kind(database, asked, opened):
    opened("alert")
    with database.read() as session:
        counted = figures.tickets_by_kind(session)
    assert counted["request"] == {"open": 1, "late": 0, "closed": 0} and counted["alert"]["open"] == 1 and counted["complaint"]["open"] == 0
