"""The documentation is true: settings, commands, dependencies, tables, topics and links."""

import dataclasses
import re
from pathlib import Path

import pytest
import yaml

import bot.content
from casework.consents import PURPOSES
from casework.models import Base
from casework.retention import Periods
from service.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", *DOCS.rglob("*.md"), *(ROOT / "bot/data/conversation").glob("*.md")])


def read(path):
    return path.read_text(encoding="utf-8")


def rows(path):
    """The first cells of all tables of a page, without their backticks."""
    return {found for line in read(path).splitlines() for found in re.findall(r"^\| `([^`]+)` \|", line)}


def targets():
    """The targets that `make help` lists."""
    return re.findall(r"^([a-z-]+):.*## ", read(ROOT / "Makefile"), re.M)


def direct_dependencies():
    """(file, package) for each line of requirements/*.in that names one."""
    for path in sorted((ROOT / "requirements").glob("*.in")):
        for line in read(path).splitlines():
            name = re.match(r"[A-Za-z0-9][\w.-]*", line)
            if name:
                yield path.name, name[0]


def intents():
    groups = yaml.safe_load(read(ROOT / "bot/data/topics.yml"))
    return [entry["intent"] for entries in groups.values() for entry in entries]


def links(path):
    """Relative links of a page, without those in code."""
    text = re.sub(r"^```.*?^```", "", read(path), flags=re.S | re.M)
    text = re.sub(r"`[^`\n]*`", "", text)
    found = re.findall(r"\]\(<?([^)\s>]+)", text) + re.findall(r'(?:src|href)="([^"]+)"', text)
    return [link.partition("#")[0] for link in found if not re.match(r"[a-z]+:|#|//", link)]


@pytest.mark.parametrize("name", [name.upper() for name in Settings.model_fields])
def test_each_setting_is_documented(name):
    assert name in rows(DOCS / "settings.md")


@pytest.mark.parametrize("name", ["TEST_DATABASE_URL", "REQUIRE_ALL", "EMBEDDING_CACHE"])
def test_each_variable_beside_the_settings_is_documented(name):
    assert name in rows(DOCS / "settings.md")


def test_no_setting_is_documented_that_does_not_exist():
    beside = {"TEST_DATABASE_URL", "REQUIRE_ALL", "EMBEDDING_CACHE"}
    assert rows(DOCS / "settings.md") - beside == {name.upper() for name in Settings.model_fields}


def test_make_help_lists_something():
    assert {"run", "test"} <= set(targets())


@pytest.mark.parametrize("target", targets())
def test_each_make_target_is_mentioned(target):
    assert any(re.search(rf"\bmake {target}(?![\w-])", read(page)) for page in [ROOT / "README.md", *DOCS.rglob("*.md")])


@pytest.mark.parametrize(("file", "package"), list(direct_dependencies()))
def test_each_direct_dependency_earns_its_place(file, package):
    assert package.lower() in {name.lower() for name in rows(DOCS / "decisions/dependencies.md")}, file


def test_no_dependency_is_explained_that_is_not_there():
    known = {package.lower() for _, package in direct_dependencies()}
    assert {name.lower() for name in rows(DOCS / "decisions/dependencies.md")} <= known


@pytest.mark.parametrize("table", sorted(Base.metadata.tables))
def test_each_table_is_in_the_privacy_page(table):
    assert table in rows(DOCS / "privacy.md")


@pytest.mark.parametrize("intent", intents())
def test_each_topic_of_the_catalogue_has_its_folder(intent):
    assert (ROOT / "bot/data/knowledge" / intent).is_dir()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_relative_link_leads_to_a_file(path):
    missing = [link for link in links(path) if not (path.parent / link).exists()]
    assert not missing


def test_decisions_are_numbered_without_gaps():
    numbers = sorted(int(path.name[:4]) for path in (DOCS / "decisions").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


# --- the privacy page ---


def cells(table):
    """The cells of a table's row on the privacy page: what it is, what is sealed, what is open."""
    line = next(line for line in read(DOCS / "privacy.md").splitlines() if line.startswith(f"| `{table}` |"))
    return [cell.strip() for cell in line.strip("|").split("|")][1:]


@pytest.mark.parametrize("table", sorted(Base.metadata.tables))
def test_the_privacy_page_says_of_each_table_whether_something_is_sealed(table):
    says_nothing = cells(table)[1] == "nothing"
    assert says_nothing == ("sealed" not in Base.metadata.tables[table].columns)


OPEN_WORDS = {  # an open column that could tell something, and the words the page has for it
    "people": ["channel", "language", "time", "erased", "index"], "messages": ["direction", "author", "kind", "state", "times"],
    "consents": ["purpose", "version", "language", "time"], "drafts": ["form", "changed", "expired"],
    "requests": ["reference", "stage", "country", "appointment", "reminder", "question", "times"],
    "tickets": ["kind", "state", "language", "owner", "reason", "contact", "waited too long", "times"],
    "accesses": ["staff", "ticket", "time"], "opinions": ["month", "answer"], "staff": ["name", "role", "password", "failed", "times"],
}  # fmt: skip


@pytest.mark.parametrize("table", sorted(OPEN_WORDS))
def test_the_privacy_page_names_what_is_open(table):
    assert [word for word in OPEN_WORDS[table] if word not in cells(table)[2]] == []


def test_a_new_open_column_is_thought_of():
    """Whoever adds a column to a table of people counts it here, and says on the page what it holds."""
    counted = {name: len([c for c in table.columns if c.name not in ("sealed", "key_id")]) for name, table in Base.metadata.tables.items()}
    assert {name: counted[name] for name in ("people", "messages", "consents", "drafts", "requests", "tickets", "doubts")} == {
        "people": 8, "messages": 15, "consents": 7, "drafts": 5, "requests": 10, "tickets": 13, "doubts": 4,
    }  # fmt: skip


@pytest.mark.parametrize("words", ["name", "country", "place", "adults", "children", "contact", "phone", "safe", "language", "time", "need", "note", "additions", "pre-check"])
def test_the_privacy_page_names_every_answer_of_a_request(words):
    assert words in cells("requests")[1]


def test_every_answer_of_the_pre_check_is_named():
    page = cells("drafts")[1]
    words = {"place": "place", "age": "age", "company": "company", "wish": "wish", "nationality": "nationality", "asylum": "asylum", "papers": "papers", "needs": "needs", "before": "used before"}
    assert set(words) == {question.name for question in bot.content.load().precheck.questions}
    assert [word for word in words.values() if word not in page] == []


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_purpose_that_is_asked_for_is_a_use_on_the_page(purpose):
    uses = read(DOCS / "privacy.md").split("## What it is used for")[1].split("## ")[0]
    assert {"pre-check": "the pre-check", "request": "the request", "handover": "calling a counsellor"}[purpose] in uses


@pytest.mark.parametrize("kind", [kind.name for kind in dataclasses.fields(Periods)])
def test_every_period_is_on_the_page(kind):
    assert f"`RETENTION_{kind.upper()}_DAYS`" in read(DOCS / "privacy.md")


def test_the_whole_notice_names_what_the_request_asks():
    notice = bot.content.load().phrase("utter_consent_full", "en", days="180")
    asked = ["name or nickname", "country and town", "adults and children", "reach you", "safe", "language", "time", "need", "note", "messages", "180 days"]
    assert [words for words in asked if words not in notice] == []
