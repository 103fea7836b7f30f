"""What each role sees."""

import pytest


def test_a_trainer_sees_no_tickets(signed_in, casework):
    trainer, ticket = signed_in("Tim", "trainer"), casework.ticket("handover", "words of a person")
    assert "not shown to trainers" in trainer.get("/desk").text
    for address in ("/desk/queue", f"/desk/tickets/{ticket}", f"/desk/tickets/{ticket}/thread"):
        response = trainer.get(address)
        assert response.status_code == 403 and "words of a person" not in response.text
    assert trainer.post(f"/desk/tickets/{ticket}/claim", "/desk").status_code == 403


@pytest.mark.parametrize("role, status", [("counsellor", 404), ("supervisor", 200), ("admin", 200)])
def test_a_complaint_is_for_supervisors(signed_in, casework, role, status):
    ticket = casework.ticket("complaint")
    desk = signed_in("Ana", role)
    assert desk.ticket(ticket).status_code == status
    assert (ticket in desk.get("/desk").text) == (status == 200)


def test_a_supervisor_may_close_what_somebody_else_owns(signed_in, casework):
    ticket = casework.ticket("handover")
    signed_in("Ana").step(ticket, "claim")
    other = signed_in("Ben").step(ticket, "close")
    assert other.status_code == 409
    assert signed_in("Sue", "supervisor").step(ticket, "close").status_code == 303
    assert casework.state(ticket)[0] == "closed"
