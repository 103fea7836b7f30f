"""Tickets: one row of state plus append-only events. Transitions are safe when two counsellors press at once.

    open --claim--> claimed --release--> open
    open, claimed --accept (handovers)--> live --end--> closed
    open, claimed --close--> closed

A claim gives the ticket an owner, no more. Only a live handover silences the assistant.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from casework.clock import now
from casework.database import LOCKED
from casework.errors import AlreadyOwned, NotAllowed, NotFound
from casework.messages import send
from casework.models import Message, Person, Staff, Ticket, TicketEvent

CHILD = "risk_unaccompanied_child"
KINDS = ("alert", "handover", "request", "complaint")


def may_be_told(session: Session, person_id: str) -> bool:
    """Whether the person may be written to first: not while an alert is open and they did not agree to be contacted."""
    alert = find_open(session, person_id, "alert")
    return alert is None or alert.contact == "agreed"


def tell(session: Session, ticket: Ticket, data: Mapping[str, Any], author: str = "assistant") -> bool:
    """Write to the ticket's person first, if that may be; returns whether it was. What is not told is noted for staff."""
    if may_be_told(session, ticket.person_id):
        send(session, ticket.person, data, author=author, ticket_id=ticket.id)
        return True
    note_event(session, ticket, "not told: alert")
    return False


def open_ticket(session: Session, person: Person, kind: str, reason: str = "") -> Ticket:
    """The person's open ticket of this kind, made when there is none."""
    session.get(Person, person.id, with_for_update=LOCKED)
    ticket = find_open(session, person.id, kind)
    if ticket is None:
        ticket = Ticket(kind=kind, person_id=person.id, language=person.language or "en", reason=reason)
        session.add(ticket)
        session.flush()
        note_event(session, ticket, "opened", detail=reason)
    return ticket


def find_open(session: Session, person_id: str, kind: str) -> Ticket | None:
    """The person's open ticket of this kind."""
    return session.scalar(select(Ticket).where(Ticket.person_id == person_id, Ticket.kind == kind, Ticket.closed_at.is_(None)))


def raise_alert(session: Session, person: Person, reason: str, message: Message | None = None) -> Ticket:
    """Danger was signalled. Repeated alerts join the open one; a child's message is never attached.

    Args:
        reason: the `risk_*` topic.
        message: the message that raised it, attached unless this is, or was before, `risk_unaccompanied_child`.
    """
    ticket = find_open(session, person.id, "alert")
    if ticket:
        note_event(session, ticket, "danger again", detail=reason)
        ticket.updated_at = now()
        if reason == CHILD:  # from now on this is a child's alert, and carries no message
            ticket.reason = reason
            session.execute(update(Message).where(Message.ticket_id == ticket.id, Message.direction == "in").values(ticket_id=None))
    else:
        ticket = open_ticket(session, person, "alert", reason)
    if message is not None and ticket.reason != CHILD:
        message.ticket_id = message.ticket_id or ticket.id
    return ticket


def answer_contact(session: Session, person: Person, agreed: bool) -> Ticket | None:
    """The person said whether it is safe to write to them about the open alert."""
    ticket = find_open(session, person.id, "alert")
    if ticket:
        ticket.contact = "agreed" if agreed else "refused"
        note_event(session, ticket, "contact agreed" if agreed else "contact refused")
    return ticket


def live_handover(session: Session, person_id: str) -> Ticket | None:
    """The handover in which a counsellor is talking with this person now."""
    ticket = find_open(session, person_id, "handover")
    return ticket if ticket and ticket.state == "live" else None


def waiting_before(session: Session, ticket: Ticket) -> int:
    """How many open tickets of the same kind, with no owner yet, were there before this one."""
    query = select(func.count()).select_from(Ticket).where(Ticket.kind == ticket.kind, Ticket.closed_at.is_(None), Ticket.owner_id.is_(None))
    return session.scalar(query.where(Ticket.created_at < ticket.created_at))


