"""The real content: what trainers and translators wrote in bot/data, topic by topic and language by language."""

import json
import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import pyphen
import pytest

import bot.content
from bot.content.programme import ALTERNATIVE, PLACEHOLDER

ROOT = Path(__file__).resolve().parents[2]
CONTENT = bot.content.load()
LANGUAGES = sorted(CONTENT.languages)
INTENTS = list(CONTENT.catalogue)
WITHOUT_ANSWER = {"affirm", "deny", "cancel", "choose_language", "help"}
RISKS = [name for name in INTENTS if name.startswith("risk_")]
EVERYWHERE = [(intent, language) for intent in INTENTS for language in LANGUAGES]
ANSWERED = [(intent, language) for intent, language in EVERYWHERE if intent not in WITHOUT_ANSWER]
ENOUGH = defaultdict(lambda: 25, en=40, ar=40)  # questions of a topic
SYLLABLES = pyphen.Pyphen(lang="en_GB")
ENOUGH_DANGER, ENOUGH_STRANGE = 40, 100

FORBIDDEN = re.compile(
    r"\b(we guarantee|is guaranteed|guaranteed to|we promise|i promise|you will (certainly|definitely|surely)|100 ?%|"
    r"you are eligible|you will be (accepted|approved|safe)|you will get (money|a visa)|you should (return|go home|stay)|"
    r"withdraw your asylum (claim|application) (now|first|today)|act now|last chance)",
    re.IGNORECASE,
)

DENIED = re.compile(r"\b(no|not|nobody|never|cannot|can't|nothing|who (says|tells|promises))\b", re.IGNORECASE)


def read(intent, language):
    topic = CONTENT.topic(intent, language)
    assert topic, f"nobody wrote {intent}/{language}.md"
    return topic


def test_the_languages_are_there():
    assert {"en", "ar", "fa", "ps", "ckb", "tr", "fr", "ur", "bn", "sq", "sr"} <= set(LANGUAGES)


def test_every_folder_is_a_topic_of_the_catalogue():
    assert {path.name for path in (CONTENT.root / "knowledge").iterdir()} == set(INTENTS)
    assert {topic.language for topic in CONTENT.topics()} == set(LANGUAGES)


@pytest.mark.parametrize("intent, language", EVERYWHERE)
def test_a_topic_is_written_in_every_language(intent, language):
    topic = read(intent, language)
    assert bool(topic.answer) == (intent not in WITHOUT_ANSWER)
    assert len(topic.title) <= 36
    enough = ENOUGH_STRANGE if intent == "out_of_scope" else ENOUGH_DANGER if intent in RISKS else ENOUGH[language]
    assert len(topic.questions) >= enough
    assert set(topic.related) <= set(INTENTS) and intent not in topic.related
    assert len(set(topic.related)) == len(topic.related) <= 3


@pytest.mark.parametrize("intent, language", ANSWERED)
def test_an_answer_names_its_sources(intent, language):
    assert read(intent, language).sources


def test_every_translation_says_which_english_text_it_was_made_from():
    """Stale ones are no error: `python -m training check` lists them until a translator has been there."""
    unsaid = [(intent, language) for intent, language in ANSWERED if language != "en" and not read(intent, language).translates]
    assert unsaid == []


@pytest.mark.parametrize("intent, language", EVERYWHERE)
def test_buttons_lead_to_topics_that_answer(intent, language):
    assert all(CONTENT.title(name, language) for name in read(intent, language).related)


def test_a_reviewed_text_says_who_read_it_and_when():
    for topic in CONTENT.topics():
        if topic.status == "reviewed":
            text = (CONTENT.root / "knowledge" / topic.intent / f"{topic.language}.md").read_text(encoding="utf-8")
            assert re.search(r"^reviewed_by: *\S", text, re.M) and re.search(r"^reviewed_on: *\d{4}-\d\d-\d\d", text, re.M)


# --- questions ---


def test_a_question_belongs_to_one_intent_only():
    meanings = defaultdict(set)
    for topic in CONTENT.topics():
        for question in topic.questions:
            meanings[question.casefold()].add(topic.intent)
    assert {question: intents for question, intents in meanings.items() if len(intents) > 1} == {}


def test_no_topic_says_a_question_twice():
    for topic in CONTENT.topics():
        twice = [question for question, times in Counter(map(str.casefold, topic.questions)).items() if times > 1]
        assert not twice, (topic.intent, topic.language)


