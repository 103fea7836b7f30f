"""What every guided form does: consent, one step after the other, side questions, danger, leaving and coming back.

What was answered goes into a sealed draft of the casework; the engine learns only which step is asked. See
bot/data/conversation/forms.md for the diagrams.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from bot.actions.base import CaseworkAction, Events, casework_of, chance_of, entity, intent_of, language_of, room
from bot.actions.data import AskDelete, SeeMyData, SendMyData, TakeBackConsent
from bot.actions.forms.answers import Heard, Problem, Said
from bot.actions.human import OfferHuman
from bot.actions.language import ChooseLanguage
from bot.actions.other import ForSomebodyElse, NoAnswer
from bot.actions.request import AskWithdraw, RequestStatus, TellOpinion
from bot.actions.safety import FORM, AskContact, AskDanger
from bot.content import countries
from casework import consents, drafts, requests, tickets
from casework.models import Person

# What is done at once, after which the step is asked again; and what the form gives way to.
STAYS: Mapping[str, CaseworkAction] = {
    "choose_language": ChooseLanguage(), "request_status": RequestStatus(), "see_my_data": SeeMyData(), "send_my_data": SendMyData(),
    "no_answer": NoAnswer(), "ask_for_someone_else": ForSomebodyElse(), "tell_opinion": TellOpinion(),
}  # fmt: skip
BEGINNERS = ("request_counselling", "check_eligibility")
LEAVES: Mapping[str, CaseworkAction] = {"talk_to_human": OfferHuman(), "delete_my_data": AskDelete()}


@dataclass(frozen=True)
class Turn:
    """One message of a person in a form."""

    dispatcher: CollectingDispatcher
    tracker: Tracker
    said: Said

    def say(self, response: str, **values: Any) -> None:
        """Say a response, with values for its placeholders."""
        self.dispatcher.utter_message(response=response, **values)


class GuidedForm(CaseworkAction):
    """Reads each answer. Side questions are answered and the step is asked again; danger and cancel end the form.

    Attributes:
        form: the draft's name; Rasa's form is called `<form>_form`.
        purpose: what the consent is for.
        consent: the response that asks for it; its whole notice is in `notices`.
        notices: button's choice -> response that tells more before the person agrees.
        refused: what is said after a no.
        resume: the response that offers to go on with an earlier draft.
    """

    form: str
    purpose: str
    consent: str
    notices: Mapping[str, str] = {}
    refused: str
    resume: str

    def name(self) -> str:
        """Called by rasa-sdk."""
        return f"validate_{self.form}_form"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """See :class:`CaseworkAction`."""
        said = Said(tracker.latest_message.get("text") or "", entity(tracker, "choice"), intent_of(tracker), chance_of(tracker))
        turn = Turn(dispatcher, tracker, said)
        active = tracker.active_loop.get("name") == f"{self.form}_form"
        step = tracker.get_slot("form_step") if active else None
        if not step:
            return self._begin(turn)
        if said.intent.startswith("risk_"):
            return self._pause_for_danger(turn)
        if self.corrects(turn, step):  # before all that follows: to the model so few words may be anything
            return self.correct(turn, step)
        if said.intent == "nlu_danger_doubt" and not self.doubtless(step, said):
            turn.say("utter_form_paused")
            return [*(AskDanger().act(dispatcher, tracker) or []), SlotSet("meant", f"{self.form}{FORM}"), *end()]
        if said.intent == "cancel":
            return self._drop(turn, "utter_cancelled")
        if said.intent == "withdraw_consent":
            return [*(TakeBackConsent().act(dispatcher, tracker) or []), *end()]
        if said.intent == "withdraw_request":
            return self._take_back(turn)
        if step == "resume" and said.intent == "affirm":
            return self._resume(turn)
        if step == "consent" and said.choice in self.notices:
            self._tell_notice(turn)
            return wait_at("consent")
        if step == "consent" and said.intent == "deny":
            return self._drop(turn, self.refused)
        if said.intent in BEGINNERS and said.choice is None and step != "consent":
            return self._again(turn, step)  # asked for once more: it is under way
        changed = None if said.intent in LEAVES else self.correct(turn, step)
        if changed is not None:
            return changed
        side = self._side_question(turn, step)
        return side if side is not None else self._answer(turn, step)

    # --- what each form has of its own ---

    @abstractmethod
    def next_step(self, held: Mapping[str, Any]) -> str | None:
        """The first step that has no answer yet; None when the form is complete."""

    @abstractmethod
    def read(self, heard: Heard) -> Mapping[str, Any]:
        """What the answer adds to the draft. Raises Problem if it is none."""

    @abstractmethod
    def ask(self, turn: Turn, step: str, held: Mapping[str, Any], language: str) -> None:
        """Ask a step."""

    @abstractmethod
    def complete(self, turn: Turn, held: Mapping[str, Any]) -> Events:
        """All is answered: what is said and done."""

    def answers(self, session: Session, person: Person) -> dict[str, Any]:
        """The answers given so far."""
        return drafts.answers(session, person.id, self.form)

    def may_begin(self, turn: Turn, session: Session, person: Person) -> Events | None:
        """None, or what happens instead of the form."""
        return None

    def expects_words(self, step: str, said: Said) -> bool:
        """Whether what was said is an answer to the step, even where it resembles a question of its own."""
        return False

    def doubtless(self, step: str, said: Said) -> bool:
        """Whether an answer to `step` is too short to ask the person about danger because of it."""
        return False

    def corrects(self, turn: Turn, step: str) -> bool:
        """Whether the message is nothing but a short correction with its new value: that is no sign of danger, and no wish to end."""
        return False

    def correct(self, turn: Turn, step: str) -> Events | None:
        """An earlier answer is corrected by speaking; None if nothing is."""
        return None

    # --- beginning and ending ---

    def _begin(self, turn: Turn) -> Events:
        with casework_of(turn.tracker) as (session, person):
            alert = tickets.find_open(session, person.id, "alert")
            child = alert is not None and alert.reason == tickets.CHILD
            instead = None if child else self.may_begin(turn, session, person)
            held = self.answers(session, person)
            if instead is None and drafts.finished(held):  # finished long ago, and asked for anew
                drafts.drop(session, person.id, self.form)
                held = {}
        if child:  # a child alone never fills a form
            return self._for_a_child(turn)
        if instead is not None:
            return instead
        if drafts.begun(held):
            turn.say(self.resume)
            return wait_at("resume")
        return self._ask(turn)

    def _for_a_child(self, turn: Turn) -> Events:
        turn.say(f"utter_{tickets.CHILD}")
        return [*(OfferHuman().act(turn.dispatcher, turn.tracker) or []), *end()]

    def _drop(self, turn: Turn, told: str) -> Events:
        with casework_of(turn.tracker) as (session, person):
            if told == f"utter_{tickets.CHILD}":
                drafts.drop_all(session, person.id)
            drafts.drop(session, person.id, self.form)
        turn.say(told)
        return end()

    def _take_back(self, turn: Turn) -> Events:
        """Taken back in words: with no request made yet, that ends the form and its answers."""
        with casework_of(turn.tracker) as (session, person):
            request = requests.open_request(session, person)
            consents.withdraw(session, person, self.purpose)
            drafts.drop(session, person.id, self.form)
        if request:
            return [*(AskWithdraw().act(turn.dispatcher, turn.tracker) or []), *end()]
        turn.say("utter_cancelled")
        return end()

    def _pause_for_danger(self, turn: Turn) -> Events:
        """The form stops unsent, and goes on only if the person chooses; of a child alone nothing is kept."""
        intent = turn.said.intent
        if intent == tickets.CHILD:
            return [*self._drop(turn, f"utter_{intent}"), *AskContact().act(turn.dispatcher, turn.tracker)]
        turn.say(f"utter_{intent}")
        turn.say("utter_form_risk_pause")
        if intent == "risk_persecution_fear":
            turn.say("utter_persecution_first")
        return [*AskContact().act(turn.dispatcher, turn.tracker), *end()]

    # --- one step ---

    def _resume(self, turn: Turn) -> Events:
        """Continue, start over or drop an earlier draft; its answers are not shown, a phone may be shared."""
        if turn.said.choice == "drop":
            return self._drop(turn, "utter_cancelled")
        if turn.said.choice == "over":
            with casework_of(turn.tracker) as (session, person):
                drafts.drop(session, person.id, self.form)
        return self._ask(turn)

    def _tell_notice(self, turn: Turn) -> None:
        turn.say(self.notices[turn.said.choice], days=str(room.request_days))

    def _side_question(self, turn: Turn, step: str) -> Events | None:
        """Answer what is not an answer to the step; None if it is one."""
        said = turn.said
        if (said.choice and said.intent == "affirm") or (not said.choice and self.expects_words(step, said)):
            return None
        if said.intent in STAYS:
            STAYS[said.intent].act(turn.dispatcher, turn.tracker)
            return self._again(turn, step)
        if said.intent in LEAVES:
            turn.say("utter_form_paused")
            return [*(LEAVES[said.intent].act(turn.dispatcher, turn.tracker) or []), *end()]
        if not _is_topic(said):
            return None
        turn.say(f"utter_{said.intent}")
        return self._again(turn, step)

    def _again(self, turn: Turn, step: str) -> Events:
        """Ask the same step again. To go on with an earlier draft must be chosen: only then its answers count, and are shown."""
        if step != "resume":
            return self._ask(turn)
        turn.say(self.resume)
        return wait_at("resume")

    def _answer(self, turn: Turn, step: str) -> Events:
        """Keep the answer and ask the next step; what is no answer is explained and asked again."""
        with casework_of(turn.tracker) as (session, person):
            held, language = self.answers(session, person), language_of(turn.tracker, person)
        try:
            given = self._consented(turn.said) if step == "consent" else self.read(Heard(step, turn.said, language, room.content, held))
        except Problem as problem:
            turn.say(problem.response, buttons=country_buttons(problem.countries, language))
            return wait_at(step) if problem.countries else self._again(turn, step)
        with casework_of(turn.tracker) as (session, person):
            if step == "consent":
                consents.give(session, person, self.purpose, room.content.notice_version((self.consent, *self.notices.values()), language))
            drafts.answer(session, person.id, self.form, **given)
        return self._ask(turn)

    def _consented(self, said: Said) -> Mapping[str, Any]:
        if said.intent == "affirm" and said.choice is None:
            return {"consent": True}
        raise Problem("utter_not_understood_here")

    def _ask(self, turn: Turn) -> Events:
        """Ask the first step that has no answer; with none left, the form is complete."""
        with casework_of(turn.tracker) as (session, person):
            held = self.answers(session, person)
            language = language_of(turn.tracker, person)  # it may just have been changed
        step = "consent" if not held.get("consent") else self.next_step(held)
        if step is None:
            return [*self.complete(turn, held), *end()]
        if step == "consent":
            turn.say(self.consent, in_language=language)
        else:
            self.ask(turn, step, held, language)
        return wait_at(step)


def wait_at(step: str) -> Events:
    """Wait for the answer to a step."""
    return [SlotSet("form_step", step), SlotSet("requested_slot", "form_step")]


def end() -> Events:
    """Leave the form, complete or not."""
    return [SlotSet("form_step", None), SlotSet("requested_slot", None)]


def country_buttons(codes: Sequence[str], language: str) -> list[dict[str, str]]:
    """A button for each country, by its name in a language."""
    return [{"title": countries.name(code, language), "payload": choice(code)} for code in codes]


def choice(value: str) -> str:
    """The payload of a button that stands for one answer."""
    return '/affirm{"choice": "%s"}' % value


def _is_topic(said: Said) -> bool:
    """Whether the message is about a topic that has an answer, or asks what there is."""
    topic = room.content.topic(said.intent, "en") if said.intent in room.content.catalogue else None
    return said.intent == "help" or (bool(topic and topic.answer) and said.intent not in (*BEGINNERS, "out_of_scope"))
