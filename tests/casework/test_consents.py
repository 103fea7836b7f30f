"""Leave is given for one purpose and one version of the notice, and can be taken back."""

from sqlalchemy import func, select

from casework import consents
from casework.models import Consent, Person


def test_leave_holds_for_its_purpose_only(database, met):
    person_id = met(language="ar")
    with database.write() as session:
        person = session.get_one(Person, person_id)
        consents.give(session, person, "request", "request-1")
        assert consents.standing_consent(session, person, "request").language == "ar"
        assert consents.standing_consent(session, person, "handover") is None


def test_giving_the_same_leave_twice_keeps_the_first(database, met):
    person_id = met()
    with database.write() as session:
        person = session.get_one(Person, person_id)
        first = consents.give(session, person, "request", "request-1")
        assert consents.give(session, person, "request", "request-1") is first
        assert session.scalar(select(func.count()).select_from(Consent)) == 1


def test_a_new_notice_needs_new_leave(database, met):
    person_id = met()
    with database.write() as session:
        person = session.get_one(Person, person_id)
        consents.give(session, person, "request", "request-1")
        consents.give(session, person, "request", "request-2")
        assert consents.standing_consent(session, person, "request").version == "request-2"


def test_leave_taken_back_no_longer_stands_and_can_be_given_again(database, met):
    person_id = met()
    with database.write() as session:
        person = session.get_one(Person, person_id)
        consents.give(session, person, "handover", "handover-1")
        consents.withdraw(session, person, "handover")
        assert consents.standing_consent(session, person, "handover") is None
        consents.give(session, person, "handover", "handover-1")
        assert consents.standing_consent(session, person, "handover")


def test_leave_of_one_person_is_not_that_of_another(database, met):
    first, second = met(address="1"), met(address="2")
    with database.write() as session:
        consents.give(session, session.get_one(Person, first), "request", "request-1")
        assert consents.standing_consent(session, session.get_one(Person, second), "request") is None
