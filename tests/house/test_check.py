"""The pre-check from consent to indication, on each kind of database."""

from dialogue import talk

OWN_WISH = ("check_place_kosovo", "check_age_adult", "check_company_alone", "check_wish_own")


def begins(house, language="en"):
    return talk(house, language).asks("check_eligibility").hears("ask_check_consent").presses("button_agree").hears("ask_check_place")


def as_far_as_papers(house):
    person = begins(house)
    for button in OWN_WISH:
        person.presses(button)
    return person.hears("ask_check_nationality").says("Morocco").hears("ask_check_asylum").presses("check_asylum_none").hears("ask_check_papers")


def test_it_may_fit_and_the_request_takes_the_answers_along(on):
    person = as_far_as_papers(on).says("I have no passport").hears("ask_check_needs").presses("check_needs_none").hears("ask_check_before")
    person.says("no").hears("check_likely").offers("button_request_with_check", "button_human", "ask_no_passport")
    assert "A travel document is needed" in person.told["reasons"]
    person.presses("button_request_with_check").hears("ask_intake_consent").presses("button_agree").hears("ask_intake_carry")
    person.presses("button_carry_yes").hears("ask_intake_name").presses("button_skip").hears("ask_intake_country").presses("Morocco").hears("ask_intake_place")
    assert person.consents() == ["pre-check", "request"]
    person.presses("button_skip").presses("1").presses("0").hears("ask_intake_contact").presses("button_this_chat").presses("language_ar").presses("button_any_time")
    person.presses("button_needs_none").presses("button_no_note").hears("intake_summary").presses("button_send").hears("request_made")
    check = person.request()[1]["check"]
    assert check["outcome"] == "likely" and check["answers"]["nationality"] == "MA" and check["answers"]["papers"] == "none" and check["version"]
    assert person.draft("eligibility") == {}


def test_without_leave_the_answers_stay_behind(on):
    person = as_far_as_papers(on).presses("check_papers_valid").presses("check_needs_none").presses("check_before_first").hears("check_likely")
    person.presses("button_request_with_check").hears("ask_intake_consent").presses("button_agree").hears("ask_intake_carry").says("no").hears("ask_intake_name")
    assert "check" not in person.draft() and "nationality" not in person.draft()


def test_no_consent_no_question(on):
    person = talk(on, "en").asks("check_eligibility").hears("ask_check_consent").presses("button_disagree").hears("check_refused")
    assert person.draft("eligibility") == {} and person.consents() == []


def test_asylum_comes_first(on):
    person = begins(on)
    for button in OWN_WISH:
        person.presses(button)
    person.says("Iraq").hears("ask_check_asylum").says("I am waiting for a decision").hears("ask_check_papers")
    for _ in range(3):
        person.presses("check_unsaid")
    person.hears("check_first").offers("ask_pending_asylum", "button_human")
    assert "Do not give up anything" in person.told["reasons"]


def test_what_decides_ends_it(on):
    begins(on).presses("check_place_home").hears("check_unlikely")


def test_a_child_alone_gets_the_safe_answer_and_an_alert_without_details(on):
    person = begins(on).presses("check_place_kosovo").hears("ask_check_age").says("15").hears("ask_check_company")
    person.presses("check_company_alone").hears("risk_unaccompanied_child", "ask_contact")
    assert person.ticket("alert").reason == "risk_unaccompanied_child" and person.attached("alert") == []
    assert person.draft("eligibility") == {}
    person.says("no").hears("contact_refused")
    person.asks("check_eligibility").hears("risk_unaccompanied_child", "offer_human")


def test_pressure_is_danger(on):
    person = begins(on).presses("check_place_kosovo").presses("check_age_adult").presses("check_company_alone").hears("ask_check_wish")
    person.presses("check_wish_pressed").hears("risk_forced_return", "ask_contact")
    assert person.ticket("alert").reason == "risk_forced_return"


def test_side_questions_greetings_and_pictures_on_the_way(on):
    person = begins(on).says("who reads what I tell you?").hears("ask_privacy", "ask_check_place")
    person.says("hello").hears("greet", "ask_check_place").sends_other().hears("only_text", "ask_check_place")
    old = person.button("check_place_kosovo")
    person.says("speak albanian please").hears_in("sq", "language_changed", "ask_check_place").presses_again(old).hears("stale_button", "ask_check_place")
    person.presses("check_place_kosovo").hears("ask_check_age")


def test_danger_stops_it(on):
    person = begins(on).says("my uncle will kill me if I go back").hears("risk_persecution_fear", "form_risk_pause", "persecution_first", "ask_contact")
    assert person.ticket("alert").reason == "risk_persecution_fear"


def test_it_is_dropped_with_a_word(on):
    person = begins(on).presses("check_place_kosovo").hears("ask_check_age").says("cancel").hears("cancelled")
    assert person.draft("eligibility") == {}


def test_goodbye_takes_the_answers_with_it(on):
    person = as_far_as_papers(on).says("I want to talk to a human").hears("form_paused", "offer_human").says("no").hears("handover_declined")
    assert person.draft("eligibility")["nationality"] == "MA"
    person.says("bye, see you").hears("goodbye")
    assert person.draft("eligibility") == {}
