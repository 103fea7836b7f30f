"""Whatever staff and people do to a ticket, in any order: it is always in a state that makes sense, and a refused step changes nothing."""

import tempfile

import pytest
from cryptography.fernet import Fernet
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select

from casework import people, requests, tickets
from casework.database import Database
from casework.errors import AlreadyOwned, NotAllowed
from casework.models import Base, IntakeRequest, Message, Person, Staff, Ticket, TicketEvent
from casework.sealing import Keyring

REFUSED = (NotAllowed, AlreadyOwned)


class Desk(RuleBasedStateMachine):
    """One person's tickets, two counsellors and a supervisor. The casework is real, on SQLite."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.database = Database(f"sqlite:///{self.folder.name}/casework.sqlite", Keyring({"k1": Fernet.generate_key().decode()}, b"index" * 4))
        with self.database.write() as session:
            Base.metadata.create_all(session.connection())
            self.person = people.meet(session, "web", "a chat").id
            self.staff = [self._account(session, name, role) for name, role in (("Arta", "counsellor"), ("Blerim", "counsellor"), ("Sue", "supervisor"))]

    def _account(self, session, name, role):
        account = Staff(name=name, role=role, password_hash="x")
        session.add(account)
        session.flush()
        return account.id

    def teardown(self):
        self.database.close()
        self.folder.cleanup()

    def _step(self, does, who=None):
        """Take a step in a transaction of its own; a refused one must leave everything as it was."""
        before = self._all()
        try:
            with self.database.write() as session:
                does(session, session.get(Staff, who) if who else None)
        except REFUSED:
            assert self._all() == before

    def _all(self):
        with self.database.read() as session:
            rows = session.execute(select(Ticket.id, Ticket.state, Ticket.owner_id, Ticket.contact, Ticket.closed_at).order_by(Ticket.id)).all()
            stages = session.execute(select(IntakeRequest.id, IntakeRequest.stage, IntakeRequest.appointment_at).order_by(IntakeRequest.id)).all()
            return rows, stages, session.scalar(select(func.count()).select_from(TicketEvent)), session.scalar(select(func.count()).select_from(Message))

    def _some(self, session, choose):
        found = session.scalars(select(Ticket).order_by(Ticket.created_at, Ticket.id)).all()
        return found[choose % len(found)].id

    @initialize()
    def begins(self):
        self._step(lambda session, _: tickets.open_ticket(session, session.get(Person, self.person), "handover"))

    # --- the person ---

    @rule(kind=st.sampled_from(["handover", "alert", "request"]))
    def opens(self, kind):
        def does(session, _):
            person = session.get(Person, self.person)
            if kind == "request":
                requests.submit(session, person, {"name": "Karim"})
            elif kind == "alert":
                tickets.raise_alert(session, person, "risk_violence")
            else:
                tickets.open_ticket(session, person, kind)

        self._step(does)

    @rule(agreed=st.booleans())
    def answers_contact(self, agreed):
        self._step(lambda session, _: tickets.answer_contact(session, session.get(Person, self.person), agreed))

    @rule()
    def ends_the_talk(self):
        self._step(lambda session, _: tickets.end_by_person(session, session.get(Person, self.person)))

    @rule()
    def takes_back(self):
        self._step(lambda session, _: requests.withdraw(session, session.get(Person, self.person)))

    @rule()
    def adds(self):
        self._step(lambda session, _: requests.add(session, session.get(Person, self.person), "one more thing"))

    # --- staff ---

    @rule(choose=st.integers(0, 9), who=st.integers(0, 2), name=st.sampled_from(["claim", "release", "close"]))
    def works(self, choose, who, name):
        self._step(lambda session, member: getattr(tickets, name)(session, self._some(session, choose), member), self.staff[who])

    @rule(choose=st.integers(0, 9), who=st.integers(0, 2))
    def accepts(self, choose, who):
        self._step(lambda session, member: tickets.accept(session, self._some(session, choose), member, "told"), self.staff[who])

    @rule(choose=st.integers(0, 9), who=st.integers(0, 2))
    def replies(self, choose, who):
        def does(session, member):
            ticket_id = self._some(session, choose)
            alert = tickets.find_open(session, self.person, "alert")
            kind = session.get(Ticket, ticket_id).kind
            tickets.reply(session, ticket_id, member, "Good morning")
            assert kind == "handover" or alert is None or alert.contact == "agreed"  # nobody is written to first against their will

        self._step(does, self.staff[who])

    @rule(choose=st.integers(0, 9), who=st.integers(0, 2), stage=st.sampled_from([*requests.STAGES, "closed", "nonsense"]))
    def sets_a_stage(self, choose, who, stage):
        self._step(lambda session, member: requests.set_stage(session, self._some(session, choose), member, stage, "told"), self.staff[who])

    # --- what always holds ---

    @invariant()
    def every_state_makes_sense(self):
        with self.database.read() as session:
            found = session.scalars(select(Ticket)).all()
            for ticket in found:
                assert (ticket.state == "closed") == (ticket.closed_at is not None)
                assert ticket.state != "open" or ticket.owner_id is None
                assert ticket.state not in ("claimed", "live") or ticket.owner_id is not None
                assert ticket.state != "live" or ticket.kind == "handover"
                if ticket.request:
                    assert (ticket.request.closed_at is None) == (ticket.closed_at is None)
                    assert (ticket.request.stage in ("closed", "withdrawn")) == (ticket.request.closed_at is not None)
            still_open = [ticket.kind for ticket in found if ticket.closed_at is None]
            assert len(still_open) == len(set(still_open))

    @invariant()
    def every_ticket_has_its_history(self):
        with self.database.read() as session:
            for ticket in session.scalars(select(Ticket)):
                events = [event.what for event in tickets.events(session, ticket)]
                assert events[0] == "opened" and events.count("opened") == 1


TestAtRandom = pytest.mark.timeout(200)(Desk.TestCase)
TestAtRandom.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
