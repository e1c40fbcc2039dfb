"""What ``plan`` shows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from flashprep.collection import Collection
from flashprep.errors import FlashprepError
from flashprep.memory.days import away_label, clock_label, day_date, iso
from flashprep.planner import FAR_DAYS
from flashprep.store.plan import Interview
from flashprep.terminal import report

if TYPE_CHECKING:
    from flashprep.checklist import Line, Part
    from flashprep.readiness import Readiness, Share, Short

_WEAKEST = 8  # topics that are shown
_MOST_DROPPED = 6  # decks whose leaving out is worked out in full
_ENOUGH = 30  # reviews that say something about the calibration


def nearest(collection: Collection) -> Interview:
    """Return the nearest date, or say how to set one."""
    dates = collection.agenda.interviews()
    if not dates:
        over = collection.agenda.last_interview()
        begin = f"'{over.name}' was on {iso(over.day)}" if over else "there is no date yet"
        raise FlashprepError(
            f"{begin}: 'flashprep plan set --date {iso(collection.now().day + 28)} --minutes 20' sets {'the next' if over else 'one'}"
        )
    return dates[0]


def show(collection: Collection, json: bool) -> None:
    """Show the plan: dates, tasks, time, forecast."""
    from flashprep.checklist import today as tasks_of_today
    from flashprep.readiness import readiness

    nearest(collection)
    dates = collection.agenda.interviews()
    parts = tasks_of_today(collection, dates[0])
    found = [readiness(collection, date) for date in dates]
    report.notices(collection)
    if json:
        report.write_json(_data(collection, parts, found))
        return
    _head(collection, dates)
    _tasks(parts)
    for one in found:
        _forecast(one, several=len(found) > 1)


def _head(collection: Collection, dates: list[Interview]) -> None:
    today = collection.now().day
    for date in dates:
        where = f" at {_company(date)}" if date.company else ""
        level = f", {date.level}" if date.level else ""
        name = f"{date.name[:1].upper()}{date.name[1:]}"
        print(f"{name}{where}{level}: {day_date(date.day):%a %Y-%m-%d}, {away_label(date.day - today)}")
        if date.rounds:
            print(f"  rounds {', '.join(date.rounds)}")
        if date.dropped:
            print(f"  left out: {', '.join(date.dropped)}")
        if date.level and (meaning := _level(date)):
            print(f"  {date.level}: {meaning}")
    time = collection.agenda.planned_time()
    assert time is not None
    days = [day for day in range(today + 1, dates[0].day) if dates[0].studies_on(day)]
    ahead = time.left + len(days) * time.seconds
    minutes = f"{dates[0].minutes} minutes"
    if time.today:
        print(f"Today {clock_label(time.spent)} of {minutes} spent, {clock_label(time.left)} left", end="")
    else:
        print("Today is a day off", end="")
    print(f"; until the day {ahead / 3600:.1f} h on {report.many(len(days) + bool(time.today), 'day')} of study.")


def _company(date: Interview) -> str:
    from flashprep.guide import companies

    known = companies.known(date.company)
    return known.title if known else date.company


def _level(date: Interview) -> str:
    from flashprep.guide import companies

    known = companies.known(date.company or companies.GENERIC)
    return known.levels.get(date.level, "") if known else ""


def _tasks(parts: list[Part]) -> None:
    for part in parts:
        print(f"\n{part.phase.title}")
        if part.phase.theme:
            print(f"  {part.phase.theme}")
        for line in part.lines:
            _task(line)
    if any(part.lines for part in parts):
        print("\n'flashprep plan tick NUMBER' ticks a task off.")


def _task(line: Line) -> None:
    import textwrap

    from flashprep.terminal.console import WIDEST, size

    task = line.task
    head = f"{line.number:>3} [{'x' if line.done else ' '}] "
    indent, width = " " * len(head), max(40, min(WIDEST, size()[0]))
    print(textwrap.fill(head + task.text, width, subsequent_indent=indent))
    often = "from an earlier day" if line.late else {"day": "every day", "week": "every week"}.get(task.every, "")
    more = [often, task.command, f"flashprep show {task.card}" if task.card else ""]
    if any(more) and not line.done:
        text = indent + " · ".join(part for part in more if part)
        print(textwrap.fill(text, width, subsequent_indent=indent, break_on_hyphens=False))


def _forecast(found: Readiness, several: bool) -> None:
    if found.total is None:
        print(f"\nWhat you will know on {iso(found.date.day)} is foretold from {FAR_DAYS} days before it.")
        return
    if not found.total.cards:
        print("\nThere are no cards for it: 'flashprep add' writes one, 'flashprep doctor' says where your decks are.")
        return
    name = f", {found.date.name}" if several else " on the day"
    print(f"\n{f'Recall expected{name}':<32} {'cards':>5} {'now':<16} if you keep the plan")
    for one in found.rounds:
        _share(one)
    if len(found.rounds) > 1:
        _share(found.total)
    if len(found.topics) > 1:
        weakest = found.topics[:_WEAKEST]
        print(
            f"Topics, the weakest first{'' if len(weakest) == len(found.topics) else f', {len(weakest)} of {len(found.topics)}'}"
        )
        for one in weakest:
            _share(one)
    seen = found.calibration
    if seen.reviews >= _ENOUGH:
        print(
            f"Your reviews of late: {seen.predicted:.0%} recall was predicted, {seen.true:.0%} was true, of {seen.reviews:,}."
        )
    else:
        print("There are too few reviews to tell how well you are predicted: take these figures as a guess.")
    if found.short:
        _too_short(found.date, found.total, found.short)


def _share(one: Share) -> None:
    def span(value: float, low_high: tuple[float, float]) -> str:
        return f"{value:4.0%} ({low_high[0]:.0%}-{low_high[1]:.0%})" if value else "  0%"

    name = one.name if len(one.name) <= 30 else one.name[:29] + "…"
    unseen = f"  {one.unseen} not seen" if one.unseen else ""
    print(f"  {name:<30} {one.cards:>5} {span(one.now, one.now_span):<16} {span(one.kept, one.kept_span)}{unseen}")


def _too_short(date: Interview, total: Share, short: Short) -> None:
    minutes = date.minutes
    if short.unseen:
        print(f"\nAt {minutes} minutes a day {report.many(short.unseen, 'card')} will not be seen before the day.")
    else:
        print(f"\nAt {minutes} minutes a day you will know {total.kept:.0%} of these cards, not {short.goal:.0%}.")
    named = f" --name '{date.name}'"
    if short.minutes:
        print(f"  {short.goal:.0%} takes about {short.minutes} minutes a day:")
        print(f"    flashprep plan set{named} --minutes {short.minutes}")
    else:
        print(f"  Even {minutes * 4} minutes a day would not be enough for {short.goal:.0%}.")
    if len(short.drop) > _MOST_DROPPED:
        print("  Or leave out what matters least to you, with --drop for each deck or tag.")
    elif short.drop:
        options = " ".join(f"--drop '{name}'" for name in (*date.dropped, *(name for name, _ in short.drop)))
        count = sum(number for _, number in short.drop)
        print(f"  Or leave out what matters least to you, such as these {report.many(count, 'card')}:")
        print(f"    flashprep plan set{named} {options}")
    print("  Or say what comes first, with --topic and --round, the most important first.")


def _data(collection: Collection, parts: list[Part], found: list[Readiness]) -> dict[str, Any]:
    today = collection.now().day
    time = collection.agenda.planned_time()
    assert time is not None
    return {
        "day": iso(today),
        "dates": [_date_data(one, today) for one in found],
        "seconds": {"today": time.today, "spent": round(time.spent, 1)},
        "phases": [
            {
                "name": part.phase.name,
                "title": part.phase.title,
                "tasks": [
                    {
                        "number": line.number,
                        "id": line.task.key,
                        "text": line.task.text,
                        "command": line.task.command or None,
                        "done": line.done,
                        "late": line.late,
                    }
                    for line in part.lines
                ],
            }
            for part in parts
        ],
    }


def _date_data(one: Readiness, today: int) -> dict[str, Any]:
    return {
        "name": one.date.name,
        "date": iso(one.date.day),
        "days": one.date.day - today,
        "minutes": one.date.minutes,
        "weekdays": list(one.date.weekdays),
        "company": one.date.company or None,
        "level": one.date.level or None,
        "rounds": list(one.date.rounds),
        "topics": list(one.date.topics),
        "dropped": list(one.date.dropped),
        "recall": one.total
        and {
            "all": _share_data(one.total),
            "rounds": {share.name: _share_data(share) for share in one.rounds},
            "topics": {share.name: _share_data(share) for share in one.topics},
        },
        "short": one.short and {**one.short._asdict(), "drop": [name for name, _ in one.short.drop]},
        "calibration": {
            "reviews": one.calibration.reviews,
            "predicted": one.calibration.predicted if one.calibration.reviews else None,
            "true": one.calibration.true if one.calibration.reviews else None,
        },
    }


def _share_data(one: Share) -> dict[str, Any]:
    return {
        "cards": one.cards,
        "unseen": one.unseen,
        "now": one.now,
        "now_span": list(one.now_span),
        "kept": one.kept,
        "kept_span": list(one.kept_span),
    }


def was_set(collection: Collection, date: Interview) -> None:
    """Say what was set, then show the plan."""
    print(f"set: {date.name} on {iso(date.day)}, {date.minutes} minutes a day\n")
    show(collection, json=False)


def ticked(lines: list[Line], done: bool) -> None:
    """Say what was ticked off."""
    for line in lines:
        print(f"{'done' if done else 'open again'}: {line.task.text}")
        if not done and line.by_itself:
            print("  it stays ticked off, because it was done")


def cleared(dates: list[Interview]) -> None:
    """Say which dates are gone."""
    for date in dates:
        print(f"cleared: {date.name} on {iso(date.day)}")


def data_files(found: list[tuple[str, Path, bool]], json: bool) -> None:
    """List the data files, with whose they are."""
    if json:
        report.write_json([{"name": name, "path": str(path), "own": own} for name, path, own in found])
        return
    for name, path, own in found:
        print(f"{name:<24} {path if own else 'built in'}")


def copied(path: Path) -> None:
    """Say where a copy is."""
    print(f"copied to {path}: it takes the place of the built-in file")
