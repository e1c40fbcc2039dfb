"""Setting, changing and clearing interview dates, with every mistake refused in words that say what is right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from flashprep.cards.text import nearest
from flashprep.collection import Collection
from flashprep.errors import FlashprepError, NotFound
from flashprep.guide import companies
from flashprep.memory.days import day_date, iso
from flashprep.store import plan
from flashprep.store.plan import WEEKDAYS, Interview
from flashprep.store.queries import values_of

USUAL = "interview"  # name of a date that is given none
MOST_MINUTES = 600
FURTHEST_DAYS = 3650


class Wish(NamedTuple):
    """What the user gives for a date; what is None stays as it was."""

    date: str | None = None
    minutes: int | None = None
    company: str | None = None
    level: str | None = None
    weekdays: str | None = None
    rounds: tuple[str, ...] | None = None
    topics: tuple[str, ...] | None = None
    dropped: tuple[str, ...] | None = None


def set_date(collection: Collection, name: str | None, wish: Wish) -> Interview:
    """Set a date, or change one that there is; return it as it holds now."""
    known = collection.agenda.interviews()
    if name is None and len(known) > 1:
        names = ", ".join(f"'{one.name}'" for one in known)
        raise FlashprepError(f"which date? there are {names}: name one, or a new one, with --name")
    name = _name(name) if name is not None else (known[0].name if known else USUAL)
    before = next((one for one in known if one.name == name), None)
    if before is None and wish.date is None:
        raise FlashprepError(f"when is '{name}'? give --date, such as --date {iso(collection.now().day + 28)}")
    if before is None and wish.minutes is None and not known:
        raise FlashprepError("how long do you study a day? give --minutes, such as --minutes 20")
    start = before or Interview(name, 0, known[0].minutes if known else 0, known[0].weekdays if known else ())
    made = _changed(collection, start, wish)
    collection.back_up_daily()
    now = collection.now().ms
    if before is None:
        plan.forget_ticks(collection.db, made.name, now)
    plan.set_interview(collection.db, made, now)
    return made


def _changed(collection: Collection, start: Interview, wish: Wish) -> Interview:
    made = start
    if wish.date is not None:
        made = made._replace(day=_day(wish.date, collection.now().day))
    if wish.minutes is not None:
        if not 1 <= wish.minutes <= MOST_MINUTES:
            raise FlashprepError(f"--minutes {wish.minutes}: it takes a whole number from 1 to {MOST_MINUTES}")
        made = made._replace(minutes=wish.minutes)
    if wish.weekdays is not None:
        made = made._replace(weekdays=_weekdays(wish.weekdays))
    if wish.rounds is not None:
        made = made._replace(rounds=wish.rounds)
    if wish.topics is not None:
        made = made._replace(topics=_topics(collection, wish.topics, "--topic"))
    if wish.dropped is not None:
        made = made._replace(dropped=_topics(collection, wish.dropped, "--drop"))
    if wish.company is not None:
        made = _for_company(made, wish)
    if wish.level is not None:
        level = companies.load(made.company or companies.GENERIC).level(wish.level) if wish.level else ""
        made = made._replace(level=level)
    return made


def _for_company(made: Interview, wish: Wish) -> Interview:
    if not wish.company:
        return made._replace(company="", level="")
    company = companies.load(wish.company)
    if made.company != company.name:
        old = companies.known(made.company)
        before = old.leaves_out if old else ()
        made = made._replace(company=company.name, level="")
        if wish.dropped is None:
            own = [topic for topic in made.dropped if topic not in before]
            made = made._replace(dropped=tuple(dict.fromkeys([*own, *company.leaves_out])))
    return made


def _name(name: str) -> str:
    found = " ".join(name.split())
    if not found or len(found) > 40 or not found.isprintable():
        raise FlashprepError("--name takes a short name, such as 'phone screen'")
    return found


def _day(text: str, today: int) -> int:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise FlashprepError(f"--date {text}: it takes a day such as {iso(today + 28)}") from None
    day = (found - day_date(0)).days
    if day < today:
        raise FlashprepError(f"--date {text} is in the past: today is {iso(today)}")
    if day > today + FURTHEST_DAYS:
        raise FlashprepError(f"--date {text} is more than ten years away: is the year right?")
    return day


def _weekdays(text: str) -> tuple[str, ...]:
    given = [word[:3].casefold() for word in text.replace(",", " ").split()]
    if given == ["all"]:
        return ()
    for word in given:
        if word not in WEEKDAYS:
            raise FlashprepError(f"--days {text}: it takes days such as mon,wed,fri, or all")
    if not given:
        raise FlashprepError("--days takes at least one day, such as mon,wed,fri, or all")
    return tuple(day for day in WEEKDAYS if day in given) if len(set(given)) < len(WEEKDAYS) else ()


def _topics(collection: Collection, given: Sequence[str], option: str) -> tuple[str, ...]:
    """Return topics, each part of the name of a deck or a tag; an empty one alone means none."""
    if list(given) == [""]:
        return ()
    decks, tags = values_of(collection.db, "deck"), values_of(collection.db, "tags")
    files = [file for _, file in _files(collection)]
    for topic in given:
        word = topic.casefold().strip()
        if not word or (not any(word in name.casefold() for name in (*decks, *files)) and word not in tags):
            near = nearest(topic, [*decks, *tags], 0.5)
            help = f"did you mean '{near}'?" if near else "it takes a tag, or part of the name of a deck"
            raise NotFound(f"{option} {topic}: there is no such topic; {help}")
    return tuple(dict.fromkeys(topic.strip() for topic in given))


def _files(collection: Collection) -> list[tuple[str, str]]:
    from flashprep.store.queries import fingerprints

    return list(fingerprints(collection.db))


def clear(collection: Collection, name: str | None) -> list[Interview]:
    """Take dates out of the plan, one by its name or all; return them."""
    known = collection.agenda.interviews()
    if not known:
        raise FlashprepError("there is no date to clear")
    gone = known if name is None else [one for one in known if one.name.casefold() == name.casefold().strip()]
    if not gone:
        names = ", ".join(f"'{one.name}'" for one in known)
        raise NotFound(f"there is no date '{name}'; there is {names}")
    now = collection.now().ms
    plan.clear(collection.db, [one.name for one in gone], now)
    for one in gone:
        plan.forget_ticks(collection.db, one.name, now)
    return gone
