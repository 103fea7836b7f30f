"""Erasing people for good: the engine first, then the casework, each once nothing is to be sent any more."""

from bot.channels.engine import Engine
from casework import data_rights
from casework.database import Database
from casework.models import Person


def forget_people(database: Database, engine: Engine) -> int:
    """Erase everybody who asked for it and to whom nothing is still to be sent: engine, then casework.

    Returns how many. If the engine is down, the person stays marked and the next run does it. Whoever wrote again in the
    meantime waits for the next run too: that message is answered, and what it signals is seen.
    """
    erased = 0
    with database.read() as session:
        due = data_rights.due_for_erasure(session)
    for person_id in due:
        engine.forget(person_id)
        with database.write() as session:
            session.get(Person, person_id, with_for_update=True)
            if person_id in data_rights.due_for_erasure(session):
                data_rights.erase(session, person_id)
                erased += 1
    if erased:
        database.settle()
    return erased
