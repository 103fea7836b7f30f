"""A chat has one open request; its reference works there only; taking it back closes the counsellor's ticket."""

import pytest
from sqlalchemy import func, select

from casework import drafts, requests, tickets
from casework.models import IntakeRequest, Message, Person, Ticket

ANSWERS = {"name": "Ali", "country": "IQ", "contact": "chat"}


@pytest.fixture
def submitted(database):
    """A function: the reference of a person's request, submitted now."""

    def submit(person_id):
        with database.write() as session:
            return requests.submit(session, session.get_one(Person, person_id), ANSWERS).reference

    return submit


def count(database, model):
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(model))


def test_a_request_comes_with_its_ticket_and_without_its_draft(database, met, submitted):
    person_id = met(language="sq")
    with database.write() as session:
        drafts.answer(session, person_id, requests.FORM, **ANSWERS)
    submitted(person_id)
    with database.read() as session:
        request = requests.open_request(session, session.get_one(Person, person_id))
        ticket = tickets.find_open(session, person_id, "request")
        assert request.open(database.keyring) == ANSWERS
        assert (request.stage, request.country) == ("received", "IQ")
        assert (ticket.request_id, ticket.language) == (request.id, "sq")
        assert drafts.answers(session, person_id, requests.FORM) == {}


def test_submitting_twice_makes_one(database, met, submitted):
    person_id = met()
    assert submitted(person_id) == submitted(person_id)
    assert count(database, IntakeRequest) == count(database, Ticket) == 1


def test_submitting_twice_at_the_same_moment_makes_one(database, met, submitted, at_once):
    person_id = met()
    references = at_once(*[lambda: submitted(person_id)] * 4)
    assert len(set(references)) == 1 and isinstance(references[0], str)
    assert count(database, IntakeRequest) == count(database, Ticket) == 1


def test_a_reference_works_in_its_own_chat_however_it_is_typed(database, met, submitted):
    person_id = met()
    reference = submitted(person_id)
    with database.read() as session:
        person = session.get_one(Person, person_id)
        assert requests.request_by_reference(session, person, f"it is {reference.lower()}").reference == reference


def test_somebody_elses_reference_is_as_unknown_as_none(database, met, submitted):
    reference = submitted(met(address="1"))
    other = met(address="2")
    with database.read() as session:
        person = session.get_one(Person, other)
        assert requests.request_by_reference(session, person, reference) is None
        assert requests.request_by_reference(session, person, "VR-0000-0000") is None
        assert requests.request_by_reference(session, person, "no reference") is None


def test_taking_a_request_back_closes_its_ticket(database, met, submitted):
    person_id = met()
    submitted(person_id)
    with database.write() as session:
        person = session.get_one(Person, person_id)
        request = requests.withdraw(session, person)
        assert request.stage == "withdrawn" and request.closed_at
        ticket = session.scalar(select(Ticket))
        assert ticket.state == "closed" and ticket.closed_at
        assert [event.what for event in tickets.events(session, ticket)] == ["opened", "withdrawn by the person"]
        assert requests.open_request(session, person) is None


def test_there_may_be_nothing_to_take_back(database, met):
    person_id = met()
    with database.write() as session:
        assert requests.withdraw(session, session.get_one(Person, person_id)) is None


def test_after_a_request_was_taken_back_a_new_one_can_be_made(database, met, submitted):
    person_id = met()
    first = submitted(person_id)
    with database.write() as session:
        requests.withdraw(session, session.get_one(Person, person_id))
    assert submitted(person_id) != first


def test_a_counsellor_who_closes_the_ticket_closes_the_request(database, met, submitted, counsellor):
    person_id = met()
    submitted(person_id)
    with database.write() as session:
        ticket = tickets.find_open(session, person_id, "request")
        tickets.claim(session, ticket.id, counsellor)
        tickets.close(session, ticket.id, counsellor)
        assert ticket.request.stage == "closed"
        assert requests.open_request(session, session.get_one(Person, person_id)) is None


def test_the_thread_of_a_ticket_is_what_belongs_to_it_and_nothing_else(database, met, submitted, counsellor):
    person_id = met()
    submitted(person_id)
    with database.write() as session:
        ticket = tickets.find_open(session, person_id, "request")
        unrelated = Message(person_id=person_id, direction="in", author="person", kind="text", state="answered")
        unrelated.seal(database.keyring, {"text": "something else"})
        session.add(unrelated)
        tickets.claim(session, ticket.id, counsellor)
        tickets.reply(session, ticket.id, counsellor, "Good day")
        tickets.add_note(session, ticket.id, counsellor, "call the interpreter")
        said = [message.open(database.keyring)["text"] for message in requests.thread(session, ticket)]
        assert said == ["Good day", "call the interpreter"]
