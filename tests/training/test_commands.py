"""`python -m training check` and `translated`: which translations are stale, and stamping one that no longer is."""

import pytest

import bot.content
from training.__main__ import main


@pytest.fixture
def check(content_folder, capsys):
    """A function: the lines of `check`."""

    def run():
        assert main(["--content", str(content_folder), "check"]) == 0
        return capsys.readouterr().out.splitlines()

    return run


@pytest.fixture
def translated(content_folder):
    """A function: stamp a translation; returns the exit code."""
    return lambda language, intent: main(["--content", str(content_folder), "translated", language, intent])


@pytest.fixture
def english(content_folder):
    """The English file of a topic."""
    return content_folder / "knowledge/ask_pets/en.md"


def test_a_missing_translation_is_named(check, content_folder):
    (content_folder / "knowledge/ask_pets/sq.md").unlink()
    assert "missing: ask_pets in sq" in check()


def test_a_missing_original_is_named_and_stops_nothing(check, english):
    english.unlink()
    assert check() == ["missing: ask_pets in en"]


def test_a_changed_original_makes_its_translations_stale(check, translated, english, edit):
    translated("ar", "ask_pets"), translated("sq", "ask_pets")
    assert check() == []
    edit(english, "\n\n## Questions", "\nOne more sentence.\n\n## Questions")
    others = [language for language in bot.content.load().languages if language != "en"]
    assert check() == [f"stale: ask_pets in {language} was made from another English text" for language in others]


def test_stamping_changes_the_stamp_and_nothing_else(translated, content_folder, english, edit):
    before = bot.content.load(content_folder).topic("ask_pets", "sq")
    edit(english, "\n\n## Questions", "\nOne more sentence.\n\n## Questions")
    assert translated("sq", "ask_pets") == 0
    after = bot.content.load(content_folder).topic("ask_pets", "sq")
    assert after.translates == bot.content.load(content_folder).topic("ask_pets", "en").fingerprint
    assert (after.title, after.status, after.answer, after.questions, after.related, after.sources) == (
        before.title, before.status, before.answer, before.questions, before.related, before.sources
    )  # fmt: skip


def test_stamping_twice_leaves_one_stamp(translated, content_folder):
    translated("sq", "ask_pets"), translated("sq", "ask_pets")
    text = (content_folder / "knowledge/ask_pets/sq.md").read_text(encoding="utf-8")
    assert text.count("translates:") == 1


@pytest.mark.parametrize("language, intent", [("xx", "ask_pets"), ("sq", "ask_dogs")])
def test_what_is_not_there_cannot_be_stamped(translated, capsys, language, intent):
    assert translated(language, intent) == 2
    assert f"there is no {intent} in {language}" in capsys.readouterr().err
