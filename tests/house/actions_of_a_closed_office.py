"""The action server of an office that has verified its hours and is closed now: it opens in three days.

Run by tests/house/test_closed.py in the place of `python -m bot.actions`.
"""

import bot.actions.__main__ as actions
from bot.actions.base import room
from bot.content import Content
from bot.content.programme import Programme
from casework.clock import now

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SAID = {"source": "the office", "checked": "2026-11-01", "verified": True}


def closed_now() -> dict[str, dict]:
    """The office's values: a timetable of one morning, three days from now, and a promise of two hours."""
    timetable = {"timezone": "UTC", DAYS[(now().weekday() + 3) % 7]: ["09:00-12:00"]}
    return {"office": {"timetable": {**SAID, "value": timetable}, "answer_within": {**SAID, "value": 2}}}


class ClosedOffice(Content):
    """The content as it is, with these values."""

    programme = Programme(closed_now())


if __name__ == "__main__":
    serve = actions.action_server

    def closed(settings):
        """The action server, with the hours in place."""
        app = serve(settings)
        room.content.__class__ = ClosedOffice
        return app

    actions.action_server = closed
    actions.main()
