"""Telegram through the running house: the gateway is a process of its own, and may die at any moment."""

from dialogue import plant, until

CHAT = 4711


def asks(house, text):
    house.bot_api.text(CHAT, plant(text))


def test_a_question_is_answered(house):
    asks(house, "is it free of charge for me")
    free = house.content.answer("ask_is_it_free", "en")
    until("it is answered", lambda: house.bot_api.texts(CHAT) == [free])


def test_a_gateway_that_is_killed_loses_nothing_and_says_nothing_twice(house):
    answered = len(house.bot_api.texts(CHAT))
    with house.without("telegram"):
        asks(house, "can i take my dog with me on the plane")
        asks(house, "هل يمكنني أن آخذ كلبي معي في الطائرة")
    pets = [house.content.answer("ask_pets", language) for language in ("en", "ar")]
    until("both are answered, in order", lambda: house.bot_api.texts(CHAT)[answered:] == pets)
    house.back()
    asks(house, "is it free of charge for me")
    until("it goes on", lambda: len(house.bot_api.texts(CHAT)) == answered + 3)
    assert house.bot_api.texts(CHAT)[answered:-1] == pets


def test_a_conversation_goes_on_where_the_killed_gateway_left_it(house):
    chat = CHAT + 1
    house.bot_api.text(chat, plant("dua te kthehem ne shtepi, me regjistroni"))
    until("consent is asked for", lambda: len(house.bot_api.chats[chat]) == 1)
    agree = house.bot_api.chats[chat][0]["keyboard"][0][0]
    assert agree["text"] == house.content.phrase("button_agree", "sq")
    with house.without("telegram"):
        house.bot_api.press(chat, agree["callback_data"])
    until("the form goes on", lambda: house.bot_api.texts(chat)[1:] == [house.content.phrase("utter_ask_intake_name", "sq")])
    house.back()
