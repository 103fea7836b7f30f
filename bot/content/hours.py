"""When counsellors are there: opening hours in blocks, holidays, and by when an answer may be expected."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Dict, FrozenSet, List, Mapping, Optional, Sequence, Tuple
from zoneinfo import ZoneInfo

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LOOK_AHEAD = 366  # days: whoever opens less than once a year has no hours
Block = Tuple[time, time]


@dataclass(frozen=True)
class Hours:
    """Opening hours of one office.

    Args:
        zone: its time zone; every time given may be in any zone, every time returned is in this one.
        blocks: weekday (0 is Monday) -> (from, to) of each block, in order.
        holidays: days it stays closed.
    """

    zone: ZoneInfo
    blocks: Mapping[int, Sequence[Block]]
    holidays: FrozenSet[date]

    def is_open(self, at: datetime) -> bool:
        """Whether counsellors are there."""
        return any(start <= at < end for start, end in self._day(at.astimezone(self.zone).date()))

    def next_opening(self, at: datetime) -> Optional[datetime]:
        """When they are there again: `at` itself while they are; None if never."""
        return self.after(at, timedelta())

    def after(self, at: datetime, work: timedelta) -> Optional[datetime]:
        """The moment when `work` of opening time has passed since `at`; None if there are no hours.

        With no work at all: the next moment the office is open.
        """
        today = at.astimezone(self.zone).date()
        for day in range(LOOK_AHEAD):
            for start, end in self._day(today + timedelta(days=day)):
                begin = max(start, at.astimezone(self.zone))
                left = end - begin
                if left <= timedelta():
                    continue
                if work <= left:
                    return begin + work
                work -= left
        return None

    def _day(self, day: date) -> List[Tuple[datetime, datetime]]:
        if day in self.holidays:
            return []
        blocks = self.blocks.get(day.weekday(), ())
        return [(datetime.combine(day, start, self.zone), datetime.combine(day, end, self.zone)) for start, end in blocks]


def read_hours(timetable: Mapping[str, Any], holidays: Sequence[Any]) -> Hours:
    """Opening hours as programme.yml writes them.

    Args:
        timetable: `timezone`, and a list of blocks like "09:00-12:30" for each weekday that has any.
        holidays: days, as YAML dates or "2026-12-25".

    Raises:
        ValueError: naming what is wrong.
    """
    unknown = set(timetable) - {"timezone", *WEEKDAYS}
    if unknown:
        raise ValueError(f"{', '.join(sorted(map(str, unknown)))} is no weekday")
    try:
        zone = ZoneInfo(str(timetable["timezone"]))
    except (KeyError, ValueError, OSError):
        raise ValueError("timezone must be a name like Europe/Belgrade") from None
    blocks: Dict[int, List[Block]] = {}
    for place, weekday in enumerate(WEEKDAYS):
        blocks[place] = [_block(weekday, text) for text in timetable.get(weekday) or []]
        if any(later[0] < earlier[1] for earlier, later in zip(blocks[place], blocks[place][1:])):
            raise ValueError(f"{weekday}: the blocks must be in order and not overlap")
    return Hours(zone, blocks, frozenset(_date(day) for day in holidays))


def _block(weekday: str, text: Any) -> Block:
    try:
        start, end = (time.fromisoformat(part.strip()) for part in str(text).split("-"))
    except ValueError:
        raise ValueError(f'{weekday}: {text!r} is no block like "09:00-12:30"') from None
    if start >= end:
        raise ValueError(f"{weekday}: {text!r} ends before it begins")
    return start, end


def _date(day: Any) -> date:
    try:
        return day if isinstance(day, date) else date.fromisoformat(str(day))
    except ValueError:
        raise ValueError(f"holidays: {day!r} is no day like 2026-12-25") from None
