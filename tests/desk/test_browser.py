"""The pages in a real browser: phone and desktop, left-to-right and right-to-left."""

import os
import time
from pathlib import Path

import pytest

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PHONE, SMALL, DESKTOP = {"width": 360, "height": 740}, {"width": 320, "height": 568}, {"width": 1280, "height": 800}
ARABIC = {
    "chat_title": "أسئلة عن العودة الطوعية",
    "chat_leave": "مغادرة الصفحة",
    "chat_emergency_line": "في خطر الآن؟ رقم الطوارئ 112",
    "chat_welcome": "أهلا وسهلا. هنا يمكنك السؤال عن العودة إلى بلدك باختيارك.",
    "chat_message": "اكتب سؤالك هنا",
    "chat_send": "إرسال",
    "chat_not_sent": "لم تُرسل. اضغط للمحاولة مرة أخرى",
}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def chromium():
    if not CHROMIUM.exists() and os.environ.get("REQUIRE_ALL") != "1":
        pytest.skip(f"{CHROMIUM} is not installed (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium):
    """A function: a page in a browser of its own, where a script error fails the test."""
    contexts, errors = [], []

    def new(viewport, **more):
        context = chromium.new_context(viewport=viewport, **more)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
        return page

    yield new
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def content(content):
    content.words["ar"] = ARABIC
    return content


@pytest.fixture
def site(serve, app):
    return serve(app)


def wait_for_count(page, selector, count):
    page.wait_for_selector(f":nth-match({selector}, {count})")


def write(page, text):
    page.fill("#text", text)
    page.press("#text", "Enter")


def test_the_arabic_chat_on_a_phone_reads_right_to_left_and_fits(open_page, site):
    page = open_page(PHONE, locale="ar")
    page.goto(f"{site}/chat")
    assert page.evaluate("[document.documentElement.dir, getComputedStyle(document.body).direction]") == ["rtl", "rtl"]
    write(page, "مرحبا " * 30 + "https://example.org/" + "x" * 200)
    page.wait_for_selector(".bot .choices button")
    assert page.evaluate(OVERFLOW) == 0
    mine, answer = page.locator(".mine").bounding_box(), page.locator("#log .bot").last.bounding_box()
    assert mine["x"] < answer["x"] and answer["x"] + answer["width"] > PHONE["width"] - 30


@pytest.mark.parametrize("viewport", [SMALL, PHONE, DESKTOP], ids=["320", "360", "1280"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_chat_fits_and_everything_to_touch_is_large_enough(open_page, site, viewport, language):
    page = open_page(viewport)
    page.goto(f"{site}/chat?lang={language}")
    write(page, "hello")
    page.wait_for_selector(".bot .choices button")
    assert page.evaluate(OVERFLOW) == 0
    for element in page.locator("button:visible, select, textarea, #leave, .emergency a").all():
        assert element.bounding_box()["height"] >= 44, element.evaluate("e => e.outerHTML")
    assert page.locator("#send").bounding_box()["y"] + 44 <= viewport["height"]


def test_only_the_buttons_of_the_newest_answer_look_alive(open_page, site, conversation):
    page = open_page(PHONE)
    page.goto(f"{site}/chat")
    write(page, "first")
    page.click("#log .choices button")
    wait_for_count(page, "#log .choices", 2)
    assert page.evaluate("[...document.querySelectorAll('#log .choices')].map(c => c.classList.contains('old'))") == [True, False]
    page.locator("#log .choices.old button").click()  # an old one may still be pressed
    wait_for_count(page, "#log .choices", 3)
    assert [call[2:4] for call in conversation.calls if call[0] == "receive"][1:] == [("button", {"payload": "b1.0"})] * 2


def keys_of(conversation, text):
    return [call[1] for call in conversation.calls if call[0] == "receive" and call[3] == {"text": text}]


def test_a_message_waits_for_the_line_and_goes_by_itself(open_page, site, conversation):
    page = open_page(PHONE, locale="ar")
    page.goto(f"{site}/chat")
    write(page, "one")
    page.wait_for_selector("text=Echo: one")
    page.context.set_offline(True)
    write(page, "two")
    write(page, "three")
    page.wait_for_selector(f"text={ARABIC['chat_not_sent']}")
    page.context.set_offline(False)
    page.wait_for_selector("text=Echo: three")
    assert page.locator(".state").count() == 0
    assert page.evaluate("[...document.querySelectorAll('.mine > p')].map(p => p.textContent)") == ["one", "two", "three"]


def test_an_answer_that_was_lost_on_the_way_is_asked_for_again(open_page, site, conversation):
    page = open_page(PHONE)
    page.goto(f"{site}/chat")
    conversation.breaks = True  # the message is stored, but its sender hears nothing of it
    write(page, "one")
    page.wait_for_selector("text=chat_not_sent")
    conversation.breaks = False
    page.wait_for_selector("text=Echo: one")
    assert len(keys_of(conversation, "one")) > 1 and len(set(keys_of(conversation, "one"))) == 1


def test_what_was_refused_is_sent_again_by_a_tap(open_page, site, conversation):
    page = open_page(PHONE)
    page.goto(f"{site}/chat")
    page.route("**/chat/messages", lambda route: route.fulfill(status=413, body="{}"))
    write(page, "one")
    page.wait_for_selector("text=chat_not_sent")
    page.unroute("**/chat/messages")
    page.click(".state")
    page.wait_for_selector("text=Echo: one")


def test_what_waits_survives_a_reload(open_page, site, conversation):
    page = open_page(PHONE)
    page.goto(f"{site}/chat")
    conversation.breaks = True
    write(page, "one")
    page.wait_for_selector("text=chat_not_sent")
    conversation.breaks = False
    page.reload()
    page.wait_for_selector("text=Echo: one")
    assert page.locator(".mine").count() == 1


def test_what_is_written_before_the_page_has_come_up_is_sent_once(open_page, site, conversation):
    page = open_page(PHONE)
    page.route("**/chat/history", lambda route: (time.sleep(0.5), route.continue_()))
    page.goto(f"{site}/chat", wait_until="commit")
    page.wait_for_selector("#send:enabled")
    write(page, "one")
    write(page, "two")
    page.wait_for_selector("text=Echo: two")
    assert page.locator(".mine").count() == 2
    assert [call[3]["text"] for call in conversation.calls if call[0] == "receive"] == ["one", "two"]


def test_what_is_written_before_the_script_has_come_waits_for_it(open_page, site, conversation):
    page = open_page(PHONE)
    held = []
    page.route("**/chat.js*", lambda route: held.append(route))
    page.goto(f"{site}/chat", wait_until="commit")
    page.wait_for_selector("#send:disabled")
    write(page, "one")
    page.click("#send", force=True)
    assert page.input_value("#text").strip() == "one" and not conversation.calls
    held[0].continue_()
    page.wait_for_selector("#send:enabled")
    page.click("#send")
    page.wait_for_selector("text=Echo: one")
    assert [call[3]["text"] for call in conversation.calls if call[0] == "receive"] == ["one"]


def test_a_session_that_has_gone_is_begun_again(open_page, site, conversation):
    page = open_page(PHONE)
    page.goto(f"{site}/chat")
    write(page, "one")
    page.wait_for_selector("text=Echo: one")
    conversation.people.clear()
    write(page, "two")
    page.wait_for_selector("text=Echo: two")


def test_what_is_answered_is_text_and_nothing_else(open_page, site):
    page = open_page(PHONE)
    page.goto(f"{site}/chat")
    write(page, "<img src=x onerror=alert(1)> https://example.org/a.")
    page.wait_for_selector("#log .choices")
    assert page.locator("#log img").count() == 0
    assert page.locator("#log .bot a").get_attribute("href") == "https://example.org/a"


def test_a_reload_shows_the_conversation_and_a_new_visit_asks_first(open_page, site):
    page = open_page(PHONE)
    page.goto(f"{site}/chat")
    write(page, "private words")
    page.wait_for_selector("text=Echo: private words")
    page.reload()
    page.wait_for_selector("text=Echo: private words")
    visit = page.context.new_page()  # somebody else with the same phone, or the same person tomorrow
    visit.goto(f"{site}/chat")
    visit.wait_for_selector("#before:visible")
    assert "private words" not in visit.inner_text("body")
    visit.click("#continue")
    visit.wait_for_selector("text=Echo: private words")


def test_starting_anew_leaves_the_old_conversation_closed(open_page, site):
    page = open_page(PHONE)
    page.goto(f"{site}/chat")
    write(page, "private words")
    page.wait_for_selector("text=Echo: private words")
    visit = page.context.new_page()
    visit.goto(f"{site}/chat")
    visit.click("#anew")
    visit.wait_for_selector("#before", state="hidden")
    write(visit, "other words")
    visit.wait_for_selector("text=Echo: other words")
    visit.reload()
    visit.wait_for_selector("text=Echo: other words")
    assert "private words" not in visit.inner_text("body")


def test_leaving_clears_the_page_and_the_way_back_shows_nothing(open_page, site):
    page = open_page(PHONE)
    page.route("https://www.wikipedia.org/**", lambda route: route.fulfill(body="neutral"))
    page.goto(f"{site}/chat")
    write(page, "private words")
    page.wait_for_selector("text=Echo: private words")
    page.click("#leave")
    page.wait_for_url("https://www.wikipedia.org/")
    page.go_back()
    assert "private words" not in page.content()
    page.goto(f"{site}/chat")
    page.wait_for_selector("#before:visible")
    assert "private words" not in page.inner_text("body")


def test_another_language_changes_the_page_at_once_and_is_told_with_the_next_message(open_page, site, conversation):
    page = open_page(PHONE, locale="en")
    page.goto(f"{site}/chat")
    page.fill("#text", "half-written")
    page.select_option("#language", "ar")
    page.wait_for_selector("html[dir=rtl]")
    assert page.input_value("#text") == "half-written" and page.inner_text("#title") == ARABIC["chat_title"]
    page.press("#text", "Enter")
    page.wait_for_selector("text=Echo: half-written")
    write(page, "next")
    page.wait_for_selector("text=Echo: next")
    assert [call[4] for call in conversation.calls if call[0] == "receive"][-2:] == ["ar", None]


def test_a_counsellors_words_come_by_themselves(open_page, site, conversation):
    page = open_page(PHONE)
    page.goto(f"{site}/chat")
    write(page, "hello")
    page.wait_for_selector("text=Echo: hello")
    conversation.counsellor_writes("person 0", "I am here now")
    page.wait_for_selector(".counsellor >> text=I am here now")
    assert page.locator("text=Echo: hello").count() == 1


def sign_in(page, site, name="Ana"):
    page.goto(f"{site}/desk")
    page.fill("#name", name)
    page.fill("#password", "a long password")
    page.click("main button")


@pytest.mark.parametrize("viewport", [SMALL, DESKTOP], ids=["phone", "desktop"])
def test_sign_in_open_claim_and_reply(open_page, site, casework, viewport):
    casework.staff("Ana")
    ticket = casework.ticket("handover", "أريد العودة " * 20, language="ar")
    page = open_page(viewport)
    sign_in(page, site)
    assert page.evaluate(OVERFLOW) == 0
    page.click("text=Wants to talk with a counsellor")
    assert page.evaluate("getComputedStyle(document.querySelector('.line.person .text')).direction") == "rtl"
    page.click("text=Accept and talk now")
    page.fill("#reply", "مرحبا")
    page.click("text=Send to the person")
    page.wait_for_selector(".line.staff >> text=مرحبا")
    assert page.input_value("#reply") == "" and page.evaluate(OVERFLOW) == 0
    assert [text for _, _, text in casework.outbox(ticket)] == ["utter_handover_accepted", "مرحبا"]


def test_the_queue_and_the_thread_stay_fresh(open_page, site, casework):
    casework.staff("Ana")
    page = open_page(DESKTOP)
    sign_in(page, site)
    casework.ticket("alert", "words", "risk_violence")
    page.wait_for_selector("text=Somebody hurts them")
    assert page.title().startswith("(1) ") and page.inner_text("#news") == "A new alert is waiting."


def test_a_half_written_reply_survives_a_change_of_the_ticket(open_page, site, casework):
    casework.staff("Ana")
    ticket = casework.ticket("handover")
    page = open_page(DESKTOP)
    sign_in(page, site)
    page.goto(f"{site}/desk/tickets/{ticket}")
    page.click("text=Accept and talk now")
    page.fill("#reply", "half-written")
    casework.person_ends(ticket)
    page.wait_for_selector("#changed:visible")
    page.click("text=Send to the person")
    page.wait_for_selector("text=Here it is again")
    assert page.input_value(".unsent") == "half-written"


def test_the_secret_of_a_join_link_stays_out_of_the_address(open_page, site, casework):
    page = open_page(DESKTOP)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    secret = casework.invitation()
    page.goto(f"{site}/desk/join#{secret}")
    assert page.url == f"{site}/desk/join"
    page.fill("#name", "Ana")
    page.fill("#password", "a long password")
    page.click("main button")
    page.wait_for_selector("text=Tickets")
    assert not any(secret in address for address in asked)
