"""What a ticket promises the person: who may write, what an alert carries, who sees a complaint, what they are told."""

import pytest
from sqlalchemy import select

from casework import messages, requests, tickets
from casework.errors import NotAllowed, NotFound
from casework.models import Message, Person, Ticket


def of(session, ticket_id):
    """The person a ticket is about."""
    return session.get_one(Person, session.get_one(Ticket, ticket_id).person_id)


def agree(database, ticket_id, agreed):
    with database.write() as session:
        tickets.answer_contact(session, of(session, ticket_id), agreed)


def danger(database, ticket_id, reason, key="2"):
    """The same person signals danger again; returns the alert's id."""
    with database.write() as session:
        person = of(session, ticket_id)
        message, _ = messages.receive(session, person, key, "text", {"text": "again"})
        return tickets.raise_alert(session, person, reason, message).id


def attached(database, ticket_id):
    with database.read() as session:
        found = requests.thread(session, session.get_one(Ticket, ticket_id))
        return [message.open(database.keyring)["text"] for message in found]


# --- alerts ---


@pytest.mark.parametrize("agreed, may", [(None, False), (False, False), (True, True)])
def test_nobody_writes_about_an_alert_until_the_person_agreed(database, opened, step, told, counsellor, agreed, may):
    ticket_id = opened("alert")
    step(tickets.claim, ticket_id, counsellor)
    if agreed is not None:
        agree(database, ticket_id, agreed)
    if may:
        step(tickets.reply, ticket_id, counsellor, "Good day")
    else:
        with pytest.raises(NotAllowed):
            step(tickets.reply, ticket_id, counsellor, "Good day")
    assert told(ticket_id) == ([(counsellor.id, "Good day")] if may else [])


def test_an_agreement_can_be_taken_back(database, opened, step, counsellor):
    ticket_id = opened("alert")
    step(tickets.claim, ticket_id, counsellor)
    agree(database, ticket_id, True)
    agree(database, ticket_id, False)
    with pytest.raises(NotAllowed):
        step(tickets.reply, ticket_id, counsellor, "Good day")


def test_an_agreement_without_an_alert_opens_nothing(database, met):
    person_id = met()
    with database.write() as session:
        assert tickets.answer_contact(session, session.get_one(Person, person_id), True) is None


def test_an_alert_carries_its_reason_and_the_message_that_raised_it(database, opened):
    ticket_id = opened("alert", "risk_violence")
    assert attached(database, ticket_id) == ["help"]
    with database.read() as session:
        ticket = session.get_one(Ticket, ticket_id)
        assert (ticket.reason, ticket.language, ticket.contact) == ("risk_violence", "en", "unasked")


def test_repeated_alerts_join_the_open_one(database, opened):
    ticket_id = opened("alert", "risk_violence")
    assert danger(database, ticket_id, "risk_self_harm") == ticket_id
    assert attached(database, ticket_id) == ["help", "again"]
    with database.read() as session:
        events = tickets.events(session, session.get_one(Ticket, ticket_id))
        assert [(event.what, event.detail) for event in events] == [("opened", "risk_violence"), ("danger again", "risk_self_harm")]


def test_danger_signalled_twice_at_the_same_moment_is_one_alert(database, opened, at_once):
    handover = opened("handover")
    ids = at_once(*[lambda key=key: danger(database, handover, "risk_violence", key) for key in "abcd"])
    assert len(set(ids)) == 1 and isinstance(ids[0], str)


def test_after_an_alert_was_closed_danger_opens_a_new_one(database, opened, step, supervisor):
    ticket_id = opened("alert")
    step(tickets.close, ticket_id, supervisor)
    assert danger(database, ticket_id, "risk_violence") != ticket_id


def test_the_alert_of_a_child_has_only_the_reason(database, opened):
    assert attached(database, opened("alert", "risk_unaccompanied_child")) == []


def test_once_a_child_is_known_nothing_more_is_attached(database, opened):
    ticket_id = opened("alert", "risk_violence")
    danger(database, ticket_id, "risk_unaccompanied_child", "2")
    danger(database, ticket_id, "risk_violence", "3")
    assert attached(database, ticket_id) == []  # what came before is taken off again: of a child only the reason is kept
    with database.read() as session:
        assert session.get_one(Ticket, ticket_id).reason == "risk_unaccompanied_child"


# --- complaints and queues ---


