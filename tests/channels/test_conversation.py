"""The one way in: stored before it is answered, answered once and in order, and never left without a word."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.channels.conversation import plain
from bot.channels.engine import Turn
from casework import people
from casework.clock import now
from casework.models import Message, Person


def said(words, name):
    """One of the assistant's own sentences."""
    return words.phrase(name, "en")


# --- stored, then answered, once ---


def test_a_message_is_stored_before_it_is_answered(somebody, engine):
    message_id = somebody.sends(text="can my cat come")
    assert somebody.state(message_id) == "received" and engine.turns == []
    assert somebody.hears(message_id) == ["Echo: can my cat come"]
    assert somebody.state(message_id) == "answered"


def test_it_is_still_there_when_the_process_dies_before_the_answer(conversation, somebody, engine):
    def die(text):
        raise SystemExit

    engine.before = die
    message_id = somebody.sends(text="hello")
    with pytest.raises(SystemExit):
        conversation.answer(somebody.id)
    engine.before = lambda text: None
    assert somebody.hears(message_id) == [], "another process waits until the lease has run out"
    expire_lease(conversation.database, message_id)
    assert somebody.hears(message_id) == ["Echo: hello"]


def expire_lease(database, message_id):
    with database.write() as session:
        session.execute(update(Message).where(Message.id == message_id).values(lease_until=now() - timedelta(seconds=1)))


def test_a_repeated_delivery_is_answered_once(somebody, engine):
    first = somebody.writes("hello", key="update 7")
    assert somebody.writes("hello", key="update 7") == first == ["Echo: hello"]
    assert engine.texts() == ["hello"]


def test_messages_are_answered_in_the_order_they_were_written(conversation, somebody, engine):
    for text in ("one", "two", "three"):
        somebody.sends(text=text)
    conversation.answer(somebody.id)
    assert engine.texts() == ["one", "two", "three"]


def test_two_threads_that_answer_the_same_person_answer_once(conversation, somebody, engine, at_once):
    messages = [somebody.sends(text=text) for text in ("one", "two")]
    assert at_once(*[lambda: conversation.answer(somebody.id)] * 4) == [None] * 4
    conversation.answer(somebody.id)
    assert engine.texts() == ["one", "two"]
    assert [somebody.hears(message) for message in messages] == [["Echo: one"], ["Echo: two"]]


def test_who_is_too_slow_and_finds_it_answered_says_nothing_more(conversation, somebody, engine):
    """The lease runs out during a turn, and another process answers first."""
    message_id = somebody.sends(text="hello")

    def overtaken(text):
        engine.before = lambda text: None
        expire_lease(conversation.database, message_id)
        conversation.answer(somebody.id)

    engine.before = overtaken
    assert somebody.hears(message_id) == ["Echo: hello"]


def test_who_is_too_slow_and_finds_the_engine_down_does_not_ask_again(conversation, somebody, engine):
    message_id = somebody.sends(text="hello")

    def overtaken(text):
        engine.before = lambda text: None
        expire_lease(conversation.database, message_id)
        conversation.answer(somebody.id)
        engine.down = True

    engine.before = overtaken
    assert somebody.hears(message_id) == ["Echo: hello"]
    assert somebody.state(message_id) == "answered"


# --- the engine is down ---


def test_while_the_engine_is_down_the_person_is_told_once_and_answered_later(somebody, engine, words):
    engine.down = True
    first = somebody.sends(text="hello")
    assert somebody.hears(first) == [said(words, "utter_engine_down")]
    second = somebody.sends(text="are you there")
    for _ in range(3):
        somebody.later()
        assert somebody.hears(second) == []
    engine.down = False
    somebody.later()
    assert somebody.hears(first) == [said(words, "utter_engine_down"), "Echo: hello"]
    assert somebody.hears(second) == ["Echo: are you there"]
    assert engine.texts() == ["hello", "are you there"]


def test_whatever_breaks_the_person_gets_an_apology(somebody, engine, words):
    engine.answer = lambda text: 1 / 0
    assert somebody.writes("hello") == [said(words, "utter_something_wrong")]


