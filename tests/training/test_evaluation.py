"""The measure of understanding: a bad line is named by its number, and the figures are what one gets by hand."""

import json

import pytest

from training.evaluation import BadLine, Labelled, figures, judge, read_messages, report, table

INTENTS = ("ask_pets", "ask_papers", "out_of_scope", "greet", "risk_violence", "help")
GROUPS = {"ask_pets": "programme", "ask_papers": "programme", "out_of_scope": "conversation", "greet": "conversation",
          "risk_violence": "protection", "help": "conversation"}  # fmt: skip
GOOD = '{"text": "my cat", "lang": "en", "intent": "ask_pets"}'


@pytest.fixture
def read(tmp_path):
    """A function: the messages in some lines."""

    def of(*lines):
        path = tmp_path / "messages.jsonl"
        path.write_text("\n".join(lines), encoding="utf-8")
        return read_messages(path, INTENTS)

    return of


def parsed(intent, *ranking, confidence=0.9):
    """What the engine says of a message."""
    return {"intent": {"name": intent}, "intent_ranking": [{"name": name, "confidence": confidence} for name in ranking or (intent,)]}


# --- the file ---


def test_a_message_is_read_with_what_else_would_be_right(read):
    full = '{"text": "cat and papers", "lang": "en", "intent": "ask_pets", "also": ["ask_papers"], "style": "typo"}'
    assert read(GOOD, "", full, "  ") == [
        Labelled("my cat", "en", "ask_pets"),
        Labelled("cat and papers", "en", "ask_pets", ("ask_papers",), "typo"),
    ]


@pytest.mark.parametrize(
    "line, named",
    [
        ('{"text": "my cat"', "not JSON"),
        ("my cat", "not JSON"),
        ("[]", "text, lang and intent"),
        ("7", "text, lang and intent"),
        ('{"text": "my cat", "lang": "en"}', "text, lang and intent"),
        ('{"text": "", "lang": "en", "intent": "ask_pets"}', "text, lang and intent"),
        ('{"text": "  ", "lang": "en", "intent": "ask_pets"}', "text, lang and intent"),
        ('{"text": 7, "lang": "en", "intent": "ask_pets"}', "text, lang and intent"),
        ('{"text": "my cat", "lang": null, "intent": "ask_pets"}', "text, lang and intent"),
        ('{"text": "my cat", "lang": "en", "intent": ["ask_pets"]}', "text, lang and intent"),
        ('{"text": "my cat", "lang": "en", "intent": "ask_dogs"}', "ask_dogs"),
        ('{"text": "my cat", "lang": "en", "intent": "ask_pets", "also": ["ask_dogs"]}', "ask_dogs"),
        ('{"text": "my cat", "lang": "en", "intent": "ask_pets", "also": "ask_papers"}', "also"),
        ('{"text": "my cat", "lang": "en", "intent": "ask_pets", "also": [7]}', "also"),
    ],
)
def test_a_bad_line_is_named_by_its_number(read, line, named):
    with pytest.raises(BadLine, match="line 3") as problem:
        read(GOOD, "", line)
    assert named in str(problem.value)


def test_a_line_ends_where_an_editor_ends_it(read):
    text = "one\u2028two\x85three\x0cfour"
    assert read(json.dumps({"text": text.replace("\x0c", " "), "lang": "en", "intent": "ask_pets"}, ensure_ascii=False))
    with pytest.raises(BadLine, match="line 2"):
        read(GOOD.replace("my cat", "my\u2028cat"), "broken")


def test_a_folder_is_all_its_files_and_a_bad_line_names_the_one(tmp_path):
    (tmp_path / "ar.jsonl").write_text(GOOD, encoding="utf-8")
    (tmp_path / "en.jsonl").write_text(GOOD + "\n" + GOOD, encoding="utf-8")
    (tmp_path / "development").mkdir()
    (tmp_path / "development/sq.jsonl").write_text(GOOD, encoding="utf-8")
    assert len(read_messages(tmp_path, INTENTS)) == 3
    (tmp_path / "en.jsonl").write_text(GOOD + "\nbroken", encoding="utf-8")
    with pytest.raises(BadLine, match="en.jsonl, line 2"):
        read_messages(tmp_path, INTENTS)


def test_an_empty_file_has_no_messages(read):
    assert read("") == []
    assert figures([])["accuracy"] is None


# --- one message ---


def test_another_right_intent_counts_as_right():
    message = Labelled("cat and papers", "en", "ask_pets", ("ask_papers",))
    assert judge(message, parsed("ask_papers"), GROUPS)["right"]
    assert not judge(message, parsed("greet"), GROUPS)["right"]


