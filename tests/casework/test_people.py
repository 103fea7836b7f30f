"""One person is one private chat on one channel, and is told from others by a blind index alone."""

from casework import people
from casework.models import Person


def test_the_same_address_is_the_same_person(met):
    assert met(address="1") == met(address="1")


def test_the_same_address_on_another_channel_is_somebody_else(met):
    assert met("web", "1") != met("telegram", "1")


def test_a_person_is_found_by_the_address_only_after_they_were_met(database, met):
    with database.read() as session:
        assert people.find(session, "web", "a chat") is None
    person_id = met()
    with database.read() as session:
        assert people.find(session, "web", "a chat").id == person_id


def test_two_first_messages_at_the_same_moment_make_one_person(database, at_once):
    def meet():
        with database.write() as session:
            return people.meet(session, "telegram", "7").id

    ids = at_once(*[meet] * 4)
    assert len(set(ids)) == 1 and isinstance(ids[0], str)


def test_the_address_is_kept_only_where_it_is_needed_to_write_first(database):
    with database.write() as session:
        on_telegram = people.meet(session, "telegram", "42")
        on_the_web = people.meet(session, "web", "a secret", keep_address=False)
        assert people.address_of(session, on_telegram) == "42"
        assert people.address_of(session, on_the_web) == ""


def test_the_choice_of_a_language_outranks_what_is_written_and_that_the_channel():
    person = Person()
    people.speak(person, "en", "channel")
    people.speak(person, "ar", "written")
    assert person.language == "ar"
    people.speak(person, "en", "channel")
    assert person.language == "ar"
    people.speak(person, "sq", "chosen")
    people.speak(person, "ar", "written")
    assert (person.language, person.language_from) == ("sq", "chosen")


def test_a_person_may_choose_again():
    person = Person()
    people.speak(person, "sq", "chosen")
    people.speak(person, "ar", "chosen")
    assert person.language == "ar"


def test_writing_is_noted(database, met):
    person_id = met()
    with database.write() as session:
        person = session.get_one(Person, person_id)
        before = person.last_seen_at
        people.seen(person)
        assert person.last_seen_at > before
