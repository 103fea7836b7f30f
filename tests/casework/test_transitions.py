"""A ticket goes its way: every step that is allowed, every step that is refused, and two who press at once."""

import pytest

from casework import tickets
from casework.errors import AlreadyOwned, NotAllowed, NotFound

KINDS = ("alert", "handover", "request", "complaint")


def at(state, ticket_id, step, staff):
    """Bring an open ticket to a state."""
    if state != "open":
        step(tickets.claim, ticket_id, staff)
    if state == "live":
        step(tickets.accept, ticket_id, staff, "told")
    if state == "closed":
        step(tickets.close, ticket_id, staff)
    return ticket_id


@pytest.mark.parametrize(
    "before, transition, after",
    [
        ("open", "claim", "claimed"),
        ("claimed", "claim", "claimed"),
        ("live", "claim", "live"),
        ("claimed", "release", "open"),
        ("open", "accept", "live"),
        ("claimed", "accept", "live"),
        ("claimed", "close", "closed"),
        ("live", "close", "closed"),
    ],
)
def test_a_handover_goes_on(opened, step, counsellor, before, transition, after):
    ticket_id = at(before, opened("handover"), step, counsellor)
    details = ["told"] if transition == "accept" else []
    assert step(getattr(tickets, transition), ticket_id, counsellor, *details) == after


@pytest.mark.parametrize(
    "before, transition",
    [
        ("open", "release"), ("open", "close"), ("live", "release"), ("live", "accept"), ("closed", "claim"), ("closed", "release"),
        ("closed", "accept"), ("closed", "close"), ("closed", "reply"), ("open", "reply"), ("claimed", "reply"),
    ],
)  # fmt: skip
def test_a_handover_refuses(opened, step, state_of, counsellor, before, transition):
    ticket_id = at(before, opened("handover"), step, counsellor)
    stood = state_of(ticket_id)
    with pytest.raises(NotAllowed):
        step(getattr(tickets, transition), ticket_id, counsellor, *(["text"] if transition in ("accept", "reply") else []))
    assert state_of(ticket_id) == stood


@pytest.mark.parametrize("kind", ["alert", "request", "complaint"])
def test_only_a_handover_is_accepted(opened, step, supervisor, kind):
    with pytest.raises(NotAllowed):
        step(tickets.accept, opened(kind), supervisor, "told")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_claimed_released_and_closed(opened, step, supervisor, kind):
    ticket_id = opened(kind)
    assert step(tickets.claim, ticket_id, supervisor) == "claimed"
    assert step(tickets.release, ticket_id, supervisor) == "open"
    assert step(tickets.close, ticket_id, supervisor) == "closed"


def test_a_ticket_of_another_counsellor_is_theirs(opened, step, state_of, counsellor, second_counsellor):
    ticket_id = at("claimed", opened("handover"), step, counsellor)
    with pytest.raises(AlreadyOwned):
        step(tickets.claim, ticket_id, second_counsellor)
    with pytest.raises(AlreadyOwned):
        step(tickets.accept, ticket_id, second_counsellor, "told")
    for transition, *details in ((tickets.release,), (tickets.close,), (tickets.reply, "text")):
        with pytest.raises(NotAllowed):
            step(transition, ticket_id, second_counsellor, *details)
    assert state_of(ticket_id) == ("claimed", counsellor.id)


def test_a_supervisor_may_close_what_somebody_else_owns(opened, step, counsellor, supervisor):
    assert step(tickets.close, at("claimed", opened("alert"), step, counsellor), supervisor) == "closed"


def test_who_claims_at_the_same_moment_exactly_one_wins(opened, step, state_of, at_once, counsellor, second_counsellor):
    for _ in range(5):
        ticket_id = opened("request")
        outcomes = at_once(
            lambda: step(tickets.claim, ticket_id, counsellor), lambda: step(tickets.claim, ticket_id, second_counsellor)
        )
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyOwned", "str"]
        winner = counsellor if outcomes[0] == "claimed" else second_counsellor
        assert state_of(ticket_id) == ("claimed", winner.id)


def test_who_accepts_at_the_same_moment_the_person_is_told_once(opened, step, told, at_once, counsellor, second_counsellor):
    ticket_id = opened("handover")
    at_once(*[lambda who=who: step(tickets.accept, ticket_id, who, "told") for who in (counsellor, second_counsellor)])
    assert told(ticket_id) == [("assistant", "told")]


def test_a_ticket_that_is_not_there_is_not_found(step, counsellor, database):
    with pytest.raises(NotFound):
        step(tickets.claim, "0" * 32, counsellor)


def test_every_step_is_in_the_history(database, opened, step, counsellor):
    ticket_id = at("live", opened("handover"), step, counsellor)
    step(tickets.reply, ticket_id, counsellor, "Good day")
    step(tickets.add_note, ticket_id, counsellor, "tired")
    step(tickets.close, ticket_id, counsellor)
    with database.read() as session:
        events = tickets.events(session, tickets.look_at(session, ticket_id, counsellor))
        assert [event.what for event in events] == ["opened", "claimed", "accepted", "replied", "noted", "handed back"]
        assert {event.staff_id for event in events[1:]} == {counsellor.id}
        assert not any("Good day" in event.detail or "tired" in event.detail for event in events)