def unanswered(session: Session) -> Sequence[Ticket]:
    """Open requests and handovers that no member of staff has written to yet, and that were not raised."""
    written = select(Message.id).where(Message.ticket_id == Ticket.id, Message.direction == "out", Message.author != "assistant")
    query = select(Ticket).where(Ticket.kind.in_(("request", "handover")), Ticket.closed_at.is_(None), Ticket.raised_at.is_(None))
    return session.scalars(query.where(Ticket.state != "live", ~written.exists()).with_for_update(skip_locked=True)).all()


def raise_late(session: Session, ticket: Ticket, told: Mapping[str, Any]) -> None:
    """The ticket waited longer than was promised: it goes up in the queue, and the person is told (`text`, `buttons`)."""
    ticket.raised_at = now()
    note_event(session, ticket, "waited too long")
    tell(session, ticket, told)


# --- what counsellors do -------------------------------------------------------------------------------------------


def queue(session: Session, staff: Staff, view: str = "open") -> Sequence[Ticket]:
    """Tickets this member of staff may see: alerts first, then what has waited too long, then the oldest of each kind.

    Args:
        view: `open` (all that is not closed), `mine`, `unassigned` or `closed` (the newest hundred).
    """
    query = select(Ticket)
    if staff.role not in ("supervisor", "admin"):
        query = query.where(Ticket.kind != "complaint")
    if view == "closed":
        return session.scalars(query.where(Ticket.closed_at.is_not(None)).order_by(Ticket.closed_at.desc()).limit(100)).all()
    query = query.where(Ticket.closed_at.is_(None))
    if view == "mine":
        query = query.where(Ticket.owner_id == staff.id)
    if view == "unassigned":
        query = query.where(Ticket.owner_id.is_(None))
    urgency = case((Ticket.kind == "alert", 0), (Ticket.raised_at.is_not(None), 1), else_=2)
    kind = case({kind: place for place, kind in enumerate(KINDS)}, value=Ticket.kind)
    return session.scalars(query.order_by(urgency, kind, Ticket.created_at)).all()


def look_at(session: Session, ticket_id: str, staff: Staff) -> Ticket:
    """The ticket, if this member of staff may see it.

    Raises:
        NotFound: no such ticket, or a complaint, which only supervisors see.
    """
    ticket = session.get(Ticket, ticket_id, with_for_update=LOCKED)
    if ticket is None or (ticket.kind == "complaint" and staff.role not in ("supervisor", "admin")):
        raise NotFound(ticket_id)
    return ticket


def claim(session: Session, ticket_id: str, staff: Staff) -> Ticket:
    """Make `staff` the owner of an open ticket; claiming one's own again changes nothing.

    Raises:
        AlreadyOwned: somebody else was quicker.
        NotAllowed: the ticket is closed.
    """
    ticket = look_at(session, ticket_id, staff)
    must(ticket.closed_at is None)
    if ticket.owner_id not in (None, staff.id):
        raise AlreadyOwned(ticket.owner_id)
    if ticket.owner_id is None:
        ticket.owner_id, ticket.state = staff.id, "claimed"
        note_event(session, ticket, "claimed", staff)
    return ticket


def release(session: Session, ticket_id: str, staff: Staff) -> Ticket:
    """Give a claimed ticket back to the queue."""
    ticket = owned(session, ticket_id, staff)
    must(ticket.state == "claimed")
    ticket.owner_id, ticket.state = None, "open"
    note_event(session, ticket, "released", staff)
    return ticket


def accept(session: Session, ticket_id: str, staff: Staff, told: str, buttons: Sequence[dict[str, str]] = ()) -> Ticket:
    """Begin the live conversation of a handover: from now on the assistant is silent and the person knows it.

    Args:
        told: the sentence that tells the person so, in their language.
        buttons: what the person may press below it, to end the talk.

    Raises:
        AlreadyOwned, NotAllowed: as for :func:`claim`; only a handover can be accepted, and once.
    """
    ticket = claim(session, ticket_id, staff)
    must(ticket.kind == "handover" and ticket.state != "live")
    ticket.state = "live"
    note_event(session, ticket, "accepted", staff)
    send(session, ticket.person, {"text": told, "buttons": list(buttons)}, ticket_id=ticket.id)
    return ticket


