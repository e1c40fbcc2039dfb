"""The only place that reads the clock. ``FLASHPREP_NOW`` fixes it, for tests, demos and simulation."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from flashprep.errors import FlashprepError
from flashprep.memory.days import study_day

VARIABLE = "FLASHPREP_NOW"


class Moment(NamedTuple):
    """An instant as the rest of flashprep wants it."""

    ms: int  # epoch milliseconds
    day: int  # study day
    local: datetime  # wall clock, with offset


def now(rollover_hour: int) -> Moment:
    """Return the present moment, or the one that FLASHPREP_NOW names (an ISO 8601 instant with offset)."""
    text = os.environ.get(VARIABLE)
    local = _fixed(text) if text else datetime.now().astimezone()
    if not _FIRST_YEAR <= local.year <= _LAST_YEAR:
        named = f"{VARIABLE}={text!r}" if text else f"the clock says {local:%Y-%m-%d}, which"
        raise FlashprepError(f"{named} is not between the years {_FIRST_YEAR} and {_LAST_YEAR}; set it right")
    ms = (local - _EPOCH) // timedelta(milliseconds=1)
    return Moment(ms, study_day(local, rollover_hour), local)


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_FIRST_YEAR, _LAST_YEAR = 1971, 2999  # days are counted from 1970, and an interval may reach centuries ahead


def _fixed(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise FlashprepError(
            f"{VARIABLE}={text!r} is no ISO 8601 instant; write it like 2026-03-01T08:00:00+01:00"
        ) from None
    if moment.tzinfo is None:
        raise FlashprepError(f"{VARIABLE}={text!r} has no offset; write it like 2026-03-01T08:00:00+01:00")
    return moment


def local_time(ms: int) -> datetime:
    """Return the wall-clock time of an instant, in the zone of the present."""
    zone = now(0).local.tzinfo
    return (_EPOCH + timedelta(milliseconds=ms)).astimezone(zone)


def study_days(rollover_hour: int) -> Callable[[int], int]:
    """Return a function from epoch milliseconds to study days, in the local time of that instant."""
    zone = now(0).local.tzinfo if os.environ.get(VARIABLE) else None

    def day(ms: int) -> int:
        local = datetime.fromtimestamp(ms / 1000, zone)
        return study_day(local, rollover_hour)

    return day
