"""Date arithmetic in UTC, and the texts of dates.

A time value is a float of milliseconds since 1970, or NaN. The local time zone of every world is
UTC, so there is no conversion between local and universal time.
"""

from __future__ import annotations

import math
import re
from typing import Final, NamedTuple

DAY: Final = 86_400_000
MAX_TIME: Final = 8.64e15
WEEKDAYS: Final = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


class Fields(NamedTuple):
    """A finite time value taken apart; months and weekdays count from 0."""

    year: int
    month: int
    day: int
    weekday: int
    hour: int
    minute: int
    second: int
    millisecond: int


def fields(time: float) -> Fields:
    """YearFromTime, MonthFromTime and so on, all at once."""
    days, rest = divmod(int(time), DAY)
    rest, millisecond = divmod(rest, 1000)
    minutes, second = divmod(rest, 60)
    hour, minute = divmod(minutes, 60)
    year, month, day = _civil(days)
    return Fields(year, month, day, (days + 4) % 7, hour, minute, second, millisecond)


def _civil(days: int) -> tuple[int, int, int]:
    """Year, month and day of a day number, in the calendar of 400-year eras from 1 March."""
    era, day_of_era = divmod(days + 719_468, 146_097)
    year = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year + year // 4 - year // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = shifted + 2 if shifted < 10 else shifted - 10
    return era * 400 + year + (month < 2), month, day_of_year - (153 * shifted + 2) // 5 + 1


def _day_number(year: int, month: int) -> int:
    """The day number of the first of a month."""
    era, year_of_era = divmod(year - (month < 2), 400)
    day_of_year = (153 * ((month + 10) % 12) + 2) // 5
    day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    return era * 146_097 + day_of_era - 719_468


def make_time(hour: float, minute: float, second: float, millisecond: float) -> float:
    """MakeTime."""
    if not _finite(hour, minute, second, millisecond):
        return math.nan
    hour, minute, second, millisecond = map(math.trunc, (hour, minute, second, millisecond))
    return float(hour * 3_600_000.0 + minute * 60_000.0) + second * 1000.0 + millisecond


def make_day(year: float, month: float, date: float) -> float:
    """MakeDay."""
    if not _finite(year, month, date):
        return math.nan
    years, months = divmod(math.trunc(month), 12)
    years += math.trunc(year)
    if abs(years) > 400_000:
        return math.nan
    return _day_number(years, months) + math.trunc(date) - 1.0


def make_date(day: float, time: float) -> float:
    """MakeDate."""
    if not _finite(day, time):
        return math.nan
    result = day * DAY + time
    return result if math.isfinite(result) else math.nan


def make_full_year(year: float) -> float:
    """MakeFullYear: two digits mean the twentieth century."""
    if math.isfinite(year) and 0 <= math.trunc(year) <= 99:
        return 1900.0 + math.trunc(year)
    return year


def time_clip(time: float) -> float:
    """TimeClip."""
    if not math.isfinite(time) or abs(time) > MAX_TIME:
        return math.nan
    return float(math.trunc(time))


def _finite(*numbers: float) -> bool:
    return all(map(math.isfinite, numbers))


# --- texts ---------------------------------------------------------------------------------------


def iso_text(time: float) -> str:
    """Date.prototype.toISOString of a finite time value."""
    at = fields(time)
    sign = "-" if at.year < 0 else "+"
    year = f"{at.year:04}" if 0 <= at.year <= 9999 else f"{sign}{abs(at.year):06}"
    clock = f"{at.hour:02}:{at.minute:02}:{at.second:02}.{at.millisecond:03}"
    return f"{year}-{at.month + 1:02}-{at.day:02}T{clock}Z"


def date_text(time: float) -> str:
    """DateString."""
    at = fields(time)
    return f"{WEEKDAYS[at.weekday]} {MONTHS[at.month]} {at.day:02} {_year(at.year)}"


def time_text(time: float) -> str:
    """TimeString followed by TimeZoneString."""
    at = fields(time)
    return f"{at.hour:02}:{at.minute:02}:{at.second:02} GMT+0000 (Coordinated Universal Time)"


