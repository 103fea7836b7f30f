"""The answers of an unfinished form wait for one day, sealed, and are gone when they are thrown away."""

from datetime import timedelta

from sqlalchemy import select

from casework import drafts
from casework.models import Draft


def test_answers_add_up(database, met):
    person_id = met()
    with database.write() as session:
        drafts.answer(session, person_id, "counselling", name="Ali")
        assert drafts.answer(session, person_id, "counselling", country="IQ") == {"name": "Ali", "country": "IQ"}
    with database.read() as session:
        assert drafts.answers(session, person_id, "counselling") == {"name": "Ali", "country": "IQ"}


def test_an_answer_can_be_changed_and_taken_out(database, met):
    person_id = met()
    with database.write() as session:
        drafts.answer(session, person_id, "counselling", name="Ali", note="ill")
        drafts.answer(session, person_id, "counselling", name="Sami", note=None)
        assert drafts.answers(session, person_id, "counselling") == {"name": "Sami"}


def test_there_are_no_answers_without_a_draft_or_after_it_was_dropped(database, met):
    person_id = met()
    with database.write() as session:
        assert drafts.answers(session, person_id, "counselling") == {}
        drafts.answer(session, person_id, "counselling", name="Ali")
        drafts.drop(session, person_id, "counselling")
        assert drafts.answers(session, person_id, "counselling") == {}


def test_a_draft_belongs_to_one_person(database, met):
    first, second = met(address="1"), met(address="2")
    with database.write() as session:
        drafts.answer(session, first, "counselling", name="Ali")
        assert drafts.answers(session, second, "counselling") == {}


def test_only_drafts_that_nobody_came_back_to_are_dropped(database, met):
    old, young = met(address="1"), met(address="2")
    with database.write() as session:
        drafts.answer(session, old, "counselling", name="Ali")
        drafts.answer(session, young, "counselling", name="Sami")
        session.scalar(select(Draft).where(Draft.person_id == old)).updated_at -= drafts.KEPT + timedelta(minutes=1)
        session.flush()
        assert drafts.drop_old(session) == 1
        assert drafts.answers(session, young, "counselling") == {"name": "Sami"}
