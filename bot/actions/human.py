"""A human counsellor: offered first, called only after the person's leave."""

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.base import CaseworkAction, Events, casework_of, language_of, room
from bot.actions.hours import tell_when
from casework import consents, tickets


class OfferHuman(CaseworkAction):
    """Says what happens when a counsellor is called, and asks."""

    def name(self) -> str:
        """Called by rasa-sdk."""
        return "action_offer_human"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        """See :class:`CaseworkAction`."""
        with casework_of(tracker) as (session, person):
            called, language = tickets.find_open(session, person.id, "handover"), language_of(tracker, person)
            before = tickets.waiting_before(session, called) if called else 0
        if called is None:
            dispatcher.utter_message(response="utter_offer_human")
            return [SlotSet("asking", "handover")]
        dispatcher.utter_message(response="utter_handover_waiting")
        dispatcher.utter_message(response="utter_queue", before=str(before))
        tell_when(dispatcher, language, called.created_at)
        return None


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
            consents.give(session, person, "handover", room.content.notice_version(("utter_offer_human",), language_of(tracker, person)))
            tickets.open_ticket(session, person, "handover")
            language = language_of(tracker, person)
        dispatcher.utter_message(response="utter_handover_opened")
        tell_when(dispatcher, language)
        return [SlotSet("asking", "nothing")]
