"""A value of the office reaches a person only when somebody verified it; a placeholder never does."""

import pytest

from bot.content import ContentError
from bot.content.programme import Programme, read_programme
from small_content import PROGRAMME


@pytest.fixture
def read(write):
    """A function: the programme in a text."""
    return lambda text: read_programme(write("programme.yml", text))


@pytest.fixture
def fill(read):
    """A function: a text with its values filled in."""
    return lambda text, language="en": read(PROGRAMME).fill(text, language)


@pytest.mark.parametrize(
    "wrong",
    [
        PROGRAMME.replace('"112"', '"911"'),
        PROGRAMME.replace('"112"', '""'),
        PROGRAMME.replace('general: {value: "112", source: law, checked: 2023-01-01, verified: true}', 'general: {value: "112", verified: false}'),
        PROGRAMME.replace("  general:", "  generale:"),
    ],
)
def test_without_a_verified_112_nothing_starts(read, wrong):
    with pytest.raises(ContentError, match="112"):
        read(wrong)


@pytest.mark.parametrize("wrong", ["", "[]", "- a\n", "emergency:\n", "a: [", "just words", b"\xff\xfe"])
def test_what_is_no_programme_is_named(write, wrong):
    with pytest.raises(ContentError, match="programme.yml"):
        read_programme(write("programme.yml", wrong))


def test_a_verified_value_needs_source_and_date(read):
    for field in ("source: law", "checked: 2023-01-01"):
        with pytest.raises(ContentError, match="emergency.police"):
            read(PROGRAMME.replace('police: {value: "192", source: law, checked: 2023-01-01', f'police: {{value: "192", {field}'))


def test_an_unverified_or_empty_value_is_never_told(read):
    programme = read(PROGRAMME)
    assert programme.value("office.phone") is None
    assert programme.value("office.hours") is None
    assert programme.value("office.unknown") is None
    assert programme.names["office.phone"] is False and programme.names["emergency.police"] is True


def test_a_value_can_differ_by_language_and_falls_back_to_english(read):
    programme = read(PROGRAMME)
    assert [programme.value("office.name", code) for code in ("ar", "en", "sq")] == ["المكتب", "The Office", "The Office"]


def test_a_verified_value_is_filled_in(fill):
    assert fill("Call {emergency.general} or {emergency.police}.") == "Call 112 or 192."


def test_a_line_with_an_unknown_value_disappears(fill):
    assert fill("One.\nCall {office.phone}.\nTwo.") == "One.\nTwo."


def test_its_empty_line_disappears_too(fill):
    assert fill("One.\n\nCall {office.phone}.\n\nTwo.") == "One.\n\nTwo."


@pytest.mark.parametrize(
    "line, told",
    [
        ("Call {office.phone}. || Ask a counsellor.", "Ask a counsellor."),
        ("Call {emergency.police}. || Ask a counsellor.", "Call 192."),
        ("{office.phone} || {office.hours} || Ask.", "Ask."),
        ("{office.phone} || {office.hours}", ""),
        ("{office.phone} and {emergency.police} || Ask.", "Ask."),
    ],
)
def test_the_first_alternative_whose_values_are_known_is_told(fill, line, told):
    assert fill(line) == told


@pytest.mark.parametrize(
    "line, told",
    [("Write to {office.chat_link}. || Ask.", "Write to https://t.me/us."), ("Call {emergency.police}.", "Call 192."), ("Call {office.phone}. || Ask.", "Ask.")],
)
def test_what_the_house_knows_by_itself_is_told_where_the_office_said_nothing(read, line, told):
    known = {"office.chat_link": "https://t.me/us", "emergency.police": "999", "office.phone": None}
    assert read(PROGRAMME).fill(line, "en", known) == told


def test_values_can_be_given_without_a_file():
    assert Programme({}).fill("Hello\n{office.phone}", "en") == "Hello"
