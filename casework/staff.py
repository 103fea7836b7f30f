"""Accounts of the desk."""

import hashlib
import secrets
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.clock import now
from casework.errors import InvitationSpent, NotAllowed, WrongCredentials
from casework.models import Invitation, Staff

ROLES = ("counsellor", "supervisor", "trainer", "admin")
MIN_PASSWORD = 10
_hasher = PasswordHasher()
_NOBODY = _hasher.hash("nobody has this password")  # unknown names take as long as known ones


def add_staff(session: Session, name: str, role: str, password: str) -> Staff:
    """Make an account.

    Raises:
        NotAllowed: the name is empty, too long or taken, the role unknown, or the password shorter than ten characters.
    """
    name = " ".join(name.split())
    taken = _find(session, name)
    if not 1 <= len(name) <= 60 or taken or role not in ROLES or not MIN_PASSWORD <= len(password) <= 200:
        raise NotAllowed
    staff = Staff(name=name, role=role, password_hash=_hasher.hash(password))
    session.add(staff)
    session.flush()
    return staff


def sign_in(session: Session, name: str, password: str) -> Staff:
    """The account that name and password belong to. Five wrong passwords lock it for a quarter of an hour.

    The failed attempt must be committed by the caller too.

    Raises:
        WrongCredentials: with the same words for a wrong name, a wrong password and a locked account.
    """
    staff = _find(session, name)
    try:
        _hasher.verify(staff.password_hash if staff else _NOBODY, password)
    except VerificationError:
        if staff:
            staff.failures += 1
            if staff.failures % 5 == 0:
                staff.locked_until = now() + timedelta(minutes=15)
        raise WrongCredentials from None
    if staff is None or not staff.active or (staff.locked_until and staff.locked_until > now()):
        raise WrongCredentials
    staff.failures, staff.locked_until = 0, None
    return staff


def invite(session: Session, role: str, valid: timedelta = timedelta(hours=24)) -> str:
    """The secret of a one-time link for a new account."""
    secret = secrets.token_urlsafe(24)
    session.add(Invitation(token_hash=_digest(secret), role=role, expires_at=now() + valid))
    return secret


def accept_invitation(session: Session, secret: str, name: str, password: str) -> Staff:
    """Make the account a one-time link was for.

    Raises:
        InvitationSpent: used, expired or unknown.
        NotAllowed: see :func:`add_staff`; the link stays good.
    """
    invitation = session.get(Invitation, _digest(secret), with_for_update=True)
    if invitation is None or invitation.used_at or invitation.expires_at < now():
        raise InvitationSpent
    staff = add_staff(session, name, invitation.role, password)
    invitation.used_at = now()
    return staff


def anybody(session: Session) -> bool:
    """Whether there is any account yet."""
    return session.scalar(select(func.count()).select_from(Staff)) > 0


def _find(session: Session, name: str) -> Staff | None:
    # Compared here and not in the database: SQLite knows small letters of English only, and names have others.
    wanted = " ".join(name.split()).casefold()
    found = [staff_id for staff_id, known in session.execute(select(Staff.id, Staff.name)) if known.casefold() == wanted]
    return session.get(Staff, found[0], with_for_update=True) if found else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
