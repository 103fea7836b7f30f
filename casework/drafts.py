"""The answers of an unfinished form. They wait here, sealed, and not in the engine."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from casework.clock import now
from casework.models import Draft

KEPT = timedelta(days=1)
TOLD_WITHIN = timedelta(days=7)  # for so long it is remembered that there was a draft, without its answers
FINISHED = "finished"  # mark among the answers of a form that was gone through to its end
_MARKS = {"consent", "checked", FINISHED}


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
    draft.updated_at, draft.expired = now(), False
    return held


def drop(session: Session, person_id: str, form: str) -> None:
    """Throw the draft's answers away."""
    session.execute(delete(Draft).where(Draft.person_id == person_id, Draft.form == form))


def drop_all(session: Session, person_id: str) -> None:
    """Throw away the answers of every form of the person."""
    session.execute(delete(Draft).where(Draft.person_id == person_id))


def finish(session: Session, person_id: str, form: str) -> None:
    """Mark that the form was gone through to its end; its answers stay until they are used, dropped or too old."""
    answer(session, person_id, form, **{FINISHED: True})


def finished(held: Mapping[str, Any]) -> bool:
    """Whether these answers are of a form that was gone through to its end."""
    return bool(held.get(FINISHED))


def begun(held: Mapping[str, Any]) -> bool:
    """Whether there is an answer in it besides the consent."""
    return bool(set(held) - _MARKS)


def waiting(session: Session, person_id: str) -> list[str]:
    """The forms that the person began and neither finished nor left for good."""
    found = session.scalars(select(Draft).where(Draft.person_id == person_id, Draft.expired.is_(False)).order_by(Draft.form))
    opened = {draft.form: draft.open(session.info["keyring"]) for draft in found}
    return [form for form, held in opened.items() if begun(held) and not finished(held)]


def take_expired(session: Session, person_id: str) -> bool:
    """Whether answers of the person were thrown away because of their age; asked once, it is forgotten."""
    return session.execute(delete(Draft).where(Draft.person_id == person_id, Draft.expired.is_(True))).rowcount > 0


def drop_old(session: Session, at: datetime | None = None) -> int:
    """Throw away answers nobody came back to. Returns how many drafts.

    Of an unfinished form it stays known for a week that there was one, so that the person can be told.
    """
    at, keyring = at or now(), session.info["keyring"]
    session.execute(delete(Draft).where(Draft.updated_at < at - TOLD_WITHIN))
    old = session.scalars(select(Draft).where(Draft.updated_at < at - KEPT, Draft.expired.is_(False))).all()
    for draft in old:
        held = draft.open(keyring)
        if begun(held) and not finished(held):
            draft.seal(keyring, {})
            draft.expired = True
        else:
            session.delete(draft)
    return len(old)


def _draft(session: Session, person_id: str, form: str) -> Draft | None:
    return session.scalar(select(Draft).where(Draft.person_id == person_id, Draft.form == form))
