"""A model fits a content or it does not: what was learnt decides, and not how an answer is worded."""

import pytest

from training.models import fingerprint


@pytest.fixture
def topic(house):
    """The file of one topic."""
    return house / "bot/data/knowledge/ask_pets/en.md"


def test_the_same_content_has_the_same_fingerprint(house):
    assert fingerprint(house) == fingerprint(house)
    assert len(fingerprint(house)) == 16


def test_another_question_needs_another_model(house, topic, edit):
    before = fingerprint(house)
    edit(topic, "## Questions\n", "## Questions\n- may my parrot fly with me\n")
    assert fingerprint(house) != before


def test_a_question_of_another_topic_needs_another_model(house, topic):
    before = fingerprint(house)
    topic.rename(topic.with_name("tr.md"))
    assert fingerprint(house) != before


def test_an_answer_in_other_words_needs_none(house, topic, edit):
    before = fingerprint(house)
    edit(topic, "\n\n## Questions", "\nOne more sentence.\n\n## Questions")
    assert fingerprint(house) == before


def test_another_title_needs_another_model(house, topic, edit):
    """A button's words are learnt as a question too."""
    before = fingerprint(house)
    edit(topic, "title: ", "title: Now ")
    assert fingerprint(house) != before


def test_a_first_answer_needs_another_model(house, edit):
    before = fingerprint(house)
    edit(house / "bot/data/knowledge/affirm/en.md", "## Questions", "Yes.\n\n## Questions")
    assert fingerprint(house) != before


@pytest.mark.parametrize("name", ["config.yml", "domain.yml", "bot/data/conversation/rules.yml", "bot/engine/classifier.py"])
def test_what_else_a_model_is_made_of_counts(house, name):
    before = fingerprint(house)
    with (house / name).open("a") as file:
        file.write("\n# changed\n")
    assert fingerprint(house) != before
