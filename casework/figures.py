"""Counts for staff: of tickets, and of what people said about the help. Nothing of it leads to anybody."""

from collections import Counter

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from casework.models import Opinion, Ticket
from casework.requests import OPINIONS
from casework.tickets import KINDS

MONTHS = 12


def tickets_by_kind(session: Session) -> dict[str, dict[str, int]]:
    """Kind -> `open`, `late` (open, and waited longer than promised) and `closed`."""
    is_open = Ticket.closed_at.is_(None)
    counted = [func.sum(case((condition, 1), else_=0)) for condition in (is_open, is_open & Ticket.raised_at.is_not(None), ~is_open)]
    found = {kind: numbers for kind, *numbers in session.execute(select(Ticket.kind, *counted).group_by(Ticket.kind)).all()}
    return {kind: dict(zip(("open", "late", "closed"), map(int, found.get(kind, (0, 0, 0))))) for kind in KINDS}


def opinions_by_month(session: Session) -> dict[str, dict[str, int]]:
    """Month (`2026-11`, the newest first, at most twelve) -> how many answered what."""
    rows = session.execute(select(Opinion.month, Opinion.answer, func.count()).group_by(Opinion.month, Opinion.answer)).all()
    by_month: dict[str, Counter] = {}
    for month, answer, count in rows:
        by_month.setdefault(month, Counter())[answer] = count
    return {month: {answer: by_month[month][answer] for answer in OPINIONS} for month in sorted(by_month, reverse=True)[:MONTHS]}