def reply(session: Session, ticket_id: str, staff: Staff, text: str) -> Message:
    """Write to the person, through the same chat.

    Raises:
        NotAllowed: see :func:`may_reply`, or the text is empty or longer than 4,000 characters.
    """
    ticket = owned(session, ticket_id, staff)
    must(may_reply(session, ticket, staff) and 0 < len(text.strip()) <= 4000)
    note_event(session, ticket, "replied", staff)
    return send(session, ticket.person, {"text": text.strip()}, author=staff.id, ticket_id=ticket.id)


def may_reply(session: Session, ticket: Ticket, staff: Staff) -> bool:
    """Whether there is a reply box: on one's own open ticket; a handover must be live.

    On an alert, and on a request while an alert is open, the person must have agreed to be contacted.
    """
    if ticket.owner_id != staff.id or ticket.closed_at is not None:
        return False
    return ticket.state == "live" if ticket.kind == "handover" else may_be_told(session, ticket.person_id)


def add_note(session: Session, ticket_id: str, staff: Staff, text: str) -> Message:
    """Keep a note for colleagues. The person never sees it."""
    ticket = look_at(session, ticket_id, staff)
    must(0 < len(text.strip()) <= 4000)
    note = Message(
        person_id=ticket.person_id, ticket_id=ticket.id, direction="note", author=staff.id, kind="text", state="kept"
    )
    note.seal(session.info["keyring"], {"text": text.strip()})
    session.add(note)
    note_event(session, ticket, "noted", staff)
    return note


def close(session: Session, ticket_id: str, staff: Staff, told: str | None = None) -> Ticket:
    """End the work on a ticket; of a live handover: hand the person back to the assistant.

    Args:
        told: the sentence that tells the person. About an alert, and about a request while one is open, nothing is told
            unless the person agreed to contact.
    """
    ticket = look_at(session, ticket_id, staff)
    must(ticket.closed_at is None and (ticket.owner_id == staff.id or staff.role in ("supervisor", "admin")))
    _end(session, ticket, "handed back" if ticket.state == "live" else "closed", staff)
    agreed = ticket.contact == "agreed" if ticket.kind == "alert" else ticket.kind == "handover" or may_be_told(session, ticket.person_id)
    if told and agreed:
        send(session, ticket.person, {"text": told}, ticket_id=ticket.id)
    return ticket


def end_by_person(session: Session, person: Person) -> Ticket | None:
    """The person ends the live handover; the assistant answers again. None if there is none."""
    ticket = live_handover(session, person.id)
    if ticket:
        _end(session, ticket, "ended by the person")
    return ticket


def note_event(session: Session, ticket: Ticket, what: str, staff: Staff | None = None, detail: str = "") -> None:
    """Append to the ticket's history. `detail` never holds personal text."""
    session.add(TicketEvent(ticket_id=ticket.id, what=what, staff_id=staff and staff.id, detail=detail))
    ticket.updated_at = now()


def events(session: Session, ticket: Ticket) -> Sequence[TicketEvent]:
    """The ticket's history, oldest first."""
    return session.scalars(select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id)).all()


def _end(session: Session, ticket: Ticket, what: str, staff: Staff | None = None) -> None:
    ticket.state, ticket.closed_at = "closed", now()
    if ticket.request and ticket.request.closed_at is None:
        ticket.request.stage, ticket.request.closed_at = "closed", ticket.closed_at
    note_event(session, ticket, what, staff)


def owned(session: Session, ticket_id: str, staff: Staff) -> Ticket:
    """The open ticket, if it is this member of staff's own. Raises NotAllowed."""
    ticket = look_at(session, ticket_id, staff)
    must(ticket.owner_id == staff.id and ticket.closed_at is None)
    return ticket


def must(permitted: bool) -> None:
    """Raise NotAllowed unless `permitted`."""
    if not permitted:
        raise NotAllowed
