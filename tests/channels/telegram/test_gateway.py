"""The gateway at work, against a Bot API over real HTTP."""

import socket
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.channels.conversation import Conversation
from casework import messages
from casework.clock import now
from casework.models import Message
from tests.channels.telegram.conftest import EchoEngine, House, settings_for, until
from tests.channels.telegram.fake_bot_api import USERNAME, Failure, FakeBotApi, running, sender

CHAT = 4711


def test_a_text_is_answered(house):
    with house.gateway():
        house.api.text(CHAT, "PRIVATE hello")
        until(lambda: house.api.texts(CHAT) == ["you said: PRIVATE hello"])
    assert house.states() == ["sent"]
    assert house.api.calls("sendChatAction") == [{"chat_id": CHAT, "action": "typing"}]
    sent = house.api.calls("sendMessage")[0]
    assert "parse_mode" not in sent and sent["link_preview_options"] == {"is_disabled": True}


def test_the_language_of_the_app_is_a_hint_and_others_find_the_bot_by_its_own_link(house):
    with house.gateway():
        house.api.text(CHAT, "PRIVATE hello")
        until(lambda: house.engine.heard)
    assert house.engine.heard[0][2] == {"language": "sq", "language_from": "channel", "chat_link": f"https://t.me/{USERNAME}"}


def test_an_update_that_comes_again_is_answered_once(house):
    house.api.acknowledge = False
    with house.gateway():
        house.api.text(CHAT, "PRIVATE hello")
        until(lambda: house.api.texts(CHAT) and len(house.api.calls("getUpdates")) > 5)
    with house.gateway():
        until(lambda: len(house.api.calls("getUpdates")) > 12)
    assert house.api.texts(CHAT) == ["you said: PRIVATE hello"]


def test_an_update_is_acknowledged_only_once_it_is_stored(house, monkeypatch):
    receive, failures = house.conversation.receive, [OSError("PRIVATE hello"), OSError("PRIVATE hello")]

    def fails_twice(*arguments, **more):
        if failures:
            raise failures.pop()
        return receive(*arguments, **more)

    monkeypatch.setattr(house.conversation, "receive", fails_twice)
    update_id = house.api.text(CHAT, "PRIVATE hello")["update_id"]
    with house.gateway():
        until(lambda: house.api.texts(CHAT))
        until(lambda: len(house.api.calls("getUpdates")) == 2)
    assert [asked["offset"] for asked in house.api.calls("getUpdates")] == [0, update_id + 1]


class DiesBeforeAnswering(Conversation):
    """A process that ends between storing and answering."""

    def answer(self, person_id: str) -> None:
        return


def test_a_crash_between_storing_and_answering_loses_nothing(house):
    with house.gateway(DiesBeforeAnswering(house.database, house.engine, house.conversation.content)):
        house.api.text(CHAT, "PRIVATE one")
        house.api.text(CHAT, "PRIVATE two")
        until(lambda: not house.api.updates)
    assert house.states("in") == ["received", "received"] and not house.api.texts(CHAT)
    with house.gateway():
        until(lambda: house.api.texts(CHAT) == ["you said: PRIVATE one", "you said: PRIVATE two"])


def test_a_crash_in_the_middle_of_a_turn_is_taken_up_when_its_lease_has_run_out(house):
    person_id = house.conversation.start("telegram", str(CHAT))
    house.conversation.receive(person_id, "u1", "text", {"text": "PRIVATE hello"})
    with house.database.write() as session:
        session.execute(update(Message).values(state="answering", lease_until=now() + timedelta(seconds=0.3)))
    with house.gateway():
        until(lambda: house.api.texts(CHAT) == ["you said: PRIVATE hello"])


def test_a_stop_lets_the_turn_end_and_its_answer_go(house):
    house.engine.takes = 0.4
    with house.gateway():
        house.api.text(CHAT, "PRIVATE hello")
        until(lambda: house.engine.heard)
    assert house.api.texts(CHAT) == ["you said: PRIVATE hello"]


def test_updates_of_one_person_keep_their_order(house):
    house.engine.takes = 0.01
    for number in range(12):
        house.api.text(CHAT + number % 2, f"PRIVATE {number}")
    with house.gateway():
        until(lambda: len(house.api.texts(CHAT)) == len(house.api.texts(CHAT + 1)) == 6)
    assert house.api.texts(CHAT) == [f"you said: PRIVATE {number}" for number in range(0, 12, 2)]
    assert house.api.texts(CHAT + 1) == [f"you said: PRIVATE {number}" for number in range(1, 12, 2)]


