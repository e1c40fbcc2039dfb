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


def span_label(seconds: float) -> str:
    """Write a stretch of time in one short word, as rating buttons show it: 45s, 10m, 3h, 4d, 2.1mo, 1.3y."""
    if seconds < 60:
        return f"{max(1, round(seconds))}s"
    minutes = seconds / 60
    if minutes < 60:
        return f"{round(minutes)}m"
    hours = minutes / 60
    if hours < 24:
        return f"{round(hours)}h"
    days = hours / 24
    if days < 31:
        return f"{round(days)}d"
    if days < 365:
        return f"{days / 30.4375:.1f}mo"
    return f"{days / 365.25:.1f}y"


def clock_label(seconds: float) -> str:
    """Write a duration as m:ss, or h:mm:ss from an hour on."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
