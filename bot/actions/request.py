"""An intake request after it was made: its news, and taking it back."""

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from bot.actions.base import CaseworkAction, Events, casework_of, entity, language_of, room
from bot.actions.hours import tell_when
from bot.content.summary import moment_words
from casework import requests, tickets
from casework.models import IntakeRequest, Ticket
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
            language, ticket = language_of(tracker, person), tickets.find_open(session, person.id, "request")
            waits = request.stage == "received" and ticket is not None and ticket.owner_id is None
            stage = room.content.phrase(stage_name(request, ticket), language)
            dispatcher.utter_message(response="utter_status", reference=request.reference, stage=stage)
            if request.appointment_at and request.closed_at is None:
                dispatcher.utter_message(response="utter_status_appointment", **appointment_words(session, request, language))
            if waits:
                dispatcher.utter_message(response="utter_queue", before=str(tickets.waiting_before(session, ticket)))
                tell_when(dispatcher, language, ticket.created_at)
        return None


def stage_name(request: IntakeRequest, ticket: Ticket | None) -> str:
    """The phrase for where a request stands: a counsellor who took it is a stage of its own."""
    assigned = request.stage == "received" and ticket is not None and ticket.owner_id is not None
    return "stage_assigned" if assigned else f"stage_{request.stage}"


def appointment_words(session: Session, request: IntakeRequest, language: str) -> dict[str, str]:
    """When and where, in the office's time: values for the sentences about an appointment."""
    at = request.appointment_at.astimezone(room.content.programme.zone)
    return {"when": moment_words(at, language), "where": request.open(session.info["keyring"]).get("appointment_place", "")}


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


class TellOpinion(CaseworkAction):
    """Whether it helped: counted once, without whose answer it is."""

    def name(self) -> str:
        """Called by rasa-sdk."""
        return "action_tell_opinion"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        """See :class:`CaseworkAction`."""
        with casework_of(tracker) as (session, person):
            requests.tell_opinion(session, person, entity(tracker, "choice") or "")
        dispatcher.utter_message(response="utter_helped_thanks")
        return None