def test_people_are_answered_side_by_side(house):
    house.engine.takes = 0.3
    for chat in range(8):
        house.api.text(100 + chat, "PRIVATE hello")
    with house.gateway():
        until(lambda: all(house.api.texts(100 + chat) for chat in range(8)))
    assert house.engine.most_at_once > 1


def test_the_engine_is_down_for_a_moment(house, monkeypatch):
    monkeypatch.setattr("bot.channels.conversation.ENGINE_BACK_IN", timedelta(seconds=0.1))
    house.engine.down = 2
    with house.gateway():
        house.api.text(CHAT, "PRIVATE hello")
        until(lambda: house.api.texts(CHAT) == ["utter_engine_down", "you said: PRIVATE hello"])


# --- buttons and commands ---


def test_a_pressed_button_means_what_it_was_made_for(house):
    house.engine.buttons = [{"title": "Costs", "payload": "/ask_cost"}, {"title": "Human", "payload": "/talk_to_human"}]
    with house.gateway():
        house.api.text(CHAT, "PRIVATE hello")
        until(lambda: house.api.texts(CHAT))
        keyboard = house.api.chats[CHAT][0]["keyboard"]
        assert [[button["text"] for button in row] for row in keyboard] == [["Costs"], ["Human"]]
        assert len(keyboard[1][0]["callback_data"]) < 20
        house.api.press(CHAT, keyboard[1][0]["callback_data"])
        until(lambda: len(house.api.texts(CHAT)) == 2)
        until(lambda: len(house.api.calls("answerCallbackQuery")) == 1)
    assert house.engine.texts == ["PRIVATE hello", "/talk_to_human"]


@pytest.mark.parametrize("data", ["b999.0", "/delete_my_data", "b1", "", "b0000000000000000000000000000000000.0"])
def test_a_forged_button_does_nothing_but_say_so(house, data):
    with house.gateway():
        house.api.press(CHAT, data)
        until(lambda: house.api.texts(CHAT) == ["utter_stale_button"])
    assert house.engine.texts == []


def test_a_button_works_only_in_its_own_chat(house):
    house.engine.buttons = [{"title": "Costs", "payload": "/ask_cost"}]
    with house.gateway():
        house.api.text(CHAT, "PRIVATE hello")
        until(lambda: house.api.texts(CHAT))
        house.api.press(CHAT + 1, house.api.chats[CHAT][0]["keyboard"][0][0]["callback_data"])
        until(lambda: house.api.texts(CHAT + 1) == ["utter_stale_button"])


def test_an_old_button_does_nothing_but_say_so(house):
    house.engine.buttons = [{"title": "Yes", "payload": "/affirm"}]
    with house.gateway():
        for number in (1, 2):
            house.api.text(CHAT, "PRIVATE hello")
            until(lambda: len(house.api.texts(CHAT)) == number)
        house.api.press(CHAT, house.api.chats[CHAT][0]["keyboard"][0][0]["callback_data"])
        until(lambda: house.api.texts(CHAT)[2:] == ["utter_stale_button"])


def test_a_button_is_answered_though_telegram_takes_no_courtesies(house):
    house.api.fail("answerCallbackQuery", Failure(400, "query is too old"))
    house.api.fail("sendChatAction", Failure(500, "PRIVATE"), Failure(cut=True))
    with house.gateway():
        house.api.press(CHAT, "b9.9")
        until(lambda: house.api.texts(CHAT) == ["utter_stale_button"])


def test_commands(house):
    with house.gateway():
        for typed in ("/start", f"/help@{USERNAME}", "/restart"):
            house.api.text(CHAT, typed)
        until(lambda: len(house.api.texts(CHAT)) == 3)
    assert house.engine.texts == ["/greet", "/help", "restart"]


def test_the_menu_is_set_for_every_language_telegram_can_name(house):
    with house.gateway():
        until(lambda: len(house.api.calls("setMyCommands")) == 3)
    calls = house.api.calls("setMyCommands")
    assert [call.get("language_code", "") for call in calls] == ["", "en", "sq"]
    assert calls[0]["commands"][0] == {"command": "start", "description": "telegram_command_start"}
    assert [entry["command"] for entry in calls[0]["commands"]] == ["start", "help", "language", "human", "mydata", "delete"]


