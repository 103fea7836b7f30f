"""One ticket, step by step."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from cryptography.fernet import Fernet

from casework.models import Message
from casework.sealing import Keyring

REPLY_BOX = 'id="reply"'


def test_claim_accept_reply_and_hand_back(signed_in, casework):
    ticket, desk = casework.ticket("handover", "I need help"), signed_in("Ana")
    assert REPLY_BOX not in desk.ticket(ticket).text
    desk.step(ticket, "claim")
    assert "Accept the handover to write" in desk.ticket(ticket).text
    desk.step(ticket, "accept")
    assert "I need help" in desk.ticket(ticket).text and REPLY_BOX in desk.ticket(ticket).text
    assert desk.step(ticket, "reply", text="  Hello,\r\nI am Ana ").status_code == 303
    desk.step(ticket, "close")
    ana = casework.state(ticket)[1]
    assert casework.outbox(ticket) == [
        ("assistant", "pending", "utter_handover_accepted"),
        (ana, "pending", "Hello,\nI am Ana"),
        ("assistant", "pending", "utter_handover_ended"),
    ]
    page = desk.ticket(ticket).text
    assert "on its way" in page and "handed back" in page and REPLY_BOX not in page


def test_two_counsellors_press_claim(signed_in, casework):
    ticket, ana, ben = casework.ticket("request"), signed_in("Ana"), signed_in("Ben")
    assert ana.step(ticket, "claim").status_code == 303
    late = ben.step(ticket, "claim")
    assert late.status_code == 409 and "Somebody else has claimed this ticket" in late.text
    assert "works on this ticket" in ben.ticket(ticket).text


def test_two_counsellors_press_accept_at_the_same_moment(signed_in, casework):
    ticket, desks = casework.ticket("handover"), [signed_in(name) for name in ("Ana", "Ben", "Cem")]
    together = Barrier(len(desks))

    def press(desk):
        token = re.search(r'name="csrf" value="([^"]+)"', desk.ticket(ticket).text)[1]
        together.wait()
        return desk.client.post(f"/desk/tickets/{ticket}/accept", data={"csrf": token}, follow_redirects=False).status_code

    with ThreadPoolExecutor() as threads:
        assert sorted(threads.map(press, desks)) == [303, 409, 409]
    assert len(casework.outbox(ticket)) == 1  # the person is told once


def test_a_released_ticket_is_free_again(signed_in, casework):
    ticket, desk = casework.ticket("request"), signed_in()
    desk.step(ticket, "claim"), desk.step(ticket, "release")
    assert casework.state(ticket) == ("open", None)


def test_a_form_that_is_sent_twice_is_written_once(signed_in, casework):
    ticket, desk = casework.ticket("request"), signed_in()
    desk.step(ticket, "claim")
    for _ in range(2):
        assert desk.step(ticket, "reply", text="Good morning", once="the same form").status_code == 303
    assert [text for _, _, text in casework.outbox(ticket)] == ["Good morning"]
    desk.step(ticket, "reply", text="Good morning")
    assert len(casework.outbox(ticket)) == 2


def test_a_reply_that_is_refused_is_not_lost(signed_in, casework):
    ticket, desk = casework.ticket("handover"), signed_in()
    desk.step(ticket, "accept")
    casework.person_ends(ticket)
    refused = desk.step(ticket, "reply", text="My long <answer>")
    assert refused.status_code == 409 and "My long &lt;answer&gt;" in refused.text and "not</strong> sent" in refused.text


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001])
def test_an_empty_or_endless_reply_is_refused(signed_in, casework, text):
    ticket, desk = casework.ticket("request"), signed_in()
    desk.step(ticket, "claim")
    assert desk.step(ticket, "reply", text=text).status_code == 409
    assert casework.outbox(ticket) == []


def test_an_alert_has_no_reply_box_until_the_person_agrees(signed_in, casework):
    ticket, desk = casework.ticket("alert", "he beats me", "risk_violence"), signed_in()
    desk.step(ticket, "claim")
    page = desk.ticket(ticket).text
    assert "he beats me" in page and REPLY_BOX not in page
    assert "has not yet agreed to be contacted: no reply box" in page
    assert desk.step(ticket, "reply", text="Are you well?").status_code == 409
    casework.contact(ticket, False)
    assert "asked not to be contacted" in desk.ticket(ticket).text and REPLY_BOX not in desk.ticket(ticket).text
    casework.contact(ticket, True)
    assert REPLY_BOX in desk.ticket(ticket).text
    assert desk.step(ticket, "reply", text="Are you well?").status_code == 303


@pytest.mark.parametrize("agreed, told", [(True, ["utter_alert_closed"]), (False, [])])
def test_about_a_closed_alert_only_those_are_told_who_agreed(signed_in, casework, agreed, told):
    ticket, desk = casework.ticket("alert", reason="risk_violence"), signed_in()
    casework.contact(ticket, agreed)
    desk.step(ticket, "claim"), desk.step(ticket, "close")
    assert [text for _, _, text in casework.outbox(ticket)] == told


def test_a_childs_alert_says_why_there_are_no_words(signed_in, casework, database):
    ticket = casework.ticket("alert", reason="risk_unaccompanied_child")
    with database.write() as session:
        session.query(Message).update({"ticket_id": None})
    assert "never attached" in signed_in().ticket(ticket).text


def test_a_request_shows_its_answers(signed_in, casework):
    ticket, reference = casework.request(name="Karim", country="MA", country_written="المغرب", contact="chat", note="<b>ill</b>")
    desk = signed_in()
    page = desk.ticket(ticket).text
    assert reference in page and "Karim" in page and "المغرب" in page and "&lt;b&gt;ill" in page and "Phone" not in page
    desk.step(ticket, "claim"), desk.step(ticket, "close")
    assert casework.outbox(ticket) == [("assistant", "pending", "utter_request_closed")]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "\u202eevil <i>", "{{ 7 * 7 }}"])
def test_what_people_write_is_text_and_nothing_else(signed_in, casework, text):
    ticket = casework.ticket("handover", text)
    desk = signed_in()
    for page in (desk.ticket(ticket).text, desk.get(f"/desk/tickets/{ticket}/thread").text):
        assert "<script>alert" not in page and "<img" not in page and "<i>" not in page
        # each message is an element of its own direction, so an override ends with it
        assert '<p class="text" dir="auto">' in page
        shown = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;")
        assert shown in page


def test_a_note_is_for_colleagues_only(signed_in, casework):
    ticket, ana, ben = casework.ticket("handover"), signed_in("Ana"), signed_in("Ben")
    assert ana.step(ticket, "note", text="Speaks French too").status_code == 303
    assert "Speaks French too" in ben.ticket(ticket).text and casework.outbox(ticket) == []


@pytest.mark.parametrize("state, words", [("uncertain", "may not have arrived"), ("failed", "it did not arrive"), ("sent", "sent</span>")])
def test_the_thread_tells_what_became_of_a_reply(signed_in, casework, database, state, words):
    ticket, desk = casework.ticket("request"), signed_in()
    desk.step(ticket, "claim"), desk.step(ticket, "reply", text="Hello")
    with database.write() as session:
        session.query(Message).filter_by(direction="out").update({"state": state})
    assert words in desk.get(f"/desk/tickets/{ticket}/thread").text


def test_a_row_sealed_with_a_lost_key_does_not_hide_the_others(signed_in, casework, database):
    ticket, desk = casework.ticket("request", "readable words"), signed_in()
    desk.step(ticket, "note", text="lost words")
    with database.write() as session:
        note = session.query(Message).filter_by(direction="note").one()
        note.seal(Keyring({"gone": Fernet.generate_key().decode()}, b"another index key"), {"text": "lost words"})
    page = desk.ticket(ticket)
    assert page.status_code == 200 and "readable words" in page.text and "key this desk does not have" in page.text


def test_an_unknown_ticket(signed_in):
    page = signed_in().ticket("0" * 32)
    assert page.status_code == 404 and "There is no such ticket" in page.text