def utc_text(time: float) -> str:
    """Date.prototype.toUTCString of a finite time value."""
    at = fields(time)
    day = f"{WEEKDAYS[at.weekday]}, {at.day:02} {MONTHS[at.month]} {_year(at.year)}"
    return f"{day} {at.hour:02}:{at.minute:02}:{at.second:02} GMT"


def _year(year: int) -> str:
    return f"{'-' if year < 0 else ''}{abs(year):04}"


# --- parsing -------------------------------------------------------------------------------------

ISO: Final = re.compile(
    r"(?P<year>[0-9]{4}|[+][0-9]{6}|-(?!000000)[0-9]{6})"
    r"(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?"
    r"(?:T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
MONTH_NAME: Final = r"(?P<month>[A-Za-z]{3})[a-z]*\.?"
CLOCK: Final = (
    r"(?:,?\s+(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})"
    r"(?:\.(?P<fraction>[0-9]{1,9}))?)?(?:\s*(?P<half>[AaPp][Mm]))?)?"
    r"(?:\s*(?:GMT|UTC|Z)?(?P<zone>[+-][0-9]{2}:?[0-9]{2})?)?(?:\s*\(.*\))?\s*"
)
#: No date is longer; the forms below are not linear in the spaces between their parts.
LONGEST: Final = 100
YEAR: Final = r"(?P<year>-?[0-9]{1,6})"
#: The forms that every engine reads although no standard asks for them, toString's among them.
INFORMAL: Final = tuple(
    re.compile(r"\s*(?:[A-Za-z]{3,9},?\s+)?" + date + CLOCK)
    for date in (
        MONTH_NAME + r"\s+(?P<day>[0-9]{1,2}),?\s+" + YEAR,
        r"(?P<day>[0-9]{1,2})(?:\s+|-)" + MONTH_NAME + r"(?:\s+|-)" + YEAR,
        r"(?P<month>[0-9]{1,2})/(?P<day>[0-9]{1,2})/" + YEAR,
        YEAR + r"[/-](?P<month>[0-9]{1,2})[/-](?P<day>[0-9]{1,2})",
    )
)


def parse(text: str) -> float:
    """Date.parse: the interchange format, or one of the informal forms; NaN for anything else."""
    for form in (ISO, *INFORMAL) if len(text) <= LONGEST else ():
        if found := form.fullmatch(text):
            return _time_of(found.groupdict())
    return math.nan


def _time_of(parts: dict[str, str | None]) -> float:
    def number(name: str, default: int) -> int:
        return int(parts.get(name) or default)

    month_text = parts["month"] or "1"
    name = month_text.title()
    if month_text.isalpha() and name not in MONTHS:
        return math.nan
    month = MONTHS.index(name) + 1 if month_text.isalpha() else int(month_text)
    year, day, hour = number("year", 0), number("day", 1), number("hour", 0)
    minute, second = number("minute", 0), number("second", 0)
    millisecond = int((parts["fraction"] or "").ljust(3, "0")[:3])
    half = (parts.get("half") or "").lower()
    if half:
        hour = hour % 12 + 12 * (half == "pm")
    in_range = 1 <= month <= 12 and 1 <= day <= _month_length(year, month)
    end_of_day = (hour, minute, second, millisecond) == (24, 0, 0, 0)
    if not (in_range and minute < 60 and second < 60 and (hour < 24 or end_of_day)):
        return math.nan
    day_number = make_day(year, month - 1, day)
    time = make_date(day_number, make_time(hour, minute, second, millisecond))
    return time_clip(time - _zone(parts["zone"]))


def _month_length(year: int, month: int) -> int:
    return _day_number(year + month // 12, month % 12) - _day_number(year, month - 1)


def _zone(text: str | None) -> float:
    """The offset of a time zone in milliseconds."""
    if text is None or text == "Z":
        return 0.0
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return (-60_000.0 if text[0] == "-" else 60_000.0) * minutes
