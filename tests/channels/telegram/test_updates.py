"""What an update means."""

import pytest

from bot.channels.telegram.updates import read

CHAT = {"id": 7, "type": "private"}
SENDER = {"id": 7, "is_bot": False, "language_code": "pt-BR"}


def message(**content):
    return {"update_id": 5, "message": {"message_id": 9, "chat": CHAT, "from": SENDER, **content}}


def meant(**content):
    incoming = read(message(**content), "our_bot")
    return incoming and (incoming.kind, dict(incoming.data))


@pytest.mark.parametrize(
    ("typed", "payload"),
    [
        ("/start", "/greet"),
        ("/start leaflet-3", "/greet"),
        ("/help", "/help"),
        ("/HELP", "/help"),
        ("/help@our_bot", "/help"),
        ("/help@Our_Bot ", "/help"),
        ("/language", "/choose_language"),
        ("/human", "/talk_to_human"),
        ("/mydata", "/see_my_data"),
        ("/delete", "/delete_my_data"),
    ],
)
def test_a_command_is_its_payload(typed, payload):
    assert meant(text=typed) == ("command", {"payload": payload})


@pytest.mark.parametrize(
    "typed",
    ["/restart", "/risk_self_harm", "/help@other_bot", "/help me", "/human please", "EXTERNAL: x", "/start I am in danger", "/", "help"],
)
def test_what_only_looks_like_a_command_is_text(typed):
    assert meant(text=typed) == ("text", {"text": typed})


def test_a_caption_counts_as_text():
    assert meant(photo=[{}], caption="my paper") == ("text", {"text": "my paper"})


@pytest.mark.parametrize("kind", ["photo", "voice", "sticker", "location", "contact", "document", "video_note", "brand_new_kind"])
def test_what_we_cannot_read_is_other(kind):
    assert meant(**{kind: {"x": 1}}) == ("other", {})


@pytest.mark.parametrize("notice", ["pinned_message", "message_auto_delete_timer_changed"])
def test_a_notice_is_no_message(notice):
    assert meant(**{notice: {}}) is None


def test_an_edited_text_is_a_new_text():
    edited = read({"update_id": 6, "edited_message": message(text="now so")["message"]})
    assert (edited.kind, edited.data, edited.source_key) == ("text", {"text": "now so"}, "u6.9")


def test_an_edited_location_is_nothing():
    assert read({"update_id": 6, "edited_message": message(location={})["message"]}) is None


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
def test_only_private_chats(kind):
    assert meant(text="hello", chat={"id": -7, "type": kind}) is None


def test_no_bots():
    assert read(message(text="hello", **{"from": {"id": 7, "is_bot": True}})) is None


def test_a_pressed_button():
    query = {"id": "q1", "from": SENDER, "data": "b12.0", "message": {"message_id": 3, "date": 0, "chat": CHAT}}
    incoming = read({"update_id": 5, "callback_query": query})
    assert (incoming.kind, incoming.data, incoming.callback_id, incoming.language) == ("button", {"payload": "b12.0"}, "q1", "pt")


def test_a_button_pressed_elsewhere_is_nothing():
    query = {"id": "q1", "from": SENDER, "data": "b12.0"}
    assert read({"update_id": 5, "callback_query": query}) is None
    assert read({"update_id": 5, "callback_query": {**query, "message": {"chat": {"id": -1, "type": "group"}}}}) is None


@pytest.mark.parametrize(
    "update",
    [
        {},
        {"update_id": 1, "message": None},
        {"update_id": 1, "message": "x"},
        {"update_id": 1, "message": {"chat": [], "from": 3, "text": "hello"}},
        {"update_id": 1, "callback_query": {"data": 4}},
        {"update_id": 1, "my_chat_member": {"chat": CHAT, "from": SENDER}},
    ],
)
def test_an_update_of_unknown_form_is_nothing(update):
    assert read(update) is None


def test_half_a_character_does_not_reach_the_database():
    meant(text="a\ud800b")[1]["text"].encode()


def test_words_are_not_shown_by_accident():
    assert "hello" not in repr(read(message(text="hello")))
