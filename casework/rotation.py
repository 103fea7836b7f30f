"""Sealing every row anew with the current key, while the house goes on."""

from collections.abc import Iterator

from sqlalchemy import select

from casework.database import LOCKED, Database
from casework.errors import UnknownKey
from casework.models import Base
from casework.sealing import Sealed

AT_ONCE = 200  # rows in one transaction: nobody waits long for it


def reseal(database: Database) -> Iterator[tuple[str, int]]:
    """Seal what another key sealed with the current one; yields the table and how many rows were done in it so far.

    Raises:
        UnknownKey: a row was sealed with a key that nobody has; nothing is changed in it.
    """
    for table in sealed_tables():
        done = 0
        while count := _some(database, table):
            done += count
            yield table.__tablename__, done


def key_ids(database: Database) -> set[str]:
    """Ids of the keys that rows are sealed with."""
    with database.read() as session:
        return {key_id for table in sealed_tables() for key_id in session.scalars(select(table.key_id).distinct())}


def sealed_tables() -> list[type]:
    """Every table that holds sealed fields."""
    return [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Sealed)]


def _some(database: Database, table: type) -> int:
    with database.write() as session:
        keyring = session.info["keyring"]
        keyring.reread()
        rows = session.scalars(select(table).where(table.key_id != keyring.current).limit(AT_ONCE).with_for_update(**LOCKED)).all()
        for row in rows:
            try:
                row.seal(keyring, row.open(keyring))
            except UnknownKey as error:
                raise UnknownKey(f"{table.__tablename__}: key {error}") from None
        return len(rows)
