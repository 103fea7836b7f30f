"""Timed work is done by one process at a time."""

from datetime import timedelta

import pytest

from casework import leases


@pytest.fixture
def holds(database):
    """A function: whether a process holds the lease `worker` now."""

    def hold(holder, lasting=timedelta(seconds=15)):
        with database.write() as session:
            return leases.hold(session, "worker", holder, lasting)

    return hold


def test_one_process_holds_a_lease_and_renews_it(holds):
    assert holds("a")
    assert not holds("b")
    assert holds("a")


def test_a_lease_that_ran_out_is_free(holds):
    assert holds("a", timedelta(seconds=-1))
    assert holds("b")
    assert not holds("a")


def test_a_lease_can_be_given_back_by_its_holder_only(database, holds):
    holds("a")
    with database.write() as session:
        leases.let_go(session, "worker", "b")
    assert not holds("b")
    with database.write() as session:
        leases.let_go(session, "worker", "a")
    assert holds("b")


def test_giving_back_what_nobody_holds_is_nothing(database):
    with database.write() as session:
        leases.let_go(session, "worker", "a")


def test_of_processes_that_start_at_the_same_moment_one_gets_it(holds, at_once):
    assert sorted(at_once(*[lambda holder=holder: holds(holder) for holder in "abcd"])) == [False, False, False, True]


def test_leases_of_different_names_do_not_meet(database):
    with database.write() as session:
        assert leases.hold(session, "one", "a", timedelta(seconds=15))
        assert leases.hold(session, "other", "b", timedelta(seconds=15))
