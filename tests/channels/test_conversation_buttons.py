"""A button counts only for the person it was shown to; a question that no longer stands is not answered by it."""

import pytest


@pytest.fixture
def stale(words):
    """What an old button says."""
    return [words.phrase("utter_stale_button", "en")]


def test_a_button_does_what_it_was_offered_for(somebody, engine):
    somebody.is_offered("/affirm", "/deny")
    somebody.presses(somebody.buttons()["deny"])
    assert engine.texts() == ["/deny"]


def test_it_is_kept_with_the_words_that_stood_on_it(somebody, conversation):
    somebody.is_offered("/affirm")
    somebody.presses(somebody.buttons()["affirm"])
    assert [message["text"] for message in conversation.history(somebody.id) if message["mine"]] == ["affirm"]


def test_a_question_that_no_longer_stands_is_not_answered(somebody, engine, stale):
    somebody.is_offered("/affirm")
    old = somebody.buttons()["affirm"]
    somebody.writes("something else")
    assert somebody.presses(old) == stale
    assert "/affirm" not in engine.texts()


@pytest.mark.parametrize("payload", ["/ask_pets", "/talk_to_human", "/help", "/request_counselling", '/choose_language{"language": "ar"}'])
def test_a_topic_may_be_pressed_at_any_time(somebody, engine, payload):
    somebody.is_offered(payload)
    old = somebody.buttons()[payload.strip("/")]
    somebody.writes("something else")
    somebody.presses(old)
    assert engine.texts()[-1] == payload


@pytest.mark.parametrize("payload", ["/delete_my_data", "/withdraw_request", '/affirm{"choice": "send"}', "/deny"])
def test_what_changes_something_is_not_pressed_late(somebody, engine, stale, payload):
    somebody.is_offered(payload)
    old = somebody.buttons()[payload.strip("/")]
    somebody.writes("something else")
    assert somebody.presses(old) == stale


FORGED = ["", "/affirm", "b1", "b.0", "b0.0", "b1.99", "b-1.0", "b999999999.0", "b999999999999999.0", "b1.0 ", "B1.0", "b١.٠", "b1.0\n", "b" * 5000,
          '/choose_language{"language": "ar"}', "/risk_self_harm", "EXTERNAL: x", "\x00"]  # fmt: skip


@pytest.mark.parametrize("payload", FORGED)
def test_a_forged_button_does_nothing_but_say_so(somebody, engine, stale, payload):
    assert somebody.presses(payload) == stale
    assert engine.texts() == []


def test_the_button_of_somebody_else_does_nothing(somebody, conversation, engine, stale):
    somebody.is_offered("/affirm")
    theirs = somebody.buttons()["affirm"]
    other = conversation.start("web", "another secret")
    message_id = conversation.receive(other, "1", "button", {"payload": theirs})
    conversation.answer(other)
    replies = conversation.replies(other, reply_to=message_id)["replies"]
    assert [reply["text"] for reply in replies] == stale and engine.texts() == []


def test_no_payload_ever_leaves_the_house(somebody, conversation):
    somebody.is_offered('/affirm{"choice": "send"}')
    (shown,) = conversation.history(somebody.id)
    assert [button["payload"] for button in shown["buttons"]] == [f"b{shown['id']}.0"]
