"""The review session over a pipe: an answer a line, plain text out, nothing heavy imported before the first card."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from flashprep import session as s
from flashprep.errors import FlashprepError
from flashprep.memory.days import clock_label, span_label
from flashprep.memory.state import RATING_NAMES, State, wait_seconds
from flashprep.session import Phase
from flashprep.terminal import summary
from flashprep.terminal.driver import Driver

Say = Callable[..., None]
HELP = "empty line: reveal; 1 Again, 2 Hard, 3 Good, 4 Easy; c solve, t test again, u undo, s suspend, b bury, q leave"


def run(driver: Driver, lines: TextIO = sys.stdin, out: TextIO = sys.stdout) -> None:
    """Hold a session: read commands from ``lines`` until it ends or they do."""

    def say(text: str = "") -> None:
        print(text, file=out)

    driver.ensure_editor, driver.open_attempt = ensure_editor, open_attempt
    _show(driver, say)
    out.flush()
    while driver.session.phase is not Phase.DONE:
        line = lines.readline()
        if not line:
            driver.send(s.Ask("quit"))
            break
        _obey(driver, line.strip().casefold(), say)
        out.flush()


def _obey(driver: Driver, word: str, say: Say) -> None:
    session = driver.session
    if session.phase is Phase.SPENT and word not in ("u", "q", "m"):
        _show(driver, say)
    elif word == "m" and session.phase is Phase.SPENT:
        driver.send(s.Ask("more"))
        _show(driver, say)
    elif word in ("1", "2", "3", "4"):
        if session.phase is not Phase.ANSWER:
            _reveal(driver, say)
        driver.rate(int(word))
        say(f"rated {RATING_NAMES[int(word)]}")
        _show(driver, say)
    elif word == "":
        if session.phase is Phase.ANSWER:
            say(HELP)
        else:
            _reveal(driver, say)
    elif word in ("u", "s", "b", "q"):
        driver.send(s.Ask({"u": "undo", "s": "suspend", "b": "bury", "q": "quit"}[word]))
        _show(driver, say)
    elif word in ("c", "t") and driver.row and driver.row.solution:
        _solve(driver, "solve" if word == "c" else "test", say)
    else:
        say(HELP)


def _solve(driver: Driver, what: str, say: Say) -> None:
    """Solve an exercise in the editor that the environment names, and say what the tests say."""
    if what == "test" and not driver.session.solving:
        say("(there is nothing to test yet: c solves it)")
        return
    before = driver.session.item
    driver.tested = None
    driver.send(s.Ask(what))
    if driver.session.item != before:
        _show(driver, say)
    tested = driver.outcome()
    if tested is None:
        say(f"({driver.session.notice})")
        return
    from flashprep.terminal.verdict import lines, time_line

    for line in (*lines(tested.problem, tested.verdict), time_line(tested)):
        say(line.text)
    if driver.session.phase is Phase.ANSWER:
        if tested.verdict.ok and not tested.attempt.helped and driver.row:
            say("---")
            say(in_words(driver.row.answer))
        _rate_line(driver, say)
        if driver.session.suggested:
            say(f"({RATING_NAMES[driver.session.suggested]} is proposed)")


def ensure_editor() -> None:
    """Refuse to go on without an editor that the user has named: the usual ones need a terminal."""
    from flashprep import editor

    if not any(os.environ.get(name, "").strip() for name in ("VISUAL", "EDITOR")):
        raise FlashprepError("set EDITOR to solve it here, or solve it with 'flashprep code start'")
    editor.ensure_there()


def open_attempt(path: Path) -> None:
    """Let the editor change a file."""
    from flashprep import editor

    editor.open_file(path, interactive=sys.stdin.isatty())


def _show(driver: Driver, say: Say) -> None:
    session, row = driver.session, driver.row
    if session.notice:
        say(f"({session.notice})")
    if session.phase is Phase.SPENT:
        say(f"({summary.spent(driver)}: m for another {driver.portion}, q leaves)")
        return
    if session.phase is Phase.DONE or row is None or session.item is None:
        return
    counts = session.queue.counts
    state = session.item.state
    left = (
        counts.new + (state == State.NEW),
        counts.learning + (state in (1, 3)),
        counts.review + (state == State.REVIEW),
    )
    say(f"\n[{row.deck} · {row.kind}] new {left[0]} · learning {left[1]} · review {left[2]}")
    say()
    say(in_words(row.prompt))
    if row.ask:
        say(f"({row.ask})")


def _reveal(driver: Driver, say: Say) -> None:
    driver.send(s.Reveal(driver.now, whole=True))
    row = driver.row
    assert row is not None
    say("---")
    say(in_words(row.answer))
    if row.timed:
        told = (driver.session.revealed_at - driver.session.shown_at) / 1000
        say(f"(told in {clock_label(told)})")
    _rate_line(driver, say)


def _rate_line(driver: Driver, say: Say) -> None:
    if driver.cram:
        say("1 Again  2 Hard  3 Good  4 Easy")
    else:
        now = driver.collection.now()
        previews = driver.preview()
        waits = [span_label(wait_seconds(memory, now.day, now.ms)) for memory in previews]
        say("  ".join(f"{n} {RATING_NAMES[n]} {wait}" for n, wait in enumerate(waits, 1)))


def in_words(text: str) -> str:
    """Return Markdown with its pictures as words."""
    if "![" not in text:
        return text
    from flashprep.cards.markdown import without_pictures

    return without_pictures(text)
