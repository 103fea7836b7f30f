"""An engine written by hand: answers as it is told, records what it was asked, and can be down."""

import bot.content
from bot.channels.engine import EngineDown, Turn

DANGER = "kill"
CONTENT = bot.content.load()


class FakeEngine:
    """Echoes each text; a text with the word of danger signals violence, and gets its answer."""

    def __init__(self):
        self.turns = []  # (conversation, message_id, text, metadata)
        self.read = []  # texts that were only understood
        self.forgotten = []
        self.down = False
        self.answer = None  # a function of the text, instead of the echo
        self.content = CONTENT
        self.before = lambda text: None  # called at the beginning of each turn

    def turn(self, conversation, message_id, text, metadata):
        """See bot/channels/engine.py."""
        self.before(text)
        self._must_be_up()
        self.turns.append((conversation, message_id, text, dict(metadata)))
        if text.startswith("/no_answer"):  # as the rule does
            name = "utter_" + text.split('"')[3]
            text = self.content.phrase(name, metadata.get("language") or "en")
            return Turn([{"name": name, "text": text, "buttons": []}], "no_answer", None)
        if self.answer:
            return self.answer(text)
        intent = meaning(text)
        name = f"utter_{intent}" if intent.startswith("risk_") else "utter_echo"
        return Turn([{"name": name, "text": f"Echo: {text}", "buttons": []}], intent, "en")

    def intent(self, text):
        """See bot/channels/engine.py."""
        self._must_be_up()
        self.read.append(text)
        return meaning(text)

    def forget(self, conversation):
        """See bot/channels/engine.py."""
        self._must_be_up()
        self.forgotten.append(conversation)

    def forget_before(self, moment):
        """See bot/channels/engine.py."""
        self._must_be_up()
        return 0

    def ready(self):
        """See bot/channels/engine.py."""
        return not self.down

    def texts(self):
        """What reached the engine as a turn."""
        return [text for _, _, text, _ in self.turns if not text.startswith("/no_answer")]

    def _must_be_up(self):
        if self.down:
            raise EngineDown("it is told to be down")


def meaning(text):
    """What the fake makes of a text."""
    return "risk_violence" if DANGER in text else "ask_pets"
