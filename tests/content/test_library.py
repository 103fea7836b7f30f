"""How a text reaches a person: their language, then English; drafts only where they may be shown; corrected while it runs."""

import pytest

import bot.content
from bot.content import ContentError
from small_content import FILES, topic


def test_an_answer_is_in_the_persons_language_else_in_english(content):
    assert content.answer("ask_pets", "ar") == "اسألنا."
    assert content.answer("ask_papers", "ar") == "Bring papers."
    assert content.title("ask_papers", "ar") == "Papers"
    assert content.answer("ask_pets", "xx") == "Ask us about pets."


def test_a_language_without_phrases_is_not_spoken_yet(content, write):
    write("knowledge/ask_pets/tr.md", topic("Hayvanım", "Evet."))
    assert content.answer("ask_pets", "tr") == content.answer("ask_pets", "en")
    assert content.title("ask_pets", "tr") == content.title("ask_pets", "en")


def test_what_nobody_wrote_has_no_answer(content):
    assert content.answer("affirm", "en") is None


def test_drafts_are_hidden_where_they_may_not_be_shown(root):
    content = bot.content.load(root, show_drafts=False)
    assert content.answer("ask_pets", "en") is None
    assert content.answer("ask_papers", "en") == "Bring papers."


def test_a_translation_that_is_a_draft_gives_way_to_reviewed_english(root, write):
    write("knowledge/ask_papers/ar.md", topic("أوراق", "مسودة", status="draft"))
    assert bot.content.load(root, show_drafts=True).answer("ask_papers", "ar") == "مسودة"
    assert bot.content.load(root, show_drafts=False).answer("ask_papers", "ar") == "Bring papers."


def test_a_topic_nobody_may_read_is_no_button(root):
    shown = bot.content.load(root, show_drafts=False).buttons("utter_hello", "en")
    assert [button["title"] for button in shown] == ["Yes"]


def test_a_phrase_fills_what_it_is_given_and_what_the_office_verified(content):
    assert content.phrase("utter_hello", "en", name="Ali") == "Hello Ali, call 112."
    assert content.phrase("utter_hello", "ar", name="Ali") == "مرحبا Ali"
    assert content.phrase("button_yes", "ar") == "Yes"


def test_what_a_person_typed_is_not_filled_again(content):
    assert content.phrase("utter_hello", "en", name="{office.name} {name} || x") == "Hello {office.name} {name} || x, call 112."


def test_a_missing_value_leaves_no_placeholder(content):
    assert content.phrase("utter_hello", "en") == "Hello , call 112."


def test_a_phrase_nobody_wrote_is_an_error_that_names_it(content):
    with pytest.raises(ContentError, match="utter_nothing"):
        content.phrase("utter_nothing", "en")


def test_a_response_is_a_topics_answer_or_a_phrase(content):
    assert content.text("utter_ask_pets", "en") == "Ask us about pets."
    assert content.text("utter_hello", "en", name="Ali") == "Hello Ali, call 112."


def test_a_corrected_answer_is_live_at_its_next_use(content, write):
    assert content.answer("ask_pets", "en") == "Ask us about pets."
    write("knowledge/ask_pets/en.md", topic("Pets", "Pets may travel."))
    assert content.answer("ask_pets", "en") == "Pets may travel."


def test_a_verified_number_is_live_at_its_next_use(content, write):
    write("knowledge/ask_pets/en.md", topic("Pets", "Call {office.phone}. || Ask here."))
    assert content.answer("ask_pets", "en") == "Ask here."
    given = 'phone: {value: "038 111", source: "", checked: "", verified: false}'
    write("programme.yml", FILES["programme.yml"].replace(given, 'phone: {value: "038 222", source: us, checked: 2024-01-01, verified: true}'))
    assert content.answer("ask_pets", "en") == "Call 038 222."


@pytest.mark.parametrize("broken", ["", "---\nnot finished", b"\xff", "---\n- a\n---\nAnswer\n## Questions\n- a\n"])
def test_a_broken_change_of_a_topic_keeps_the_last_good_one(content, write, broken):
    content.answer("ask_pets", "en")
    write("knowledge/ask_pets/en.md", broken)
    assert content.answer("ask_pets", "en") == "Ask us about pets."
    write("knowledge/ask_pets/en.md", topic("Pets", "Mended."))
    assert content.answer("ask_pets", "en") == "Mended."


@pytest.mark.parametrize("broken", ["", "[]", "words", "a: [", b"\xff"])
@pytest.mark.parametrize("name", ["programme.yml", "phrases/en.yml"])
def test_a_broken_change_keeps_the_last_good_values_and_sentences(content, write, name, broken):
    write(name, broken)
    assert content.phrase("utter_hello", "en", name="Ali") == "Hello Ali, call 112."


@pytest.mark.parametrize("broken", ["[]", "words", "a: [", b"\xff"])
def test_a_broken_change_keeps_the_last_good_buttons(content, write, broken):
    shown = content.buttons("utter_hello", "en")
    write("conversation/buttons.yml", broken)
    assert content.buttons("utter_hello", "en") == shown


def test_a_content_that_is_broken_from_the_start_does_not_start(root, write):
    for name in ("programme.yml", "phrases/en.yml"):
        write(name, "")
        with pytest.raises(ContentError):
            bot.content.load(root)
        write(name, FILES[name])


def test_there_is_no_content_without_english(root):
    (root / "phrases/en.yml").unlink()
    with pytest.raises(ContentError, match="en.yml"):
        bot.content.load(root)


def test_a_topic_offers_its_related_topics(content):
    assert content.buttons("utter_ask_pets", "en") == [{"title": "Papers", "payload": "/ask_papers"}]
    assert content.buttons("utter_ask_papers", "en") == []


def test_a_responses_own_buttons(content):
    assert content.buttons("utter_hello", "ar") == [
        {"title": "Yes", "payload": "/affirm"},
        {"title": "حيوانات", "payload": "/ask_pets"},
    ]


def test_what_may_have_been_meant_is_offered_but_never_small_talk(content):
    shown = content.buttons("utter_did_you_mean", "en", ["affirm", "ask_papers", "unknown", "ask_pets"])
    assert [button["payload"] for button in shown] == ["/ask_papers", "/ask_pets"]


def test_every_language_is_offered_in_its_own_words(content):
    shown = content.buttons("utter_choose_language", "en")
    assert [button["title"] for button in shown] == ["العربية", "English"]
    assert shown[0]["payload"] == '/choose_language{"language": "ar"}'
    assert [content.direction(code) for code in ("ar", "en", "xx")] == ["rtl", "ltr", "ltr"]
