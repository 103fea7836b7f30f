"""The guided intake request: its steps, its summary, and adding to a request that is already there."""

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from bot.actions.base import CaseworkAction, Events, casework_of, language_of, room
from bot.actions.forms import check, corrections
from bot.actions.forms.answers import Heard, Problem, Said
from bot.actions.forms.guided import GuidedForm, Turn, country_buttons, end, wait_at
from bot.actions.hours import tell_when
from bot.content import countries
from bot.content.summary import needs_words, request_words
from casework import drafts, requests
from casework.models import Person

ORDER = (
    "carry", "name", "country", "place", "adults", "children", "contact", "phone", "safe", "speech", "when", "needs", "note", "confirmed",
)  # fmt: skip
NEEDS = ("medical", "pregnancy", "disability", "child", "detained", "papers")
# Topics that, said where the needs are asked, are an answer and no question.
SAID_NEEDS = {
    "ask_medical_travel": "medical", "ask_medical_after_return": "medical", "ask_pregnancy": "pregnancy",
    "ask_disability_elderly": "disability", "ask_child_documents": "child", "ask_family_return": "child", "ask_detention": "detained",
    "ask_no_passport": "papers", "ask_passport_held": "papers",
}  # fmt: skip
FREE_TEXT = ("name", "place", "when", "speech")  # any words are an answer, unless they clearly ask something
NAMES, FEW, SURE = ("name", "country", "place"), 5, 0.95  # so few words are a name where one is asked for, unless the topic is as sure as this
# Words of an answer that say too little to doubt anybody's safety: a name, a place, an hour. A note goes to a counsellor.
TOO_FEW_TO_DOUBT = {
    "name": 3, "country": 3, "place": 4, "adults": 4, "children": 4, "phone": 4, "when": 6, "speech": 4, "note": 10_000, "addition": 10_000,
}  # fmt: skip
NOT_CORRECTED_AT = ("consent", "resume", "note", "addition", "carry")  # a note speaks of anything
SHORT_CORRECTION = 6  # words; in more of them danger may be told too
LIMITS = {"name": 60, "place": 80, "when": 120, "speech": 60, "note": 1000, "addition": 1000}
CHANGES = {"family": ("adults", "children"), "contact": ("contact", "phone", "safe"), "country": ("country", "country_written", "place"), "needs": ("needs", "needs_done")}
KEPT_OUT = ("consent", "confirmed", "needs_done", "carry")  # of the form alone, and not of the request


