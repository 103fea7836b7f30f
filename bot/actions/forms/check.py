"""The pre-check inside Rasa's form: the questions and rules are in bot/data/eligibility.yml."""

from collections.abc import Mapping
from typing import Any

from rapidfuzz import fuzz, process

from bot.actions.base import Events, casework_of, language_of, room
from bot.actions.forms.answers import Heard, Problem, Said, read_number
from bot.actions.forms.guided import GuidedForm, Turn, choice
from bot.actions.safety import AskContact
from bot.content.eligibility import UNSAID, Outcome, Question
from bot.content.letters import plain
from casework import drafts

FORM = "eligibility"
RESEMBLES = 88  # of 100: from here on, typed words are taken for the words on a button
SHORT = 6  # words; more are rather a question of their own than an answer


class CheckForm(GuidedForm):
    """Asks what matters and tells what it comes to: an indication with its reasons, never a decision."""

    form = FORM
    purpose = "pre-check"
    consent = "utter_ask_check_consent"
    refused = "utter_check_refused"
    resume = "utter_ask_check_resume"

    def next_step(self, held: Mapping[str, Any]) -> str | None:
        """See :class:`GuidedForm`."""
        question = room.content.precheck.next_question(held, room.content.programme.countries)
        return question.name if question else None

    def expects_words(self, step: str, said: Said) -> bool:
        """See :class:`GuidedForm`: a topic that is an answer here, unless it is asked."""
        if step in ("consent", "resume") or said.text.rstrip().endswith(("?", "؟")) or said.text.startswith("/"):
            return False
        resembles = len(said.text.split()) < 3 and said.intent.startswith(("ask_", "out_"))  # so short, it is rather an answer
        return resembles or said.intent in room.content.precheck.question(step).said

    def doubtless(self, step: str, said: Said) -> bool:
        """See :class:`GuidedForm`."""
        return len(said.text.split()) < 3

    def read(self, heard: Heard) -> Mapping[str, Any]:
        """See :class:`GuidedForm`."""
        if heard.step == "resume":
            raise Problem("utter_not_understood_here")  # only its buttons answer this question
        question = room.content.precheck.question(heard.step)
        if heard.said.choice == UNSAID:
            return {heard.step: UNSAID}
        if question.asks_country:
            return {heard.step: heard.country()}
        answer = _pressed(question, heard.said) or _worded(question, heard) or _numbered(question, heard) or _meant(question, heard.said)
        if answer is None:
            raise Problem("utter_not_understood_here")
        return {heard.step: answer}

    def ask(self, turn: Turn, step: str, held: Mapping[str, Any], language: str) -> None:
        """See :class:`GuidedForm`: the question, why it is asked, and its answers as buttons."""
        question = room.content.precheck.question(step)
        titles = {answer: room.content.phrase(f"check_{step}_{answer}", language) for answer in question.answers}
        titles[UNSAID] = room.content.phrase(f"check_{UNSAID}", language)
        buttons = [{"title": title, "payload": choice(answer)} for answer, title in titles.items()]
        turn.say(f"utter_ask_check_{step}", in_language=language, buttons=buttons)

    def complete(self, turn: Turn, held: Mapping[str, Any]) -> Events:
        """See :class:`GuidedForm`. Danger is answered like danger; of a child alone nothing is kept."""
        outcome = room.content.precheck.outcome(held, room.content.programme.countries)
        with casework_of(turn.tracker) as (session, person):
            language = language_of(turn.tracker, person)
            if outcome.danger:
                drafts.drop_all(session, person.id)
            else:
                drafts.finish(session, person.id, FORM)
        if outcome.danger:
            turn.say(f"utter_{outcome.danger}", in_language=language)
            return AskContact().act(turn.dispatcher, turn.tracker) or []
        turn.say(f"utter_check_{outcome.kind}", in_language=language, **told(outcome, language), buttons=offered(outcome, language))
        return []


def told(outcome: Outcome, language: str) -> dict[str, str]:
    """Reasons and what to bring, in words: values for `utter_check_<kind>`."""
    phrase = room.content.phrase
    return {
        "reasons": "\n".join(f"• {phrase(f'check_reason_{name}', language)}" for name in outcome.reasons),
        "bring": ", ".join(phrase(f"check_bring_{thing}", language) for thing in outcome.bring),
    }


def offered(outcome: Outcome, language: str) -> list[dict[str, str]]:
    """The next steps as buttons: the request where it makes sense, a human always, and what there is to read."""
    buttons = [{"title": room.content.phrase("button_human", language), "payload": "/talk_to_human"}]
    if outcome.kind in ("likely", "look"):
        buttons.insert(0, {"title": room.content.phrase("button_request_with_check", language), "payload": "/request_counselling"})
    topics = [name for name in outcome.topics if name != "talk_to_human"][:3]
    return buttons + [{"title": room.content.title(name, language), "payload": f"/{name}"} for name in topics]


def carried(held: Mapping[str, Any]) -> dict[str, Any]:
    """What goes on to a request: the answers, what they came to, and by which version of the rules."""
    precheck = room.content.precheck
    answers = {question.name: held[question.name] for question in precheck.questions if question.name in held}
    outcome = precheck.outcome(answers, room.content.programme.countries)
    return {"answers": answers, "outcome": outcome.kind, "reasons": outcome.reasons, "version": precheck.version}


# --- how an answer is read ---


def _pressed(question: Question, said: Said) -> str | None:
    return said.choice if said.choice in question.answers else None


def _numbered(question: Question, heard: Heard) -> str | None:
    if question.below is None or heard.said.choice:
        return None
    words = plain(heard.said.text).split()
    age = read_number(heard.said.text, heard.content, heard.language)
    # "under 18" and "not yet 18" have the number that decides, and mean the other side of it: rather asked again
    if age is None or len(words) > SHORT or (age == question.below and len(words) > 1):
        return None
    return question.ages[0 if age < question.below else 1]


def _worded(question: Question, heard: Heard) -> str | None:
    """The answer whose button says nearly the same."""
    words = plain(heard.said.text)
    if heard.said.choice or not words or len(words.split()) > SHORT:
        return None
    titles = {answer: plain(heard.content.phrase(f"check_{question.name}_{answer}", heard.language)) for answer in question.answers}
    titles[UNSAID] = plain(heard.content.phrase(f"check_{UNSAID}", heard.language))
    best = process.extractOne(words, titles, scorer=fuzz.ratio, score_cutoff=RESEMBLES)
    return best[2] if best else None


def _meant(question: Question, said: Said) -> str | None:
    if said.choice:
        return None
    return {"affirm": question.yes, "deny": question.no, **question.said}.get(said.intent)