def test_an_engine_without_an_answer_is_not_silence(somebody, engine, words):
    engine.answer = lambda text: Turn([{"name": "x", "text": ""}, {"name": "y", "text": None}], "ask_pets")
    assert somebody.writes("hello") == [said(words, "utter_nothing_said")]


# --- nothing but text ---


@pytest.mark.parametrize(
    "typed, reached",
    [
        ("/restart", "restart"),
        (" /risk_self_harm", "risk_self_harm"),
        ("//  /session_start", "session_start"),
        ("EXTERNAL: x", "x"),
        ("EXTERNAL:/EXTERNAL: / x", "x"),
        ('/choose_language{"language": "ar"}', 'choose_language{"language": "ar"}'),
        ("\x00/restart", "restart"),
        ("hello\x00 there", "hello there"),
        ("!utter_deleted", "!utter_deleted"),
        ("!!! help me", "!!! help me"),
        ("b1.0", "b1.0"),
        ("  مرحبا  ", "مرحبا"),
        ("half an emoji \ud83d", "half an emoji ?"),
    ],
)
def test_what_a_person_types_is_text(somebody, engine, typed, reached):
    assert somebody.writes(typed) == [f"Echo: {reached}"]
    assert engine.texts() == [reached]


@pytest.mark.parametrize(
    "typed, answer",
    [("", "utter_empty"), ("  \n ", "utter_empty"), ("\x00", "utter_empty"), ("///", "utter_empty"), ("🙏🙏", "utter_no_words"), ("?!", "utter_no_words")],
)
def test_what_has_no_words_gets_a_kind_word_and_never_reaches_the_engine(somebody, engine, words, typed, answer):
    assert somebody.writes(typed) == [said(words, answer)]
    assert engine.texts() == engine.read == []


def test_a_picture_gets_a_kind_word(somebody, engine, words):
    assert somebody.hears(somebody.sends("other")) == [said(words, "utter_only_text")]
    assert engine.texts() == []


def test_a_command_of_the_channel_reaches_the_engine_as_it_is(somebody, engine):
    somebody.hears(somebody.sends("command", payload="/greet"))
    assert engine.texts() == ["/greet"]


def test_plain_text_stays_as_it_is():
    assert plain("a / b, EXTERNAL: c") == "a / b, EXTERNAL: c"


# --- language ---


def test_the_engine_is_told_the_language_and_how_sure_it_is(conversation, engine):
    person_id = conversation.start("telegram", "5", "sq")
    conversation.receive(person_id, "1", "text", {"text": "tung"})
    conversation.answer(person_id)
    assert engine.turns[0][3] == {"language": "sq", "language_from": "channel", "chat_link": ""}


def test_the_language_that_is_written_is_remembered_unless_one_was_chosen(conversation, database, engine):
    engine.answer = lambda text: Turn([{"name": "x", "text": "x"}], "ask_pets", "ar")
    for address, chosen, language in (("1", False, "ar"), ("2", True, "en")):
        person_id = conversation.start("web", address, "en", chosen=chosen)
        conversation.receive(person_id, "1", "text", {"text": "مرحبا"})
        conversation.answer(person_id)
        with database.read() as session:
            assert session.get_one(Person, person_id).language == language


def test_who_writes_a_language_we_do_not_speak_is_shown_ours_once(somebody, engine, words):
    engine.answer = lambda text: Turn([{"name": "utter_ask_pets", "text": "Kedi?"}], "ask_pets", "tr", unspoken=True)
    menu = words.phrase("utter_language_unknown", "tr")
    assert somebody.writes("pisîka min jî were gelo") == ["Kedi?", menu]
    assert set(words.language_names().values()) <= set(somebody.buttons())
    assert words.phrase("button_human", "tr") in somebody.buttons()
    assert somebody.writes("ez dixwazim pisîka xwe bibim") == ["Kedi?"]