def test_complaints_are_for_supervisors_only(database, opened, step, counsellor, supervisor):
    complaint, alert = opened("complaint"), opened("alert")
    with database.read() as session:
        assert [ticket.id for ticket in tickets.queue(session, counsellor)] == [alert]
        assert [ticket.id for ticket in tickets.queue(session, supervisor)] == [alert, complaint]
    for transition, *details in ((tickets.look_at,), (tickets.claim,), (tickets.close,), (tickets.add_note, "text")):
        with pytest.raises(NotFound):
            step(transition, complaint, counsellor, *details)


def test_alerts_come_first_then_handovers_then_the_oldest(database, opened, counsellor):
    request, second_request, handover, alert = opened("request"), opened("request"), opened("handover"), opened("alert")
    with database.read() as session:
        assert [ticket.id for ticket in tickets.queue(session, counsellor)] == [alert, handover, request, second_request]


def test_each_view_of_the_queue_shows_its_part(database, opened, step, counsellor, second_counsellor):
    mine, theirs, nobodys, closed = (opened("request") for _ in range(4))
    step(tickets.claim, mine, counsellor)
    step(tickets.claim, theirs, second_counsellor)
    step(tickets.claim, closed, counsellor)
    step(tickets.close, closed, counsellor)
    with database.read() as session:
        seen = {view: {t.id for t in tickets.queue(session, counsellor, view)} for view in ("open", "mine", "unassigned", "closed")}
    assert seen == {"open": {mine, theirs, nobodys}, "mine": {mine}, "unassigned": {nobodys}, "closed": {closed}}


# --- writing and ending ---


def test_a_claimed_request_is_replied_to_while_the_assistant_goes_on(database, opened, step, told, counsellor):
    ticket_id = opened("request")
    step(tickets.claim, ticket_id, counsellor)
    step(tickets.reply, ticket_id, counsellor, "  Good day\n")
    assert told(ticket_id) == [(counsellor.id, "Good day")]
    with database.read() as session:
        assert tickets.live_handover(session, session.get_one(Ticket, ticket_id).person_id) is None


@pytest.mark.parametrize("text", ["", "  \n", "x" * 4001])
def test_an_empty_or_endless_reply_is_refused(opened, step, counsellor, text):
    ticket_id = opened("request")
    step(tickets.claim, ticket_id, counsellor)
    for transition in (tickets.reply, tickets.add_note):
        with pytest.raises(NotAllowed):
            step(transition, ticket_id, counsellor, text)


def test_a_note_is_never_sent(database, opened, step, told, counsellor):
    ticket_id = opened("request")
    step(tickets.add_note, ticket_id, counsellor, "between us")
    assert told(ticket_id) == []
    with database.read() as session:
        assert session.scalars(select(Message.direction).where(Message.author == counsellor.id)).all() == ["note"]


@pytest.mark.parametrize("kind, agreed, hears", [("handover", None, True), ("request", None, True), ("alert", None, False),
                                                 ("alert", False, False), ("alert", True, True)])  # fmt: skip
def test_who_hears_that_a_ticket_was_closed(database, opened, step, told, counsellor, kind, agreed, hears):
    ticket_id = opened(kind)
    step(tickets.claim, ticket_id, counsellor)
    if agreed is not None:
        agree(database, ticket_id, agreed)
    step(tickets.close, ticket_id, counsellor, "It is closed.")
    assert told(ticket_id) == ([("assistant", "It is closed.")] if hears else [])


def test_closing_without_words_tells_nothing(opened, step, told, supervisor):
    ticket_id = opened("handover")
    step(tickets.close, ticket_id, supervisor)
    assert told(ticket_id) == []


def test_a_person_ends_a_live_handover_and_nothing_else(database, opened, step, state_of, counsellor):
    ticket_id = opened("handover")
    step(tickets.claim, ticket_id, counsellor)
    with database.write() as session:
        assert tickets.end_by_person(session, of(session, ticket_id)) is None
    step(tickets.accept, ticket_id, counsellor, "told")
    with database.write() as session:
        assert tickets.end_by_person(session, of(session, ticket_id)).id == ticket_id
    assert state_of(ticket_id)[0] == "closed"


def test_a_second_call_for_a_counsellor_joins_the_open_one(database, opened):
    ticket_id = opened("handover")
    with database.write() as session:
        assert tickets.open_ticket(session, of(session, ticket_id), "handover").id == ticket_id
