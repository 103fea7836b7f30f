"""What a person asks in English, one question at a time."""

import re

from dialogue import talk

from casework.references import new_reference


def test_a_greeting_comes_with_the_menu(house):
    talk(house, "en").says("hello").hears("greet").offers("ask_what_is_avrr", "request_counselling", "button_human", "button_language")


def test_a_chat_may_begin_by_command(house):
    talk(house, "en").starts().hears("greet").offers("button_human")


def test_a_topic_is_answered_and_leads_on(house):
    talk(house, "en").says("is it free").hears("ask_is_it_free").presses("ask_scam").hears("ask_scam")


def test_what_is_not_clear_is_asked_back(house):
    guess = talk(house, "en").says("about the other matter").hears("did_you_mean").offers("button_human")
    topics = [button for button in guess.offered if button["payload"] != guess.button("button_human")]
    assert len(topics) == 3
    guess.presses(topics[1]["title"])
    assert guess.heard and guess.heard[0]["text"] != guess.house.content.text("utter_stale_button", "en")


def test_help_shows_the_menu(house):
    talk(house, "en").says("help").hears("help").offers("ask_what_is_avrr", "button_human")


def test_a_yes_or_no_to_nothing(house):
    talk(house, "en").says("yes").hears("yes_to_what").says("no").hears("no_to_what").says("cancel").hears("nothing_to_cancel")


# --- languages ---


def test_a_language_is_chosen_by_button(house):
    asked = talk(house, "en").says("change language").hears("choose_language").presses("العربية")
    asked.hears_in("ar", "language_changed").says("is it free").hears("ask_is_it_free")


def test_a_language_is_chosen_by_its_name(house):
    talk(house, "en").says("speak arabic please").hears_in("ar", "language_changed").says("hello, is it free").hears("ask_is_it_free")


def test_the_language_follows_what_is_written(house):
    person = talk(house, "en").says("مرحبا").hears_in("ar", "greet")
    person.says("a është falas kjo gjë").hears_in("sq", "ask_is_it_free").says("do i have to pay for this").hears_in("en", "ask_is_it_free")


def test_a_name_in_latin_letters_is_no_language(house):
    person = talk(house, "en").says("اريد العودة الى بلدي").hears_in("ar", "ask_intake_consent").says("موافق").hears("ask_intake_name")
    person.says("Mohammed Yusuf").hears("ask_intake_country").says("Paksn").hears("country_did_you_mean")


# --- a human ---


def test_a_human_is_called_after_a_yes(house):
    person = talk(house, "en").says("I want to talk to a human").hears("offer_human")
    assert person.ticket("handover") is None
    person.presses("button_yes").hears("handover_opened")
    assert person.ticket("handover").state == "open"
    person.says("I want to talk to a human").hears("handover_waiting", "queue").says("is it free").hears("ask_is_it_free")


def test_a_no_calls_nobody(house):
    person = talk(house, "en").says("I want to talk to a human").hears("offer_human").says("no").hears("handover_declined")
    assert person.ticket("handover") is None


def test_a_yes_later_is_no_yes_to_a_human(house):
    person = talk(house, "en").says("I want to talk to a human").hears("offer_human").says("is it free").hears("ask_is_it_free")
    person.says("yes").hears("yes_to_what")
    assert person.ticket("handover") is None


# --- a request, when there is none ---


def test_no_request_no_news(house):
    person = talk(house, "en").says("what happened with my request").hears("status_none")
    person.says(f"any news of my request {new_reference()}").hears("status_none").says(new_reference()).hears("status_none")
    person.says("withdraw my request").hears("withdraw_none")


# --- one's own data ---


def test_my_data_is_told_in_my_language(house):
    person = talk(house, "en").says("what do you know about me")
    person.hears("my_data", channel="web", language="English", messages="1", consents="nothing", requests="nothing", draft="nothing")
    arabic = talk(house, "ar").says("ما هي البيانات التي تعرفونها عني").hears("my_data", channel="web", language="العربية")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", arabic.told["since"])


def test_data_is_kept_after_a_no(house):
    person = talk(house, "en").says("delete my data").hears("ask_delete").presses("button_keep").hears("delete_kept")
    assert person.known()


# --- buttons ---


def test_an_old_button_does_nothing_and_says_so(house):
    person = talk(house, "en").says("I want to talk to a human").hears("offer_human")
    yes = person.button("button_yes")
    person.says("is it free").hears("ask_is_it_free").presses_again(yes).hears("stale_button")
    assert person.ticket("handover") is None


def test_an_old_topic_button_still_answers(house):
    person = talk(house, "en").says("is it free").hears("ask_is_it_free")
    scam = person.button("ask_scam")
    person.says("hello").hears("greet").presses_again(scam).hears("ask_scam")


def test_somebody_elses_button_does_nothing(house):
    theirs = talk(house, "en").says("delete my data").hears("ask_delete").button("button_delete")
    talk(house, "en").says("delete my data").hears("ask_delete").presses_again(theirs).hears("stale_button")
