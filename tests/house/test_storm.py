"""Forms survive whatever people do in between. `make storm` does it a thousand times; here a few."""

import os

import pytest
from storm import Walk

WALKS = int(os.environ.get("STORM", "12"))


@pytest.mark.timeout(WALKS * 30)
def test_no_field_is_wrong_or_lost(on):
    turns, first = 0, 0 if on.database.url.startswith("sqlite") else WALKS  # other walks on the other database
    for seed in range(first, first + WALKS):
        walk = Walk(on, seed, restarts=0.002)
        try:
            turns += walk.run()
        except AssertionError as error:
            raise AssertionError(f"walk {seed} ({walk.form}, {walk.person.language}): {error}") from error
        if WALKS > 100 and seed % 50 == 49:
            print(f"  {seed + 1 - first} of {WALKS} walks, {turns} turns", flush=True)
    assert turns > WALKS * 8
