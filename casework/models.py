"""The tables of the casework. What they may do is in the use cases beside this file.

Personal text is sealed (see casework/sealing.py); every time is UTC; ids are random and mean nothing elsewhere.
"""

import uuid
from datetime import UTC, datetime

from sqlalchemy import DateTime, ForeignKey, Index, Integer, String, TypeDecorator, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from casework.clock import now
from casework.sealing import Sealed


def new_id() -> str:
    """A random id of 32 hexadecimal digits."""
    return uuid.uuid4().hex


class UtcTime(TypeDecorator):
    """A time in UTC that keeps its zone on SQLite too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect) -> datetime | None:
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect) -> datetime | None:
        return value and (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))


class Base(DeclarativeBase):
    """Base of all tables."""

    type_annotation_map = {datetime: UtcTime}


class Person(Sealed, Base):
    """One private chat on one channel; its id is the conversation id the engine knows. Sealed: address."""

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("channel", "address_index"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    channel: Mapped[str] = mapped_column(String(16))  # web, telegram, console
    address_index: Mapped[str] = mapped_column(String(64))  # blind index of the address on that channel
    language: Mapped[str | None] = mapped_column(String(8))
    language_from: Mapped[str | None] = mapped_column(String(8))  # chosen, written, channel
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_seen_at: Mapped[datetime] = mapped_column(default=now)
    erase_at: Mapped[datetime | None]  # the person asked to be forgotten; done once the last answer has gone out


class Message(Sealed, Base):
    """One line of a conversation, or a note between staff. Sealed: text, payload, buttons, name.

    Incoming states: received -> answering -> answered. Outgoing: pending -> sending -> sent, uncertain or failed.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("person_id", "source_key"),  # a repeated delivery is recognised here
        Index("messages_due", "direction", "state", "not_before"),  # the queues of turns and of deliveries
        Index("messages_thread", "person_id", "id"),  # a conversation in order
        Index("messages_ticket", "ticket_id"),  # what belongs to a ticket
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    ticket_id: Mapped[str | None] = mapped_column(ForeignKey("tickets.id", ondelete="SET NULL"))
    direction: Mapped[str] = mapped_column(String(4))  # in, out, note
    author: Mapped[str] = mapped_column(String(32))  # person, assistant, or the id of a member of staff
    kind: Mapped[str] = mapped_column(String(16))  # text, button, command, other
    source_key: Mapped[str | None] = mapped_column(String(80))  # the channel's own id of an incoming message
    reply_to: Mapped[int | None]  # the incoming message this answers
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime] = mapped_column(default=now)
    lease_until: Mapped[datetime | None]
    channel_key: Mapped[str | None] = mapped_column(String(40))  # the channel's id of what was sent
    created_at: Mapped[datetime] = mapped_column(default=now)
    done_at: Mapped[datetime | None]


class Consent(Base):
    """Leave given for one purpose (pre-check, request, handover), with the version of the notice shown."""

    __tablename__ = "consents"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(16))
    version: Mapped[str] = mapped_column(String(24))
    language: Mapped[str] = mapped_column(String(8))
    given_at: Mapped[datetime] = mapped_column(default=now)
    withdrawn_at: Mapped[datetime | None]


class Draft(Sealed, Base):
    """The answers of an unfinished form, which wait here and not in the engine. Sealed: the answers."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("person_id", "form"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    form: Mapped[str] = mapped_column(String(32))
    updated_at: Mapped[datetime] = mapped_column(default=now)
    expired: Mapped[bool] = mapped_column(default=False)  # the answers are gone; the person has not been told yet


class IntakeRequest(Sealed, Base):
    """A person's intake request. Sealed: all answers, the pre-check's if it came along, additions, the appointment's place."""

    __tablename__ = "requests"
    __table_args__ = (
        # one open request per chat, whatever happens at the same moment
        Index("requests_one_open", "person_id", unique=True, sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL")),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    stage: Mapped[str] = mapped_column(String(16), default="received")
    country: Mapped[str | None] = mapped_column(String(2))  # ISO 3166, where it could be told
    appointment_at: Mapped[datetime | None]
    remind_at: Mapped[datetime | None]  # when the person is to be reminded of it; none once that is done
    opinion: Mapped[str] = mapped_column(String(8), default="unasked")  # unasked, asked, told: what was told is only counted
    created_at: Mapped[datetime] = mapped_column(default=now)
    closed_at: Mapped[datetime | None]


class Ticket(Base):
    """What a counsellor works on: a request, a handover, an alert or a complaint."""

    __tablename__ = "tickets"
    __table_args__ = (
        # repeated alerts join the open one; so do repeated calls for a counsellor
        Index("tickets_one_open", "person_id", "kind", unique=True, sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL")),
        Index("tickets_queue", "closed_at", "kind", "created_at"),  # the desk's queue
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(10))  # request, handover, alert, complaint
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    request_id: Mapped[str | None] = mapped_column(ForeignKey("requests.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(8), default="open")  # open, claimed, live, closed
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    language: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(40), default="")  # of an alert: the risk_* topic
    contact: Mapped[str] = mapped_column(String(8), default="unasked")  # of an alert: unasked, agreed, refused
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    raised_at: Mapped[datetime | None]  # it waited longer than was promised
    closed_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
    request: Mapped[IntakeRequest | None] = relationship()
    owner: Mapped["Staff | None"] = relationship()


class Doubt(Base):
    """A message that may signal danger: the person was asked, and has not said yet. No answer becomes an alert."""

    __tablename__ = "doubts"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(String(40))  # the risk_* topic it may be
    asked_at: Mapped[datetime] = mapped_column(default=now)


class TicketEvent(Base):
    """Who did what to a ticket, when. Append-only, without personal text."""

    __tablename__ = "ticket_events"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    what: Mapped[str] = mapped_column(String(24))
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    detail: Mapped[str] = mapped_column(String(80), default="")


class Staff(Base):
    """A member of staff: counsellor, supervisor, trainer or admin."""

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    role: Mapped[str] = mapped_column(String(12))
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


class Invitation(Base):
    """A one-time link to make a desk account. Only a hash of its secret is kept."""

    __tablename__ = "invitations"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str] = mapped_column(String(12))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Erasure(Base):
    """That somebody's data was erased: how much and when, and nothing about whom."""

    __tablename__ = "erasures"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(default=now)
    messages: Mapped[int]
    tickets: Mapped[int]


class Access(Base):
    """That a member of staff opened a ticket's page. It outlives the ticket, whose id then means nothing any more."""

    __tablename__ = "accesses"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    ticket_id: Mapped[str] = mapped_column(String(32), index=True)


class Opinion(Base):
    """Whether the help reached somebody in the way they needed: an answer and its month, and nothing about whose."""

    __tablename__ = "opinions"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    month: Mapped[str] = mapped_column(String(7))  # 2026-11
    answer: Mapped[str] = mapped_column(String(8))  # yes, partly, no


class Lease(Base):
    """Timed work that one process at a time may do."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder: Mapped[str] = mapped_column(String(40))
    until: Mapped[datetime]
