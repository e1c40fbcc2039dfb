"""What the commands that only report write: as text for people, or as JSON for scripts."""

from __future__ import annotations

import json as jsonlib
import sys
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flashprep.agenda import PlannedTime
from flashprep.cards.model import Note, card_key
from flashprep.clock import local_time
from flashprep.collection import Collection, Today
from flashprep.memory.days import away_label, clock_label, iso
from flashprep.memory.state import RATING_NAMES, STATE_NAMES, Memory
from flashprep.store.log import Undone
from flashprep.store.queries import LogRow, Row, keys_of

if TYPE_CHECKING:
    from flashprep.authoring import Place
    from flashprep.cards.diagnostics import Diagnostic, Rule
    from flashprep.statistics import Statistics
    from flashprep.upkeep import Finding


def done(text: str) -> None:
    """Say in one line what was done."""
    print(text)


def notices(collection: Collection) -> None:
    """Say what the user should know, on standard error, so that JSON stays JSON."""
    for notice in collection.notices:
        print(f"note: {notice}", file=sys.stderr)
    collection.notices.clear()


def write_json(value: Any) -> None:
    """Write JSON, for scripts."""
    print(jsonlib.dumps(value, indent=2, ensure_ascii=False))


def many(number: int, word: str) -> str:
    """Write a number of things."""
    return f"{number} {word}{'s' * (number != 1)}"


# -- today


def today(collection: Collection, found: Today, json: bool) -> None:
    """Show the counts of the day."""
    notices(collection)
    if json:
        write_json(
            {
                "day": iso(found.day),
                "new": found.left.new,
                "learning": found.left.learning,
                "review": found.left.review,
                "due": found.left.learning + found.left.review,
                "total": found.left.total,
                "reviewed": found.reviewed,
                "spent_ms": found.spent_ms,
                "tomorrow": found.tomorrow,
                "problems": found.problems,
                "plan": found.time and _plan_data(found.time),
            }
        )
        return
    left, time = found.left, found.time
    print(f"{iso(found.day)}: {left.review} to review, {left.learning} in learning, {left.new} new")
    if found.reviewed:
        print(f"Done today: {many(found.reviewed, 'review')} in {clock_label(found.spent_ms / 1000)}")
    if time is None:
        print(f"Tomorrow: {found.tomorrow} to review")
    else:
        when = away_label(time.interview.day - found.day)
        rest = f"{clock_label(time.left)} of {time.interview.minutes} minutes left today"
        print(f"By the plan, {time.interview.name} {when}: {rest if time.today else 'today is a day off'}")
    if found.problems:
        print(f"{many(found.problems, 'problem')} in your decks: 'flashprep check' shows them")
    print("Start with 'flashprep review'." if left.total else "Nothing is left for today.")


def _plan_data(time: PlannedTime) -> dict[str, Any]:
    return {
        "name": time.interview.name,
        "date": iso(time.interview.day),
        "seconds": round(time.today),
        "spent": round(time.spent, 1),
        "left": round(time.left, 1),
    }


# -- list and show


def row_data(collection: Collection, row: Row) -> dict[str, Any]:
    """Give a card as plain data: the form of ``list --json``, a public contract."""
    memory = row.memory
    return {
        "id": row.key,
        "note": row.note,
        "card": row.card,
        "face": row.face,
        "kind": row.kind,
        "title": row.title,
        "deck": row.deck,
        "tags": list(row.tags),
        "round": row.round,
        "covers": list(row.covers),
        "solution": row.solution or None,
        "exercise": row.exercise,
        "prompt": row.prompt,
        "answer": row.answer,
        "ask": row.ask,
        "steps": list(row.steps),
        "path": str(collection.absolute(row.root, row.path)),
        "line": row.line,
        "state": STATE_NAMES[memory.state],
        "due": iso(memory.due_day) if memory.state else None,
        "due_at": local_time(memory.due_at).isoformat() if memory.due_at else None,
        "stability": memory.stability or None,
        "difficulty": memory.difficulty or None,
        "reps": memory.reps,
        "lapses": memory.lapses,
        "suspended": bool(memory.suspended),
        "leech": bool(memory.leech),
    }


