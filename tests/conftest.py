"""What every test may use: the casework on both of its databases, and people and staff in it."""

import os
import uuid

import hypothesis
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from casework import people, staff
from casework.database import Database
from casework.migrate import migrate
from casework.models import Base
from casework.sealing import Keyring

ADDRESS = os.environ.get("TEST_DATABASE_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/test")
PASSWORD = "a long password"
ABSENT = "PostgreSQL is absent: not tested"

hypothesis.settings.register_profile("house", database=None, deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("house")


def pytest_terminal_summary(terminalreporter):
    """Say at the end what was not tested, and why."""
    reasons = [report.longrepr[2] for report in terminalreporter.stats.get("skipped", []) if isinstance(report.longrepr, tuple)]
    for reason in sorted(set(reasons)):
        terminalreporter.write_line(f"not tested: {reason.removeprefix('Skipped: ')} ({reasons.count(reason)} tests)", yellow=True)


@pytest.fixture(scope="session")
def keyring():
    """Keys for the tests."""
    return Keyring({"k1": Fernet.generate_key().decode()}, b"an index key of the tests")


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory, keyring):
    """The bytes of a migrated SQLite file, so that each test starts from a copy."""
    path = tmp_path_factory.mktemp("casework") / "empty.sqlite"
    database = Database(f"sqlite:///{path}", keyring)
    migrate(database)
    database.close()
    return path.read_bytes()


@pytest.fixture(scope="session")
def postgresql(keyring):
    """The casework in a PostgreSQL schema of this run; None where there is no PostgreSQL."""
    schema = f"test_{uuid.uuid4().hex}"
    admin = create_engine(ADDRESS, connect_args={"connect_timeout": 3})
    try:
        with admin.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
    except OperationalError:
        yield None
        return
    address = make_url(ADDRESS).update_query_dict({"options": f"-csearch_path={schema}"})
    database = Database(address.render_as_string(hide_password=False), keyring)
    migrate(database)
    yield database
    database.close()
    with admin.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path, keyring):
    """An empty casework, once on each database."""
    if request.param == "sqlite":
        (tmp_path / "casework.sqlite").write_bytes(request.getfixturevalue("empty_sqlite"))
        database = Database(f"sqlite:///{tmp_path}/casework.sqlite", keyring)
        yield database
        database.close()
        return
    database = request.getfixturevalue("postgresql")
    if database is None:
        (pytest.fail if os.environ.get("REQUIRE_ALL") == "1" else pytest.skip)(ABSENT)
    yield database
    with database.engine.begin() as connection:  # deleting is quicker than truncating tables that are nearly empty
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())


@pytest.fixture
def met(database):
    """A function: the id of a person on a channel, met now."""

    def meet(channel="web", address="a chat", language="en"):
        with database.write() as session:
            person = people.meet(session, channel, address)
            people.speak(person, language, "chosen")
            return person.id

    return meet


@pytest.fixture(scope="session")
def password_hash():
    """Hashed once: argon2 takes its time on purpose."""
    return staff._hasher.hash(PASSWORD)


@pytest.fixture
def employed(database, password_hash):
    """A function: a member of staff with a role."""

    def employ(name, role):
        with database.write() as session:
            member = staff.Staff(name=name, role=role, password_hash=password_hash)
            session.add(member)
            session.flush()
            return member

    return employ


@pytest.fixture
def counsellor(employed):
    """A counsellor."""
    return employed("Arta", "counsellor")


@pytest.fixture
def second_counsellor(employed):
    """Another counsellor."""
    return employed("Blerim", "counsellor")


@pytest.fixture
def supervisor(employed):
    """A supervisor."""
    return employed("Çelik", "supervisor")


@pytest.fixture
def at_once():
    """A function: runs the same work in several threads that begin together; returns what each returned or raised."""
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    def run(*works):
        barrier = Barrier(len(works))

        def one(work):
            barrier.wait()
            try:
                return work()
            except Exception as error:  # noqa: BLE001 - what was raised is what the test looks at
                return error

        with ThreadPoolExecutor(len(works)) as pool:
            return list(pool.map(one, works))

    return run
