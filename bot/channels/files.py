"""Files that are sent to people. They are made when they are sent, so no copy of anybody's data lies about."""

from sqlalchemy.orm import Session

from bot.content import Content, ContentError, countries
from bot.content.eligibility import UNSAID, Question
from bot.content.summary import request_words
from casework import data_rights, requests
from casework.clock import now
from casework.models import Person

MY_DATA = "my-data"  # the name under which a message carries it
NAME = "my-data.txt"


def made(session: Session, person: Person, content: Content) -> tuple[str, bytes]:
    """Everything that is kept about the person as a text file in their language: its name and its bytes (UTF-8 with a mark)."""
    return NAME, ("\ufeff" + written(session, person, content)).encode()


def written(session: Session, person: Person, content: Content) -> str:
    """The text of that file."""
    language = person.language or "en"
    held = data_rights.everything_held(session, person)

    def say(name: str, **values: object) -> str:
        return content.phrase(name, language, **values)

    def part(name: str, lines: list[str]) -> str:
        return "\n".join([say(name), "-" * 20, *(lines or [say("word_none")])])

    authors = {"person": say("chat_you"), "assistant": say("chat_assistant")}
    parts = [
        f"{say('data_title')}\n{say('data_written_on', date=now().date().isoformat())}\n\n{held['channel']} · {held['since']} · {held['language']}",
        part("data_consents", [f"{content.phrase(_purpose(one['purpose']), language)} · {one['given']} · {one['version']}" for one in held["consents"]]),
        part("data_requests", [_request(content, one, language) for one in held["requests"]]),
        part("data_draft", [*_check(content, held["drafts"].get("eligibility", {}), language), *_begun(content, held["drafts"].get(requests.FORM, {}), language)]),
        part("data_alerts", [" · ".join(filter(None, ticket.values())) for ticket in held["tickets"]]),
        part("data_opened", [f"{one['at']} · {one['by']}" for one in held["opened"]]),
        part("data_messages", [f"{one['at']} {authors.get(one['author'], say('chat_counsellor'))} {one['text']}" for one in held["said"]]),
    ]
    return "\n\n".join(parts) + "\n"


def _purpose(name: str) -> str:
    return {"pre-check": "word_purpose_check"}.get(name, f"word_purpose_{name}")


def _request(content: Content, one: dict, language: str) -> str:
    fields = one["fields"]
    stage = content.phrase(f"stage_{one['stage']}", language)
    lines = [f"{one['reference']} · {one['made']} · {stage}", *_begun(content, fields, language)]
    lines += _check(content, fields.get("check", {}).get("answers", {}), language)
    lines += [content.phrase("utter_status_appointment", language, **one["appointment"])] if one["appointment"] else []
    return "\n".join([*lines, *fields.get("additions", [])])


def _begun(content: Content, fields: dict, language: str) -> list[str]:
    """The lines of the summary, without the question below them."""
    if not fields:
        return []
    summary = content.phrase("utter_intake_summary", language, **request_words(content, fields, language))
    return summary.split("\n\n")[0].splitlines()[1:]


def _check(content: Content, answers: dict, language: str) -> list[str]:
    """The answers of the pre-check, in the words of its buttons."""
    asked = [question for question in content.precheck.questions if answers.get(question.name)]
    return [f"- {_answer(content, question, answers[question.name], language)}" for question in asked]


def _answer(content: Content, question: Question, answer: str, language: str) -> str:
    if answer == UNSAID:
        return content.phrase("check_unsaid", language)
    try:
        return countries.name(answer, language) if question.asks_country else content.phrase(f"check_{question.name}_{answer}", language)
    except ContentError:  # the rules have changed since
        return answer
