"""Both forms in every language, with something else at every step; on SQLite and PostgreSQL."""

import pytest
from dialogue import talk
from forms import ANSWERS, CHECK, FORMS, REQUEST, as_far_as, begins, gives

import bot.content

LANGUAGES = ("en", "ar", "fa", "tr", "fr", "sq")
SIDE = "ask_pets"  # a topic that is no answer to any step


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_at_every_step_something_comes_between(on, language, form):
    """Each language meets another interruption at each step, so that together they meet every one at every step."""
    person, turn = begins(talk(on, language), form), LANGUAGES.index(language)
    for asked, answer in FORMS[form][1]:
        person.hears(asked)
        turn += 1
        if turn % 3 == 0:
            person.sends_other().hears("only_text", asked)
        elif turn % 3 == 1 or asked == "ask_intake_note":  # a note may speak of anything
            person.presses_again("b1.0").hears("stale_button", asked)
        else:
            person.asks(SIDE, words=4).hears(SIDE, asked)
        gives(person, answer)
    if form == "check":
        return person.hears("check_look")
    person.hears("request_made")
    assert ANSWERS.items() <= person.request()[1].items()


STEPS = [(form, asked) for form, (_, steps) in FORMS.items() for asked, _ in steps]


def at_every_step(first):
    """Every step on SQLite; every third, from `first` on, on PostgreSQL too."""
    cases = [("sqlite", *step) for step in STEPS] + [("postgresql", *step) for step in STEPS[first::3]]
    return pytest.mark.parametrize("on, form, step", cases, indirect=["on"])


@at_every_step(0)
def test_cancelled_at_any_step_nothing_is_left(on, form, step):
    person = as_far_as(talk(on, "en"), form, step).says("cancel").hears("cancelled")
    assert person.draft() == {} and person.draft("eligibility") == {} and person.request() is None


@at_every_step(1)
def test_danger_at_any_step_stops_it_unsent(on, form, step):
    person = as_far_as(talk(on, "en"), form, step)
    person.says("i want to kill myself").hears("risk_self_harm", "form_risk_pause", "ask_contact")
    assert person.ticket("alert") is not None and person.request() is None
    person.says("no").hears("contact_refused")
    begins(person, form)  # and it goes on where it was, only because the person chose to
    answered = STEPS.index((form, step)) - STEPS.index((form, FORMS[form][1][0][0])) > 1
    person.hears({"request": "ask_intake_resume", "check": "ask_check_resume"}[form] if answered else step)


@at_every_step(2)
def test_consent_taken_back_at_any_step(on, form, step):
    person = as_far_as(talk(on, "en"), form, step)
    if step == "ask_intake_note":  # there a sentence is a note; the button above it still works
        person.says("cancel").hears("cancelled").asks("see_my_data").hears("my_data")
    else:
        person.asks("see_my_data").hears("my_data", step)
    person.presses("button_consent_back").hears("consent_nothing" if step.endswith("_consent") else "consent_taken_back")
    assert person.draft() == {} and person.draft("eligibility") == {} and person.consents() == []


RESTARTS = [(*STEPS[number], part) for number, part in zip(range(1, len(STEPS), 4), ("engine", "actions", "worker", "engine", "actions", "desk"))]


@pytest.mark.parametrize("form, step, part", RESTARTS)
def test_a_restart_at_a_step_loses_nothing(house, form, step, part):
    person = as_far_as(talk(house, "en"), form, step)
    with house.without(part):
        pass
    house.back()
    answer = dict(FORMS[form][1])[step]
    gives(person, answer)
    steps = [asked for asked, _ in FORMS[form][1]] + [{"check": "check_look", "request": "request_made"}[form]]
    following = steps[steps.index(step) + 1]
    person.hears(following)


@pytest.mark.parametrize("language", sorted(bot.content.load().languages))
def test_the_language_changes_on_the_way(house, language):
    other = "sq" if language != "sq" else "ar"
    person = as_far_as(talk(house, language), "request", "ask_intake_adults").presses_again("b0.0").hears("stale_button", "ask_intake_adults")
    person.says(house.content.language_names()[other]).hears_in(other, "language_changed", "ask_intake_adults").presses("2").hears("ask_intake_children")


def test_after_a_pause_the_person_knows_where_they_stand(on):
    person = as_far_as(talk(on, "en"), "request", "ask_intake_adults")
    person.pauses().says("is it free").hears("ask_is_it_free", "form_waits").presses("button_continue_request").hears("ask_intake_resume")
    person.presses("button_continue").hears("ask_intake_adults")


def test_after_two_days_the_answers_are_gone_and_the_person_is_told(on):
    person = as_far_as(talk(on, "en"), "request", "ask_intake_adults").pauses(days=2)
    person.says("is it free").hears("ask_is_it_free", "draft_expired").says("is it free").hears("ask_is_it_free")
    assert person.draft() == {}


def test_one_form_gives_way_to_the_other_by_a_button(on):
    person = as_far_as(talk(on, "en"), "check", CHECK[3][0]).says("I want to talk to a human").hears("form_paused", "offer_human")
    person.says("no").hears("handover_declined").asks("request_counselling").hears(REQUEST[0][0])
