"""A reference can be read out, mistyped and written in other digits; a wrong one is never taken for a right one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.references import ALPHABET, _check, _written, new_reference, read_reference

TYPED = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # all that is left after O, I and L are read as digits
bodies = st.text(ALPHABET, min_size=7, max_size=7).map(lambda body: body + _check(body))


@given(bodies)
def test_a_reference_is_read_as_it_was_written(body):
    assert read_reference(_written(body)) == _written(body)


@given(bodies)
def test_it_is_read_without_prefix_hyphens_and_capitals(body):
    assert read_reference(f"  {body[:4].lower()} {body[4:].lower()} ") == _written(body)


@given(bodies)
def test_it_is_found_in_a_sentence(body):
    assert read_reference(f"Hello, it is {_written(body)}, thank you") == _written(body)


@given(bodies)
def test_every_single_wrong_character_is_caught(body):
    for place in range(8):
        for other in set(TYPED) - {body[place]}:
            assert read_reference("VR-" + body[:place] + other + body[place + 1 :]) is None


@given(bodies)
def test_every_swap_of_two_neighbours_is_caught(body):
    for place in range(7):
        swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
        if swapped != body:
            assert read_reference("VR-" + swapped) is None


@pytest.mark.parametrize("digits", ["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "০১২৩৪৫৬৭৮৯"])
def test_digits_of_other_scripts_are_digits(digits):
    body = "7042319" + _check("7042319")
    foreign = _written(body).translate({ord(str(value)): digit for value, digit in enumerate(digits)})
    assert read_reference(foreign) == _written(body)


def test_letters_that_look_like_digits_are_digits():
    body = "0010A11" + _check("0010A11")
    assert read_reference(f"VR-OoIo AlL{body[7]}") == _written(body)


def test_a_reference_that_begins_like_the_prefix_is_read():
    body = "VRVRVR7" + _check("VRVRVR7")
    assert read_reference(_written(body)) == read_reference(body) == _written(body)


@pytest.mark.parametrize("text", ["", "hello", "VR-", "VR-1234", "I want to go home", "؟", "1" * 5000 + "2"])
def test_anything_else_is_no_reference(text):
    assert read_reference(text) is None


def test_new_references_are_readable_and_differ():
    made = {new_reference() for _ in range(500)}
    assert len(made) == 500
    assert all(read_reference(reference) == reference for reference in made)
