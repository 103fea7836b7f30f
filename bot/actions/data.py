"""A person's own data: see it, have it deleted."""

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.base import CaseworkAction, Events, casework_of, language_of, room
from bot.content.summary import request_words
from casework import consents, data_rights, drafts, people, requests, tickets


class SeeMyData(CaseworkAction):
    """Tells what is held, readable; all of it, with every message, is in the file that a button sends."""

    def name(self) -> str:
        """Called by rasa-sdk."""
        return "action_see_my_data"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        """See :class:`CaseworkAction`."""
        with casework_of(tracker) as (session, person):
            held, language = data_rights.everything_held(session, person), language_of(tracker, person)
        nothing = room.content.phrase("word_none", language)
        values = {
            "channel": held["channel"],
            "since": held["since"],
            "language": room.content.language_names().get(held["language"], nothing),
            "messages": str(held["messages"]),
            "consents": ", ".join(f"{_purpose(c['purpose'], language)} ({c['given']})" for c in held["consents"]) or nothing,
            "requests": "; ".join(_request(one, language) for one in held["requests"]) or nothing,
            "tickets": str(len(held["tickets"])),
            "draft": _drafts(held["drafts"], language) or nothing,
        }
        dispatcher.utter_message(response="utter_my_data", **values)
        return None


class SendMyData(CaseworkAction):
    """Sends everything that is held as a file; the channel makes it when it sends it (bot/channels/files.py)."""

    def name(self) -> str:
        """Called by rasa-sdk."""
        return "action_send_my_data"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        """See :class:`CaseworkAction`."""
        dispatcher.utter_message(response="utter_my_data_file")
        return None


class TakeBackConsent(CaseworkAction):
    """Takes back what the person agreed to; unfinished answers go with it. A request stays until it is taken back itself."""

    def name(self) -> str:
        """Called by rasa-sdk."""
        return "action_take_back_consent"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        """See :class:`CaseworkAction`."""
        with casework_of(tracker) as (session, person):
            standing = [purpose for purpose in consents.PURPOSES if consents.standing_consent(session, person, purpose)]
            for purpose in standing:
                consents.withdraw(session, person, purpose)
            drafts.drop_all(session, person.id)
        dispatcher.utter_message(response="utter_consent_taken_back" if standing else "utter_consent_nothing")
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


def _purpose(name: str, language: str) -> str:
    return room.content.phrase(f"word_purpose_{'check' if name == 'pre-check' else name}", language)


def _request(one: dict, language: str) -> str:
    words = request_words(room.content, one["fields"], language)
    return f"{one['reference']} ({one['made']}): {', '.join(words.values())}"


def _drafts(held: dict[str, dict], language: str) -> str:
    told = [", ".join(request_words(room.content, held[requests.FORM], language).values())] if held.get(requests.FORM) else []
    return "; ".join(told + ([_purpose("pre-check", language)] if held.get("eligibility") else []))