class RequestForm(GuidedForm):
    """Makes the request a counsellor can act on. Nothing is a request before the summary was confirmed."""

    form = requests.FORM
    purpose = "request"
    consent = "utter_ask_intake_consent"
    notices = {"notice": "utter_consent_notice", "full": "utter_consent_full"}
    refused = "utter_consent_refused"
    resume = "utter_ask_intake_resume"

    def may_begin(self, turn: Turn, session: Session, person: Person) -> Events | None:
        """With an open request there is no second one; something can be added to it."""
        request = requests.open_request(session, person)
        if request is None:
            return None
        if turn.said.choice == "add":
            turn.say("utter_ask_intake_addition")
            return wait_at("addition")
        turn.say("utter_request_open", reference=request.reference)
        return end()

    def next_step(self, held: Mapping[str, Any]) -> str | None:
        """See :class:`GuidedForm`. Steps that do not matter for this person are left out."""
        return next((step for step in ORDER if _matters(step, held) and (f"{step}_done" if step == "needs" else step) not in held), None)

    def expects_words(self, step: str, said: Said) -> bool:
        """See :class:`GuidedForm`."""
        words = len(said.text.split())
        if said.text.startswith("/"):  # a topic's button
            return False
        if step in ("note", "addition"):  # whatever a note speaks of is meant for the counsellor
            return words > 3
        if step == "country" and countries.find(said.text, countries.names(room.content))[0]:
            return True
        if step == "speech" and said.intent == "choose_language":
            return True
        asks = said.text.rstrip().endswith(("?", "؟"))
        if step == "needs":
            return said.intent in SAID_NEEDS and not asks
        if not asks and step in NAMES and words <= FEW and said.chance < SURE and said.intent.startswith(("ask_", "out_", "choose_language")):
            return True
        # Two words are rather a name or a place than a question.
        return words < 3 and not asks and step in (*FREE_TEXT, "country", "phone", "adults", "children") and said.intent.startswith(("ask_", "out_"))

    def doubtless(self, step: str, said: Said) -> bool:
        """See :class:`GuidedForm`."""
        return len(said.text.split()) <= TOO_FEW_TO_DOUBT.get(step, 0)

    def correct(self, turn: Turn, step: str) -> Events | None:
        """See :class:`GuidedForm`."""
        correction = self._correction(turn, step)
        if correction is None:
            return None
        with casework_of(turn.tracker) as (session, person):
            drafts.answer(session, person.id, self.form, **correction.given)
        if correction.value is None:
            turn.say("utter_correct_what")
        else:
            turn.say("utter_corrected", value=correction.value)
        return self._ask(turn)

    def corrects(self, turn: Turn, step: str) -> bool:
        """See :class:`GuidedForm`."""
        words = sum(any(letter.isalpha() for letter in word) for word in turn.said.text.split())  # a number is one however it is cut
        found = self._correction(turn, step) if words <= SHORT_CORRECTION else None
        return found is not None and found.value is not None

    def _correction(self, turn: Turn, step: str) -> corrections.Correction | None:
        if step in NOT_CORRECTED_AT:
            return None
        with casework_of(turn.tracker) as (session, person):
            return corrections.find(Heard(step, turn.said, language_of(turn.tracker, person), room.content, self.answers(session, person)))

    def read(self, heard: Heard) -> Mapping[str, Any]:
        """See :class:`GuidedForm`."""
        return _READERS[heard.step](heard)

    def _ask(self, turn: Turn) -> Events:
        """See :class:`GuidedForm`. An addition has one step of its own, and no draft."""
        if turn.tracker.get_slot("form_step") == "addition":
            turn.say("utter_ask_intake_addition")
            return wait_at("addition")
        return super()._ask(turn)

    def _answer(self, turn: Turn, step: str) -> Events:
        if step != "addition":
            return super()._answer(turn, step)
        try:
            text = Heard(step, turn.said, "en", room.content).words(LIMITS["addition"], lines=True)
        except Problem:
            return self._ask(turn)
        with casework_of(turn.tracker) as (session, person):
            request = requests.add(session, person, text)
        turn.say("utter_request_added", reference=request.reference) if request else turn.say("utter_status_none")
        return end()

    def ask(self, turn: Turn, step: str, held: Mapping[str, Any], language: str) -> None:
        """See :class:`GuidedForm`."""
        if step == "confirmed":
            turn.say("utter_intake_summary", in_language=language, **request_words(room.content, held, language))
        elif step == "needs" and held.get("needs"):
            turn.say("utter_intake_needs_more", in_language=language, needs=needs_words(room.content, held, language))
        elif step == "phone" and held.get("contact") == "trusted":
            turn.say("utter_ask_intake_trusted", in_language=language)
        elif step == "country" and held.get("carry") and len(held.get("checked", "")) == 2:
            offered = country_buttons([held["checked"]], language)
            turn.say("utter_ask_intake_country", in_language=language, buttons=offered)
        else:
            turn.say(f"utter_ask_intake_{step}", in_language=language)

    def complete(self, turn: Turn, held: Mapping[str, Any]) -> Events:
        """See :class:`GuidedForm`: the request itself is made by :class:`SubmitRequest`, once the form has ended."""
        return []

    def answers(self, session: Session, person: Person) -> dict[str, Any]:
        """See :class:`GuidedForm`. A finished pre-check is known as `checked`: the country it named, or nothing."""
        checked = drafts.answers(session, person.id, check.FORM)
        known = {"checked": checked.get("nationality", "")} if drafts.finished(checked) else {}
        return {**super().answers(session, person), **known}


def _matters(step: str, held: Mapping[str, Any]) -> bool:
    reached = held.get("contact") in ("phone", "trusted")
    return {"carry": "checked" in held, "place": bool(held.get("country")), "phone": reached, "safe": reached}.get(step, True)


# --- how an answer to each step is read ---


def _carry(heard: Heard) -> Mapping[str, Any]:
    if heard.said.intent in ("affirm", "deny"):
        return {"carry": heard.said.intent == "affirm"}
    raise Problem("utter_not_understood_here")


def _words(heard: Heard) -> Mapping[str, Any]:
    short_no = heard.said.intent == "deny" and not heard.said.choice and len(heard.said.text.split()) <= 3
    if heard.said.choice == "skip" or short_no:
        return {heard.step: ""}
    return {heard.step: heard.words(LIMITS[heard.step], lines=heard.step == "note")}


