"""A country is recognised however people name it: its name, its people or their town, in every language of ours."""

import pytest

import bot.content
from bot.content import countries
from bot.content.library import _read_countries
from bot.content.files import ContentError


NAMES = countries.names(bot.content.load())


@pytest.mark.parametrize(
    "code, said",
    [
        ("IQ", ["Iraq", "irak", "العراق", "عراقي", "عێراق", "Irak'tan", "Iraku", "Ирак", "ইরাক", "i am iraqi from mosul", "ارجع للعراق"]),
        ("AF", ["afganistan", "افغانستان", "د افغانستان", "Avganistan", "আফগানিস্তান", "kabul", "man az herat hastam"]),
        ("PK", ["pakistan", "پاکستان", "pakistani hun main", "Pakistana", "لاہور"]),
        ("BD", ["bangladesh", "বাংলাদেশ", "বাংলাদেশে", "bangla", "sylhet", "bangladeši"]),
        ("DZ", ["algerie", "الجزائر", "dzayer", "Alžir", "algérien", "cezayir"]),
        ("BI", ["burundi", "bujumbura", "burundais"]),
        ("TR", ["türkiye", "turkiye", "turqia", "Turska", "ترکیه"]),
        ("SY", ["syria", "سوريا", "سوري", "suriye", "Sirija", "damascus", "حلب"]),
        ("XK", ["kosovo", "kosova", "Косово"]),
        ("CD", ["congo", "DRC", "congolais"]),
    ],
)
def test_what_people_write_is_their_country(code, said):
    assert {word: countries.find(word, NAMES)[0] for word in said} == dict.fromkeys(said, code)


@pytest.mark.parametrize("said", ["I want to go home as soon as I can", "hocu da se vratim kuci sto pre", "اريد ان ارجع الى بيتي", "আমার ফোন নাই", "", "?", "12345"])
def test_a_sentence_without_a_country_names_none(said):
    assert countries.find(said, NAMES)[0] is None


def test_a_misspelt_name_is_offered_rather_than_guessed():
    code, meant = countries.find("Paksn", NAMES)
    assert code is None and "PK" in meant
    assert len(meant) <= 3


def test_niger_is_not_nigeria_and_the_congos_are_apart():
    assert [countries.find(word, NAMES)[0] for word in ("niger", "nigeria", "congo brazzaville")] == ["NE", "NG", "CG"]


@pytest.mark.parametrize("language", ["en", "ar", "fa", "ps", "ckb", "tr", "fr", "ur", "bn", "sq", "sr"])
def test_a_country_has_a_name_in_every_language(language):
    assert countries.name("IQ", language) not in ("", "IQ")


@pytest.mark.parametrize("text, complaint", [("IQ: Iraq", "must be lines"), ("NO: [Norway]", "quote a code"), ("IQ: [x]\nIR: [x]", "stands under IQ and IR")])
def test_a_wrong_line_in_the_list_is_named(tmp_path, text, complaint):
    path = tmp_path / "countries.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=complaint):
        _read_countries(path)
