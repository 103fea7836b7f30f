"""A person's own data: see it, have it deleted."""

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.base import CaseworkAction, Events, casework_of, language_of, room
from casework import data_rights, people, requests, tickets


class SeeMyData(CaseworkAction):
    """Tells everything that is held, readable."""

    def name(self) -> str:
        """Called by rasa-sdk."""
        return "action_see_my_data"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        """See :class:`CaseworkAction`."""
        with casework_of(tracker) as (session, person):
            held = data_rights.everything_held(session, person)
            nothing = room.content.phrase("word_none", language_of(tracker, person))
        values = {
            "channel": held["channel"],
            "since": held["since"],
            "language": room.content.language_names().get(held["language"], nothing),
            "messages": str(held["messages"]),
            "consents": ", ".join(f"{c['purpose']} ({c['given']})" for c in held["consents"]) or nothing,
            "requests": "; ".join(_told(request) for request in held["requests"]) or nothing,
            "draft": _told(held["draft"]) or nothing,
        }
        dispatcher.utter_message(response="utter_my_data", **values)
        return None


class AskDelete(CaseworkAction):
    """Asks once; with an open request: withdraw only, delete all, or keep."""

    def name(self) -> str:
        """Called by rasa-sdk."""
        return "action_ask_delete"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        """See :class:`CaseworkAction`."""
        with casework_of(tracker) as (session, person):
            request = requests.open_request(session, person)
        dispatcher.utter_message(response="utter_ask_delete_with_request" if request else "utter_ask_delete")
        return [SlotSet("asking", "delete")]


class Delete(CaseworkAction):
    """Marks the person for erasure, which follows once this answer has gone out."""

    def name(self) -> str:
        """Called by rasa-sdk."""
        return "action_delete"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        """See :class:`CaseworkAction`."""
        with casework_of(tracker) as (session, person):
            people.ask_to_be_erased(person)
            alert = tickets.find_open(session, person.id, "alert")
        dispatcher.utter_message(response="utter_deleted_after_alert" if alert else "utter_deleted")
        return [SlotSet("asking", "nothing")]


def _told(fields: dict) -> str:
    return ", ".join(f"{name}: {value}" for name, value in fields.items() if value)
