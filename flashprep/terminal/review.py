"""The review session on the screen: keys in, cards out."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from flashprep import session as s
from flashprep.cards.kinds import kinds
from flashprep.memory.days import clock_label, span_label
from flashprep.memory.state import RATING_NAMES, STATE_NAMES, Rating, State, wait_seconds
from flashprep.session import Phase
from flashprep.store.queries import Row
from flashprep.terminal import summary
from flashprep.terminal.console import WIDEST, console, size
from flashprep.terminal.driver import Driver
from flashprep.terminal.editor import edit_card
from flashprep.terminal.keys import END, TICK
from flashprep.terminal.markdown import CardMarkdown
from flashprep.terminal.screen import Screen

RATING_STYLES = ("", "red", "yellow", "green", "blue")
STORY_GOAL = 120  # seconds

KEYS = (
    ("space, enter", "reveal; with steps: I knew this step"),
    ("n", "I did not know this step"),
    ("a", "reveal all steps at once"),
    ("1 2 3 4", "rate Again, Hard, Good, Easy"),
    ("enter", "take the suggested rating, where there is one"),
    ("u", "undo the last rating, or whatever came last; again for the one before"),
    ("e", "edit the card in your editor, and go on with the new text"),
    ("s", "suspend the card: hidden until you unsuspend it"),
    ("b", "bury the card: hidden until tomorrow"),
    ("o", "where the card comes from, and its history"),
    ("j k ↓ ↑", "scroll a long card"),
    ("?", "this help"),
    ("q", "leave; everything rated is kept"),
)


class ReviewScreen:
    """Draws a session and turns keys into its events."""

    def __init__(self, driver: Driver, screen: Screen):
        self.driver = driver
        self.screen = screen
        self.overlay = ""  # "help" or "origin" while it covers the card
        self.notes = list(driver.collection.notices)
        driver.open_editor = self._edit
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
        if self.overlay:
            self.overlay = "" if key in ("q", "escape", "space", "enter", "?", "o", "quit") else self.overlay
            return
        if self.screen.scroll(key):
            return
        before = (driver.row, phase)
        match key:
            case "?" | "h":
                self.overlay = "help"
            case "o":
                self.overlay = "origin"
            case "q" | "quit":
                driver.send(s.Ask("quit"))
            case "u" | "e" | "s" | "b":
                driver.send(s.Ask({"u": "undo", "e": "edit", "s": "suspend", "b": "bury"}[key]))
            case "1" | "2" | "3" | "4" if phase is Phase.ANSWER:
                driver.rate(int(key))
            case "space" | "enter" | "y" | "n" | "a":
                self._go_on(key)
        if (driver.row, driver.session.phase) != before:
            self.screen.offset = 0
        self.notes = []

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

    # -- drawing

    def draw(self) -> None:
        """Draw the session as it is."""
        self.screen.draw(self._head(), self._body(), self._foot())

    def _head(self) -> list[RenderableType]:
        session, row = self.driver.session, self.driver.row
        if row is None:
            return []
        counts = session.queue.counts
        state = session.item.state if session.item else State.NEW
        line = Table.grid(expand=True)
        line.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
        line.add_column(justify="right", no_wrap=True)
        left = Text.assemble((row.deck, "bold"), (f" · {kinds()[row.kind].label.lower()}", "dim"))
        if self.driver.cram:
            left.append(" · cram", "yellow")
        right = Text.assemble(
            *_count("new", counts.new + (state == State.NEW), "blue", state == State.NEW),
            "  ",
            *_count("learning", counts.learning + (state in (1, 3)), "red", state in (1, 3)),
            "  ",
            *_count("review", counts.review + (state == State.REVIEW), "green", state == State.REVIEW),
        )
        line.add_row(left, right)
        return [line, _Progress(len(session.tally.seen), counts.total + 1), ""]

    def _body(self) -> list[RenderableType]:
        if self.overlay == "help":
            return [_help()]
        session, row = self.driver.session, self.driver.row
        if row is None:
            return []
        if self.overlay == "origin":
            return [_origin(self.driver)]
        parts: list[RenderableType] = [_prompt(row.prompt)]
        if row.ask:
            parts += ["", Text(row.ask, "italic dim")]
        if session.phase is Phase.STEPS:
            parts += ["", *self._steps(row.steps[: session.steps_shown])]
        elif session.phase is Phase.ANSWER:
            parts += ["", Rule(style="dim"), ""]
            parts += self._steps(row.steps) if session.known and row.steps else [CardMarkdown(row.answer)]
        return parts

    def _steps(self, steps: tuple[str, ...]) -> list[RenderableType]:
        known = self.driver.session.known
        grid = Table.grid(padding=(0, 1))
        grid.add_column(width=2)
        grid.add_column(width=3, justify="right")
        grid.add_column(ratio=1)
        for number, text in enumerate(steps, 1):
            mark = (
                Text("  ") if number > len(known) else Text("✓ ", "green") if known[number - 1] else Text("✗ ", "red")
            )
            grid.add_row(mark, Text(f"{number}.", "dim"), CardMarkdown(text))
        return [grid]

    def _foot(self) -> list[RenderableType]:
        session, row = self.driver.session, self.driver.row
        if row is None:
            return []
        lines: list[RenderableType] = [""]
        for note in (*self.notes, session.notice):
            if note:
                lines.append(Text(note, "yellow"))
        if self.overlay:
            return [*lines, Text("any of space, q, ? closes this", "dim")]
        if session.phase is Phase.PROMPT:
            if session.timed:
                told = (self.driver.now - session.shown_at) / 1000
                lines.append(
                    Text.assemble(
                        ("● telling  ", "red"), (clock_label(told), "bold"), (f" of {clock_label(STORY_GOAL)}", "dim")
                    )
                )
            what = (
                "space: first step"
                if session.steps
                else "space: I told it, show the frame"
                if session.timed
                else "space: show answer"
            )
            return [*lines, _hints(what)]
        if session.phase is Phase.STEPS:
            shown = f"step {session.steps_shown} of {session.steps}"
            return [*lines, _hints(f"{shown}   space: I knew it   n: I did not   a: all")]
        if session.timed:
            told = (session.revealed_at - session.shown_at) / 1000
            over = told > STORY_GOAL
            lines.append(
                Text(f"told in {clock_label(told)}, goal {clock_label(STORY_GOAL)}", "yellow" if over else "green")
            )
        return [*lines, self._ratings(), _hints("")]

    def _ratings(self) -> RenderableType:
        driver, session = self.driver, self.driver.session
        now = driver.collection.now()
        waits = [span_label(wait_seconds(memory, now.day, now.ms)) for memory in driver.preview()] or [""] * 4
        line = Text()
        for rating, wait in zip(Rating, waits, strict=True):
            suggested = session.suggested == rating
            style = RATING_STYLES[rating]
            line.append(f" {rating} ", f"reverse {style}")
            line.append(f" {RATING_NAMES[rating]}", f"bold {style}")
            line.append(f" {wait}   " if wait else "   ", "dim")
            if suggested:
                line.right_crop(2)
                line.append("← enter   ", "bold")
        return line


def _prompt(source: str) -> RenderableType:
    """Show the title in bold, whatever follows it as it is."""
    title, _, rest = source.partition("\n\n")
    parts: list[RenderableType] = [CardMarkdown(title, style="bold")]
    if rest:
        parts += ["", CardMarkdown(rest)]
    return Group(*parts)


def _count(name: str, number: int, style: str, current: bool) -> tuple[tuple[str, str], ...]:
    return ((f"{name} ", "dim"), (str(number), f"bold underline {style}" if current else f"bold {style}"))


def _hints(first: str) -> Text:
    """Name the keys, as many as fit on one line."""
    room = min(WIDEST, size()[0] - 2) - len(first) - 3
    text = Text(f"{first}   " if first else "", "bold")
    everything = "u undo · e edit · s suspend · b bury · o origin · ? help · q leave"
    text.append(everything if len(everything) <= room else "u undo · ? all keys · q leave", "dim")
    return text


def _help() -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="bold")
    table.add_column()
    for keys, meaning in KEYS:
        table.add_row(keys, meaning)
    return Group(Text("Keys", "bold"), "", table)


def _origin(driver: Driver) -> RenderableType:
    row = driver.row
    assert row is not None
    memory = row.memory
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    table.add_row("card", row.key)
    table.add_row("file", f"{driver.collection.absolute(row.root, row.path)}:{row.line}")
    table.add_row("tags", ", ".join(row.tags))
    table.add_row("covers", ", ".join(row.covers))
    table.add_row("state", STATE_NAMES[memory.state])
    if memory.reps:
        table.add_row("reviews", f"{memory.reps}, lapses {memory.lapses}")
        table.add_row("stability", f"{memory.stability:.1f} days")
        table.add_row("difficulty", f"{memory.difficulty:.1f} of 10")
    if row.solution:
        table.add_row("solution", f"{row.solution}.py")
    return table


class _Progress:
    """A thin bar: how much of the session is done."""

    def __init__(self, done: int, left: int):
        self.share = done / max(1, done + left)

    def __rich_console__(self, _: object, options):  # type: ignore[no-untyped-def]
        """Render the bar over the whole width."""
        width = options.max_width
        full = round(self.share * width)
        yield Text("━" * full, "cyan", end="") + Text("─" * (width - full), "dim", end="\n")


def run(driver: Driver) -> None:
    """Hold a session on the screen, and leave its summary on the terminal."""
    if driver.session.phase is not Phase.DONE:
        screen = Screen()
        with screen.opened():
            ReviewScreen(driver, screen).run()
    out = console()
    for line in summary.lines(driver):
        out.print(Text(line))
