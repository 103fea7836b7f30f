"""The guided request from consent to reference, on each kind of database."""

from dialogue import plant, talk, until

from casework.references import new_reference

NAME, PHONE, NOTE = plant("Samira Planted"), plant("+383 44 123 456"), "I need an interpreter and I am often ill"


def asked_for_the_name(house):
    return talk(house, "en").says("I want to apply").hears("ask_intake_consent").presses("button_agree").hears("ask_intake_name")


def with_a_request(house):
    person = asked_for_the_name(house).says(NAME).hears("ask_intake_country").presses("button_skip").hears("ask_intake_contact")
    person.presses("button_this_chat").hears("ask_intake_when").presses("button_any_time").hears("ask_intake_note")
    return person.presses("button_no_note").hears("intake_summary", name=NAME).presses("button_send").hears("request_made")


def test_the_whole_request(on):
    person = talk(on, "en").says("I want to apply").hears("ask_intake_consent").presses("button_full_notice").hears("consent_notice")
    person.says("who reads what I tell you?").hears("ask_privacy", "ask_intake_consent").presses("button_agree").hears("ask_intake_name")
    person.says(NAME).hears("ask_intake_country").says("who pays for the flight?").hears("ask_flight_booking", "ask_intake_country")
    person.says("Paksn").hears("country_did_you_mean").presses("Pakistan").hears("ask_intake_contact")
    person.presses("button_phone").hears("ask_intake_phone").says("٠٤٤ ١٢٣ ٤٥٦").hears("ask_intake_when")
    person.presses("button_afternoon").hears("ask_intake_note").says(NOTE).hears(
        "intake_summary", name=NAME, country="Pakistan", contact=PHONE, when=on.content.phrase("word_afternoon", "en"), note=NOTE
    )
    person.presses("button_change_name").hears("ask_intake_name").says("Karima Planted").hears("intake_summary", name="Karima Planted")
    assert person.request() is None
    person.presses("button_send").hears("request_made")
    stage, answers = person.request()
    assert stage == "received"
    assert answers == {
        "name": "Karima Planted", "country": "PK", "country_written": "", "contact": "phone", "phone": PHONE, "when": "afternoon", "note": NOTE,
    }  # fmt: skip
    assert person.ticket("request").state == "open"
    assert person.draft() == {}


def test_no_consent_no_question(on):
    person = talk(on, "en").says("I want to apply").hears("ask_intake_consent").presses("button_disagree").hears("consent_refused")
    assert person.draft() == {} and person.request() is None
    person.says("is it free").hears("ask_is_it_free")


def test_a_second_request_is_the_first(on):
    person = with_a_request(on)
    reference = person.told["reference"]
    person.says("I want to apply").hears("request_open", reference=reference).says("is it free").hears("ask_is_it_free")


def test_news_for_its_own_chat_only(on):
    person = with_a_request(on)
    reference = person.told["reference"]
    received = on.content.phrase("stage_received", "en")
    for asked in ("what happened with my request", f"any news of my request {reference}", reference.lower()):
        person.says(asked).hears("status", reference=reference, stage=received)
    person.says(f"any news of my request {new_reference()}").hears("status_none")
    talk(on, "en").says(f"any news of my request {reference}").hears("status_none")


def test_a_request_is_taken_back(on):
    person = with_a_request(on)
    person.says("withdraw my request").hears("ask_withdraw").presses("button_no").hears("withdraw_kept")
    assert person.request()[0] == "received"
    person.says("withdraw my request").hears("ask_withdraw", reference=person.told["reference"]).presses("button_yes").hears("withdrawn")
    assert person.request()[0] == "withdrawn" and person.ticket("request").state == "closed"
    person.says("withdraw my request").hears("withdraw_none")


def test_cancel_throws_the_answers_away(on):
    person = asked_for_the_name(on).says(NAME).hears("ask_intake_country")
    assert person.draft() == {"consent": True, "name": NAME}
    person.says("cancel").hears("cancelled")
    assert person.draft() == {}
    person.says("I want to apply").hears("ask_intake_consent")


# --- coming back to a draft ---


def left_in_the_middle(house):
    person = asked_for_the_name(house).says(NAME).hears("ask_intake_country")
    person.says("I want to talk to a human").hears("form_paused", "offer_human").says("no").hears("handover_declined")
    return person.says("I want to apply").hears("ask_intake_resume")


def test_a_draft_is_continued(on):
    left_in_the_middle(on).presses("button_continue").hears("ask_intake_country").presses("button_skip").hears("ask_intake_contact")


def test_a_draft_is_started_over(on):
    person = left_in_the_middle(on).presses("button_start_over").hears("ask_intake_consent")
    assert person.draft() == {}


def test_a_draft_is_dropped(on):
    person = left_in_the_middle(on).presses("button_drop").hears("cancelled")
    assert person.draft() == {}
    person.says("is it free").hears("ask_is_it_free")


def test_the_language_may_change_on_the_way(on):
    person = asked_for_the_name(on).says("speak arabic please").hears_in("ar", "language_changed", "ask_intake_name")
    person.says(NAME).hears("ask_intake_country")


# --- deleting ---


def test_deleting_with_a_request_may_take_back_only_that(on):
    person = with_a_request(on).says("delete my data").hears("ask_delete_with_request").presses("button_withdraw_only").hears("withdrawn")
    assert person.known() and person.request()[0] == "withdrawn"


def test_deleting_erases_casework_and_engine(on):
    person = with_a_request(on)
    assert on.kept_by_engine(person.person)
    person.says("delete my data").hears("ask_delete_with_request").presses("button_delete_all").hears("deleted")
    until("everything is erased", lambda: not person.known(), 15)
    assert on.kept_by_engine(person.person) is None
    assert person.request() is None and person.ticket("request") is None and person.draft() == {}
