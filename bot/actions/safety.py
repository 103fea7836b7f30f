"""Is there danger, where it is in doubt; is it safe to be contacted, where it is not.

Who was asked and says no gets the answer to what they had asked, or goes on with the form they were in.

The alert itself is raised by the conversation service.
"""

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.base import CaseworkAction, Events, casework_of, language_of
from bot.actions.hours import tell_closed
from casework import tickets

FORM = "_form"  # how the names of Rasa's forms end


class AskDanger(CaseworkAction):
    """Asks gently whether there is danger, and keeps in mind which topic the message is about besides."""

    def name(self) -> str:
        """Called by rasa-sdk."""
        return "action_ask_danger"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        """See :class:`CaseworkAction`."""
        dispatcher.utter_message(response="utter_ask_danger")
        message = tracker.latest_message or {}
        return [SlotSet("asking", "danger"), SlotSet("doubted", message.get("danger")), SlotSet("meant", message.get("meant"))]


class ConfirmDanger(CaseworkAction):
    """There is: the safe answer of the topic that was in doubt."""

    def name(self) -> str:
        """Called by rasa-sdk."""
        return "action_confirm_danger"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        """See :class:`CaseworkAction`."""
        dispatcher.utter_message(response=f"utter_{tracker.get_slot('doubted') or 'risk_violence'}")
        return AskContact().act(dispatcher, tracker)


class DenyDanger(CaseworkAction):
    """There is none: what was asked before is answered, or the form that was left begins again where it stood."""

    def name(self) -> str:
        """Called by rasa-sdk."""
        return "action_deny_danger"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        """See :class:`CaseworkAction`."""
        meant = tracker.get_slot("meant")
        dispatcher.utter_message(response="utter_danger_denied", bare=meant is not None)
        settled = [SlotSet("asking", "nothing"), SlotSet("meant", None)]
        if meant and meant.endswith(FORM):
            return [*settled, FollowupAction(meant)]
        if meant:
            dispatcher.utter_message(response=f"utter_{meant}")
        return settled


class AskContact(CaseworkAction):
    """Asks whether a counsellor may write to the person."""

    def name(self) -> str:
        """Called by rasa-sdk."""
        return "action_ask_contact"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        """See :class:`CaseworkAction`."""
        with casework_of(tracker) as (_, person):
            tell_closed(dispatcher, language_of(tracker, person))
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
