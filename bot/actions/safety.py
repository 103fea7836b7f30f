"""After danger was signalled: is it safe to be contacted? The alert itself is raised by the conversation service."""

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.base import CaseworkAction, Events, casework_of
from casework import tickets


class AskContact(CaseworkAction):
    """Asks whether a counsellor may write to the person."""

    def name(self) -> str:
        """Called by rasa-sdk."""
        return "action_ask_contact"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        """See :class:`CaseworkAction`."""
        dispatcher.utter_message(response="utter_ask_contact")
        return [SlotSet("asking", "contact")]


class AgreeContact(CaseworkAction):
    """It is safe: the alert gets its reply box."""

    agreed = True

    def name(self) -> str:
        """Called by rasa-sdk."""
        return "action_agree_contact"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        """See :class:`CaseworkAction`."""
        with casework_of(tracker) as (session, person):
            alert = tickets.answer_contact(session, person, self.agreed)
        said = "utter_contact_agreed" if self.agreed else "utter_contact_refused"
        dispatcher.utter_message(response=said if alert else "utter_contact_nothing")
        return [SlotSet("asking", "nothing")]


class RefuseContact(AgreeContact):
    """It is not safe: nobody writes first."""

    agreed = False

    def name(self) -> str:
        """Called by rasa-sdk."""
        return "action_refuse_contact"
