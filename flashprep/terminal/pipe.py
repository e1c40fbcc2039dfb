"""The review session over a pipe: an answer a line, plain text out, nothing heavy imported before the first card."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TextIO

from flashprep import session as s
from flashprep.memory.days import clock_label, span_label
from flashprep.memory.state import RATING_NAMES, State, wait_seconds
from flashprep.session import Phase
from flashprep.terminal.driver import Driver

Say = Callable[..., None]
HELP = "empty line: reveal; 1 Again, 2 Hard, 3 Good, 4 Easy; u undo, s suspend, b bury, q leave"


def run(driver: Driver, lines: TextIO = sys.stdin, out: TextIO = sys.stdout) -> None:
    """Hold a session: read commands from ``lines`` until it ends or they do."""

    def say(text: str = "") -> None:
        print(text, file=out)

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
    if word in ("1", "2", "3", "4"):
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
    else:
        say(HELP)


def _show(driver: Driver, say: Say) -> None:
    session, row = driver.session, driver.row
    if session.notice:
        say(f"({session.notice})")
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
    say(_in_words(row.prompt))
    if row.ask:
        say(f"({row.ask})")


def _reveal(driver: Driver, say: Say) -> None:
    driver.send(s.Reveal(driver.now, whole=True))
    row = driver.row
    assert row is not None
    say("---")
    say(_in_words(row.answer))
    if row.timed:
        told = (driver.session.revealed_at - driver.session.shown_at) / 1000
        say(f"(told in {clock_label(told)})")
    if driver.cram:
        say("1 Again  2 Hard  3 Good  4 Easy")
    else:
        now = driver.collection.now()
        previews = driver.preview()
        waits = [span_label(wait_seconds(memory, now.day, now.ms)) for memory in previews]
        say("  ".join(f"{n} {RATING_NAMES[n]} {wait}" for n, wait in enumerate(waits, 1)))


def _in_words(text: str) -> str:
    if "![" not in text:
        return text
    from flashprep.cards.markdown import without_pictures

    return without_pictures(text)
