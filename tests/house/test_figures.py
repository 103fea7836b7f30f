"""What the assistant for this content understands of messages written apart: a change that makes it worse is seen here.

Each third message of the examination is asked, so that it takes a minute. docs/understanding.md has the figures of all.
"""

import pytest

import bot.content
from service.settings import ROOT
from training.evaluation import read_messages, report, understand
from training.models import ready_model

# A little below what was measured last, and never below what people were promised.
LEAST = {"accuracy": 0.925, "topic": 0.94, "top3": 0.98, "risk_recall": 0.98}
MOST = {"risk_false_alarm": 0.01, "harmless_asked": 0.025, "oos_answered": 0.06}
LEAST_IN_A_LANGUAGE = {"topic": 0.89, "risk_recall": 0.85}  # 23 messages in danger each: one is 4 points


@pytest.fixture(scope="module")
def understood():
    content = bot.content.load()
    messages = read_messages(ROOT / "tests/understanding", content.catalogue)[::3]
    groups = {name: entry["group"] for name, entry in content.catalogue.items()}
    return report(messages, understand(messages, ready_model()), groups)


@pytest.mark.parametrize("name", LEAST)
def test_what_is_meant_is_understood(understood, name):
    assert understood["all"]["n"] > 2000 and understood["all"][name] >= LEAST[name]


@pytest.mark.parametrize("name", MOST)
def test_what_is_harmless_or_strange_is_not_taken_for_something_else(understood, name):
    assert understood["all"][name] <= MOST[name]


def test_nobody_is_understood_less_for_their_language(understood):
    assert len(understood["by_language"]) == 11
    short = {(language, name): found[name] for language, found in understood["by_language"].items() for name, least in LEAST_IN_A_LANGUAGE.items() if found[name] < least}
    assert short == {}
