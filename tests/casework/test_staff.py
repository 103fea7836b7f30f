"""Accounts of the desk: passwords are hashed, guessing locks the account, a one-time link works once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework import staff
from casework.clock import now
from casework.errors import InvitationSpent, NotAllowed, WrongCredentials
from casework.models import Invitation, Staff

PASSWORD = "a long password"  # what the fixtures' staff has


@pytest.fixture
def signs_in(database):
    """A function: whether name and password open the door; a failed attempt counts, as at the desk."""

    def sign_in(name, password=PASSWORD):
        with database.write() as session:
            try:
                return staff.sign_in(session, name, password).name
            except WrongCredentials:
                return None

    return sign_in


@pytest.fixture
def added(database):
    """A function: make an account."""

    def add(name="Drita", role="counsellor", password=PASSWORD):
        with database.write() as session:
            return staff.add_staff(session, name, role, password)

    return add


@pytest.fixture
def accepted(database):
    """A function: use a one-time link."""

    def accept(secret, name="Drita", password=PASSWORD):
        with database.write() as session:
            return staff.accept_invitation(session, secret, name, password)

    return accept


@pytest.fixture
def invited(database):
    """A function: the secret of a one-time link."""

    def invite(**more):
        with database.write() as session:
            return staff.invite(session, "counsellor", **more)

    return invite


def test_a_password_is_kept_as_an_argon2_hash_only(database, added):
    added()
    with database.read() as session:
        kept = session.scalar(select(Staff)).password_hash
    assert kept.startswith("$argon2id$") and PASSWORD not in kept


def test_the_right_password_opens_the_door(added, signs_in):
    added()
    assert signs_in("Drita") == "Drita"
    assert signs_in("Drita", "another password") is None
    assert signs_in("Nobody") is None


@pytest.mark.parametrize("name", ["Çelik Šabanović", "ËNDRRA", "Живко", "ليلى"])
def test_capitals_and_spaces_do_not_matter_in_any_alphabet(added, signs_in, name):
    added(name)
    assert signs_in(f"  {name.lower()} ") == name
    assert signs_in(name.upper()) == name


@pytest.mark.parametrize("taken", ["çelik", "ÇELIK", "  Çelik  "])
def test_a_name_is_given_once(supervisor, added, taken):
    with pytest.raises(NotAllowed):
        added(taken)


@pytest.mark.parametrize(
    "fields", [{"name": " "}, {"name": "x" * 61}, {"role": "king"}, {"password": "123456789"}, {"password": "x" * 201}]
)
def test_an_account_that_is_not_fit_is_refused(added, fields):
    with pytest.raises(NotAllowed):
        added(**fields)


def test_five_wrong_passwords_lock_the_account_for_a_while(database, counsellor, signs_in):
    for _ in range(4):
        signs_in("Arta", "wrong")
    assert signs_in("Arta") == "Arta", "four are forgiven, and forgotten"
    for _ in range(5):
        signs_in("Arta", "wrong")
    assert signs_in("Arta") is None
    with database.write() as session:
        session.get_one(Staff, counsellor.id).locked_until = now() - timedelta(seconds=1)
    assert signs_in("Arta") == "Arta"


def test_who_has_left_does_not_come_in(database, counsellor, signs_in):
    with database.write() as session:
        session.get_one(Staff, counsellor.id).active = False
    assert signs_in("Arta") is None


def test_a_link_works_once(accepted, invited, signs_in):
    secret = invited()
    assert accepted(secret).role == "counsellor"
    assert signs_in("Drita") == "Drita"
    with pytest.raises(InvitationSpent):
        accepted(secret, "Somebody else")


def test_a_link_pressed_twice_at_the_same_moment_makes_one_account(accepted, invited, at_once):
    secret = invited()
    made = at_once(lambda: accepted(secret, "Drita"), lambda: accepted(secret, "Edon"))
    assert sorted(type(outcome).__name__ for outcome in made) == ["InvitationSpent", "Staff"]


def test_an_old_or_invented_link_makes_no_account(accepted, invited):
    for secret in (invited(valid=timedelta(seconds=-1)), "invented", ""):
        with pytest.raises(InvitationSpent):
            accepted(secret)


def test_a_password_too_short_leaves_the_link_good(accepted, invited):
    secret = invited()
    with pytest.raises(NotAllowed):
        accepted(secret, password="short")
    assert accepted(secret).name == "Drita"


def test_the_secret_of_a_link_is_not_kept(database, invited):
    secret = invited()
    with database.read() as session:
        assert secret not in session.scalar(select(Invitation)).token_hash


def test_the_first_account_is_noticed(database, added):
    with database.read() as session:
        assert not staff.anybody(session)
    added()
    with database.read() as session:
        assert staff.anybody(session)