def test_the_assistant_is_not_examined_in_what_it_was_taught():
    """One word alone ("yes", "stop", "suicide") has only one spelling, so both may have it."""
    examined = set()
    for path in sorted((ROOT / "tests/understanding").rglob("*.jsonl")):
        examined |= {words(json.loads(line)["text"]) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()}
    copied = [
        (topic.intent, topic.language, question)
        for topic in CONTENT.topics()
        for question in topic.questions
        if words(question) in examined and not is_one_word_everybody_says(topic.intent, question)
    ]
    assert copied == []


def words(text):
    """A text without its marks and capitals: with those exchanged, a copy is still a copy."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def is_one_word_everybody_says(intent, question):
    return len(question.split()) == 1 and CONTENT.catalogue[intent]["group"] in ("conversation", "protection")


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_an_examination_in_every_language(language):
    """Enough messages of every topic, written apart, so that docs/understanding.md may speak of the language."""
    lines = (ROOT / f"tests/understanding/{language}.jsonl").read_text(encoding="utf-8").splitlines()
    messages = [json.loads(line) for line in lines if line.strip()]
    assert {message["lang"] for message in messages} == {language}
    asked = Counter(message["intent"] for message in messages)
    few = {intent: asked[intent] for intent in INTENTS if asked[intent] < (10 if language in ("en", "ar") else 5)}
    assert few == {} and set(asked) == set(INTENTS)


# --- answers ---


@pytest.mark.parametrize("intent, language", ANSWERED)
def test_an_answer_is_fit_for_a_person(intent, language):
    written, told = read(intent, language).answer, CONTENT.answer(intent, language)
    names = set(PLACEHOLDER.findall(written))
    assert names <= set(CONTENT.programme.names), "every value of the office stands in programme.yml"
    assert written.count("{") == written.count("}") == len(PLACEHOLDER.findall(written)), "a brace is always a value"
    assert not digits(PLACEHOLDER.sub("", written)), "numbers of three digits and more belong into programme.yml"
    assert told and not re.search(r"[{}]|\|\|", told), "no placeholder reaches a person"
    assert len(told.split()) <= 140
    assert not re.search(r"^\s*([#*-]|\d+\.) ", told, re.M), "plain paragraphs, no markup"


def test_english_answers_are_read_easily():
    """School grade by Flesch and Kincaid (1975): a tired person with school English reads grade 5, nobody needs grade 9."""
    grades = {intent: grade(CONTENT.answer(intent, "en")) for intent in INTENTS if intent not in WITHOUT_ANSWER}
    assert {intent: round(value, 1) for intent, value in grades.items() if value > 9} == {}
    assert sum(grades.values()) / len(grades) < 5


def grade(text):
    """The school grade a text is written for; a line's end and a colon end a sentence too."""
    parts = [part for part in re.split(r"[.!?:]\s|\n", text) if part.strip()]
    words = re.findall(r"[A-Za-z']+", text)
    syllables = sum(len(SYLLABLES.inserted(word).split("-")) for word in words)
    return 0.39 * len(words) / len(parts) + 11.8 * syllables / len(words) - 15.59


@pytest.mark.parametrize("intent, language", ANSWERED)
def test_nothing_is_left_of_an_answer_when_the_office_verified_everything(intent, language):
    """The other way round: with every value known, an answer still has no placeholder and stays short."""
    written = read(intent, language).answer
    full = "\n".join(line.split(ALTERNATIVE)[0] for line in written.split("\n"))
    told = PLACEHOLDER.sub("0800 12345 (18:00-22:00)", full)
    assert not re.search(r"[{}]|\|\|", told)
    assert len(told.split()) <= 140


def digits(text):
    """Runs of three and more digits, of any script, spaces and hyphens between them not counted."""
    plain = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in text)
    return re.findall(r"\d(?:[ -]?\d){2,}", plain)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("intent", RISKS)
def test_the_answer_to_danger_has_the_emergency_number_and_stays_short(intent, language):
    written, told = read(intent, language).answer, CONTENT.answer(intent, language)
    assert "{emergency.general}" in written and "112" in told
    assert 30 <= len(told.split()) <= 120


@pytest.mark.parametrize("intent", [intent for intent in INTENTS if intent not in WITHOUT_ANSWER])
def test_no_answer_promises(intent):
    for sentence in re.split(r"(?<=[.!?])\s", CONTENT.answer(intent, "en")):
        assert not FORBIDDEN.search(sentence) or DENIED.search(sentence), sentence


def test_where_a_counsellor_must_be_offered_one_is_named():
    for intent in INTENTS:
        if "H" in CONTENT.catalogue[intent]["care"] and intent not in WITHOUT_ANSWER:
            assert re.search(r"counsell|a person|human", CONTENT.answer(intent, "en"), re.I), intent