def listing(collection: Collection, rows: Sequence[Row], json: bool) -> None:
    """List cards, a line each."""
    notices(collection)
    if json:
        write_json([row_data(collection, row) for row in rows])
        return
    if not sys.stdout.isatty():
        for row in rows:
            print(f"{row.key}\t{row.kind}\t{row.deck}\t{due_word(row.memory)}\t{row.title}")
        return
    from rich.table import Table
    from rich.text import Text

    from flashprep.terminal.console import console

    out = console()
    key = min(max((len(row.key) for row in rows), default=4), max(12, out.width * 2 // 5))
    wide = out.width >= 90
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold dim", show_edge=False, pad_edge=False)
    table.add_column("card", overflow="fold", style="cyan", width=key)
    if wide:
        table.add_column("kind", no_wrap=True, width=8)
    table.add_column("due", no_wrap=True, width=10)
    room = out.width - key - (26 if wide else 16)
    table.add_column("prompt", no_wrap=True, overflow="ellipsis", width=max(8, room))
    for row in rows:
        kind = (row.kind,) if wide else ()
        table.add_row(Text(row.key), *kind, due_word(row.memory), Text(row.title))
    out.print(table)
    out.print(Text(many(len(rows), "card"), "dim"))


def due_word(memory: Memory) -> str:
    """Say in a word when a card comes."""
    if memory.leech:
        return "leech"
    if memory.suspended:
        return "suspended"
    return iso(memory.due_day) if memory.state else "new"


def show(collection: Collection, rows: Sequence[Row], json: bool) -> None:
    """Show the cards of a note with all that is known of them."""
    notices(collection)
    if json:
        write_json([{**row_data(collection, row), **_attempts_data(collection, row)} for row in rows])
        return
    from rich.rule import Rule
    from rich.text import Text

    from flashprep.terminal.console import WIDEST, console
    from flashprep.terminal.markdown import CardMarkdown

    out = console()
    width = min(WIDEST, out.width)
    for row in rows:
        out.print(Text.assemble((row.key, "bold cyan"), (f"  {row.kind} · {row.deck}", "dim")), width=width)
        out.print(CardMarkdown(row.prompt, style="bold"), width=width)
        if row.ask:
            out.print(Text(row.ask, "italic dim"), width=width)
        out.print(Rule(style="dim"), width=width)
        out.print(CardMarkdown(row.answer), width=width)
        out.print()
        for name, value in _facts(collection, row):
            if value:
                out.print(Text.assemble((f"{name:<11}", "dim"), value), width=width, soft_wrap=True)
        out.print()


def _attempts_data(collection: Collection, row: Row) -> dict[str, Any]:
    if not row.exercise:
        return {}
    from flashprep.coding import attempts_of
    from flashprep.terminal.practice import attempt_data

    return {"attempts": [attempt_data(attempt) for attempt in attempts_of(collection, row)]}


def _attempts(collection: Collection, row: Row) -> list[tuple[str, str]]:
    from flashprep.coding import attempts_of
    from flashprep.terminal.practice import attempt_line

    made = attempts_of(collection, row)
    older = [("", f"and {len(made) - 10} earlier ones")] if len(made) > 10 else []
    lines = [("attempts" if number == 0 else "", attempt_line(one)) for number, one in enumerate(reversed(made[-10:]))]
    return lines + older


def _facts(collection: Collection, row: Row) -> list[tuple[str, str]]:
    memory = row.memory
    facts = [
        ("file", f"{collection.absolute(row.root, row.path)}:{row.line}"),
        ("round", row.round),
        ("tags", ", ".join(row.tags)),
        ("covers", ", ".join(row.covers)),
        ("solution", f"{row.solution}.py" if row.solution else ""),
        (
            "state",
            STATE_NAMES[memory.state] + (", leech" if memory.leech else ", suspended" if memory.suspended else ""),
        ),
    ]
    if memory.reps:
        facts += [
            ("due", iso(memory.due_day)),
            ("stability", f"{memory.stability:.4f} days"),
            ("difficulty", f"{memory.difficulty:.3f} of 10"),
            ("reviews", f"{memory.reps}, lapses {memory.lapses}"),
        ]
    if row.exercise:
        goal = row.minutes or collection.config.solve_minutes
        facts += [("goal", f"{goal} minutes"), *_attempts(collection, row)]
    return facts


# -- log


def log_data(row: LogRow) -> dict[str, Any]:
    """Give a row of the log as plain data: the form of ``log --json``, a public contract."""
    return {
        "id": row.id,
        "card": row.card,
        "kind": row.kind,
        "rating": row.rating or None,
        "day": iso(row.day),
        "duration_ms": row.duration_ms,
        "source": row.source,
        "undone": row.undone_ms is not None,
    }


def log(collection: Collection, rows: Iterable[LogRow], json: bool) -> None:
    """List entries of the log."""
    notices(collection)
    if json:
        write_json([log_data(row) for row in rows])
        return
    row = None
    for row in rows:
        what = RATING_NAMES[row.rating] if row.rating else row.kind
        undone = "  (undone)" if row.undone_ms is not None else ""
        print(f"{local_time(row.id):%Y-%m-%d %H:%M}  {what:<9}  {row.duration_ms / 1000:6.1f} s  {row.card}{undone}")
    if row is None and sys.stdout.isatty():
        print("No reviews yet.")


# -- stats


def stats(found: Statistics, json: bool) -> None:
    """Show statistics with small plots."""
    if json:
        write_json(
            {
                "day": iso(found.today),
                "reviews": {iso(day): {"reviews": n, "ms": ms} for day, (n, ms) in sorted(found.reviews.items())},
                "forecast": {iso(day): n for day, n in sorted(found.forecast.items())},
                "states": found.states,
                "retention": {
                    "reviews": found.retention.reviews,
                    "true": found.retention.true if found.retention.reviews else None,
                    "predicted": found.retention.predicted if found.retention.reviews else None,
                },
                "streak": found.streak,
                "total": found.total,
                "leeches": found.leeches,
                "problems": found.problems._asdict(),
            }
        )
        return
    from flashprep.terminal.plots import statistics

    statistics(found)


# -- check and explain


def fixed(done: dict[Path, int], quiet: bool) -> None:
    """Say what ``check --fix`` wrote."""
    if not quiet:
        for path, edits in done.items():
            print(f"mended {many(edits, 'place')} in {path}")


def problems(found: Sequence[Diagnostic], format: str) -> None:
    """Write problems in one of the three forms."""
    from flashprep.cards import diagnostics

    if format == "json":
        write_json([diagnostics.as_data(problem) for problem in found])
        return
    if format == "concise":
        for problem in found:
            print(diagnostics.concise(problem))
        return
    sources: dict[str, list[str]] = {}
    for problem in found:
        if problem.path not in sources:
            sources[problem.path] = _lines_of(Path(problem.path))
        print(diagnostics.full(problem, sources[problem.path]) + "\n")
    errors = sum(problem.severity == diagnostics.ERROR for problem in found)
    if found:
        print(f"{many(errors, 'error')}, {many(len(found) - errors, 'warning')}; 'flashprep explain RULE' says more")
    else:
        print("No problems found.")


def _lines_of(path: Path) -> list[str]:
    """Return the lines of a deck file; none of what is no plain file, such as a named pipe, which would be waited for."""
    from flashprep.cards.text import decode

    try:
        return decode(path.read_bytes())[0].split("\n") if path.is_file() else []
    except OSError:
        return []


def _filled(text: str, indent: int = 0) -> str:
    """Break a long line between words where a terminal would break it anywhere; a pipe gets it whole."""
    if not sys.stdout.isatty():
        return text
    from flashprep.terminal.console import WIDEST, size

    columns = min(WIDEST, size()[0])
    return textwrap.fill(text, columns, subsequent_indent=" " * (indent if columns > 2 * indent else 2 * bool(indent)))


def explain(rules: Sequence[Rule], full: bool, json: bool) -> None:
    """Explain rules: all in a line each, or one in full."""
    if json:
        write_json([asdict(rule) for rule in rules])
        return
    for rule in rules:
        if not full:
            print(_filled(f"{rule.id:<20} {rule.severity:<8} {rule.summary}", indent=30))
            continue
        print(_filled(f"{rule.id} ({rule.severity}): {rule.summary}"), _filled(rule.why), sep="\n\n")
        for name, example in (("Wrong", rule.bad), ("Right", rule.good)):
            if example:
                print(f"\n{name}:\n\n" + "\n".join(f"    {line}" if line else "" for line in example.split("\n")))


# -- changes


def undone(collection: Collection, what: Undone | None) -> None:
    """Say what was taken back."""
    notices(collection)
    if what is None:
        print("There is nothing to take back.")
        return
    names = keys_of(collection.db, what.cards[:3])
    more = f" and {len(what.cards) - 3} more" if len(what.cards) > 3 else ""
    word = RATING_NAMES[what.rating] if what.rating else what.kind
    print(f"took back {word} for {', '.join(names)}{more} (given {local_time(what.at):%Y-%m-%d %H:%M})")


def marked(kind: str, rows: Sequence[Row]) -> None:
    """Say which cards were suspended, brought back, buried or reset."""
    past = {
        "suspend": "suspended",
        "unsuspend": "brought back",
        "bury": "buried until tomorrow",
        "reset": "made new again",
    }
    if not rows:
        print(f"no card to {kind}")
        return
    names = ", ".join(row.key for row in rows[:5]) + (f" and {len(rows) - 5} more" if len(rows) > 5 else "")
    print(f"{past[kind]}: {names}; 'flashprep undo' takes it back")


def added(notes: Sequence[tuple[Note, Place, tuple[Path, ...]]]) -> None:
    """Say where new notes stand, and which files are to be completed."""
    for note, place, files in notes:
        print(f"added '{card_key(note.id, '')}' at {place.path}:{place.line}")
        for file in files:
            print(f"  write {'the tests' if file.name.startswith('test_') else 'the reference'}: {file}")
        if files:
            print(
                f"  then 'flashprep code verify {note.id}' checks both, and 'flashprep code start {note.id}' solves it"
            )


def edited(collection: Collection, place: Place) -> None:
    """Say what an edit came to."""
    if place.copied:
        print(f"copied the built-in note to {place.path}, where it takes its place, history and all")
    notices(collection)
    wrong = [problem for problem in collection.problems() if problem.path == str(place.path)]
    problems(wrong, "full") if wrong else print(f"saved {place.path}")


def doctor(findings: Sequence[Finding], json: bool) -> None:
    """Write what doctor found."""
    if json:
        write_json([finding._asdict() for finding in findings])
        return
    for finding in findings:
        print(f"{'ok  ' if finding.good else 'BAD '} {finding.what:<9} {finding.detail}")
        if finding.help and not finding.good:
            print(f"     {'':<9} {finding.help}")
