"""The pre-check: the questions and rules of bot/data/eligibility.yml, and what answers lead to.

Pure evaluation: answers in, the next question or an outcome out. An outcome is an indication, never a decision.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Collection, Dict, List, Mapping, Optional, Tuple

from bot.content.files import ContentError, from_yaml, read_text

UNSAID = "unsaid"  # "I prefer not to say": an answer to every question
OUTCOMES = ("likely", "look", "first", "unlikely")
STATUSES = ("suspended", "here", "other_way")  # of countries, in programme.yml
REASONS_TOLD = 3
ALWAYS_BRING = "identity"


@dataclass(frozen=True)
class Question:
    """One question. `answers` is empty where the answer is a country."""

    name: str
    answers: Tuple[str, ...]
    yes: Optional[str] = None  # the answer that a plain yes gives
    no: Optional[str] = None
    below: Optional[int] = None  # of an age: a smaller number is the first of `ages`, else the second
    ages: Tuple[str, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)  # a topic that was understood -> the answer it gives

    @property
    def asks_country(self) -> bool:
        """Whether the answer is a country (ISO 3166 code)."""
        return not self.answers

    def takes(self, answer: str) -> bool:
        """Whether `answer` is one of this question's."""
        return answer == UNSAID or answer in self.answers or (self.asks_country and len(answer) == 2 and answer.isupper())


@dataclass(frozen=True)
class Rule:
    """What follows when every question of `when` has one of its answers."""

    name: str
    when: Mapping[str, Tuple[str, ...]]
    outcome: str
    ends: bool = False
    danger: Optional[str] = None
    bring: Tuple[str, ...] = ()
    topics: Tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What the answers lead to.

    Attributes:
        kind: one of OUTCOMES.
        reasons: names of the rules whose reasons are told, the deciding one first; at least one.
        bring: names of things that are good to bring.
        topics: topics worth offering.
        danger: the `risk_*` topic that is told instead of an outcome.
    """

    kind: str
    reasons: List[str]
    bring: List[str]
    topics: List[str]
    danger: Optional[str] = None


class Precheck:
    """The questions and rules as written."""

    def __init__(self, version: str, questions: List[Question], rules: List[Rule]) -> None:
        self.version, self.questions, self.rules = version, questions, rules

    def question(self, name: str) -> Question:
        """The question of this name."""
        return next(question for question in self.questions if question.name == name)

    def next_question(self, answers: Mapping[str, str], countries: Mapping[str, Collection[str]]) -> Optional[Question]:
        """The first question without an answer; None when all are answered, or nothing more matters.

        Args:
            answers: question -> answer, so far.
            countries: status (`suspended` ...) -> codes of the countries that have it.
        """
        if any(rule.ends for rule in self._holding(answers, countries)):
            return None
        return next((question for question in self.questions if question.name not in answers), None)

    def outcome(self, answers: Mapping[str, str], countries: Mapping[str, Collection[str]]) -> Outcome:
        """What the answers lead to; arguments as for :meth:`next_question`."""
        holding = self._holding(answers, countries)
        ending = [rule for rule in holding if rule.ends]
        deciding = (ending or holding)[0]
        told = [deciding] if deciding.ends else [rule for rule in holding if rule.when][:REASONS_TOLD] or [deciding]
        bring = dict.fromkeys([ALWAYS_BRING, *(thing for rule in holding for thing in rule.bring)])
        topics = dict.fromkeys(topic for rule in told for topic in rule.topics)
        return Outcome(deciding.outcome, [rule.name for rule in told], list(bring), list(topics), deciding.danger)

    def _holding(self, answers: Mapping[str, str], countries: Mapping[str, Collection[str]]) -> List[Rule]:
        return [rule for rule in self.rules if all(_among(answers.get(name), wanted, countries) for name, wanted in rule.when.items())]


def _among(answer: Optional[str], wanted: Tuple[str, ...], countries: Mapping[str, Collection[str]]) -> bool:
    return answer is not None and any(answer in countries.get(one, ()) if one in STATUSES else answer == one for one in wanted)


# --- reading ---


def read_precheck(path: Path) -> Precheck:
    """eligibility.yml.

    Raises:
        ContentError: naming what to mend: an unknown question, answer or outcome, a rule that can never be reached, or no
            rule for the case that no other holds.
    """
    data = from_yaml(read_text(path), path)
    try:
        version = str(data["version"])
        questions = [_question(entry) for entry in data["questions"]]
        rules = [_rule(entry) for entry in data["rules"]]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ContentError(f"{path}: needs version, questions and rules as its first lines explain: {error!r}") from error
    _check(path, questions, rules)
    return Precheck(version, questions, rules)


def _question(entry: Mapping) -> Question:
    unknown = set(entry) - {"name", "answers", "yes", "no", "number", "said"}
    if unknown:
        raise ValueError(f"question {entry.get('name')}: {', '.join(map(str, unknown))} is unknown (is yes or no without quotes?)")
    number = entry.get("number") or {}
    answers = () if entry["answers"] == "country" else tuple(entry["answers"])
    ages = (number["then"], number["else"]) if number else ()
    return Question(entry["name"], answers, entry.get("yes"), entry.get("no"), number.get("below"), ages, entry.get("said") or {})


def _rule(entry: Mapping) -> Rule:
    unknown = set(entry) - {"name", "when", "outcome", "ends", "danger", "bring", "topics"}
    if unknown:
        raise ValueError(f"rule {entry.get('name')}: {', '.join(map(str, unknown))} is unknown")
    when = {name: tuple(answers) for name, answers in entry["when"].items()}
    lists = {name: tuple(entry.get(name) or ()) for name in ("bring", "topics")}
    return Rule(entry["name"], when, entry["outcome"], bool(entry.get("ends")), entry.get("danger"), **lists)


def _check(path: Path, questions: List[Question], rules: List[Rule]) -> None:
    known: Dict[str, Question] = {question.name: question for question in questions}
    if len(known) < len(questions) or len({rule.name for rule in rules}) < len(rules):
        raise ContentError(f"{path}: two questions, or two rules, have the same name")
    for question in questions:
        named = [question.yes, question.no, *question.ages, *question.said.values()]
        wrong = [answer for answer in named if answer is not None and not question.takes(answer)]
        if wrong or UNSAID in question.answers:
            raise ContentError(f"{path}: question {question.name}: {', '.join(wrong) or UNSAID} is none of its answers")
    for rule in rules:
        if rule.outcome not in OUTCOMES:
            raise ContentError(f"{path}: rule {rule.name}: the outcome must be one of {', '.join(OUTCOMES)}")
        if rule.danger and not (rule.danger.startswith("risk_") and rule.ends):
            raise ContentError(f"{path}: rule {rule.name}: danger must be a risk_ topic, and ends: true")
        for name, answers in rule.when.items():
            if name not in known:
                raise ContentError(f"{path}: rule {rule.name}: there is no question {name}")
            for answer in answers:
                if not (known[name].takes(answer) or (known[name].asks_country and answer in STATUSES)):
                    raise ContentError(f"{path}: rule {rule.name}: {answer!r} is no answer to {name}")
    if not rules or rules[-1].when:
        raise ContentError(f"{path}: the last rule must hold always (when: {{}})")
    for rule in rules[:-1]:
        if not rule.when:
            raise ContentError(f"{path}: rule {rule.name} holds always, so those after it never decide; move it to the end")
