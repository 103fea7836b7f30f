"""The supervisor keeps the parts alive, gives up on one that keeps dying, and stops all of them."""

import os
import sys
import threading
import time

import pytest

from service import supervisor as module
from service.parts import Part
from service.supervisor import HouseDown, Supervisor

LASTING = "import time; time.sleep(60)"
DYING = "raise SystemExit(3)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"


@pytest.fixture
def supervise():
    """A function: a supervisor of some parts, each a line of Python; what it said is in `.said`."""
    made = []

    def make(**lines):
        said = []
        found = Supervisor([Part(name, [sys.executable, "-c", line], dict(os.environ)) for name, line in lines.items()], said.append)
        found.said = said
        made.append(found)
        return found

    yield make
    for found in made:
        for process in found.running.values():
            process.kill()
            process.wait()


def until(happened, seconds=10):
    """Wait for something to happen."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def test_every_part_is_started_in_order(supervise):
    house = supervise(first=LASTING, second=LASTING)
    house.start()
    assert list(house.running) == ["first", "second"]
    house.look_after()
    assert all(process.poll() is None for process in house.running.values()) and house.said == []


def test_a_part_that_died_is_started_again_and_the_others_are_left_alone(supervise):
    house = supervise(first=LASTING, second=LASTING)
    house.start()
    first, second = house.running["first"], house.running["second"]
    first.kill()
    first.wait()
    house.look_after()
    assert house.running["first"].pid != first.pid and house.running["first"].poll() is None
    assert house.running["second"] is second
    assert house.said == ["first stopped with code -9; starting it again"]


def test_a_part_that_dies_again_and_again_brings_the_house_down_and_is_named(supervise):
    house = supervise(good=LASTING, bad=DYING)
    house.start()
    with pytest.raises(HouseDown, match="bad stopped 5 times .*code 3"):
        house.watch(threading.Event())
    assert len(house.said) == 4


def test_deaths_that_lie_far_apart_are_forgiven(supervise, monkeypatch):
    monkeypatch.setattr(module, "WINDOW", 0.0)
    house = supervise(bad=DYING)
    house.start()
    for _ in range(7):
        house.running["bad"].wait()
        house.look_after()
    assert len(house.said) == 7


def test_stopping_stops_everything(supervise):
    house = supervise(first=LASTING, second=LASTING)
    house.start()
    house.stop()
    assert [process.returncode for process in house.running.values()] == [-15, -15]


def test_who_does_not_listen_is_killed(supervise, monkeypatch, capfd):
    monkeypatch.setattr(module, "GRACE", 0.3)
    house = supervise(deaf=DEAF, good=LASTING)
    printed = []
    house.start()
    until(lambda: printed.append(capfd.readouterr().out) or "deaf" in "".join(printed))
    house.stop()
    assert [process.returncode for process in house.running.values()] == [-9, -15]


def test_watching_ends_when_it_is_told_to(supervise):
    house = supervise(good=LASTING)
    house.start()
    stop = threading.Event()
    watching = threading.Thread(target=house.watch, args=(stop,))
    watching.start()
    stop.set()
    watching.join(5)
    assert not watching.is_alive()


def test_a_house_that_never_started_can_be_stopped(supervise):
    supervise(good=LASTING).stop()


def test_the_lines_of_a_part_come_with_its_name(supervise, capfd):
    house = supervise(talker="print('hello', flush=True); import time; time.sleep(60)")
    house.start()
    printed = []
    until(lambda: printed.append(capfd.readouterr().out) or "  talker | hello\n" in "".join(printed))
