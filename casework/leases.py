"""Timed work is done by one process at a time: whoever holds the lease in the database."""

from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework.clock import now
from casework.models import Lease


def hold(session: Session, name: str, holder: str, lasting: timedelta) -> bool:
    """Take or renew the lease `name`; False while another process holds it."""
    lease = session.get(Lease, name, with_for_update=True)
    if lease and lease.holder != holder and lease.until > now():
        return False
    if lease is None:
        return _first(session, Lease(name=name, holder=holder, until=now() + lasting))
    lease.holder, lease.until = holder, now() + lasting
    return True


def due(session: Session, name: str, every: timedelta) -> bool:
    """Whether work that is done once in a while is due; asking books it, so the next one is told no until then."""
    lease = session.get(Lease, name, with_for_update=True)
    if lease and lease.until > now():
        return False
    if lease is None:
        return _first(session, Lease(name=name, holder="", until=now() + every))
    lease.until = now() + every
    return True


def _first(session: Session, lease: Lease) -> bool:
    try:
        with session.begin_nested():
            session.add(lease)
    except IntegrityError:  # another process took it at the same moment
        return False
    return True


def let_go(session: Session, name: str, holder: str) -> None:
    """Give the lease back early."""
    lease = session.get(Lease, name, with_for_update=True)
    if lease and lease.holder == holder:
        session.delete(lease)
