"""What people wrote in bot/data becomes what Rasa trains on."""

import copy

import numpy as np
import pytest
from bot.engine.importer import TopicImporter, question
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, TEXT
from rasa.shared.nlu.training_data.features import Features


@pytest.fixture(scope="module")
def importer():
    return TopicImporter("config.yml", "domain.yml")


def rules_of(importer):
    return {step.block_name: [str(event) for event in step.events] for step in importer.get_stories().story_steps}


def test_all_88_intents_are_there(importer):
    intents = set(importer.get_domain().intents)
    assert set(importer.content.catalogue) <= intents
    assert len(importer.content.catalogue) == 88


def test_every_question_carries_its_language(importer):
    examples = importer.get_nlu_data().training_examples
    languages = {example.get("metadata")["example"]["language"] for example in examples}
    assert languages >= set(importer.content.languages)  # and those that are only learnt from yet


def test_a_copied_question_is_featurized_by_itself():
    first = question("my cat", "ask_pets", "en")
    second = copy.deepcopy(first)
    assert first == second and hash(first) == hash(second)
    second.add_features(Features(np.ones((1, 4), np.float32), FEATURE_TYPE_SENTENCE, TEXT, "ours"))
    assert not first.features and first != second
    third = copy.deepcopy(second)
    assert third == second and len(third.features) == 1
    third.set(INTENT, "ask_luggage")
    assert third != second and second.get(INTENT) == "ask_pets"


def test_other_numbers_are_another_question():
    one, other = question("my cat", "ask_pets", "en"), question("my cat", "ask_pets", "en")
    for message, value in ((one, 1), (other, 2)):
        message.add_features(Features(np.full((1, 4), value, np.float32), FEATURE_TYPE_SENTENCE, TEXT, "ours"))
    assert one != other


def test_a_topic_without_a_rule_of_its_own_gets_its_answer(importer):
    assert any("utter_ask_pets" in event for event in rules_of(importer)["answer ask_pets"])


def test_danger_is_followed_by_the_question_about_contact(importer):
    events = rules_of(importer)["answer risk_violence"]
    assert any("utter_risk_violence" in event for event in events)
    assert any("action_ask_contact" in event for event in events)


def test_a_guided_intent_has_no_second_rule(importer):
    assert "answer request_counselling" not in rules_of(importer)


def test_the_domain_stays_small(importer):
    """It travels with every action call: titles only, no answers."""
    assert len(importer.get_domain().as_yaml()) < 40_000
