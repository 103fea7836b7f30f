"""The same service in Albanian, typed as people type it: without ë and ç."""

from dialogue import plant, talk


def test_greeting_topic_help(house):
    person = talk(house, "sq").says("pershendetje").hears("greet").offers("ask_what_is_avrr", "button_human")
    person.says("a eshte falas?").hears("ask_is_it_free").presses("ask_scam").hears("ask_scam").says("ndihmë").hears("help")


def test_languages(house):
    person = talk(house, "sq").says("nderro gjuhen").hears("choose_language").presses("العربية").hears_in("ar", "language_changed")
    person.says("fol shqip").hears_in("sq", "language_changed").says("fol anglisht").hears_in("en", "language_changed")


def test_a_human(house):
    person = talk(house, "sq").says("dua te flas me njeri").hears("offer_human").says("po").hears("handover_opened")
    assert person.ticket("handover").language == "sq"
    talk(house, "sq").says("dua te flas me njeri").hears("offer_human").presses("button_no").hears("handover_declined")


def test_the_whole_request(house):
    plant("+383 44 987 654")
    person = talk(house, "sq").says("dua te kthehem ne vendin tim").hears("ask_intake_consent").presses("button_full_notice")
    person.hears("consent_notice").presses("button_agree").hears("ask_intake_name").says("Arben Planted").hears("ask_intake_country")
    person.says("kush e blen biletën?").hears("ask_flight_booking", "ask_intake_country")
    person.says("Paksn").hears("country_did_you_mean").presses("Pakistan").hears("ask_intake_place").presses("button_skip").goes_alone()
    person.presses("button_phone").hears("ask_intake_phone").says("044 987 654").hears("ask_intake_safe")
    person.presses("button_safe_yes").speaks("sq").presses("button_afternoon").needs_nothing().says("kam nevoje per perkthyes dhe jam i semure").hears(
        "intake_summary", name="Arben Planted", country="Pakistan", note="kam nevoje per perkthyes dhe jam i semure"
    )
    person.says("po").hears("request_made")
    assert person.ticket("request").language == "sq"
    person.says("si eshte kerkesa ime").hears("status", "queue", reference=person.told["reference"])


def test_cancel(house):
    person = talk(house, "sq").says("dua te kthehem ne vendin tim").hears("ask_intake_consent").says("po").hears("ask_intake_name")
    person.says("anulo").hears("cancelled")
    assert person.draft() == {}


def test_my_data(house):
    person = talk(house, "sq").says("fshini te dhenat e mia").hears("ask_delete").presses("button_keep").hears("delete_kept")
    assert person.known()
