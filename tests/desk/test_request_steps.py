"""What a counsellor does with a request at the desk: stages, the appointment, closing; figures and looks for supervisors."""

from datetime import datetime, timedelta

import pytest

from casework import requests
from casework.models import Access, IntakeRequest, Person

WHEN = (datetime.now() + timedelta(days=5)).replace(hour=10, minute=30).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def claimed(signed_in, casework):
    """A counsellor's desk, and their own request's ticket."""
    ticket, _ = casework.request(name="Karim", country="IQ", needs=["medical"], adults=2, children=1, additions=["and my <b>cousin</b>"])
    desk = signed_in("Arta")
    desk.step(ticket, "claim")
    return desk, ticket


def stored(database):
    with database.read() as session:
        return session.query(IntakeRequest).one()


def test_a_stage_is_set_and_told(claimed, casework, database):
    desk, ticket = claimed
    assert desk.step(ticket, "stage", stage="documents").status_code == 303
    assert [text for _, _, text in casework.outbox(ticket)] == ["utter_stage_news"]
    assert stored(database).stage == "documents" and "Papers are prepared" in desk.ticket(ticket).text


@pytest.mark.parametrize("stage", ["", "closed", "withdrawn", "<script>"])
def test_no_other_stage(claimed, casework, stage):
    desk, ticket = claimed
    assert desk.step(ticket, "stage", stage=stage).status_code == 409
    assert casework.outbox(ticket) == []


def test_an_appointment_is_made_moved_and_cancelled(claimed, casework, database):
    desk, ticket = claimed
    assert desk.step(ticket, "appointment", at=WHEN, place="Room 3").status_code == 303
    page = desk.ticket(ticket).text
    assert "10:30 (Europe/Belgrade), Room 3" in page and "Cancel the appointment" in page
    held = stored(database)
    local = held.remind_at.astimezone(desk_zone())
    assert (held.appointment_at - held.remind_at) < timedelta(hours=48) and local.hour == 10 and held.stage == "appointment"
    desk.step(ticket, "appointment", at=WHEN, place="Room 4")
    assert desk.step(ticket, "appointment-off").status_code == 303
    assert stored(database).appointment_at is None
    assert [text for _, _, text in casework.outbox(ticket)] == ["utter_appointment", "utter_appointment", "utter_appointment_off"]


def desk_zone():
    from bot.content.programme import Programme

    return Programme({}).zone


@pytest.mark.parametrize(
    "fields", [{}, {"at": WHEN}, {"at": WHEN, "place": "  "}, {"at": "2020-01-01T10:00", "place": "Room 3"}, {"at": "soon", "place": "x"}, {"at": WHEN, "place": "x" * 300}]
)
def test_a_wrong_appointment_says_why_and_tells_nobody(claimed, casework, fields):
    desk, ticket = claimed
    response = desk.step(ticket, "appointment", **fields)
    assert response.status_code == 409 and "The appointment was not made" in response.text
    assert casework.outbox(ticket) == []


def test_only_the_owner_moves_a_request(claimed, signed_in, casework):
    _, ticket = claimed
    other = signed_in("Blerim")
    for step, fields in (("stage", {"stage": "travel"}), ("appointment-off", {})):
        assert other.step(ticket, step, **fields).status_code == 409
    assert "Set the stage" not in other.ticket(ticket).text and casework.outbox(ticket) == []


def test_the_request_is_readable_and_harmless(claimed):
    desk, ticket = claimed
    page = desk.ticket(ticket).text
    assert "word_family" in page and "Added later" in page and "&lt;b&gt;cousin" in page


def test_closing_asks_once_whether_it_helped(claimed, database):
    desk, ticket = claimed
    desk.step(ticket, "close")
    with database.read() as session:
        request = session.query(IntakeRequest).one()
        person = session.get(Person, request.person_id)
        assert request.opinion == "asked" and request.stage == "closed"
    with database.write() as session:
        assert requests.tell_opinion(session, session.get(Person, person.id), "yes")


def test_figures_and_looks_are_for_supervisors(claimed, signed_in, database):
    desk, ticket = claimed
    desk.ticket(ticket)
    with database.read() as session:
        assert session.query(Access).count() == 1
    for address in ("/desk/figures", "/desk/accesses"):
        assert desk.get(address).status_code == 403
    supervisor = signed_in("Sue", "supervisor")
    assert "Waited too long" in supervisor.get("/desk/figures").text and "Figures" in supervisor.get("/desk").text
    assert "Arta" in supervisor.get("/desk/accesses").text
    assert "Opened by" in supervisor.ticket(ticket).text and "Opened by" not in desk.ticket(ticket).text


def test_reading_the_thread_again_and_again_is_no_look(claimed, database):
    desk, ticket = claimed
    with database.write() as session:
        session.query(Access).delete()
    for _ in range(3):
        desk.get(f"/desk/tickets/{ticket}/thread")
    with database.read() as session:
        assert session.query(Access).count() == 0
