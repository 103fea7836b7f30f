"""What the assistant says, in the person's language: texts and buttons from bot/data, read anew when a file changes."""

import os
from typing import Any, Dict, Optional, Text

from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.trackers import DialogueStateTracker

import bot.content
from bot.content import ContentError
from bot.content.languages import language_of


class Responses(NaturalLanguageGenerator):
    """Named in endpoints.yml; Rasa asks it for every response."""

    def __init__(self, endpoint_config: Any = None, domain: Any = None) -> None:
        drafts = os.environ.get("SHOW_DRAFTS", "true").lower() not in ("0", "false", "no", "off")
        self.content = bot.content.load(show_drafts=drafts)

    async def generate(
        self, utter_action: Text, tracker: DialogueStateTracker, output_channel: Text, **kwargs: Any
    ) -> Optional[Dict[Text, Any]]:
        """A response as `{"text", "buttons"}`; None where nobody wrote one.

        Args:
            kwargs: values for the sentence's placeholders; `in_language` overrides the person's for this response,
                `bare` leaves its buttons out.
        """
        message = tracker.latest_message
        parsed = (message.parse_data if message else None) or {}
        language = kwargs.pop("in_language", None) or language_of((message.metadata if message else None) or {}, parsed)
        bare = kwargs.pop("bare", False)
        values = {name: value for name, value in kwargs.items() if isinstance(value, (str, int)) and name != "text"}
        ranking = [entry["name"] for entry in parsed.get("intent_ranking") or []]
        try:
            text = self.content.text(utter_action, language, **values)
        except ContentError:
            return None
        return {"text": text, "buttons": [] if bare else self.content.buttons(utter_action, language, ranking)}
