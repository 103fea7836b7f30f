"""The whole way in a real browser: a person asks in Arabic on a phone, a counsellor answers at the desk, the person reads it."""

import os
from pathlib import Path

import pytest
from dialogue import plant

from casework import staff

CHROMIUM = Path("/usr/bin/chromium")
PASSWORD = plant("a long password of this test")
REPLY = plant("مرحبا، وصلنا طلبك ونكتب لك غدا")


@pytest.fixture(scope="module")
def chromium():
    """Debian's Chromium."""
    if not CHROMIUM.exists() and os.environ.get("REQUIRE_ALL") != "1":
        pytest.skip("Chromium is absent: not tested")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


class Phone:
    """The chat page on a phone that speaks Arabic."""

    def __init__(self, house, chromium):
        self.house = house
        self.page = chromium.new_context(viewport={"width": 360, "height": 740}, locale="ar").new_page()
        self.page.goto(f"{house.settings.desk_url}/chat")

    def says(self, text):
        """Write a message and wait for what is answered."""
        return self._and_waits(lambda: (self.page.fill("#text", plant(text)), self.page.press("#text", "Enter")))

    def presses(self, phrase):
        """Press a button of the newest answer."""
        title = self.house.content.phrase(phrase, "ar")
        return self._and_waits(lambda: self.page.get_by_role("button", name=title, exact=True).last.click())

    def _and_waits(self, does):
        count = self.page.locator("#log .bot").count()
        does()
        self.page.wait_for_selector(f":nth-match(#log .bot, {count + 1})")
        return self


def test_a_request_reaches_the_desk_and_the_reply_reaches_the_phone(house, chromium):
    with house.database.write() as session:
        staff.add_staff(session, plant("Arta of the browser"), "counsellor", PASSWORD)
    phone = Phone(house, chromium)
    phone.says("اريد العودة الى بلدي").presses("button_agree").says("ليلى المزروعة").says("العراق")
    phone.presses("button_skip").says("1").says("0").presses("button_this_chat").says("عربي").presses("button_morning")
    phone.presses("button_needs_none").presses("button_no_note").presses("button_send")

    desk = chromium.new_context(viewport={"width": 1280, "height": 800}).new_page()
    desk.goto(f"{house.settings.desk_url}/desk")
    desk.fill("#name", "Arta of the browser")
    desk.fill("#password", PASSWORD)
    desk.click("main button")
    desk.locator("a", has_text="Intake request").last.click()
    desk.wait_for_selector("text=ليلى المزروعة")
    desk.get_by_role("button", name="Claim", exact=True).click()
    desk.fill("#reply", REPLY)
    desk.get_by_role("button", name="Send to the person", exact=True).click()
    desk.wait_for_selector(f".line.staff >> text={REPLY}")
    phone.page.wait_for_selector(f".counsellor >> text={REPLY}")