def test_without_a_menu_people_are_answered(house):
    house.api.fail("setMyCommands", Failure(400, "PRIVATE"))
    with house.gateway():
        house.api.text(CHAT, "PRIVATE hello")
        until(lambda: house.api.texts(CHAT))


# --- other things people send ---


def test_a_photo_gets_a_kind_word(house):
    with house.gateway():
        house.api.message(CHAT, photo=[{"file_id": "x"}])
        until(lambda: house.api.texts(CHAT) == ["utter_only_text"])


def test_an_edited_message_is_a_new_one(house):
    with house.gateway():
        first = house.api.text(CHAT, "PRIVATE helo")
        until(lambda: house.api.texts(CHAT))
        house.api.push(edited_message={**first["message"], "text": "PRIVATE hello"})
        until(lambda: house.api.texts(CHAT)[1:] == ["you said: PRIVATE hello"])


def test_groups_channels_and_bots_are_ignored(house):
    group = {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "group"}, "from": sender(5), "text": "PRIVATE hello"}
    with house.gateway():
        house.api.push(message=group)
        house.api.push(channel_post={**group, "chat": {"id": -6, "type": "channel"}})
        house.api.push(message={**group, "chat": {"id": 5, "type": "private"}, "from": sender(5, is_bot=True)})
        house.api.push(my_chat_member={"chat": {"id": 5, "type": "private"}, "from": sender(5)})
        until(lambda: not house.api.updates)
    assert house.stored() == [] and not house.api.chats


def test_what_looks_like_markup_arrives_as_typed(house):
    text = "PRIVATE <b>bold</b> *star* _under_ [a](http://b) `c` & &amp; \\"
    with house.gateway():
        house.api.text(CHAT, text)
        until(lambda: house.api.texts(CHAT) == [f"you said: {text}"])


def test_half_a_character_stops_nobody(house):
    with house.gateway():
        house.api.text(CHAT, "PRIVATE a\ud800b")
        house.api.text(CHAT, "PRIVATE next")
        until(lambda: house.api.texts(CHAT) == ["you said: PRIVATE a?b", "you said: PRIVATE next"])


# --- what the desk writes ---


def test_what_a_counsellor_writes_arrives(house):
    with house.gateway():
        house.write(CHAT, "PRIVATE we will call you")
        until(lambda: house.api.texts(CHAT) == ["PRIVATE we will call you"])
        until(lambda: house.states() == ["sent"])


def test_a_long_text_comes_in_parts_with_the_buttons_below_the_last(house):
    long = "\n\n".join(["PRIVATE " + "word " * 300] * 5)
    house.write(CHAT, long, buttons=[{"title": "Yes", "payload": "/affirm"}])
    with house.gateway():
        until(lambda: house.states() == ["sent"])
    parts = house.api.texts(CHAT)
    assert len(parts) == 3 and "\n\n".join(parts).split() == long.split()
    assert [bool(message["keyboard"]) for message in house.api.chats[CHAT]] == [False, False, True]


def test_part_of_a_long_text_is_uncertain(house):
    house.write(CHAT, "PRIVATE " + "word " * 1000)
    first, failing = house.api._sent, [Failure(403, "Forbidden: bot was blocked by the user")]

    def then_blocked(parameters):
        house.api.fail("sendMessage", *failing)
        failing.clear()
        return first(parameters)

    house.api._sent = then_blocked
    with house.gateway():
        until(lambda: house.states() == ["uncertain"])
    assert len(house.api.texts(CHAT)) == 1


def test_a_flood_is_waited_out(house):
    house.api.fail("sendMessage", Failure(429, "Too Many Requests: retry after 1", {"retry_after": 1}))
    house.write(CHAT, "PRIVATE one")
    house.write(CHAT, "PRIVATE two")
    with house.gateway():
        until(lambda: house.api.calls("sendMessage"))
        start = now()
        until(lambda: house.api.texts(CHAT) == ["PRIVATE one", "PRIVATE two"])
    assert now() - start > timedelta(seconds=0.9)


