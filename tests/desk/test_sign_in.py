"""Who gets in, and how long they stay."""

from casework.models import Staff


def test_the_root_leads_to_the_desk_and_the_desk_to_signing_in(browser_at):
    response = browser_at().get("/")
    assert str(response.url).endswith("/desk/sign-in")


def test_name_and_password_open_the_desk(signed_in):
    page = signed_in("Ana").get("/desk")
    assert page.status_code == 200 and "Ana" in page.text


def test_a_wrong_password_and_an_unknown_name_get_the_same_words(browser_at, casework):
    casework.staff("Ana")
    wrong, unknown = browser_at().sign_in("Ana", "not this one"), browser_at().sign_in("Ben", "not this one")
    assert wrong.status_code == unknown.status_code == 401
    assert "do not fit together" in wrong.text and "do not fit together" in unknown.text


def test_five_wrong_passwords_lock_the_account(browser_at, casework):
    casework.staff("Ana")
    desk = browser_at()
    for _ in range(5):
        desk.sign_in("Ana", "not this one")
    assert desk.sign_in("Ana").status_code == 401


def test_signing_out_ends_the_session(signed_in):
    desk = signed_in()
    assert desk.post("/desk/sign-out", "/desk").status_code == 303
    assert str(desk.get("/desk").url).endswith("/desk/sign-in")


def test_an_account_that_is_switched_off_is_out_at_once(signed_in, database):
    desk = signed_in()
    with database.write() as session:
        session.query(Staff).one().active = False
    assert str(desk.get("/desk").url).endswith("/desk/sign-in")


def test_signing_in_begins_a_new_session(browser_at, casework):
    casework.staff("Ana")
    desk = browser_at()
    before = desk.get("/desk/sign-in").text
    desk.sign_in("Ana")
    token = before.split('name="csrf" value="')[1].split('"')[0]
    assert token not in desk.get("/desk").text


def test_the_session_cookie_is_closed_to_scripts_and_other_sites(browser_at):
    cookie = browser_at().get("/desk/sign-in").headers["set-cookie"]
    assert "httponly" in cookie and "samesite=lax" in cookie and "Max-Age=43200" in cookie
