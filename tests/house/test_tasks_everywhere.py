"""What the assistant does for a person, task by task, in six languages; on SQLite and PostgreSQL."""

from datetime import timedelta

import pytest
from dialogue import talk
from forms import REQUEST, as_far_as, gives
from sqlalchemy import select

from casework import requests, staff, tickets
from casework.clock import now
from casework.models import IntakeRequest, Opinion, Staff, Ticket
from desk.told import asked_on_closing, told_on_appointment, told_on_closing, told_on_stage
from worker import follow_up

LANGUAGES = ("en", "ar", "fa", "tr", "fr", "sq")
everywhere = pytest.mark.parametrize("language", LANGUAGES)


def with_a_request(house, language):
    person = as_far_as(talk(house, language), "request", REQUEST[-1][0])
    gives(person, REQUEST[-1][1])
    return person.hears("request_made")


@pytest.fixture
def at_the_desk(on):
    """A function: a counsellor does something with a person's request; it gets the session, the ticket and the counsellor."""

    def does(person, work):
        with on.database.write() as session:
            counsellor = session.scalar(select(Staff).where(Staff.name == "Tasks")) or staff.add_staff(session, "Tasks", "counsellor", "a long password")
            ticket = session.scalar(select(Ticket).where(Ticket.person_id == person.person, Ticket.kind == "request"))
            tickets.claim(session, ticket.id, counsellor)
            return work(session, ticket, counsellor)

    return does


@everywhere
def test_a_child_alone_fills_no_form(on, language):
    person = talk(on, language).asks("risk_unaccompanied_child", words=4).hears("risk_unaccompanied_child", "ask_contact")
    assert person.ticket("alert").reason == "risk_unaccompanied_child" and person.attached("alert") == []
    person.presses("button_contact_no").hears("contact_refused")
    for form in ("request_counselling", "check_eligibility"):
        person.asks(form).hears("risk_unaccompanied_child", "offer_human")
        person.presses("button_no").hears("handover_declined")


@everywhere
def test_for_somebody_else_they_decide_themselves(on, language):
    link = {"office.chat_link": on.settings.chat_url}
    person = talk(on, language).asks("ask_for_someone_else").hears("ask_for_someone_else", "share_chat", **link)
    assert link["office.chat_link"] in person.heard[-1]["text"]
    assert person.draft() == {} and person.consents() == []
    as_far_as(person, "request", "ask_intake_name").asks("ask_for_someone_else", words=4).hears("ask_for_someone_else", "share_chat", "ask_intake_name", **link)


@everywhere
def test_news_the_queue_and_an_addition(on, language, at_the_desk):
    person = with_a_request(on, language)
    reference = person.told["reference"]
    person.asks("request_status").hears("status", "queue", reference=reference)
    person.asks("request_counselling").hears("request_open").presses("button_add").hears("ask_intake_addition")
    person.asks("ask_pets", words=5).hears("request_added", reference=reference)
    at_the_desk(person, lambda session, ticket, counsellor: None)
    person.asks("request_status").hears("status", reference=reference, stage=on.content.phrase("stage_assigned", language))


@everywhere
def test_stages_the_appointment_its_reminder_and_the_last_question(on, language, at_the_desk):
    person, content = with_a_request(on, language), on.content
    at = now() + timedelta(days=2)

    def moves(session, ticket, counsellor):
        requests.set_stage(session, ticket.id, counsellor, "documents", told_on_stage(content, ticket, "documents"))
        requests.set_appointment(session, ticket.id, counsellor, at, "Room 3", now() + timedelta(seconds=1), told_on_appointment(content, ticket, at, "Room 3"))

    at_the_desk(person, moves)
    person.receives("stage_news", "appointment", stage=content.phrase("stage_documents", language), where="Room 3")
    person.asks("request_status").hears("status", "status_appointment", where="Room 3")
    with on.database.write() as session:
        follow_up.remind(session, content, now() + timedelta(days=1))
    person.receives("appointment_reminder", where="Room 3")

    def closes(session, ticket, counsellor):
        tickets.close(session, ticket.id, counsellor, told_on_closing(content, ticket))
        requests.ask_opinion(session, ticket.request, asked_on_closing(content, ticket))
        return session.query(Opinion).count()

    before = at_the_desk(person, closes)
    person.receives("request_closed", "ask_helped").presses("button_helped_partly").hears("helped_thanks")
    with on.database.read() as session:
        assert session.query(Opinion).count() == before + 1


@everywhere
def test_a_change_of_mind(on, language):
    person = with_a_request(on, language)
    person.asks("withdraw_request").hears("ask_withdraw").presses("button_yes").hears("withdrawn")
    assert person.request()[0] == "withdrawn" and person.ticket("request").state == "closed"


@everywhere
def test_my_data_as_words_as_a_file_and_gone(on, language):
    person = with_a_request(on, language)
    reference = person.told["reference"]
    person.asks("see_my_data").hears("my_data").presses("button_data_file").hears("my_data_file")
    _, content = on.conversation.file(person.person, person.heard[0]["id"])
    assert "Planted Samira" in content.decode() and reference in content.decode() and "{" not in content.decode()
    person.asks("see_my_data").hears("my_data").presses("button_consent_back").hears("consent_taken_back")
    assert person.consents() == [] and person.request()[0] == "received"
    person.asks("delete_my_data").hears("ask_delete_with_request").presses("button_keep").hears("delete_kept")


@everywhere
def test_who_waits_too_long_is_told(on, language):
    person = talk(on, language).asks("talk_to_human").hears("offer_human").presses("button_yes").hears("handover_opened")
    with on.database.write() as session:
        session.get_one(Ticket, person.ticket("handover").id).created_at = now() - timedelta(days=2)
        follow_up.raise_late(session, on.content)
    person.receives("still_waiting").offers("button_human")
    assert person.ticket("handover").raised_at is not None


def test_of_the_request_nothing_is_open_but_what_the_page_says(on):
    person = with_a_request(on, "en")
    with on.database.read() as session:
        request = session.scalar(select(IntakeRequest).where(IntakeRequest.person_id == person.person))
        assert request.country == "PK" and request.appointment_at is None and request.opinion == "unasked"
