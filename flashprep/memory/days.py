"""Study days: a day that starts at the rollover hour, as in Anki, numbered from 1970-01-01."""

from __future__ import annotations

from datetime import date, datetime, timedelta

_EPOCH = date(1970, 1, 1).toordinal()


def study_day(local: datetime, rollover_hour: int) -> int:
    """Return the number of the study day that a local wall-clock time belongs to."""
    return (local.replace(tzinfo=None) - timedelta(hours=rollover_hour)).toordinal() - _EPOCH


def day_date(day: int) -> date:
    """Return the calendar date on which a study day starts."""
    return date.fromordinal(day + _EPOCH)


def iso(day: int) -> str:
    """Write a study day as an ISO date."""
    return day_date(day).isoformat()


def away_label(days: int) -> str:
    """Say how far away a coming day is."""
    return "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"


def span_label(seconds: float) -> str:
    """Write a stretch of time in one short word, as rating buttons show it: 45s, 10m, 3h, 4d, 2.1mo, 1.3y."""
    # Each unit is left as soon as the number, as it would be written, fills the next: never 60s, 24h or 12.0mo.
    if round(seconds) < 60:
        return f"{max(1, round(seconds))}s"
    if round(seconds / 60) < 60:
        return f"{round(seconds / 60)}m"
    if round(seconds / 3600) < 24:
        return f"{round(seconds / 3600)}h"
    days = seconds / 86400
    if round(days) < 31:
        return f"{round(days)}d"
    months = round(days / 30.4375, 1)
    return f"{months}mo" if months < 12 else f"{days / 365.25:.1f}y"


def clock_label(seconds: float) -> str:
    """Write a duration as m:ss, or h:mm:ss from an hour on."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
