"""A human counsellor: offered first, called only after the person's leave."""

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.base import CaseworkAction, Events, casework_of
from casework import consents, tickets

NOTICE = "handover-1"  # version of the notice in utter_offer_human


class OfferHuman(CaseworkAction):
    """Says what happens when a counsellor is called, and asks."""

    def name(self) -> str:
        """Called by rasa-sdk."""
        return "action_offer_human"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        """See :class:`CaseworkAction`."""
        with casework_of(tracker) as (session, person):
            called = tickets.find_open(session, person.id, "handover") is not None
        dispatcher.utter_message(response="utter_handover_waiting" if called else "utter_offer_human")
        return None if called else [SlotSet("asking", "handover")]


class SettleQuestion(CaseworkAction):
    """After a no: the yes-or-no question no longer stands, so that a later yes means nothing."""

    def name(self) -> str:
        """Called by rasa-sdk."""
        return "action_settle_question"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        """See :class:`CaseworkAction`."""
        return [SlotSet("asking", "nothing")]


class OpenHandover(CaseworkAction):
    """Calls a counsellor. Until one accepts, the assistant goes on answering."""

    def name(self) -> str:
        """Called by rasa-sdk."""
        return "action_open_handover"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        """See :class:`CaseworkAction`."""
        with casework_of(tracker) as (session, person):
            consents.give(session, person, "handover", NOTICE)
            tickets.open_ticket(session, person, "handover")
        dispatcher.utter_message(response="utter_handover_opened")
        return [SlotSet("asking", "nothing")]
