"""Embeddings are cached, danger is found in any sentence, and a guess is not told as certain."""

import pickle

import numpy as np
import pytest
from bot.engine import classifier
from bot.engine.danger import Danger
from bot.engine.classifier import TopicClassifier, learn
from bot.engine.sentences import sentences
from bot.engine.embeddings import VectorCache
from bot.engine.encoder import shared_encoder
from bot.engine.softmax import Softmax, log_softmax
from bot.engine.locks import Locks
from bot.engine.weights import HIDDEN
from rasa.core.lock_store import InMemoryLockStore, RedisLockStore
from rasa.shared.nlu.training_data.message import Message

QUESTIONS = {
    "ask_pets": ["can my dog fly", "what about my cat", "i have a dog", "my cat comes too", "pets allowed?", "dog and cat"],
    "ask_luggage": ["how many bags", "how many kilos", "my suitcase is heavy", "luggage limit", "bags and kilos", "take my tools"],
    "risk_violence": ["he beats me", "my husband hits me", "they hurt me", "i was attacked", "someone beats me here", "he hurts me"],
}
LIMITS = {"sure": 0.8, "doubt": 0.65, "sure_in_sentence": 0.5, "doubt_in_sentence": 0.45, "sure_beside": 0, "doubt_beside": 0, "alone": 0.9}  # three topics are soon sure


@pytest.fixture(scope="module")
def embed():
    return shared_encoder()


@pytest.fixture(scope="module")
def component(embed):
    texts = [question for questions in QUESTIONS.values() for question in questions]
    intents = [intent for intent, questions in QUESTIONS.items() for _ in questions]
    views = learn(texts, intents, embed(texts), meaning_weight=0.3, sharpness=4.0)
    return TopicClassifier({**TopicClassifier.get_default_config(), "danger": LIMITS}, None, None, views)


def understood(component, text):
    return component.process([Message(data={"text": text})])[0]


def test_letters_learn_a_topic_from_what_is_near_to_it_and_some_of_the_rest(monkeypatch):
    monkeypatch.setattr(classifier, "NEAREST", 3)
    monkeypatch.setattr(classifier, "ONE_OF_THE_REST", 2)
    mine, near = np.array([True, False, False, False, False, False, False, False]), np.array([0, -1, -9, -2, -8, -3, -7, -6])
    learnt_from = []

    class Machine:
        def __init__(self, **_):
            self.coef_ = [np.zeros(8)]

        def fit(self, seen, _):
            learnt_from.extend(seen[:, 0])
            return self

    monkeypatch.setattr(classifier, "LinearSVC", Machine)
    classifier._line(np.arange(8)[:, None], mine, near)
    assert learnt_from == [0, 1, 3, 4, 5, 7]


def test_two_trainings_on_the_same_questions_are_the_same(embed):
    texts = [question for questions in QUESTIONS.values() for question in questions] * 20
    intents = [intent for intent, questions in QUESTIONS.items() for _ in questions] * 20
    first, second = (learn(texts, intents, embed(texts), 0.3, 4.0) for _ in range(2))
    assert np.array_equal(first.by_letters, second.by_letters) and np.array_equal(first.by_meaning.weights, second.by_meaning.weights)


def test_a_clear_question_is_certain(component):
    assert understood(component, "can my dog fly").get("intent")["name"] == "ask_pets"


def test_the_ranking_adds_up_and_is_ordered(component):
    ranking = understood(component, "how many bags").get("intent_ranking")
    chances = [entry["confidence"] for entry in ranking]
    assert chances == sorted(chances, reverse=True) and sum(chances) == pytest.approx(1, abs=1e-6)


def test_danger_in_one_sentence_of_a_long_message_is_found(component):
    text = "How many bags can I take? I have a big suitcase. My husband hits me. And the luggage limit?"
    assert understood(component, text).get("intent")["name"] == "risk_violence"


INTENTS = ["ask_pets", "risk_self_harm", "risk_violence"]


def look(whole, *in_sentences):
    limits = {"sure": 0.5, "doubt": 0.2, "sure_in_sentence": 0.7, "doubt_in_sentence": 0.4, "sure_beside": 0.1, "doubt_beside": 0.05, "alone": 0.9}
    return Danger(INTENTS, limits).look(np.array(whole), np.array(in_sentences).reshape(-1, 3))


def test_danger_is_sure_doubtful_or_none():
    sure = look([0.4, 0.2, 0.4])
    assert (sure.name, sure.sure, sure.intent["name"]) == ("risk_violence", True, "risk_violence")
    doubt = look([0.7, 0.25, 0.05])
    assert (doubt.name, doubt.sure, doubt.intent["name"]) == ("risk_self_harm", False, "nlu_danger_doubt")
    assert look([0.9, 0.05, 0.05]) is None


def test_the_surest_place_of_a_message_decides():
    assert look([0.9, 0.05, 0.05], [0.95, 0.05, 0], [0.1, 0.8, 0.1]).name == "risk_self_harm"
    assert look([0.7, 0.3, 0], [0.1, 0, 0.9]).name == "risk_violence"
    assert not look([0.9, 0.1, 0], [0.5, 0.5, 0]).sure


def test_a_sentence_counts_when_something_of_it_is_felt_in_the_whole():
    assert look([0.98, 0.01, 0.01], [0.3, 0.7, 0]) is None
    assert not look([0.94, 0.05, 0.01], [0.3, 0.7, 0]).sure
    assert look([0.88, 0.1, 0.02], [0.3, 0.7, 0]).sure


