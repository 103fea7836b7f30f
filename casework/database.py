"""The casework's database: SQLite in WAL by default, PostgreSQL when there is more than one machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

from casework.sealing import Keyring

# How a row is locked (PostgreSQL: FOR NO KEY UPDATE): whoever locks it too must wait, but not who writes a row that only
# refers to it. Otherwise a counsellor who replies and a person who writes could wait for each other.
LOCKED = {"key_share": True}


class Database:
    """Opens sessions: :meth:`write` for one transaction, :meth:`read` to look only.

    Every session carries the keyring in ``session.info["keyring"]``, so a use case needs the session alone.
    SQLite transactions that write begin with BEGIN IMMEDIATE: two writers queue up instead of failing half-way.

    Args:
        url: SQLAlchemy address, ``sqlite:///var/casework.sqlite`` or ``postgresql+psycopg://...``.
        keyring: opens and seals personal fields.
    """

    def __init__(self, url: str, keyring: Keyring) -> None:
        self.url = url
        self.keyring = keyring
        self.engine = _create(url)
        info = {"keyring": keyring}
        self._writers = sessionmaker(self.engine, info=info, expire_on_commit=False)
        self._readers = sessionmaker(self.engine.execution_options(read_only=True), info=info)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: committed at the end of the block, rolled back if it raises."""
        with self._writers.begin() as session:
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that is never committed."""
        with self._readers() as session:
            yield session

    def answers(self) -> bool:
        """Whether the database can be reached now."""
        try:
            with self.engine.connect() as connection:
                connection.execution_options(read_only=True).execute(text("SELECT 1"))
            return True
        except Exception:  # noqa: BLE001 - any failure means the same to a health check
            return False

    def settle(self) -> None:
        """See that what was deleted is gone from the disk too: SQLite keeps it in its journal until that is written back."""
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _create(url: str) -> Engine:
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=10, max_overflow=20)
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": 15}, pool_size=10, max_overflow=20)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection, _record) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite, not by the driver
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=15000", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection) -> None:
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
