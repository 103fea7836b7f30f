"""The guided request from consent to reference, on each kind of database."""

from dialogue import plant, talk, until

from casework.references import new_reference

NAME, PHONE, NOTE = plant("Samira Planted"), plant("+383 44 123 456"), "I need an interpreter and I am often ill"


def asked_for_the_name(house):
    return talk(house, "en").says("I want to apply").hears("ask_intake_consent").presses("button_agree").hears("ask_intake_name")


def with_a_request(house):
    person = asked_for_the_name(house).says(NAME).hears("ask_intake_country").presses("button_skip").hears("ask_intake_adults")
    person.presses("button_skip").hears("ask_intake_children").presses("button_skip").hears("ask_intake_contact")
    person.presses("button_this_chat").hears("ask_intake_speech").presses("language_en").hears("ask_intake_when")
    person.presses("button_any_time").hears("ask_intake_needs").presses("button_needs_none").hears("ask_intake_note")
    return person.presses("button_no_note").hears("intake_summary", name=NAME).presses("button_send").hears("request_made")


def test_the_whole_request(on):
    person = talk(on, "en").says("I want to apply").hears("ask_intake_consent").presses("button_full_notice").hears("consent_notice", days="180")
    person.presses("button_full_text").hears("consent_full", days="180")
    person.says("who reads what I tell you?").hears("ask_privacy", "ask_intake_consent").presses("button_agree").hears("ask_intake_name")
    person.says(NAME).hears("ask_intake_country").says("who pays for the flight?").hears("ask_flight_booking", "ask_intake_country")
    person.says("Paksn").hears("country_did_you_mean").presses("Pakistan").hears("ask_intake_place").says("Lahore").hears("ask_intake_adults")
    person.says("٢").hears("ask_intake_children").says("many").hears("number_unclear", "ask_intake_children").says("three").hears("ask_intake_contact")
    person.presses("button_phone").hears("ask_intake_phone").says("٠٤٤ ١٢٣ ٤٥٦").hears("ask_intake_safe").presses("button_safe_text").hears("ask_intake_speech")
    person.presses("language_ur").hears("ask_intake_when").presses("button_afternoon").hears("ask_intake_needs")
    person.presses("need_medical").hears("intake_needs_more").presses("need_child").hears("intake_needs_more").presses("button_needs_done").hears("ask_intake_note")
    person.says(NOTE).hears(
        "intake_summary", name=NAME, country="Pakistan, Lahore", family="adults: 2, children: 3", contact=f"{PHONE} (only text messages)", speech="اردو",
        when=on.content.phrase("word_afternoon", "en"), needs="Illness or medicine, Small children", note=NOTE,
    )  # fmt: skip
    person.presses("button_change_name").hears("ask_intake_name").says("Karima Planted").hears("intake_summary", name="Karima Planted")
    person.presses("button_change_family").hears("ask_intake_adults").presses("1").hears("ask_intake_children").presses("0").hears("intake_summary")
    assert person.request() is None
    person.presses("button_send").hears("request_made")
    stage, answers = person.request()
    assert stage == "received"
    assert answers == {
        "name": "Karima Planted", "country": "PK", "country_written": "", "place": "Lahore", "adults": 1, "children": 0, "contact": "phone",
        "phone": PHONE, "safe": "text", "speech": "اردو", "when": "afternoon", "needs": ["medical", "child"], "note": NOTE,
    }  # fmt: skip
    assert person.ticket("request").state == "open"
    assert person.draft() == {}


def test_a_trusted_person_and_a_place(on):
    person = asked_for_the_name(on).presses("button_skip").hears("ask_intake_country").says("Irak").hears("ask_intake_place")
    person.presses("button_skip").hears("ask_intake_adults").says("two").hears("ask_intake_children").says("no").hears("ask_intake_contact")
    person.presses("button_trusted").hears("ask_intake_trusted").says("044 123 456").hears("ask_intake_safe").presses("button_safe_ask").hears("ask_intake_speech")
    assert person.draft()["contact"] == "trusted" and person.draft()["children"] == 0


def test_corrections_by_speaking(on):
    person = asked_for_the_name(on).says("Karim").hears("ask_intake_country").says("Iraq").hears("ask_intake_place").says("Baghdad").hears("ask_intake_adults")
    person.says("no, Erbil, not Baghdad").hears("corrected", "ask_intake_adults", value="Erbil").presses("1").hears("ask_intake_children")
    person.says("sorry, my name is Karem").hears("corrected", "ask_intake_children", value="Karem").presses("0").hears("ask_intake_contact")
    person.says("044 123 456").hears("ask_intake_safe").presses("button_safe_yes").hears("ask_intake_speech").says("Kurdish").hears("ask_intake_when")
    person.says("sorry the number is 044 123 457").hears("corrected", "ask_intake_safe").presses("button_safe_yes")
    person.hears("ask_intake_when").presses("button_morning").hears("ask_intake_needs")
    person.presses("button_needs_none").hears("ask_intake_note").presses("button_no_note").hears("intake_summary")
    person.says("the children are wrong").hears("correct_what", "ask_intake_adults").presses("2").hears("ask_intake_children").presses("1").hears("intake_summary")
    held = person.draft()
    assert (held["place"], held["name"], held["phone"], held["adults"], held["children"]) == ("Erbil", "Karem", "+383 44 123 457", 2, 1)


def test_something_is_added_to_an_open_request(on):
    person = with_a_request(on)
    reference = person.told["reference"]
    person.says("I want to apply").hears("request_open", reference=reference).presses("button_add").hears("ask_intake_addition")
    person.says("my wife is pregnant since last month").hears("request_added", reference=reference)
    assert person.request()[1]["additions"] == ["my wife is pregnant since last month"]
    person.says("is it free").hears("ask_is_it_free")


def test_consent_is_taken_back_in_the_middle(on):
    person = asked_for_the_name(on).says(NAME).hears("ask_intake_country").says("what do you know about me").hears("my_data", "ask_intake_country")
    person.presses("button_consent_back").hears("consent_taken_back")
    assert person.draft() == {} and person.consents() == []
    person.says("I want to apply").hears("ask_intake_consent")


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
        person.says(asked).hears("status", "queue", reference=reference, stage=received)
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
    left_in_the_middle(on).presses("button_continue").hears("ask_intake_country").presses("button_skip").hears("ask_intake_adults")


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
