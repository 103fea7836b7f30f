"""One word has one form, however it is spelt and in whichever script."""

import pytest
from bot.engine.spelling import alike, bones


@pytest.mark.parametrize("said", [["É gratis?", "e gratis"], ["أريد العودة", "اريد العوده"], ["Pooooo", "po"], ["donmek", "dönmek"]])
def test_what_phones_leave_out_makes_no_difference(said):
    assert len({alike(text).strip() for text in said}) == 1


def test_a_word_of_bengali_stays_one_word():
    assert alike("বাড়ি যেতে").split() == ["বারি", "যেতে"]


@pytest.mark.parametrize(
    "said",
    [
        ["كم كيلو مسموح", "kam kilo masmou7"],
        ["Хоћу да се вратим", "hoću da se vratim", "hocu da se vratim"],
        ["чекам већ шест месеци", "cekam vec sest meseci"],
        ["مجھے گھر جانا ہے", "mujhe ghar jana hai"],
        ["آدم چند کيلو", "adam chand kilo"],
        ["عندي جواز", "3andi jawaz"],
        ["আমি বাড়ি যেতে চাই", "ami bari jete chai"],
        ["guarantee", "gaurantee", "guarante"],
    ],
)
def test_scripts_and_slips_of_the_thumb_leave_the_same_bones(said):
    assert len({bones(text) for text in said}) == 1


@pytest.mark.parametrize("text", ["", "   ", "?!", "🙏🏽", "\x00\u202e", "'''", "123", "ы", "字"])
def test_any_text_has_bones(text):
    assert isinstance(bones(text), str)


def test_numbers_stay_numbers():
    assert bones("30 kg or 20 kg") == "30 kg ar 20 kg"
