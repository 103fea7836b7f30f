"""What people wrote in bot/data becomes what Rasa trains on."""

import copy

import pytest
from bot.engine.importer import Question, TopicImporter
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.training_data import TrainingData


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


def test_a_question_is_told_from_others_by_what_was_written_its_intent_and_its_language():
    first = Question("my cat", "ask_pets", "en")
    assert first == copy.deepcopy(first) == Question("my cat", "ask_pets", "en")
    others = [Question("my dog", "ask_pets", "en"), Question("my cat", "ask_luggage", "en"), Question("my cat", "ask_pets", "fr")]
    assert len({first, *others, Question("my cat", "ask_pets", "en")}) == 4
    assert len(TrainingData([first, *others, Question("my cat", "ask_pets", "en")]).training_examples) == 4


def test_rasa_may_strip_an_intent_that_needs_no_stripping():
    one = Question("my cat", "ask_pets", "en")
    before = one.fingerprint()
    one.set(INTENT, "ask_pets")
    assert one.get(INTENT) == "ask_pets" and one.fingerprint() == before


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
