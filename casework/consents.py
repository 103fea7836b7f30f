"""Leave that a person gives for one purpose, recorded with the version of the notice they were shown."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.clock import now
from casework.models import Consent, Person

PURPOSES = ("pre-check", "request", "handover")


def give(session: Session, person: Person, purpose: str, version: str) -> Consent:
    """Record the person's leave for `purpose`; leave already given for this version is kept as it is."""
    standing = standing_consent(session, person, purpose)
    if standing and standing.version == version:
        return standing
    consent = Consent(person_id=person.id, purpose=purpose, version=version, language=person.language or "en")
    session.add(consent)
    return consent


def standing_consent(session: Session, person: Person, purpose: str) -> Consent | None:
    """The person's leave for `purpose`, if given and not withdrawn."""
    query = select(Consent).where(Consent.person_id == person.id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None))
    return session.scalars(query.order_by(Consent.given_at.desc())).first()


def withdraw(session: Session, person: Person, purpose: str) -> None:
    """Take leave back."""
    for consent in session.scalars(select(Consent).where(Consent.person_id == person.id, Consent.purpose == purpose)):
        consent.withdrawn_at = consent.withdrawn_at or now()
