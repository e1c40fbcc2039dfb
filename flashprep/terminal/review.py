"""The review session on the screen: keys in, cards out."""

from __future__ import annotations

from pathlib import Path

from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from flashprep import editor
from flashprep import session as s
from flashprep.authoring import edit_card
from flashprep.memory.days import clock_label, span_label
from flashprep.memory.state import State, wait_seconds
from flashprep.session import Phase
from flashprep.store.queries import Row
from flashprep.terminal import parts, summary, verdict
from flashprep.terminal.console import console
from flashprep.terminal.driver import Driver
from flashprep.terminal.keys import END, TICK
from flashprep.terminal.markdown import CardMarkdown
from flashprep.terminal.screen import Screen

STORY_GOAL = 120  # seconds


class ReviewScreen:
    """Draws a session and turns keys into its events."""

    def __init__(self, driver: Driver, screen: Screen):
        self.driver = driver
        self.screen = screen
        self.overlay = ""  # "help" or "origin" while it covers the card
        self._fresh = True  # something new is to be brought into sight
        self.notes = list(driver.collection.notices)
        driver.open_editor = self._edit
        driver.ensure_editor, driver.open_attempt = editor.ensure_there, self._open_attempt
        driver.collection.notices.clear()

    def run(self) -> None:
        """Hold the session until it ends."""
        while self.driver.session.phase is not Phase.DONE:
            self.draw()
            session = self.driver.session
            ticking = session.timed and session.phase is Phase.PROMPT and not self.overlay
            key = self.screen.keyboard.read(1.0 if ticking else None)
            if key == END:
                self.driver.send(s.Ask("quit"))
            elif key != TICK:
                self.press(key)

    def press(self, key: str) -> None:
        """Do what a key means now."""
        driver, phase = self.driver, self.driver.session.phase
        if self.screen.scroll(key):
            return
        if self.overlay and key != "quit":
            if key in ("q", "escape", "space", "enter", "?", "o"):
                self.overlay, self._fresh = "", True
            return
        before = self._shown()
        match key:
            case "?" | "h":
                self.overlay, self.screen.offset = "help", 0
            case "o":
                self.overlay, self.screen.offset = "origin", 0
            case "q" | "quit":
                driver.send(s.Ask("quit"))
            case "u" | "e" | "s" | "b" | "t":
                asked = {"u": "undo", "e": "edit", "s": "suspend", "b": "bury", "t": "test"}
                driver.send(s.Ask(asked[key]))
            case "c" if driver.row and driver.row.solution:
                driver.send(s.Ask("solve"))
            case "m" if phase is Phase.SPENT:
                driver.send(s.Ask("more"))
            case "1" | "2" | "3" | "4" if phase is Phase.ANSWER:
                driver.rate(int(key))
            case "space" | "enter" | "y" | "n" | "a":
                self._go_on(key)
        self._fresh = self._shown() != before
        self.notes = []

    def _shown(self) -> tuple[object, ...]:
        session = self.driver.session
        return self.driver.row, session.phase, session.steps_shown, self.driver.tested

    def _go_on(self, key: str) -> None:
        driver, session = self.driver, self.driver.session
        if session.phase is Phase.STEPS:
            if key == "a":
                driver.send(s.Reveal(driver.now, whole=True))
            else:
                driver.send(s.Judge(driver.now, key != "n"))
        elif session.phase is Phase.PROMPT:
            driver.send(s.Reveal(driver.now, whole=key == "a"))
        elif session.suggested and key == "enter":
            driver.rate(session.suggested)

    def _edit(self, row: Row) -> str:
        self.screen.leave()
        try:
            return edit_card(self.driver.collection, row)
        finally:
            self.screen.enter()
            self.screen.keyboard.forget()

    def _open_attempt(self, path: Path) -> None:
        """Open the user's attempt; the tests run when the editor is closed."""
        self.screen.leave()
        try:
            editor.open_file(path)
        finally:
            self.screen.enter()
            self.screen.keyboard.forget()
        self.screen.draw(self._head(), self._body()[0], ["", Text("The tests run …", "yellow")])

    # -- drawing

    def draw(self) -> None:
        """Draw the session as it is."""
        body, sight = self._body()
        self.screen.draw(self._head(), body, self._foot(), sight if self._fresh else None)
        self._fresh = False

    def _head(self) -> list[RenderableType]:
        session, row = self.driver.session, self.driver.row
        if row is None or session.phase is Phase.SPENT:
            return []
        counts = session.queue.counts
        state = session.item.state if session.item else State.NEW
        header = parts.Header(row, state, counts, self.driver.cram)
        return [header, self._progress(), ""]

    def _progress(self) -> parts.Progress:
        """Show how much of the cards is done, or where the study has an aim, how much of the time is spent."""
        session = self.driver.session
        tally = session.tally
        if session.time:
            return parts.Progress(tally.spent_ms, max(0, session.time.left_ms - tally.spent_ms))
        return parts.Progress(len(tally.seen), session.queue.counts.total + 1)

    def _body(self) -> tuple[list[RenderableType], int]:
        """Return what stands between head and foot, and which part of it has to be in sight."""
        session, row = self.driver.session, self.driver.row
        if self.overlay == "help":
            return [parts.help_text()], 0
        if session.phase is Phase.SPENT:
            said = summary.spent(self.driver)
            return [Text(f"{said[:1].upper()}{said[1:]}.", "bold")], 0
        if row is None:
            return [], 0
        if self.overlay == "origin":
            return [parts.origin(row, f"{self.driver.collection.absolute(row.root, row.path)}:{row.line}")], 0
        body: list[RenderableType] = [_prompt(row.prompt)]
        tested = self.driver.tested if session.exercise and session.solving else None
        if tested:
            found = [*verdict.lines(tested.problem, tested.verdict), verdict.time_line(tested)]
            body += ["", *(Text(line.text, line.style) for line in found)]
        elif row.ask:
            body += ["", Text(row.ask, "italic dim")]
        sight = 0
        if session.phase is Phase.STEPS:
            body += ["", *self._steps(row.steps[: session.steps_shown])]
            sight = len(body) - 1
        elif session.phase is Phase.ANSWER:
            body += ["", Rule(style="dim"), ""]
            sight = len(body) - 1
            if session.known and row.steps:
                body += self._steps(row.steps)
                sight = len(body) - 1
            else:
                body.append(CardMarkdown(row.answer))
        return body, sight

    def _steps(self, steps: tuple[str, ...]) -> list[RenderableType]:
        known = self.driver.session.known
        rows: list[RenderableType] = []
        for number, text in enumerate(steps, 1):
            grid = Table.grid(padding=(0, 1))
            grid.add_column(width=1)
            grid.add_column(width=3, justify="right")
            grid.add_column(ratio=1)
            mark = Text("") if number > len(known) else Text("✓", "green") if known[number - 1] else Text("✗", "red")
            grid.add_row(mark, Text(f"{number}.", "dim"), CardMarkdown(text))
            rows.append(grid)
        return rows

    def _foot(self) -> list[RenderableType]:
        session, row = self.driver.session, self.driver.row
        if row is None and session.phase is not Phase.SPENT:
            return []
        lines: list[RenderableType] = [""]
        for note in (*self.notes, session.notice):
            if note:
                lines.append(Text(note, "yellow"))
        if self.overlay:
            return [*lines, Text("space closes this", "bold")]
        cram = self.driver.cram
        if session.phase is Phase.SPENT:
            return [*lines, parts.Hints(f"m: another {self.driver.portion}   q: leave", cram)]
        if session.phase is Phase.PROMPT:
            if session.timed:
                lines.append(self._clock())
                return [*lines, parts.Hints("space: show the frame", cram)]
            return [*lines, parts.Hints(self._first_hint(), cram)]
        if session.phase is Phase.STEPS:
            shown = f"step {session.steps_shown} of {session.steps}"
            return [*lines, parts.Hints(f"{shown}   space: I knew it   n: I did not   a: all", cram)]
        if session.timed:
            told = (session.revealed_at - session.shown_at) / 1000
            style = "yellow" if told > STORY_GOAL else "green"
            lines.append(Text(f"told in {clock_label(told)}, goal {clock_label(STORY_GOAL)}", style))
        solve = "c: go on   t: test again" if session.exercise and session.solving else ""
        return [*lines, self._ratings(), parts.Hints(solve, cram)]

    def _first_hint(self) -> str:
        session, row = self.driver.session, self.driver.row
        if session.exercise:
            if session.solving:
                return "c: go on   t: test again   space: give up, show the answer"
            goal = (row.minutes if row else 0) or self.driver.collection.config.solve_minutes
            return f"c: solve it in {goal} min   space: show the answer (help)"
        first = "space: first step" if session.steps else "space: show answer"
        return f"{first}   c: solve it" if row and row.solution else first

    def _clock(self) -> Text:
        told = (self.driver.now - self.driver.session.shown_at) / 1000
        time, goal = clock_label(told), f" of {clock_label(STORY_GOAL)}"
        return Text.assemble(
            ("● telling  ", "red"), (time, "bold yellow" if told > STORY_GOAL else "bold"), (goal, "dim")
        )

    def _ratings(self) -> RenderableType:
        now = self.driver.collection.now()
        waits = [span_label(wait_seconds(memory, now.day, now.ms)) for memory in self.driver.preview()]
        return parts.Ratings(waits or [""] * 4, self.driver.session.suggested)


def _prompt(source: str) -> RenderableType:
    """Show the title in bold, whatever follows it as it is."""
    title, _, rest = source.partition("\n\n")
    parts: list[RenderableType] = [CardMarkdown(title, style="bold")]
    if rest:
        parts += ["", CardMarkdown(rest)]
    return Group(*parts)


def run(driver: Driver) -> None:
    """Hold a session on the screen, and leave its summary on the terminal."""
    if driver.session.phase is not Phase.DONE:
        screen = Screen()
        with screen.opened():
            ReviewScreen(driver, screen).run()
    out = console()
    for line in summary.lines(driver):
        out.print(Text(line))