@pytest.mark.parametrize(
    "failure",
    [
        Failure(hang=1, after=True),
        Failure(hang=1),
        Failure(cut=True, after=True),
        Failure(500, "PRIVATE Internal Server Error", after=True),
        Failure(502, "Bad Gateway"),
    ],
)
def test_an_uncertain_send_is_never_repeated(house, failure):
    house.api.fail("sendMessage", failure)
    house.write(CHAT, "PRIVATE one")
    house.write(CHAT, "PRIVATE two")
    with house.gateway():
        until(lambda: house.states() == ["uncertain", "sent"])
    with house.gateway():
        until(lambda: len(house.api.calls("getMe")) == 2)
    assert [call["text"] for call in house.api.calls("sendMessage")] == ["PRIVATE one", "PRIVATE two"]


@pytest.mark.parametrize(
    "failure",
    [
        Failure(403, "Forbidden: bot was blocked by the user"),
        Failure(400, "Bad Request: chat not found"),
        Failure(400, "Bad Request: PRIVATE"),
    ],
)
def test_who_cannot_be_reached_is_not_tried_again(house, failure):
    house.api.fail("sendMessage", failure)
    house.write(CHAT, "PRIVATE one")
    with house.gateway():
        until(lambda: house.states() == ["failed"])
    assert not house.api.texts(CHAT)


# --- the network ---


def test_the_bot_api_is_away_when_the_gateway_starts(database, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    house = House(FakeBotApi(), database, EchoEngine(), settings_for(f"http://127.0.0.1:{port}"))
    with house.gateway():
        house.write(CHAT, "PRIVATE one")
        with running(house.api, port):
            house.api.text(CHAT, "PRIVATE hello")
            until(lambda: sorted(house.api.texts(CHAT)) == ["PRIVATE one", "you said: PRIVATE hello"])


def test_a_gateway_that_never_reached_the_bot_api_can_be_stopped(database):
    house = House(FakeBotApi(), database, EchoEngine(), settings_for("http://127.0.0.1:9"))
    with house.gateway():
        pass


@pytest.mark.parametrize(
    "failure",
    [
        Failure(500, "PRIVATE"),
        Failure(cut=True),
        Failure(401, "Unauthorized"),
        Failure(429, "slow", {"retry_after": 1}),
        Failure(409, "Conflict: terminated by other getUpdates request"),
    ],
)
def test_polling_goes_on_after_a_failure(house, failure):
    house.api.fail("getUpdates", failure, failure)
    house.api.fail("deleteWebhook", Failure(500))
    with house.gateway():
        house.api.text(CHAT, "PRIVATE hello")
        until(lambda: house.api.texts(CHAT))


def test_a_second_gateway_is_named_once_in_the_log(house, log):
    house.api.fail("getUpdates", *[Failure(409, "Conflict")] * 3)
    with house.gateway():
        house.api.text(CHAT, "PRIVATE hello")
        until(lambda: house.api.texts(CHAT))
    assert log.text.count("another gateway polls") == 1


def test_a_wrong_token_is_not_printed(house, log):
    house.settings.telegram_bot_token = "999999:a-wrong-token-PRIVATE"
    with house.gateway():
        until(lambda: "InvalidToken" in log.text)


def test_a_broken_database_stops_no_loop(house, monkeypatch):
    failures = [OSError("PRIVATE")] * 2

    def fails(*arguments, **named):
        if failures:
            raise failures.pop()
        return real(*arguments, **named)

    real = messages.people_waiting
    monkeypatch.setattr(messages, "people_waiting", fails)
    person_id = house.conversation.start("telegram", str(CHAT))
    house.conversation.receive(person_id, "u1", "text", {"text": "PRIVATE hello"})
    with house.gateway():
        until(lambda: house.api.texts(CHAT) == ["you said: PRIVATE hello"])


def test_a_turn_that_breaks_is_taken_up_by_the_next_sweep(house, monkeypatch):
    answer, failures = house.conversation.answer, [OSError("PRIVATE")]

    def fails_once(person_id):
        if failures:
            raise failures.pop()
        answer(person_id)

    monkeypatch.setattr(house.conversation, "answer", fails_once)
    with house.gateway():
        house.api.text(CHAT, "PRIVATE hello")
        until(lambda: house.api.texts(CHAT) == ["you said: PRIVATE hello"])


def test_people_of_other_channels_are_left_to_them(house):
    person_id = house.conversation.start("web", "cookie")
    house.conversation.receive(person_id, "w1", "text", {"text": "PRIVATE hello"})
    with house.gateway():
        house.api.text(CHAT, "PRIVATE hello")
        until(lambda: house.api.texts(CHAT))
    assert house.states("in") == ["received", "answered"]