def test_a_sentence_as_sure_as_can_be_is_asked_about_whatever_stands_beside_it():
    found = look([0.99, 0.01, 0], [0.05, 0, 0.95])
    assert (found.name, found.sure) == ("risk_violence", False)


def test_two_questions_in_a_message_are_both_understood(component):
    message = understood(component, "How many kilos of luggage can I take? And can my dog fly?")
    assert {message.get("intent")["name"], message.get("also")} == {"ask_luggage", "ask_pets"}
    assert understood(component, "How many bags? How many kilos of luggage?").get("also") is None


def test_a_greeting_beside_a_question_is_no_answer_to_it(component, monkeypatch):
    monkeypatch.setattr(classifier, "COURTESY", ("ask_luggage",))  # as if that were the greeting here
    component._config = {**component._config, "certain_in_sentence": 0.4}
    said = component._beside_courtesy("how many bags, can my cat fly", {"name": "ask_luggage", "confidence": 0.9})
    assert said["name"] == "ask_pets"
    assert component._beside_courtesy("how many bags", {"name": "ask_luggage", "confidence": 0.9})["name"] == "ask_luggage"
    assert component._beside_courtesy("can my cat fly, how many bags", {"name": "ask_pets", "confidence": 0.9})["name"] == "ask_pets"
    assert component._beside_courtesy("hello, you", None) is None
    component._config = {**component._config, "certain_in_sentence": 0.65}


def test_a_guess_is_a_fallback(component):
    component._config = {**component._config, "certain": 1.01}
    assert understood(component, "how many bags").get("intent")["name"] == "nlu_fallback"
    component._config = {**component._config, "certain": 0.4}


@pytest.mark.parametrize(
    "ranking, question",
    [
        ([("ask_how_long", 0.6), ("risk_violence", 0.3)], "ask_how_long"),
        ([("risk_violence", 0.5), ("ask_how_long", 0.45)], "ask_how_long"),
        ([("ask_how_long", 0.44)], None), ([("request_counselling", 0.8)], None), ([("risk_violence", 0.9)], None), ([], None),
    ],
)  # fmt: skip
def test_a_question_beside_doubtful_danger_is_kept_if_it_is_certain(component, monkeypatch, ranking, question):
    monkeypatch.setitem(component._config, "certain", 0.45)
    assert component._question([{"name": name, "confidence": chance} for name, chance in ranking]) == question


def test_a_payload_is_left_to_rasa(component):
    assert understood(component, "/ask_pets").get("intent") is None


def test_one_sentence_is_not_split():
    assert sentences("only one sentence") == []
    assert sentences("First one. Second one؟ Third one") == ["First one.", "Second one؟", "Third one"]
    assert len(sentences("a sentence. " * 50)) == 12


def test_only_new_texts_are_embedded(tmp_path):
    asked = []

    class Embed:
        name = "first"

        def __call__(self, texts):
            asked.extend(texts)
            return np.ones((len(texts), HIDDEN), dtype=np.float32)

    embed = Embed()
    cache = VectorCache(tmp_path / "vectors.sqlite")
    cache.vectors(["a", "b", "a"], embed)
    vectors = VectorCache(tmp_path / "vectors.sqlite").vectors(["b", "c"], embed)
    assert asked == ["a", "b", "c"] and vectors.shape == (2, HIDDEN)
    embed.name = "another model"
    VectorCache(tmp_path / "vectors.sqlite").vectors(["a"], embed)
    assert asked == ["a", "b", "c", "a"]


def test_embeddings_are_unit_vectors_in_which_languages_meet(embed):
    english, arabic, other = embed(["is it free of charge", "هل هذا مجاني", "my dog is ill"])
    assert np.linalg.norm(english) == pytest.approx(1, abs=1e-2)
    assert english @ arabic > english @ other


def test_the_lock_is_in_memory_for_one_engine(monkeypatch):
    monkeypatch.delenv("REDIS_URL", raising=False)
    assert isinstance(Locks(), InMemoryLockStore)


def test_the_lock_is_in_redis_for_several(monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:6379/3")
    assert isinstance(Locks(), RedisLockStore)  # connects at its first use only


def test_what_was_learnt_is_the_same_after_it_was_kept(component, embed):
    texts = ["can my dog fly", "he hits me", "how many kilos", ""]
    before, after = component._views, pickle.loads(pickle.dumps(component._views))
    assert np.abs(before.chances(texts, embed(texts)) - after.chances(texts, embed(texts))).max() < 1e-6


def test_nothing_in_the_vectors_shape_is_guessed():
    assert log_softmax(np.array([[1.0, 1.0]])) == pytest.approx(np.log([[0.5, 0.5]]))


def test_a_regression_learns_from_few_and_from_many():
    chance = np.random.RandomState(0)
    for count in (12, 20_000):
        names = np.array(["left", "right", "up"])[chance.randint(3, size=count)]
        places = {"left": (-1, 0), "right": (1, 0), "up": (0, 1)}
        points = np.array([places[name] for name in names], dtype=np.float32) + chance.normal(0, 0.1, (count, 2)).astype(np.float32)
        learnt = Softmax.learn(points, names, rounds=2, at_once=256, pace=0.05)
        chances = learnt.log_chances(points)
        assert np.exp(chances).sum(1) == pytest.approx(1, abs=1e-5)
        assert (learnt.classes[chances.argmax(1)] == names).mean() > 0.99
        assert learnt.log_chances_of((np.array([1]), points[0, 1:])) == pytest.approx(learnt.log_chances(points[:1] * [0, 1])[0], abs=1e-5)
