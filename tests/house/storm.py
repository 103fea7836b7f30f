"""People as they really are: a request or a check filled in with everything else in between, at random.

Each walk keeps its own account of what was answered; after every turn the draft must hold exactly that. A seed makes a
walk happen again.
"""

import random
from typing import Any

from dialogue import Talk, talk
from forms import FORMS, begins, gives

SIDE_TOPICS = ("ask_pets", "ask_luggage", "ask_is_it_free", "ask_privacy", "ask_flight_booking")
LANGUAGES = ("en", "ar", "fa", "tr", "fr", "sq", "bn")
MOST_TURNS = 60
LONGER_THAN_A_NAME = 6  # words; up to five are a name where one is asked for, unless the topic is nearly certain
# What the answer to each step leaves in the draft.
KEPT = {
    "request": {
        "ask_intake_consent": {"consent": True}, "ask_intake_name": {"name": "Planted Samira"},
        "ask_intake_country": {"country": "PK", "country_written": "Pakistan"}, "ask_intake_place": {"place": "Lahore"},
        "ask_intake_adults": {"adults": 2}, "ask_intake_children": {"children": 3}, "ask_intake_contact": {"contact": "phone"},
        "ask_intake_phone": {"phone": "+383 44 123 987"}, "ask_intake_safe": {"safe": "text"}, "ask_intake_speech": {"speech": "اردو"},
        "ask_intake_when": {"when": "morning"}, "ask_intake_needs": {"needs": ["medical"]}, "intake_needs_more": {"needs_done": True},
        "ask_intake_note": {"note": ""}, "intake_summary": {},
    },
    "check": {
        "ask_check_consent": {"consent": True}, "ask_check_place": {"place": "kosovo"}, "ask_check_age": {"age": "adult"},
        "ask_check_company": {"company": "family"}, "ask_check_wish": {"wish": "own"}, "ask_check_nationality": {"nationality": "unsaid"},
        "ask_check_asylum": {"asylum": "refused"}, "ask_check_papers": {"papers": "expired"}, "ask_check_needs": {"needs": "none"},
        "ask_check_before": {"before": "first", "finished": True},
    },
}  # fmt: skip
LAST = {"request": "request_made", "check": "check_look"}
DRAFT = {"request": "counselling", "check": "eligibility"}


class Walk:
    """One person, one form, at random.

    Args:
        house: a running house.
        seed: what happens.
        restarts: chance that a part of the house dies before a turn.
    """

    def __init__(self, house: Any, seed: int, restarts: float = 0.005) -> None:
        self.house, self.chance, self.restarts = house, random.Random(seed), restarts
        self.form = self.chance.choice(list(FORMS))
        self.steps = FORMS[self.form][1]
        self.person: Talk = talk(house, self.chance.choice(LANGUAGES))
        self.turns = 0

    def run(self) -> int:
        """Walk until the form is through. Returns the number of turns."""
        place, held = self._begin()
        while place < len(self.steps):
            self.turns += 1
            self._maybe_restart()
            kind = "answer" if self.turns > MOST_TURNS else self._kind()
            place, held = getattr(self, f"_{kind}")(place, held)
            assert self.person.draft(DRAFT[self.form]) == held, f"turn {self.turns} ({kind}) at {self.steps[min(place, len(self.steps) - 1)][0]}"
        return self.turns

    def _kind(self) -> str:
        return self.chance.choices(("answer", "side", "picture", "stale", "language", "cancel", "pause"), (60, 12, 8, 6, 4, 3, 3))[0]

    def _begin(self) -> tuple[int, dict[str, Any]]:
        begins(self.person, self.form).hears(self.steps[0][0])
        return 0, {}

    def _answer(self, place: int, held: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        asked, answer = self.steps[place]
        gives(self.person, answer)
        following = self.steps[place + 1][0] if place + 1 < len(self.steps) else LAST[self.form]
        self.person.hears(following)
        held = {**held, **KEPT[self.form][asked]}
        return place + 1, {} if following == "request_made" else held

    def _side(self, place: int, held: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        asked = self.steps[place][0]
        if asked == "ask_intake_note":  # there it would be the note
            return place, held
        topic = self.chance.choice(SIDE_TOPICS)
        self.person.asks(topic, words=LONGER_THAN_A_NAME).hears(topic, asked)
        return place, held

    def _picture(self, place: int, held: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.person.sends_other().hears("only_text", self.steps[place][0])
        return place, held

    def _stale(self, place: int, held: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.person.presses_again("b1.0").hears("stale_button", self.steps[place][0])
        return place, held

    def _language(self, place: int, held: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        asked = self.steps[place][0]
        if asked in ("ask_intake_note", "ask_intake_speech", "ask_intake_country", "ask_check_nationality", "ask_intake_name", "ask_intake_place", "ask_intake_when"):
            return place, held  # there it would be the answer
        other = self.chance.choice(LANGUAGES)
        self.person.says(self.house.content.language_names()[other]).hears_in(other, "language_changed", asked)
        return place, held

    def _cancel(self, place: int, held: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.person.asks("cancel").hears("cancelled")
        assert self.person.draft(DRAFT[self.form]) == {}
        return self._begin()

    def _pause(self, place: int, held: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.person.pauses()
        begins(self.person, self.form)
        if set(held) - {"consent"}:
            resume = "ask_intake_resume" if self.form == "request" else "ask_check_resume"
            self.person.hears(resume).presses("button_continue")
        self.person.hears(self.steps[place][0])
        return place, held

    def _maybe_restart(self) -> None:
        part = self.chance.choice(("actions", "actions", "worker", "engine"))
        if self.chance.random() < self.restarts and not self.house.mourns(part):
            with self.house.without(part):
                pass
            self.house.back()
