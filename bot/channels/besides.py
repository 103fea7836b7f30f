"""What is said beside the engine's answers, because of what was said before: a human first, our languages, a form that waits."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from bot.channels.engine import Turn
from bot.content import Content
from casework import drafts, messages
from casework.models import Person

DID_YOU_MEAN, DID_YOU_MEAN_AGAIN = "utter_did_you_mean", "utter_did_you_mean_again"
LANGUAGE_UNKNOWN = "utter_language_unknown"
# Sentences about a form that was left; after one of them nobody needs to be reminded of it.
ABOUT_A_LEFT_FORM = ("utter_form_waits", "utter_form_paused", "utter_form_risk_pause", "utter_ask_intake_resume", "utter_ask_check_resume")
FORM_INTENTS = ("request_counselling", "check_eligibility", "goodbye")
CHECK = "eligibility"  # the pre-check's draft, see bot/actions/forms/check.py


def with_besides(session: Session, person: Person, content: Content, turn: Turn | None, replies: list[dict[str, Any]], live: bool) -> list[dict[str, Any]]:
    """The replies of a turn with all that belongs beside them.

    Args:
        live: whether a counsellor is in the chat; then nothing is said of forms.
    """
    replies = _human_first(session, person, content, replies) + _unspoken(session, person, content, turn)
    return replies if live else replies + _left_form(session, person, content, turn, {reply.get("name") for reply in replies})


def phrase(content: Content, name: str, language: str | None) -> dict[str, Any]:
    """A sentence of ours as a reply: `name`, `text` and `buttons`."""
    language = language or "en"
    return {"name": name, "text": content.phrase(name, language), "buttons": content.buttons(name, language)}


def _human_first(session: Session, person: Person, content: Content, replies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The second time in a row that a person is not understood, a human is offered before any guess."""
    before = messages.last_answer(session, person.id)
    if [reply.get("name") for reply in replies] != [DID_YOU_MEAN] or not before or before.get("name") not in (DID_YOU_MEAN, DID_YOU_MEAN_AGAIN):
        return replies
    buttons = sorted(replies[0]["buttons"], key=lambda button: button["payload"] != "/talk_to_human")
    return [{**phrase(content, DID_YOU_MEAN_AGAIN, person.language), "buttons": buttons}]


def _unspoken(session: Session, person: Person, content: Content, turn: Turn | None) -> list[dict[str, Any]]:
    """Who writes a language that we do not speak is shown ours once, below the answer in the nearest one."""
    if not turn or not turn.unspoken or person.language_from == "chosen" or messages.said_lately(session, person.id, LANGUAGE_UNKNOWN):
        return []
    return [phrase(content, LANGUAGE_UNKNOWN, turn.language or person.language)]


def _left_form(session: Session, person: Person, content: Content, turn: Turn | None, said: set[str | None]) -> list[dict[str, Any]]:
    """Who comes back after a pause is told where they stand: that answers wait, or that they were thrown away."""
    if not turn or turn.form or turn.danger or turn.signalled:
        return []
    if turn.intent == "goodbye":  # the pre-check's answers go when the person goes
        drafts.drop(session, person.id, CHECK)
    if drafts.take_expired(session, person.id):
        return [phrase(content, "utter_draft_expired", person.language)]
    waiting = drafts.waiting(session, person.id)
    if not waiting or turn.intent in FORM_INTENTS or said & set(ABOUT_A_LEFT_FORM) or messages.said_lately(session, person.id, *ABOUT_A_LEFT_FORM):
        return []
    reply = phrase(content, "utter_form_waits", person.language)
    return [{**reply, "buttons": [button for button in reply["buttons"] if button["payload"] in _ways_back(waiting)]}]


def _ways_back(forms: Sequence[str]) -> tuple[str, ...]:
    """The buttons' payloads that lead back to these forms."""
    return tuple("/check_eligibility" if form == CHECK else "/request_counselling" for form in forms)
