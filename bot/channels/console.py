"""The assistant in a terminal. A number presses a button."""

import uuid

import bot.content
from bot.channels.conversation import Conversation
from bot.channels.engine import RasaEngine
from service.settings import Settings


def chat(settings: Settings) -> int:
    """Talk until the input ends."""
    content = bot.content.load(show_drafts=settings.show_drafts)
    conversation = Conversation(settings.database(), RasaEngine(settings.engine_url, settings.engine_secret), content)
    person = conversation.start("console", uuid.uuid4().hex, keep_address=False)
    buttons: list[dict[str, str]] = []
    last = 0
    print("Write a message; a number presses a button; Ctrl-D ends.")
    while True:
        try:
            line = input("> ")
        except (EOFError, KeyboardInterrupt):
            return 0
        pressed = line.isdecimal() and 1 <= int(line) <= len(buttons)
        data = {"payload": buttons[int(line) - 1]["payload"]} if pressed else {"text": line}
        conversation.receive(person, uuid.uuid4().hex, "button" if pressed else "text", data)
        conversation.answer(person)
        for reply in conversation.replies(person, after=last)["replies"]:
            last, buttons = reply["id"], reply["buttons"]
            print(reply["text"])
            if reply["file"] and (file := conversation.file(person, reply["id"])):
                print(file[1].decode("utf-8-sig"))
            for place, button in enumerate(buttons, start=1):
                print(f"  {place}. {button['title']}")
