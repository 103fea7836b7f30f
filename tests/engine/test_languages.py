"""Which language a message is in, and which one it is answered in."""

import bot.content
import pytest
from bot.content.languages import language_of
from bot.engine.importer import Question
from bot.engine.languages import LanguageIdentifier
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


@pytest.fixture(scope="module")
def identifier(tmp_path_factory):
    """Learnt from each eighth question, and from the languages we do not speak."""
    topics = bot.content.load().topics()
    examples = [Question(text, topic.intent, topic.language) for topic in topics for text in topic.questions[::8]]
    storage = LocalModelStorage(tmp_path_factory.mktemp("model"))
    resource = LanguageIdentifier(storage, Resource("languages")).train(TrainingData(examples))
    return LanguageIdentifier.load({}, storage, resource, None)


def guess(identifier, text):
    message = Message(data={TEXT: text})
    identifier.process([message])
    return message.get("language")


@pytest.mark.parametrize(
    "text, language",
    [
        ("how can I return to my country", "en"), ("كيف يمكنني العودة الى بلدي", "ar"), ("چطور می‌توانم به کشورم برگردم", "fa"),
        ("څنګه کولای شم خپل وطن ته ستون شم", "ps"), ("چۆن دەتوانم بگەڕێمەوە بۆ وڵاتەکەم", "ckb"), ("ülkeme nasıl dönebilirim", "tr"),
        ("comment puis-je rentrer dans mon pays", "fr"), ("mai apne mulk wapis kaise ja sakta hun", "ur"), ("আমি কিভাবে দেশে ফিরব", "bn"),
        ("ami kivabe deshe jabo bhai", "bn"), ("si mund te kthehem ne vendin tim", "sq"), ("како да се вратим кући", "sr"),
    ],
)  # fmt: skip
def test_our_languages_are_told_apart(identifier, text, language):
    found = guess(identifier, text)
    assert found["name"] == language and "unspoken" not in found


@pytest.mark.parametrize(
    "text, nearest",
    [
        ("Silav, ez dixwazim vegerim welatê xwe, ka çawa dibe?", "tr"),
        ("Hola, quiero volver a mi país pero no tengo dinero", "en"),
        ("Здравствуйте, я хочу вернуться домой, помогите", "en"),
        ("नमस्ते, मैं अपने देश वापस जाना चाहता हूँ", "en"),
        ("Bwakeye, ndashaka gusubira mu gihugu canje", "fr"),
    ],
)
def test_a_language_we_lack_is_answered_in_the_nearest(identifier, text, nearest):
    found = guess(identifier, text)
    assert found["unspoken"] and found["name"] == nearest


@pytest.mark.parametrize("text", ["", "?", "12", "VR-AB12-CD34", "/ask_pets", "🙏🏽🙏🏽"])
def test_what_has_no_words_has_no_language(identifier, text):
    assert guess(identifier, text) is None


def test_two_words_are_never_a_language_we_lack(identifier):
    assert "unspoken" not in guess(identifier, "Buenos dias")


@pytest.mark.parametrize("text", ["افغانستان", "محمد علی", "Besnik Krasniqi", "Sao Tomé"])
def test_one_or_two_words_in_letters_of_several_languages_may_be_a_name(identifier, text):
    assert guess(identifier, text)["short"]


@pytest.mark.parametrize("text", ["আফগানিস্তান", "Авганистан", "من از افغانستان هستم", "i am from Iraq"])
def test_more_words_or_letters_of_one_language_alone_are_no_name(identifier, text):
    assert not guess(identifier, text)["short"]


# --- the language to answer in ---

WRITTEN = {"name": "ar", "confidence": 0.95, "short": False}
KNOWN = {"language": "en", "language_from": "channel"}


@pytest.mark.parametrize(
    "metadata, written, answered",
    [
        ({}, WRITTEN, "ar"),
        (KNOWN, WRITTEN, "ar"),
        (KNOWN, {**WRITTEN, "confidence": 0.5}, "en"),
        ({"language": "en", "language_from": "chosen"}, WRITTEN, "en"),
        (KNOWN, {"name": "tr", "confidence": 0.6, "short": False, "unspoken": True}, "tr"),
        ({"language": "sq", "language_from": "chosen"}, {"name": "tr", "confidence": 0.99, "unspoken": True}, "sq"),
        ({}, {}, "en"),
        ({}, {**WRITTEN, "name": "sq", "confidence": 0.5}, "sq"),
        ({"language": "sq", "language_from": "written"}, {**WRITTEN, "name": "en", "short": True}, "sq"),
    ],
)
def test_what_is_written_counts_when_it_is_sure_and_nothing_was_chosen(metadata, written, answered):
    assert language_of(metadata, {"language": written, "intent": {"name": "ask_pets"}}) == answered