def test_an_uncertain_answer_is_judged_by_its_likeliest_topic_and_answers_nothing():
    row = judge(Labelled("cat", "en", "ask_pets"), parsed("nlu_fallback", "ask_pets", "greet", confidence=0.3), GROUPS)
    assert (row["predicted"], row["right"], row["certain"], row["answered"]) == ("ask_pets", True, False, False)


def test_the_first_three_are_what_the_buttons_offer():
    ranking = ("greet", "help", "ask_papers", "ask_pets")
    assert judge(Labelled("?", "en", "ask_papers"), parsed("nlu_fallback", *ranking), GROUPS)["top3"]
    assert not judge(Labelled("?", "en", "ask_pets"), parsed("nlu_fallback", *ranking), GROUPS)["top3"]


def test_danger_that_is_only_the_likeliest_is_not_noticed():
    assert not judge(Labelled("?", "en", "risk_violence"), parsed("nlu_fallback", "risk_violence"), GROUPS)["danger"]


def test_danger_that_is_asked_about_is_noticed_but_no_alarm_and_no_answer():
    judged = judge(Labelled("?", "en", "risk_violence"), {**parsed("nlu_danger_doubt", "greet"), "danger": "risk_violence"}, GROUPS)
    assert judged["danger"] and judged["asked"] and judged["right"] and judged["predicted"] == "risk_violence"
    assert not judged["alarm"] and not judged["certain"] and not judged["answered"]


def test_a_harmless_question_that_is_asked_about_danger_has_its_topic_all_the_same():
    doubted = {**parsed("nlu_danger_doubt", "ask_pets", "greet"), "danger": "risk_violence"}
    row = judge(Labelled("?", "en", "ask_pets"), doubted, GROUPS)
    assert row["topic"] and not row["right"]
    assert not judge(Labelled("?", "en", "greet"), doubted, GROUPS)["topic"]
    assert judge(Labelled("?", "en", "risk_violence"), doubted, GROUPS)["topic"]


def test_a_topic_that_is_no_longer_in_the_catalogue_is_judged_too():
    assert not judge(Labelled("?", "en", "ask_pets"), parsed("ask_gone"), GROUPS)["right"]


# --- the figures, by hand ---

MESSAGES = [
    (Labelled("cat", "en", "ask_pets"), parsed("ask_pets")),
    (Labelled("dog", "en", "ask_pets"), parsed("ask_papers", "ask_papers", "ask_pets")),
    (Labelled("pass", "sq", "ask_papers"), parsed("nlu_fallback", "ask_papers")),
    (Labelled("football", "sq", "out_of_scope"), parsed("ask_pets", "ask_pets", "greet", "help", "out_of_scope")),
    (Labelled("joke", "en", "out_of_scope"), parsed("out_of_scope")),
    (Labelled("he hits me", "en", "risk_violence"), parsed("risk_violence")),
    (Labelled("he pushed me", "en", "risk_violence"), parsed("nlu_fallback", "greet", "risk_violence")),
    (Labelled("hello", "sq", "greet"), parsed("risk_violence")),
]


@pytest.fixture
def result():
    """The report on the eight messages."""
    return report([message for message, _ in MESSAGES], [made for _, made in MESSAGES], GROUPS)


def test_the_figures_are_those_one_gets_by_hand(result):
    # right: cat, pass, joke, he hits me. F1: ask_pets 1 hit of 2 labels and 2 predictions = 2/4; ask_papers 2/(1+2);
    # out_of_scope 2/(2+1); risk_violence 2/(2+2); greet 0. Their mean is (1/2 + 2/3 + 2/3 + 1/2 + 0) / 5.
    assert result["all"] == {
        "n": 8,
        "accuracy": 0.5,
        "topic": 0.5,
        "top3": 0.75,  # and the dog, and the second danger
        "macro_f1": 0.4667,
        "risk_recall": 0.5,
        "risk_at_once": 0.5,
        "risk_false_alarm": 0.1667,  # the hello, of six harmless ones
        "harmless_asked": 0.0,
        "oos_answered": 0.5,  # the football
        "fallback": 0.25,
    }


def test_the_figures_are_told_by_language_too(result):
    assert list(result["by_language"]) == ["en", "sq"]
    assert result["by_language"]["sq"]["accuracy"] == 0.3333
    assert result["by_language"]["sq"]["risk_recall"] is None
    assert result["by_style"]["plain"] == result["all"]


def test_an_accepted_other_danger_is_no_false_alarm():
    row = judge(Labelled("help", "en", "help", ("risk_violence",)), parsed("risk_violence"), GROUPS)
    assert figures([row])["risk_false_alarm"] is None


def test_the_table_names_the_worst_confusions(result):
    text = table(result)
    assert "ask_pets -> ask_papers  1" in text and "0.467" in text
    assert next(line for line in text.splitlines() if line.split()[:1] == ["sq"]).split()[6] == "-"


def test_a_report_without_messages_can_be_shown():
    assert "n" in table(report([], [], GROUPS))