def _country(heard: Heard) -> Mapping[str, Any]:
    if heard.said.choice == "skip":
        return {"country": "", "country_written": ""}
    return {"country": heard.country(), "country_written": "" if heard.said.choice else heard.said.text[:80]}


def _number(heard: Heard) -> Mapping[str, Any]:
    if heard.said.choice == "skip":
        return {heard.step: ""}
    if heard.step == "children" and heard.said.intent == "deny" and not heard.said.choice:
        return {"children": 0}
    return {heard.step: heard.number(least=1 if heard.step == "adults" else 0)}


def _contact(heard: Heard) -> Mapping[str, Any]:
    if heard.said.choice in ("chat", "phone", "trusted"):
        return {"contact": heard.said.choice}
    try:
        return {"contact": "phone", "phone": heard.phone()}
    except Problem:
        raise Problem("utter_not_understood_here") from None


def _phone(heard: Heard) -> Mapping[str, Any]:
    if heard.said.choice == "chat":
        return {"contact": "chat"}
    return {"phone": heard.phone()}


def _safe(heard: Heard) -> Mapping[str, Any]:
    if heard.said.choice in ("yes", "text", "ask"):
        return {"safe": heard.said.choice}
    if not heard.said.choice and heard.said.intent in ("affirm", "deny"):
        return {"safe": "yes" if heard.said.intent == "affirm" else "ask"}
    raise Problem("utter_not_understood_here")


def _speech(heard: Heard) -> Mapping[str, Any]:
    names = heard.content.language_names()
    return {"speech": names.get(heard.said.choice or "") or heard.words(LIMITS["speech"])}


def _when(heard: Heard) -> Mapping[str, Any]:
    return {"when": heard.said.choice or heard.words(LIMITS["when"])}


def _need(heard: Heard) -> Mapping[str, Any]:
    noted = list(heard.held.get("needs") or [])
    if heard.said.choice in ("none", "done") or (not heard.said.choice and heard.said.intent == "deny"):
        return {"needs": [] if heard.said.choice == "none" else noted, "needs_done": True}
    need = heard.said.choice or SAID_NEEDS.get(heard.said.intent)
    if need not in NEEDS:
        raise Problem("utter_not_understood_here")
    return {"needs": list(dict.fromkeys([*noted, need]))}


def _confirmed(heard: Heard) -> Mapping[str, Any]:
    wanted = heard.said.choice
    if heard.said.intent == "affirm" and wanted in (None, "send"):
        return {"confirmed": True}
    if wanted in CHANGES or wanted in ORDER:
        return dict.fromkeys(CHANGES.get(wanted, (wanted,)))
    raise Problem("utter_summary_not_yet" if heard.said.intent == "deny" else "utter_not_understood_here")


def _unread(heard: Heard) -> Mapping[str, Any]:
    raise Problem("utter_not_understood_here")  # only its buttons answer this question


_READERS = {
    "resume": _unread, "carry": _carry, "name": _words, "country": _country, "place": _words, "adults": _number, "children": _number,
    "contact": _contact, "phone": _phone, "safe": _safe, "speech": _speech, "when": _when, "needs": _need, "note": _words, "confirmed": _confirmed,
}  # fmt: skip


# --- sending it ---


class SubmitRequest(CaseworkAction):
    """Makes the request once the person has confirmed it; after a cancel or a pause there is nothing to do."""

    def name(self) -> str:
        """Called by rasa-sdk."""
        return "action_submit_counselling"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events | None:
        """See :class:`CaseworkAction`."""
        with casework_of(tracker) as (session, person):
            held = drafts.answers(session, person.id, requests.FORM)
            if not held.get("confirmed"):
                return None
            kept = {name: value for name, value in held.items() if name not in KEPT_OUT}
            kept |= _carried(session, person, held)
            kept |= {"country_status": status for status in ("suspended",) if kept.get("country") in room.content.programme.countries.get(status, ())}
            request = requests.submit(session, person, kept)
            language = language_of(tracker, person)
        dispatcher.utter_message(response="utter_request_made", reference=request.reference)
        tell_when(dispatcher, language)
        return None


def _carried(session: Session, person: Person, held: Mapping[str, Any]) -> dict[str, Any]:
    """The pre-check's answers, if the person agreed; its draft ends with that."""
    if not held.get("carry"):
        return {}
    checked = drafts.answers(session, person.id, check.FORM)
    if not drafts.finished(checked):
        return {}
    drafts.drop(session, person.id, check.FORM)
    return {"check": check.carried(checked)}
