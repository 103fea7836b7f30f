"""The answers of an unfinished form. They wait here, sealed, and not in the engine."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from casework.clock import now
from casework.models import Draft

KEPT = timedelta(days=1)


def answers(session: Session, person_id: str, form: str) -> dict[str, Any]:
    """The answers given so far; empty when there is no draft."""
    draft = _draft(session, person_id, form)
    return draft.open(session.info["keyring"]) if draft else {}


def answer(session: Session, person_id: str, form: str, **given: Any) -> dict[str, Any]:
    """Add answers to the draft, made when there is none; None takes an answer out. Returns all of them."""
    draft = _draft(session, person_id, form)
    if draft is None:
        draft = Draft(person_id=person_id, form=form)
        session.add(draft)
        held = {}
    else:
        held = draft.open(session.info["keyring"])
    held = {name: value for name, value in {**held, **given}.items() if value is not None}
    draft.seal(session.info["keyring"], held)
    draft.updated_at = now()
    return held


def drop(session: Session, person_id: str, form: str) -> None:
    """Throw the draft's answers away."""
    session.execute(delete(Draft).where(Draft.person_id == person_id, Draft.form == form))


def drop_old(session: Session) -> int:
    """Throw away drafts nobody came back to. Returns how many."""
    return session.execute(delete(Draft).where(Draft.updated_at < now() - KEPT)).rowcount


def _draft(session: Session, person_id: str, form: str) -> Draft | None:
    return session.scalar(select(Draft).where(Draft.person_id == person_id, Draft.form == form))
