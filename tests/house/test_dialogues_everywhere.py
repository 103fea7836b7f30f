"""The first minutes of a conversation in every language: a greeting, a question, the language, a human."""

import pytest
from dialogue import talk

# A greeting, "is it free", "I want to talk to a person" and "yes", as people type them.
WORDS = {
    "en": ("hello", "is it free", "i want to talk to a person", "yes"),
    "ar": ("السلام عليكم", "هل هي مجانية", "اريد اتكلم مع شخص", "نعم"),
    "fa": ("سلام", "رایگان است یا باید پول بدهم", "می‌خواهم با یک آدم حرف بزنم", "بله"),
    "ps": ("السلام علیکم ورونو", "دا وړیا دی که پیسې غواړي", "غواړم له یو انسان سره خبرې وکړم", "هو"),
    "ckb": ("سڵاو", "بەخۆڕاییە یان پارەی دەوێت", "دەمەوێت لەگەڵ مرۆڤێک قسە بکەم", "بەڵێ"),
    "tr": ("merhaba", "bu ücretsiz mi", "bir insanla konusmak istiyorum", "evet"),
    "fr": ("bonjour", "c'est gratuit ou il faut payer", "je veux parler a une personne", "oui"),
    "ur": ("assalam o alaikum", "kya is ke paise dene hain ya muft hai", "mujhe kisi insan se baat karni hai", "جی ہاں"),
    "bn": ("আসসালামু আলাইকুম", "এটা কি ফ্রি নাকি টাকা লাগে", "আমি একজন মানুষের সাথে কথা বলতে চাই", "হ্যাঁ"),
    "sq": ("pershendetje", "a eshte falas", "dua te flas me njeri", "po"),
    "sr": ("добар дан", "da li je besplatno", "hocu da razgovaram sa covekom", "да"),
}


@pytest.mark.parametrize("language", WORDS)
def test_a_question_is_answered_and_a_human_is_called(house, language):
    greeting, free, human, yes = WORDS[language]
    person = talk(house, language).says(greeting).hears("greet").offers("ask_what_is_avrr", "button_human")
    person.says(free).hears("ask_is_it_free").offers("ask_scam")
    person.says(human).hears("offer_human").says(yes).hears("handover_opened")
    assert person.ticket("handover").language == language


@pytest.mark.parametrize("language", [language for language in WORDS if language != "en"])
def test_what_a_person_writes_outweighs_an_english_telephone(house, language):
    talk(house, "en").says(WORDS[language][1]).hears_in(language, "ask_is_it_free")


@pytest.mark.parametrize("language", WORDS)
def test_every_language_is_one_button_away(house, language):
    person = talk(house, "en").starts().presses("button_language").hears("choose_language")
    person.presses(house.content.language_names()[language]).hears_in(language, "language_changed")


@pytest.mark.parametrize(
    "said, nearest",
    [
        ("Silav, ev belaş e an divê ez pere bidim?", "tr"),
        ("Hola, ¿el viaje es gratis o tengo que pagar algo?", "en"),
        ("Здравствуйте, это бесплатно или нужно платить за билет?", "en"),
        ("नमस्ते, मौसम आज बहुत ठंडा है और मुझे हिंदी आती है", "en"),
        ("Mwaramutse, ni ubuntu canke ndategerezwa kuriha amafaranga?", "fr"),
    ],
)
def test_who_writes_a_language_we_lack_is_answered_and_shown_ours(house, said, nearest):
    person = talk(house, "en").says(said)
    person.language = nearest
    assert person.heard[-1]["text"] == house.content.phrase("utter_language_unknown", nearest) and len(person.heard) == 2
    person.offers("button_human").presses("العربية").hears_in("ar", "language_changed")


def test_danger_in_a_language_we_lack_is_seen(house):
    person = talk(house, "en").says("Quiero suicidarme, no puedo más con esta vida, me quiero morir")
    assert person.ticket("alert").reason == "risk_self_harm"
