"""The queue: order, tabs, and nothing personal."""

import re


def order(page):
    return re.findall(r'/desk/tickets/(\w+)"', page.text)


def test_alerts_come_first_then_handovers_then_the_oldest(signed_in, casework):
    request, _ = casework.request(name="Karim")
    first, second = casework.ticket("handover"), casework.ticket("handover")
    alert = casework.ticket("alert", reason="risk_violence")
    assert order(signed_in().get("/desk")) == [alert, first, second, request]


def test_the_tabs(signed_in, casework):
    mine, free, closed = casework.ticket("handover"), casework.ticket("handover"), casework.ticket("handover")
    desk = signed_in()
    desk.step(mine, "claim"), desk.step(closed, "claim"), desk.step(closed, "close")
    shown = {view: order(desk.get(f"/desk/queue?view={view}")) for view in ("open", "mine", "unassigned", "closed")}
    assert shown == {"open": [mine, free], "mine": [mine], "unassigned": [free], "closed": [closed]}
    assert order(desk.get("/desk?view=nonsense")) == [mine, free]


def test_a_row_tells_kind_reason_language_and_nothing_personal(signed_in, casework):
    casework.ticket("alert", "he beats me in room 12", "risk_violence", "ar")
    _, reference = casework.request(name="Karim", phone="+38344123456")
    page = signed_in().get("/desk").text
    assert "Somebody hurts them" in page and "العربية" in page and reference in page and "nobody yet" in page
    assert "room 12" not in page and "Karim" not in page and "44123456" not in page


def test_the_title_counts_alerts_nobody_has_claimed(signed_in, casework):
    alert = casework.ticket("alert", reason="risk_self_harm")
    casework.ticket("alert", reason="risk_violence")
    desk = signed_in()
    assert "<title>(2) " in desk.get("/desk").text
    desk.step(alert, "claim")
    assert 'data-alerts="1"' in desk.get("/desk/queue?view=mine").text


def test_the_banner_stands_while_texts_are_drafts(signed_in, settings):
    desk = signed_in()
    assert "Texts are drafts" in desk.get("/desk").text
    settings.show_drafts = False
    assert "Texts are drafts" not in desk.get("/desk").text
