"""Corrections by speaking, in several languages: what is changed, and what is left alone."""

import pytest

import bot.content
from bot.actions.forms.answers import Heard, Said, read_number, read_phone
from bot.actions.forms.corrections import find

CONTENT = bot.content.load()
HELD = {"consent": True, "name": "Karim", "country": "IQ", "country_written": "Iraq", "place": "Baghdad", "adults": 2, "children": 1, "contact": "phone", "phone": "+383 44 123 456"}


def corrected(text, language="en", step="when", held=HELD):
    correction = find(Heard(step, Said(text, None, "nlu_fallback"), language, CONTENT, held))
    return correction and (dict(correction.given), correction.value)


@pytest.mark.parametrize(
    "text, language, given",
    [
        ("no, Erbil, not Baghdad", "en", {"place": "Erbil", "country": "IQ"}),
        ("Sorry I meant Mosul not Baghdad", "en", {"place": "Mosul", "country": "IQ"}),
        ("not Karim, my name is Karem", "en", {"name": "Karem"}),
        ("no my name is Samir", "en", {"name": "Samir"}),
        ("sorry, the number is 044 765 432", "en", {"phone": "+383 44 765 432", "safe": None}),
        ("I meant Jordan", "en", {"country": "JO", "country_written": "Jordan", "place": None}),
        ("لا، الموصل مو Baghdad", "ar", {"place": "الموصل", "country": "IQ"}),
        ("non, pas Baghdad, Mossoul", "fr", {"place": "Mossoul", "country": "IQ"}),
        ("hayır Baghdad değil Musul", "tr", {"place": "Musul", "country": "IQ"}),
        ("ne, jo Baghdad, Mosul", "sq", {"place": "Mosul", "country": "IQ"}),
    ],
)
def test_a_new_value_replaces_the_old_one(text, language, given):
    found = corrected(text, language)
    assert found and found[0] == given, found


@pytest.mark.parametrize(
    "text, given",
    [
        ("the number is wrong", {"phone": None, "safe": None}),
        ("change my name", {"name": None}),
        ("the children are wrong, sorry", {"adults": None, "children": None}),
    ],
)
def test_what_is_only_named_is_asked_again(text, given):
    assert corrected(text) == (given, None)


@pytest.mark.parametrize(
    "text",
    [
        "in the morning", "Erbil", "Karim", "no", "not now", "tomorrow, but not before ten", "", "?", "I do not know", "044 765 432",
        "no idea what to write here because I have never had to answer so many questions in my life",
    ],
)  # fmt: skip
def test_an_answer_is_no_correction(text):
    assert corrected(text) is None


@pytest.mark.parametrize(
    "text, language", [("no children", "en"), ("no kids", "en"), ("pas d'enfants", "fr"), ("hayır çocuk yok", "tr"), ("لا يوجد أطفال", "ar"), ("نه، بچه نداریم", "fa")]
)
def test_no_children_is_an_answer_where_they_are_asked(text, language):
    assert corrected(text, language, step="children") is None


@pytest.mark.parametrize(
    "step, text",
    [("speech", "no, only Albanian"), ("speech", "no, Persian"), ("needs", "no medicine"), ("when", "actually 14-16 16-18"), ("safe", "no, it is not safe to call this number")],
)
def test_ordinary_answers_are_left_alone(step, text):
    assert corrected(text, step=step) is None


def test_wanting_is_no_name():
    assert corrected("i want to change my name") == ({"name": None}, None)


def test_what_is_asked_at_the_moment_is_answered_and_not_corrected():
    assert corrected("no, Jordan", step="country", held={"consent": True, "name": "Karim"}) is None
    assert corrected("sorry, 044 765 432", step="phone", held={"contact": "phone"}) is None


@pytest.mark.parametrize(
    "text, language, number",
    [("3", "en", 3), ("٣", "ar", 3), ("৪ জন", "bn", 4), ("two of us", "en", 2), ("we are 5", "sq", 5), ("many", "en", None), ("ثلاثة", "ar", 3), ("deux", "fr", 2)],
)
def test_numbers_in_digits_of_any_script_and_in_words(text, language, number):
    assert read_number(text, CONTENT, language) == number


@pytest.mark.parametrize("text, phone", [("044 123 456", "+383 44 123 456"), ("٠٤٤١٢٣٤٥٦", "+383 44 123 456"), ("+964 770 123 4567", "+964 770 123 4567"), ("no phone", None), ("12", None)])
def test_telephone_numbers_as_people_write_them(text, phone):
    assert read_phone(text) == phone
