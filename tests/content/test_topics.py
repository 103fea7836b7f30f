"""A topic is one short file; one that is not as it should be is named."""

import pytest

from bot.content import ContentError
from bot.content.topics import fingerprint, read_topic

GOOD = "---\ntitle: Pets\nstatus: draft\nrelated: [ask_luggage]\nsources:\n  - general knowledge\ntranslates: 123456789012\n---\nFirst.\n\nSecond.\n\n## Questions\n- can my dog come\n-  my cat \n- \nnot a question\n"


def test_a_topic_is_read(write):
    topic = read_topic(write("knowledge/ask_pets/en.md", GOOD))
    assert (topic.intent, topic.language, topic.title, topic.status) == ("ask_pets", "en", "Pets", "draft")
    assert topic.answer == "First.\n\nSecond."
    assert topic.questions == ["can my dog come", "my cat"]
    assert (topic.related, topic.sources, topic.translates) == (["ask_luggage"], ["general knowledge"], "123456789012")


def test_it_may_come_from_windows(write):
    assert read_topic(write("a/en.md", GOOD.replace("\n", "\r\n").encode())).answer == "First.\n\nSecond."


def test_a_topic_may_have_questions_only(write):
    assert read_topic(write("affirm/en.md", "---\ntitle: Yes\nstatus: draft\n---\n## Questions\n- yes\n")).answer == ""


@pytest.mark.parametrize(
    "wrong, named",
    [
        ("no front matter", "front matter"),
        ("---\ntitle: Pets\n", "front matter"),
        (GOOD.replace("title: Pets", "title: [Pets"), "not YAML"),
        (GOOD.replace("title: Pets", "title:"), "title"),
        (GOOD.replace("status: draft", "status: done"), "status"),
        (GOOD.replace("status: draft\n", ""), "status"),
        (GOOD.partition("## Questions")[0], "question"),
        (GOOD.replace("related: [ask_luggage]", "related: ask_luggage"), "related"),
        ("---\njust words\n---\nAnswer.\n\n## Questions\n- a\n", "front matter"),
        (b"---\ntitle: \xff\xfe\n---\n", "UTF-8"),
    ],
)
def test_what_is_wrong_is_named_with_its_file(write, wrong, named):
    path = write("knowledge/ask_pets/en.md", wrong)
    with pytest.raises(ContentError) as problem:
        read_topic(path)
    assert str(path) in str(problem.value) and named in str(problem.value)


def test_a_changed_answer_has_another_fingerprint_and_spaces_at_its_ends_do_not_matter():
    assert fingerprint("Answer.") == fingerprint("\nAnswer. \n") != fingerprint("Another.")
    assert len(fingerprint("Answer.")) == 12
