"""Small things people do: something that is no text, an old button, a question for somebody else."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.base import CaseworkAction, Events, entity

NO_ANSWERS = ("only_text", "stale_button", "empty", "no_words")


class NoAnswer(CaseworkAction):
    """Says what became of a picture, a voice message, an old button or a message without words."""

    def name(self) -> str:
        """Called by rasa-sdk."""
        return "action_no_answer"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        """See :class:`CaseworkAction`."""
        why = entity(tracker, "choice")
        dispatcher.utter_message(response=f"utter_{why if why in NO_ANSWERS else 'no_words'}")
        return None


class ForSomebodyElse(CaseworkAction):
    """The person decides: what to tell them, and how they find this chat themselves. Nothing about them is kept."""

    def name(self) -> str:
        """Called by rasa-sdk."""
        return "action_for_somebody_else"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        """See :class:`CaseworkAction`."""
        dispatcher.utter_message(response="utter_ask_for_someone_else")
        link = (tracker.latest_message or {}).get("metadata", {}).get("chat_link")
        dispatcher.utter_message(response="utter_share_chat", **{"office.chat_link": link})
        return None