def test_who_chose_a_language_is_not_shown_the_menu_for_writing_another(conversation, engine):
    engine.answer = lambda text: Turn([{"name": "x", "text": "x"}], "ask_pets", "fr", unspoken=True)
    person_id = conversation.start("web", "1", "en", chosen=True)
    message = conversation.receive(person_id, "1", "text", {"text": "puedo llevar mi gato"})
    conversation.answer(person_id)
    assert [reply["text"] for reply in conversation.replies(person_id, reply_to=message)["replies"]] == ["x"]


def test_a_language_we_do_not_speak_changes_nothing(conversation, database):
    person_id = conversation.start("web", "1", "xx")
    conversation.receive(person_id, "1", "text", {"text": "hello"}, language="yy")
    with database.read() as session:
        assert session.get_one(Person, person_id).language is None


def test_who_never_came_is_not_known(conversation):
    assert conversation.find("web", "nobody") is None
    person_id = conversation.start("web", "somebody")
    assert conversation.find("web", "somebody") == person_id


# --- out ---


def test_a_page_waits_for_its_answer_and_gets_only_that(conversation, database, somebody):
    message_id = somebody.sends(text="hello")
    assert conversation.replies(somebody.id, reply_to=message_id)["answered"] is False
    somebody.hears(message_id)
    got = conversation.replies(somebody.id, reply_to=message_id, wait=5)
    assert got["answered"] and got["language"] == "en"
    assert [(reply["text"], reply["author"]) for reply in got["replies"]] == [("Echo: hello", "assistant")]
    assert conversation.replies(somebody.id, after=got["replies"][0]["id"])["replies"] == []


def test_a_counsellor_is_never_named_to_the_person(database, conversation, somebody, live, counsellor):
    from casework import tickets

    with database.write() as session:
        tickets.reply(session, live, counsellor, "Good day")
    assert [reply["author"] for reply in conversation.replies(somebody.id)["replies"]] == ["assistant", "counsellor"]
    assert counsellor.id not in str(conversation.history(somebody.id))


def test_people_seen_are_noted(database, somebody):
    with database.write() as session:
        people.seen(session.get_one(Person, somebody.id), now() - timedelta(days=3))
    somebody.sends(text="hello")
    with database.read() as session:
        assert session.get_one(Person, somebody.id).last_seen_at > now() - timedelta(minutes=1)


def test_who_is_not_understood_twice_is_offered_a_human_first(somebody, engine, words):
    buttons = [{"title": "Pets", "payload": "/ask_pets"}, {"title": "A person", "payload": "/talk_to_human"}]
    engine.answer = lambda text: Turn([{"name": "utter_did_you_mean", "text": "Did you mean", "buttons": buttons}], "nlu_fallback")
    assert somebody.writes("hm") == ["Did you mean"]
    for _ in range(2):
        assert somebody.writes("hmm") == [words.phrase("utter_did_you_mean_again", "en")]
        assert list(somebody.buttons()) == ["A person", "Pets"]
    engine.answer = lambda text: Turn([{"name": "utter_ask_pets", "text": "About pets"}], "ask_pets")
    somebody.writes("pets")
    engine.answer = lambda text: Turn([{"name": "utter_did_you_mean", "text": "Did you mean", "buttons": buttons}], "nlu_fallback")
    assert somebody.writes("hm") == ["Did you mean"]


def test_two_questions_in_one_message_get_both_answers(somebody, engine, words):
    engine.answer = lambda text: Turn([{"name": "utter_ask_pets", "text": "About pets"}], "ask_pets", "en", also="ask_luggage")
    assert somebody.writes("my cat? how many bags?") == ["About pets", words.answer("ask_luggage", "en")]


def test_the_second_question_waits_while_a_form_asks(somebody, engine):
    replies = [{"name": "utter_ask_pets", "text": "About pets"}, {"name": "utter_ask_intake_name", "text": "Your name?"}]
    engine.answer = lambda text: Turn(replies, "ask_pets", "en", also="ask_luggage")
    assert somebody.writes("my cat? how many bags?") == ["About pets", "Your name?"]
