"""The pre-check's rules: whatever somebody answers, it ends in an indication with a reason, and never in a promise."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.content
from bot.content import ContentError
from bot.content.eligibility import OUTCOMES, STATUSES, UNSAID, read_precheck

CONTENT = bot.content.load()
PRECHECK = CONTENT.precheck
COUNTRIES = {"suspended": frozenset({"SY"}), "here": frozenset({"XK"}), "other_way": frozenset({"DE"})}
FITS = {
    "place": "kosovo", "age": "adult", "company": "alone", "wish": "own", "nationality": "IQ", "asylum": "none",
    "papers": "valid", "needs": "none", "before": "first",
}  # fmt: skip


def options(question):
    return [*(question.answers or ("IQ", "SY", "XK", "DE")), UNSAID]


def answered(choose):
    """Go through the questions as a person does; `choose` picks each answer. Returns the answers."""
    answers = {}
    while (question := PRECHECK.next_question(answers, COUNTRIES)) is not None:
        answers[question.name] = choose(question)
        assert len(answers) <= len(PRECHECK.questions)
    return answers


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_every_path_ends_in_an_outcome_with_a_reason(data):
    answers = answered(lambda question: data.draw(st.sampled_from(options(question))))
    outcome = PRECHECK.outcome(answers, COUNTRIES)
    assert outcome.kind in OUTCOMES and outcome.reasons and len(outcome.reasons) <= 3
    assert outcome.bring[0] == "identity"
    for name in outcome.reasons:
        assert outcome.danger or CONTENT.phrase(f"check_reason_{name}", "en")
    assert all(topic in CONTENT.catalogue for topic in outcome.topics)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_no_path_tells_that_it_fits_where_something_must_come_first(data):
    answers = answered(lambda question: data.draw(st.sampled_from(options(question))))
    outcome = PRECHECK.outcome(answers, COUNTRIES)
    if answers.get("age") == "child" and answers.get("company") == "alone" and answers["place"] not in ("home", "elsewhere"):
        assert outcome.danger == "risk_unaccompanied_child"
    if answers.get("asylum") in ("waiting", "protected") and outcome.kind != "unlikely":
        assert outcome.kind == "first"
    if outcome.kind == "likely":
        assert answers["wish"] == "own" and answers["age"] != "child" and answers["nationality"] not in ("SY", "XK", "DE", UNSAID)


def test_every_outcome_tells_its_reasons_and_that_it_is_an_indication():
    for language in CONTENT.languages:
        for kind in OUTCOMES:
            said = CONTENT.phrase(f"utter_check_{kind}", language, reasons="THE REASONS", bring="WHAT TO BRING")
            assert "THE REASONS" in said and ("WHAT TO BRING" in said) == (kind != "unlikely"), (language, kind)
    for kind in OUTCOMES:
        assert "only an indication" in CONTENT.phrase(f"utter_check_{kind}", "en")


@pytest.mark.parametrize(
    "changed, kind, reason",
    [
        ({}, "likely", "fits"),
        ({"papers": "none"}, "likely", "no_papers"),
        ({"asylum": "refused"}, "likely", "refused"),
        ({"asylum": "waiting"}, "first", "waiting"),
        ({"asylum": "protected"}, "first", "protected"),
        ({"wish": "pressed"}, "first", "pressed"),
        ({"wish": "unsure"}, "look", "unsure"),
        ({"nationality": "SY"}, "look", "suspended"),
        ({"nationality": "XK"}, "unlikely", "from_here"),
        ({"nationality": UNSAID}, "look", "open_country"),
        ({"place": "home"}, "unlikely", "at_home"),
        ({"before": "again"}, "look", "again"),
        ({"needs": "pregnancy"}, "look", "pregnancy"),
        ({"age": "child", "company": "family"}, "look", "child_family"),
        ({"age": "child", "company": "alone"}, "first", "child_alone"),
        ({"asylum": "waiting", "needs": "illness"}, "first", "waiting"),
    ],
)
def test_outcomes(changed, kind, reason):
    outcome = PRECHECK.outcome({**FITS, **changed}, COUNTRIES)
    assert (outcome.kind, outcome.reasons[0]) == (kind, reason)


@pytest.mark.parametrize("changed", [{"place": "home"}, {"age": "child", "company": "alone"}, {"wish": "pressed"}, {"nationality": "XK"}])
def test_what_decides_ends_the_questions(changed):
    answers = answered(lambda question: {**FITS, **changed}[question.name])
    assert list(answers)[-1] == list(changed)[-1]


def test_an_unverified_status_counts_for_nobody():
    unverified = CONTENT.programme.countries
    assert set(STATUSES) == set(unverified) and not unverified["suspended"]
    assert PRECHECK.outcome({**FITS, "nationality": "SY"}, unverified).kind == "likely"


# --- reading ---

GOOD = """\
version: "1"
questions:
  - {name: place, answers: [here, home]}
  - {name: nationality, answers: country}
