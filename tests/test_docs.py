"""The documentation is true: settings, commands, dependencies, tables, topics and links."""

import re
from pathlib import Path

import pytest
import yaml

from casework.models import Base
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
