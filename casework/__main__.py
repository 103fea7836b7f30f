"""Work on the casework by command: `python -m casework retain`, `python -m casework rotate-keys`."""

import argparse
import sys

from bot.channels.engine import EngineDown, RasaEngine
from bot.channels.forgetting import forget_people
from casework import retention, rotation
from casework.database import Database
from casework.errors import UnknownKey
from service.settings import KeyFile, Settings, SettingsError, new_key, read_settings


def main(arguments: list[str] | None = None) -> int:
    """Do what was asked; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m casework", description=__doc__)
    commands = parser.add_subparsers(required=True)
    commands.add_parser("retain", help="delete what has been kept long enough").set_defaults(work=retain)
    commands.add_parser("rotate-keys", help="seal everything with a new key, while the house goes on").set_defaults(work=rotate_keys)
    chosen = parser.parse_args(arguments)
    try:
        settings = read_settings()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    database = settings.database()
    try:
        return chosen.work(settings, database)
    finally:
        database.close()


def retain(settings: Settings, database: Database) -> int:
    """Enforce the retention periods now, in the casework and in the engine's store."""
    with database.write() as session:
        counts = retention.retain(session, settings.retention)
    print("deleted: " + ", ".join(f"{count} {kind}" for kind, count in counts.items()))
    engine = RasaEngine(settings.engine_url, settings.engine_secret)
    try:
        erased = forget_people(database, engine)
        forgotten = retention.retain_engine(engine, settings.retention)
    except EngineDown:
        print("the engine does not run: people and its conversations are erased once it does (the worker sees to it)", file=sys.stderr)
        return 1
    print(f"erased: {erased} people; engine: {forgotten} conversations")
    return 0


def rotate_keys(settings: Settings, database: Database) -> int:
    """Make a new key the current one and seal every row with it. The keys before stay only as long as a row needs them."""
    keyring, file = database.keyring, settings.keys_file
    if file:
        keys = KeyFile(file)
        used = rotation.key_ids(database)
        held = {key_id: key for key_id, key in keyring.keys().items() if key_id in used or key_id == keyring.current}
        fresh = next(name for number in range(1, 100_000) if (name := f"k{number}") not in keyring.keys())
        keys.write({fresh: new_key(), **held})
        keyring.reread()
        print(f"new key: {fresh}; every process takes it up by itself")
    else:
        print(f"the keys come from the environment: sealing everything with its first one, {keyring.current}")
    try:
        for table, done in rotation.reseal(database):
            print(f"  {table}: {done} rows", flush=True)
    except UnknownKey as error:
        print(f"stopped: {error} is not among the keys. Add it to CASEWORK_KEYS and run this again; nothing is lost.", file=sys.stderr)
        return 1
    print("done. The keys before stay in the file until the next rotation, for backups and for writes that were under way." if file else "done.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
