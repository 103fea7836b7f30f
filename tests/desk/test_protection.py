"""What guards every page: tokens, headers, small bodies, errors that tell nothing."""

import logging

import pytest
from starlette.routing import Route

STEPS = ("claim", "release", "accept", "reply", "note", "close")


@pytest.mark.parametrize("step", STEPS)
def test_no_step_without_the_token_of_the_session(signed_in, casework, step):
    desk, ticket = signed_in(), casework.ticket("handover")
    for fields in ({}, {"csrf": ""}, {"csrf": "é"}, {"csrf": "x" * 32}):
        assert desk.client.post(f"/desk/tickets/{ticket}/{step}", data=fields).status_code == 403
    assert casework.state(ticket) == ("open", None)


@pytest.mark.parametrize("address", ["/desk/sign-in", "/desk/join"])
def test_no_sign_in_without_the_token(browser_at, address):
    assert browser_at().client.post(address, data={"name": "Ana", "password": "a long password"}).status_code == 403


def test_a_step_after_the_session_has_run_out_leads_to_signing_in(browser_at, casework):
    response = browser_at().client.post(f"/desk/tickets/{casework.ticket('handover')}/claim", follow_redirects=False)
    assert response.status_code == 303 and response.headers["location"] == "/desk/sign-in"


def test_every_answer_carries_the_headers(signed_in):
    desk = signed_in()
    for address in ("/desk", "/desk/nowhere", "/chat", "/chat/messages", "/static/desk.css"):
        headers = desk.get(address).headers
        assert headers["content-security-policy"].startswith("default-src 'self'")
        assert headers["x-frame-options"] == "DENY" and headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert ("no-store" in headers["cache-control"]) != address.startswith("/static/")


def test_no_page_has_scripts_or_styles_inside(signed_in, casework):
    desk = signed_in()
    for address in ("/desk", f"/desk/tickets/{casework.ticket('alert', reason='risk_violence')}", "/chat", "/desk/sign-in"):
        page = desk.get(address).text
        assert "style=" not in page and "<style" not in page and "onclick" not in page
        assert "<script>" not in page


def test_a_large_body_is_refused(signed_in):
    desk = signed_in()
    response = desk.client.post("/desk/sign-out", data={"text": "x" * 70_000})
    assert response.status_code == 413 and "too long" in response.text


def test_an_unexpected_error_tells_nothing_to_anybody(app, browser_at, caplog):
    def broken(request):
        raise RuntimeError("secret words of a person")

    app.router.routes.append(Route("/broken", broken))
    with caplog.at_level(logging.ERROR):
        response = browser_at().get("/broken")
    assert response.status_code == 500 and "Something went wrong here" in response.text
    assert "secret words" not in response.text + caplog.text and "RuntimeError" in caplog.text


def test_an_unknown_page_is_kindly_refused(browser_at):
    response = browser_at().get("/desk/nowhere")
    assert response.status_code == 404 and "There is no such page" in response.text
