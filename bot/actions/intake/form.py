"""The guided request inside Rasa's form: what was answered goes into a sealed draft, the engine learns only that it was.

See bot/data/conversation/intake.md for the diagram.
"""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.base import CaseworkAction, Events, casework_of, entity, intent_of, language_of, room
from bot.actions.data import AskDelete, SeeMyData
from bot.actions.human import OfferHuman
from bot.actions.intake import countries, steps
from bot.actions.intake.steps import Problem, Said
from bot.actions.language import ChooseLanguage
from bot.actions.request import AskWithdraw, RequestStatus
from bot.actions.safety import AskContact, AskDanger
from casework import consents, drafts, requests, tickets

NOTICE = "request-1"  # version of the notice in utter_ask_intake_consent and utter_consent_notice
STAYS = {"choose_language": ChooseLanguage(), "request_status": RequestStatus(), "see_my_data": SeeMyData()}
LEAVES = {"talk_to_human": OfferHuman(), "delete_my_data": AskDelete(), "withdraw_request": AskWithdraw()}


class ValidateCounselling(CaseworkAction):
    """Reads each answer. Side questions are answered and the step is asked again; danger and cancel end the form."""

    def name(self) -> str:
        """Called by rasa-sdk."""
        return "validate_counselling_form"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """See :class:`CaseworkAction`."""
        said = Said(tracker.latest_message.get("text") or "", entity(tracker, "choice"), intent_of(tracker))
        asked = (tracker.get_slot("requested_slot") or "").removeprefix("intake_")
        if tracker.active_loop.get("name") != "counselling_form" or not asked:
            return self._begin(dispatcher, tracker)
        if said.intent.startswith("risk_"):
            return self._pause_for_danger(dispatcher, tracker, said.intent)
        if said.intent == "nlu_danger_doubt" and not steps.doubtless(asked, said):
            dispatcher.utter_message(response="utter_form_paused")
            return [*(AskDanger().act(dispatcher, tracker) or []), *_end()]
        if said.intent == "cancel":
            return self._drop(dispatcher, tracker, "utter_cancelled")
        if asked == "resume" and said.intent == "affirm":
            return self._resume(dispatcher, tracker, said.choice)
        if asked == "consent" and said.choice == "notice":
            dispatcher.utter_message(response="utter_consent_notice")
            return _wait_at("consent")
        if asked == "consent" and said.intent == "deny":
            return self._drop(dispatcher, tracker, "utter_consent_refused")
        side = self._side_question(dispatcher, tracker, asked, said)
        return side if side is not None else self._answer(dispatcher, tracker, asked, said)

    # --- beginning and ending ---

    def _begin(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        with casework_of(tracker) as (session, person):
            request = requests.open_request(session, person)
            if request:
                dispatcher.utter_message(response="utter_request_open", reference=request.reference)
                return _end()
            alert = tickets.find_open(session, person.id, "alert")
            held = drafts.answers(session, person.id, requests.FORM)
        if alert and alert.reason == tickets.CHILD:  # a child alone never fills a form
            dispatcher.utter_message(response=f"utter_{tickets.CHILD}")
            return [*(OfferHuman().act(dispatcher, tracker) or []), *_end()]
        return _offer_back(dispatcher) if len(held) > 1 else self._ask(dispatcher, tracker)

    def _drop(self, dispatcher: CollectingDispatcher, tracker: Tracker, told: str) -> Events:
        with casework_of(tracker) as (session, person):
            drafts.drop(session, person.id, requests.FORM)
        dispatcher.utter_message(response=told)
        return _end()

    def _pause_for_danger(self, dispatcher: CollectingDispatcher, tracker: Tracker, intent: str) -> Events:
        """The form stops unsent, and goes on only if the person chooses; of a child alone nothing is kept."""
        if intent == tickets.CHILD:
            return [*self._drop(dispatcher, tracker, f"utter_{intent}"), *AskContact().act(dispatcher, tracker)]
        dispatcher.utter_message(response=f"utter_{intent}")
        dispatcher.utter_message(response="utter_form_risk_pause")
        if intent == "risk_persecution_fear":
            dispatcher.utter_message(response="utter_persecution_first")
        return [*AskContact().act(dispatcher, tracker), *_end()]

    # --- one step ---

    def _resume(self, dispatcher: CollectingDispatcher, tracker: Tracker, choice: str | None) -> Events:
        """Continue, start over or drop an earlier draft; its answers are not shown, a phone may be shared."""
        if choice == "drop":
            return self._drop(dispatcher, tracker, "utter_cancelled")
        if choice == "over":
            with casework_of(tracker) as (session, person):
                drafts.drop(session, person.id, requests.FORM)
        return self._ask(dispatcher, tracker)

    def _side_question(self, dispatcher: CollectingDispatcher, tracker: Tracker, asked: str, said: Said) -> Events | None:
        """Answer what is not an answer to the step; None if it is one."""
        if said.choice or (asked == "note" and len(said.text.split()) > 3):
            return None  # a button, or a note: whatever it speaks of is meant for the counsellor
        if said.intent in LEAVES:
            dispatcher.utter_message(response="utter_form_paused")
            return [*(LEAVES[said.intent].act(dispatcher, tracker) or []), *_end()]
        if said.intent in STAYS:
            STAYS[said.intent].act(dispatcher, tracker)
            return self._ask(dispatcher, tracker)
        if not self._asks(asked, said):
            return None
        dispatcher.utter_message(response=f"utter_{said.intent}")
        return self._ask(dispatcher, tracker)

    def _asks(self, asked: str, said: Said) -> bool:
        """Whether the message is a topic of its own rather than an answer."""
        group = room.content.catalogue.get(said.intent, {}).get("group")
        topic = room.content.topic(said.intent, "en") if group else None
        if not topic or not topic.answer or said.intent in ("request_counselling", "out_of_scope"):
            return False
        if said.text.startswith("/"):  # a topic's button
            return True
        if asked == "country" and countries.find(said.text, countries.names(room.content))[0]:
            return False
        # Two words are rather a name or a country than a question.
        short = len(said.text.split()) < 3 and not said.text.rstrip().endswith(("?", "؟"))
        return not (short and asked in (*steps.FREE_TEXT, "country", "phone"))

    def _answer(self, dispatcher: CollectingDispatcher, tracker: Tracker, asked: str, said: Said) -> Events:
        """Keep the answer and ask the next step; what is no answer is explained and asked again."""
        try:
            given = steps.read(asked, said, countries.names(room.content))
        except Problem as problem:
            self._explain(dispatcher, tracker, problem)
            return _wait_at(asked) if problem.countries else self._ask(dispatcher, tracker)
        with casework_of(tracker) as (session, person):
            if asked == "consent":
                consents.give(session, person, "request", NOTICE)
            drafts.answer(session, person.id, requests.FORM, **given)
        return self._ask(dispatcher, tracker)

    def _ask(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Ask the first step that has no answer; with none left, the form is complete."""
        with casework_of(tracker) as (session, person):
            held = drafts.answers(session, person.id, requests.FORM)
            step = steps.next_step(held)
            if step is None:
                return [*_marks(held), SlotSet("requested_slot", None)]
            language = language_of(tracker, person)  # it may just have been changed
            if step == "confirmed":
                dispatcher.utter_message(response="utter_intake_summary", in_language=language, **_summary(held, language))
            else:
                dispatcher.utter_message(response=f"utter_ask_intake_{step}", in_language=language)
        return [*_marks(held), SlotSet("requested_slot", f"intake_{step}")]

    def _explain(self, dispatcher: CollectingDispatcher, tracker: Tracker, problem: Problem) -> None:
        with casework_of(tracker) as (_, person):
            language = language_of(tracker, person)
        buttons = [
            {"title": countries.name(code, language), "payload": '/affirm{"choice": "%s"}' % code} for code in problem.countries
        ]
        dispatcher.utter_message(response=problem.response, buttons=buttons)


def _marks(answers: dict[str, Any]) -> Events:
    """A slot for each step that is done; what was answered stays in the draft."""
    return [SlotSet("intake_resume", "given"), *(SlotSet(f"intake_{step}", "given" if step in answers else None) for step in steps.ORDER)]


def _offer_back(dispatcher: CollectingDispatcher) -> Events:
    dispatcher.utter_message(response="utter_ask_intake_resume")
    return [SlotSet("intake_resume", None), SlotSet("requested_slot", "intake_resume")]


def _wait_at(step: str) -> Events:
    """Wait for the answer without asking again: the question was part of what was just said."""
    return [SlotSet("intake_resume", "given"), SlotSet("requested_slot", f"intake_{step}")]


def _end() -> Events:
    """Leave the form, complete or not."""
    return [*_marks({}), SlotSet("requested_slot", None)]


def _summary(held: dict[str, Any], language: str) -> dict[str, str]:
    skipped = room.content.phrase("word_skipped", language)
    when = held.get("when") or ""
    return {
        "name": held.get("name") or skipped,
        "country": countries.name(held["country"], language) if held.get("country") else skipped,
        "contact": held.get("phone") or room.content.phrase("word_chat", language),
        "when": room.content.phrase(f"word_{when}", language) if when in ("morning", "afternoon", "any") else when or skipped,
        "note": held.get("note") or skipped,
    }


class SubmitCounselling(CaseworkAction):
    """Makes the request once the person has confirmed it; after a cancel or a pause there is nothing to do."""

    def name(self) -> str:
        """Called by rasa-sdk."""
        return "action_submit_counselling"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """See :class:`CaseworkAction`."""
        with casework_of(tracker) as (session, person):
            held = drafts.answers(session, person.id, requests.FORM)
            if held.get("confirmed"):
                kept = {key: value for key, value in held.items() if key not in ("consent", "confirmed")}
                request = requests.submit(session, person, kept)
                dispatcher.utter_message(response="utter_request_made", reference=request.reference)
        return _marks({})
