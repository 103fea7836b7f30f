"""The one-time link that makes an account."""

from starlette.testclient import TestClient

from desk.app import create_app


def join(desk, **fields):
    return desk.post("/desk/join", "/desk/join", **{"name": "Ana", "password": "a long password", **fields})


def test_the_link_makes_an_account_and_signs_in(browser_at, casework):
    desk = browser_at()
    assert join(desk, secret=casework.invitation()).status_code == 303
    assert "Ana" in desk.get("/desk").text


def test_the_link_works_once(browser_at, casework):
    secret = casework.invitation()
    join(browser_at(), secret=secret)
    again = join(browser_at(), secret=secret, name="Ben")
    assert again.status_code == 410 and "used before" in again.text


def test_a_short_password_leaves_the_link_good(browser_at, casework):
    secret, desk = casework.invitation(), browser_at()
    refused = join(desk, secret=secret, password="short")
    assert refused.status_code == 422 and f'value="{secret}"' in refused.text
    assert join(desk, secret=secret).status_code == 303


def test_only_this_machine_may_join(settings, database, content):
    elsewhere = TestClient(create_app(settings, database, content), client=("192.0.2.7", 50000))
    assert elsewhere.get("/desk/join").status_code == 403
    csrf = elsewhere.get("/desk/sign-in").text.split('name="csrf" value="')[1].split('"')[0]
    assert elsewhere.post("/desk/join", data={"csrf": csrf}).status_code == 403
