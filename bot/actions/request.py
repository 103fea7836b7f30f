"""An intake request after it was made: its news, and taking it back."""

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.base import CaseworkAction, Events, casework_of, entity, language_of, room
from casework import requests, tickets
from casework.references import read_reference


class RequestStatus(CaseworkAction):
    """The stage of the request whose reference was typed; without a reference, of the open one of this chat."""

    def name(self) -> str:
        """Called by rasa-sdk."""
        return "action_request_status"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        """See :class:`CaseworkAction`."""
        text = tracker.latest_message.get("text") or ""
        with casework_of(tracker) as (session, person):
            typed = read_reference(text)
            request = requests.request_by_reference(session, person, text) if typed else requests.open_request(session, person)
            if request is None:
                dispatcher.utter_message(response="utter_status_none")
                return None
            assigned = request.stage == "received" and any(t.owner_id for t in [tickets.find_open(session, person.id, "request")] if t)
            stage = room.content.phrase("stage_assigned" if assigned else f"stage_{request.stage}", language_of(tracker, person))
            dispatcher.utter_message(response="utter_status", reference=request.reference, stage=stage)
        return None


class AskWithdraw(CaseworkAction):
    """Asks once before the request is taken back; a button that already said so does it at once."""

    def name(self) -> str:
        """Called by rasa-sdk."""
        return "action_ask_withdraw"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        """See :class:`CaseworkAction`."""
        if entity(tracker, "choice") == "confirmed":
            return Withdraw().act(dispatcher, tracker)
        with casework_of(tracker) as (session, person):
            request = requests.open_request(session, person)
        if request is None:
            dispatcher.utter_message(response="utter_withdraw_none")
            return None
        dispatcher.utter_message(response="utter_ask_withdraw", reference=request.reference)
        return [SlotSet("asking", "withdraw")]


class Withdraw(CaseworkAction):
    """Takes the request back."""

    def name(self) -> str:
        """Called by rasa-sdk."""
        return "action_withdraw"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        """See :class:`CaseworkAction`."""
        with casework_of(tracker) as (session, person):
            request = requests.withdraw(session, person)
        dispatcher.utter_message(response="utter_withdrawn" if request else "utter_withdraw_none")
        return [SlotSet("asking", "nothing")]