rules:
  - {name: home, when: {place: [home]}, outcome: unlikely}
  - {name: fits, when: {}, outcome: likely}
"""


def read(tmp_path, text):
    path = tmp_path / "eligibility.yml"
    path.write_text(text, encoding="utf-8")
    return read_precheck(path)


def test_a_good_file_is_read(tmp_path):
    precheck = read(tmp_path, GOOD)
    assert precheck.version == "1" and precheck.question("nationality").asks_country


@pytest.mark.parametrize(
    "old, new, told",
    [
        ("outcome: unlikely", "outcome: certain", "rule home: the outcome must be one of"),
        ("{place: [home]}", "{place: [moon]}", "rule home: 'moon' is no answer to place"),
        ("{place: [home]}", "{plaec: [home]}", "rule home: there is no question plaec"),
        ("when: {}", "when: {place: [here]}", "the last rule must hold always"),
        ("{place: [home]}", "{}", "rule home holds always"),
        ("name: nationality", "name: place", "the same name"),
        ("[here, home]}", "[here, home], no: here}", "is yes or no without quotes"),
        ("[here, home]}", '[here, home], "no": gone}', "question place: gone is none of its answers"),
        ("outcome: likely", "outcome: likely, danger: help", "danger must be a risk_ topic"),
        ("outcome: likely", "outcomes: likely", "outcomes is unknown"),
        ("version", "versoin", "needs version, questions and rules"),
        ("questions:", "questions: [", "not YAML"),
    ],
)
def test_a_mistake_is_named(tmp_path, old, new, told):
    with pytest.raises(ContentError, match="eligibility.yml") as error:
        read(tmp_path, GOOD.replace(old, new, 1))
    assert told in str(error.value)


@pytest.mark.parametrize("text", ["", "[]", "version: 1", "just words", "\x00", "version: 1\nquestions: 3\nrules: 4"])
def test_anything_else_is_refused(tmp_path, text):
    with pytest.raises(ContentError):
        read(tmp_path, text)


# --- the words ---


@pytest.mark.parametrize("language", sorted(CONTENT.languages))
def test_every_question_answer_reason_and_thing_has_its_words(language):
    names = [f"utter_ask_check_{question.name}" for question in PRECHECK.questions]
    names += [f"check_{question.name}_{answer}" for question in PRECHECK.questions for answer in question.answers] + ["check_unsaid"]
    names += [f"check_reason_{rule.name}" for rule in PRECHECK.rules if not rule.danger]
    names += [f"check_bring_{thing}" for thing in {"identity", *(thing for rule in PRECHECK.rules for thing in rule.bring)}]
    have = CONTENT.languages[language]["phrases"]
    assert [name for name in names if name not in have] == []


def test_topics_that_are_offered_exist():
    named = {topic for rule in PRECHECK.rules for topic in [*rule.topics, rule.danger] if topic}
    named |= {topic for question in PRECHECK.questions for topic in question.said}
    assert named <= set(CONTENT.catalogue)
