"""A person sees all that is kept about them, and can have all of it erased; an open alert is never lost silently."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework import consents, data_rights, drafts, messages, people, requests, tickets
from casework.models import Base, Erasure, Message, Person, Ticket

ANSWERS = {"name": "Planted Name", "country": "IQ", "phone": "+38344000111"}


@pytest.fixture
def known(database, met, counsellor):
    """The id of a person with something of everything, all of it sent."""
    person_id = met("telegram", "4711", language="ar")
    with database.write() as session:
        person = session.get_one(Person, person_id)
        incoming, _ = messages.receive(session, person, "1", "text", {"text": "planted text"})
        messages.end_turn(incoming)
        messages.delivered(messages.send(session, person, {"text": "planted answer"}), "99")
        consents.give(session, person, "request", "request-1")
        requests.submit(session, person, ANSWERS)
        drafts.answer(session, person_id, requests.FORM, note="planted draft")
        ticket = tickets.find_open(session, person_id, "request")
        tickets.claim(session, ticket.id, counsellor)
        tickets.add_note(session, ticket.id, counsellor, "planted note")
        messages.delivered(tickets.reply(session, ticket.id, counsellor, "planted reply"))
        alert = tickets.raise_alert(session, person, "risk_violence", incoming)
        tickets.close(session, tickets.claim(session, alert.id, counsellor).id, counsellor)
    return person_id


@pytest.fixture
def asks(database):
    """A function: the person asks to be forgotten."""

    def ask(person_id):
        with database.write() as session:
            people.ask_to_be_erased(session.get_one(Person, person_id))

    return ask


def due(database):
    with database.read() as session:
        return data_rights.due_for_erasure(session)


def test_a_person_sees_everything(database, known):
    with database.read() as session:
        held = data_rights.everything_held(session, session.get_one(Person, known))
    assert (held["channel"], held["language"], held["messages"], len(held["said"]), len(held["tickets"])) == ("telegram", "ar", 3, 3, 1)
    assert [consent["purpose"] for consent in held["consents"]] == ["request"]
    assert held["drafts"] == {"counselling": {"note": "planted draft"}}
    (request,) = held["requests"]
    assert request["stage"] == "received" and request["fields"] == ANSWERS


def test_a_stranger_has_nothing_but_a_language(database, met):
    person_id = met()
    with database.read() as session:
        held = data_rights.everything_held(session, session.get_one(Person, person_id))
    assert not any(held[name] for name in ("messages", "consents", "requests", "tickets", "drafts", "opened"))


def test_erasing_leaves_nothing(database, known, met):
    """Every column of every table is searched: for the ids, the index, and whatever opens with the keys."""
    other = met("web", "somebody else")
    with database.read() as session:
        person = session.get_one(Person, known)
        traces = {known, person.address_index, *session.scalars(select(Ticket.id).where(Ticket.person_id == known))}
    assert found_in(database, traces), "the search finds what is there"
    with database.write() as session:
        data_rights.erase(session, known)
    assert found_in(database, traces) == []
    with database.read() as session:
        assert session.get(Person, other)
        assert session.scalars(select(Message.id)).all() == []


def found_in(database, traces):
    """The tables in which a trace, or a planted word, stands."""
    found = []
    with database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(select(table)).mappings():
                values = [bytes(value) if isinstance(value, memoryview) else value for value in row.values()]
                opened = str(database.keyring.open(row["key_id"], bytes(row["sealed"]))) if "sealed" in row else ""
                if traces & {value for value in values if isinstance(value, str)} or "lanted" in opened or "4711" in opened:
                    found.append(table.name)
    return found


def test_what_stays_says_only_that_it_was_done(database, known):
    with database.write() as session:
        data_rights.erase(session, known)
    with database.read() as session:
        (erasure,) = session.scalars(select(Erasure))
        assert (erasure.messages, erasure.tickets) == (4, 2)


def test_nobody_is_erased_who_did_not_ask(database, known, asks):
    assert due(database) == []
    asks(known)
    assert due(database) == [known]


def test_an_open_alert_delays_erasure_until_it_is_closed(database, known, asks, supervisor):
    asks(known)
    with database.write() as session:
        alert_id = tickets.raise_alert(session, session.get_one(Person, known), "risk_violence").id
    assert due(database) == []
    with database.write() as session:
        session.get_one(Person, known).erase_at -= timedelta(days=30)
    assert due(database) == []
    with database.write() as session:
        tickets.close(session, alert_id, supervisor)
    assert due(database) == [known]


def test_the_last_answer_goes_out_first(database, known, asks):
    asks(known)
    with database.write() as session:
        last = messages.send(session, session.get_one(Person, known), {"text": "It will be deleted."}).id
    assert due(database) == []
    with database.write() as session:
        messages.delivered(session.get_one(Message, last))
    assert due(database) == [known]


def test_an_answer_nobody_ever_fetches_does_not_delay_for_ever(database, known, asks):
    asks(known)
    with database.write() as session:
        messages.send(session, session.get_one(Person, known), {"text": "It will be deleted."})
        session.get_one(Person, known).erase_at -= data_rights.AT_THE_LATEST + timedelta(minutes=1)
    assert due(database) == [known]


def test_a_message_that_waits_for_its_answer_delays_always(database, known, asks):
    asks(known)
    with database.write() as session:
        person = session.get_one(Person, known)
        messages.receive(session, person, "2", "text", {"text": "wait, he is hitting me"})
        person.erase_at -= timedelta(days=30)
    assert due(database) == []
