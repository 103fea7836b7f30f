"""Both guided forms as a person goes through them, step by step, in any language."""

from collections.abc import Sequence

CHECK: Sequence[tuple[str, str]] = (
    ("ask_check_consent", "button_agree"), ("ask_check_place", "check_place_kosovo"), ("ask_check_age", "check_age_adult"),
    ("ask_check_company", "check_company_family"), ("ask_check_wish", "check_wish_own"), ("ask_check_nationality", "check_unsaid"),
    ("ask_check_asylum", "check_asylum_refused"), ("ask_check_papers", "check_papers_expired"), ("ask_check_needs", "check_needs_none"),
    ("ask_check_before", "check_before_first"),
)  # fmt: skip
# Steps in which the person writes are a name between quotes; the others are buttons.
REQUEST: Sequence[tuple[str, str]] = (
    ("ask_intake_consent", "button_agree"), ("ask_intake_name", "'Planted Samira'"), ("ask_intake_country", "'Pakistan'"),
    ("ask_intake_place", "'Lahore'"), ("ask_intake_adults", "2"), ("ask_intake_children", "3"), ("ask_intake_contact", "button_phone"),
    ("ask_intake_phone", "'044 123 987'"), ("ask_intake_safe", "button_safe_text"), ("ask_intake_speech", "language_ur"),
    ("ask_intake_when", "button_morning"), ("ask_intake_needs", "need_medical"), ("intake_needs_more", "button_needs_done"),
    ("ask_intake_note", "button_no_note"), ("intake_summary", "button_send"),
)  # fmt: skip
ANSWERS = {
    "name": "Planted Samira", "country": "PK", "place": "Lahore", "adults": 2, "children": 3, "contact": "phone",
    "phone": "+383 44 123 987", "safe": "text", "speech": "اردو", "when": "morning", "needs": ["medical"], "note": "",
}  # fmt: skip
FORMS = {"check": ("check_eligibility", CHECK), "request": ("request_counselling", REQUEST)}


def begins(person, form):
    """The person asks for the form, in the first of its own questions that is more than a word ("request" may be asked back)."""
    return person.asks(FORMS[form][0], words=2)


def gives(person, answer):
    """The answer to a step: written, or a button."""
    return person.says(answer.strip("'")) if answer.startswith("'") else person.presses(answer)


def as_far_as(person, form, step):
    """Go through the form until this step is asked."""
    begins(person, form)
    for asked, answer in FORMS[form][1]:
        person.hears(asked)
        if asked == step:
            return person
        gives(person, answer)
    raise AssertionError(f"{form} has no step {step}")
