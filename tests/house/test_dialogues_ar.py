"""The same service in Arabic: right to left, with its own digits."""

from dialogue import plant, talk


def test_greeting_topic_help(house):
    person = talk(house, "ar").says("السلام عليكم").hears("greet").offers("ask_what_is_avrr", "button_human")
    person.says("هل الخدمة مجانية؟").hears("ask_is_it_free").presses("ask_scam").hears("ask_scam").says("مساعدة").hears("help")


def test_languages(house):
    person = talk(house, "ar").says("غير اللغة").hears("choose_language").presses("Shqip").hears_in("sq", "language_changed")
    person.says("تكلم بالعربي من فضلك").hears_in("ar", "language_changed").says("تكلم بالانجليزية").hears_in("en", "language_changed")


def test_a_human(house):
    person = talk(house, "ar").says("اريد ان اتكلم مع انسان").hears("offer_human").says("نعم").hears("handover_opened")
    assert person.ticket("handover").language == "ar"
    talk(house, "ar").says("اريد ان اتكلم مع انسان").hears("offer_human").presses("button_no").hears("handover_declined")


def test_the_whole_request(house):
    plant("+383 44 765 432")
    person = talk(house, "ar").says("اريد العودة الى بلدي").hears("ask_intake_consent").presses("button_full_notice").hears("consent_notice")
    person.says("موافق").hears("ask_intake_name").says("سميرة المزروعة").hears("ask_intake_country")
    person.says("من يشتري التذكرة؟").hears("ask_flight_booking", "ask_intake_country").says("افغانستان").hears("ask_intake_place")
    person.says("كابول").goes_alone()
    person.presses("button_phone").hears("ask_intake_phone").says("١٢").hears("phone_unclear", "ask_intake_phone")
    person.says("٠٤٤ ٧٦٥ ٤٣٢").hears("ask_intake_safe").presses("button_safe_yes").speaks("ar").presses("button_afternoon").needs_nothing()
    person.says("احتاج الى مترجم وعندي مرض السكر").hears(
        "intake_summary", name="سميرة المزروعة", country="أفغانستان, كابول", note="احتاج الى مترجم وعندي مرض السكر"
    )
    person.presses("button_send").hears("request_made")
    assert person.ticket("request").language == "ar"
    assert person.request()[1]["country"] == "AF"
    person.says("ما هي حالة طلبي").hears("status", "queue", reference=person.told["reference"])
    person.says("اريد سحب طلبي").hears("ask_withdraw").presses("button_yes").hears("withdrawn")


def test_cancel(house):
    person = talk(house, "ar").says("اريد العودة الى بلدي").hears("ask_intake_consent").says("موافق").hears("ask_intake_name")
    person.says("الغاء").hears("cancelled")
    assert person.draft() == {}


def test_my_data(house):
    person = talk(house, "ar").says("احذف بياناتي").hears("ask_delete").presses("button_keep").hears("delete_kept")
    assert person.known()
