"""The assistant speaks the person's language."""

import asyncio

import pytest
from bot.engine.responses import Responses
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker


@pytest.fixture(scope="module")
def responses():
    return Responses()


def say(responses, name, metadata, parsed=None, **values):
    tracker = DialogueStateTracker.from_events("c", [UserUttered("x", parse_data=parsed or {}, metadata=metadata)])
    return asyncio.run(responses.generate(name, tracker, "house", **values))


def test_the_answer_is_in_the_chosen_language(responses):
    told = say(responses, "utter_ask_is_it_free", {"language": "ar", "language_from": "chosen"})
    assert told["text"] == responses.content.answer("ask_is_it_free", "ar")


def test_an_action_may_answer_in_a_language_just_chosen(responses):
    told = say(responses, "utter_language_changed", {"language": "en", "language_from": "chosen"}, in_language="sq")
    assert told["text"] == responses.content.phrase("utter_language_changed", "sq")


def test_related_topics_are_buttons(responses):
    told = say(responses, "utter_ask_is_it_free", {"language": "en"})
    related = responses.content.topic("ask_is_it_free", "en").related
    assert [button["payload"] for button in told["buttons"]] == [f"/{intent}" for intent in related]


def test_did_you_mean_offers_three_topics_and_a_human(responses):
    ranking = [{"name": name} for name in ("greet", "ask_pets", "risk_violence", "ask_luggage", "ask_is_it_free", "ask_scam")]
    told = say(responses, "utter_did_you_mean", {"language": "en"}, {"intent_ranking": ranking})
    assert [b["payload"] for b in told["buttons"]] == ["/ask_pets", "/ask_luggage", "/ask_is_it_free", "/talk_to_human"]


def test_values_fill_the_sentence(responses):
    told = say(responses, "utter_request_made", {"language": "en"}, reference="VR-1234-5678")
    assert "VR-1234-5678" in told["text"] and "{" not in told["text"]


def test_an_unknown_response_is_nothing(responses):
    assert say(responses, "utter_no_such_thing", {}) is None
