"""The files of a small content, which tests change as a trainer would."""

PROGRAMME = """\
emergency:
  general: {value: "112", source: law, checked: 2023-01-01, verified: true}
  police: {value: "192", source: law, checked: 2023-01-01, verified: true}
office:
  phone: {value: "038 111", source: "", checked: "", verified: false}
  hours: {value: "", source: "", checked: "", verified: false}
  name: {value: {en: The Office, ar: المكتب}, source: office, checked: 2023-01-01, verified: true}
"""

PHRASES = """\
language: %s
direction: %s
status: draft
phrases:
"""

ELIGIBILITY = """\
version: "1"
questions:
  - {name: place, answers: [here, home]}
rules:
  - {name: fits, when: {}, outcome: likely}
"""

FILES = {
    "eligibility.yml": ELIGIBILITY,
    "topics.yml": "programme:\n- {intent: ask_pets}\n- {intent: ask_papers, care: [N]}\nconversation:\n- {intent: affirm}\n",
    "programme.yml": PROGRAMME,
    "phrases/en.yml": PHRASES % ("English", "ltr") + '  utter_hello: "Hello {name}, call {emergency.general}."\n  button_yes: "Yes"\n',
    "phrases/ar.yml": PHRASES % ("العربية", "rtl") + '  utter_hello: "مرحبا {name}"\n',
    "conversation/buttons.yml": (
        "utter_hello:\n  - {phrase: button_yes, payload: /affirm}\n  - {topic: ask_pets}\n"
        "utter_did_you_mean:\n  - {ranking: 2}\nutter_choose_language:\n  - {languages: true}\n"
    ),
}


def topic(title="Title", answer="Answer.", status="draft", related="[]", more=""):
    """The text of a topic's file."""
    return f"---\ntitle: {title}\nstatus: {status}\nrelated: {related}\n{more}---\n{answer}\n\n## Questions\n- a question\n"
