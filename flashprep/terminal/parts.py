"""The parts of the review screen that are more than text: header, progress, ratings, keys, help, origin."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from flashprep.cards.kinds import kinds
from flashprep.memory.days import iso
from flashprep.memory.queue import Counts
from flashprep.memory.state import RATING_NAMES, STATE_NAMES, Rating, State
from flashprep.store.queries import Row

RATING_STYLES = ("", "red", "yellow", "green", "blue")

KEYS = (
    ("space, enter", "reveal; with steps: I knew this step"),
    ("n", "I did not know this step"),
    ("a", "reveal all steps at once"),
    ("1 2 3 4", "rate Again, Hard, Good, Easy"),
    ("enter", "take the suggested rating, where there is one"),
    ("m", "when the minutes of the plan are spent: go on"),
    ("u", "undo what came last; again for what came before"),
    ("c", "solve it: a fresh starter in your editor, then the tests; again to go on"),
    ("t", "run the tests again, without the editor"),
    ("e", "edit the card, and go on with the new text"),
    ("s", "suspend: hidden until you unsuspend it"),
    ("b", "bury: hidden until tomorrow"),
    ("o", "where the card comes from, and its history"),
    ("j k ↓ ↑", "scroll a long card; a page with PgDn PgUp"),
    ("?", "this help"),
    ("q", "leave; everything rated is kept"),
)
_SHORTEST_DECK = 2  # characters of its name and the gap; with less room than that, the counts go without their names
_HINTS = (
    "u undo · e edit · s suspend · b bury · o origin · ? help · q leave",
    "u undo · ? all keys · q leave",
    "? keys · q leave",
)
_CRAM_HINTS = ("e edit · o origin · ? help · q leave", "? all keys · q leave", "? keys · q leave")


class Header:
    """Deck and kind to the left, the cards that are left to the right; the deck's name gives way."""

    def __init__(self, row: Row, state: int, counts: Counts, cram: bool):
        self.row, self.state, self.counts, self.cram = row, state, counts, cram

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render the line over the whole width."""
        state, counts = self.state, self.counts
        learning = state in (State.LEARNING, State.RELEARNING)
        left = Text(f" · {kinds()[self.row.kind].label.lower()}", "dim")
        if self.cram:
            left.append(" · cram", "not dim yellow")
        for names in (("new ", "learning ", "review "), ("", "", "")):
            right = Text.assemble(
                *_count(names[0], counts.new + (state == State.NEW), "blue", state == State.NEW),
                "  ",
                *_count(names[1], counts.learning + learning, "red", learning),
                "  ",
                *_count(names[2], counts.review + (state == State.REVIEW), "green", state == State.REVIEW),
            )
            if left.cell_len + right.cell_len + _SHORTEST_DECK <= options.max_width:
                break
        deck = Text(self.row.deck, "bold")
        deck.truncate(max(1, options.max_width - left.cell_len - right.cell_len - 2), overflow="ellipsis")
        gap = max(1, options.max_width - deck.cell_len - left.cell_len - right.cell_len)
        yield Text.assemble(deck, left, " " * gap, right, no_wrap=True, overflow="crop")


def _count(name: str, number: int, style: str, current: bool) -> tuple[tuple[str, str], ...]:
    return ((name, "dim"), (str(number), f"bold underline {style}" if current else f"bold {style}"))


class Progress:
    """A thin bar: how much of the session is done."""

    def __init__(self, done: float, left: float):
        self.share = done / max(1, done + left)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render the bar over the whole width."""
        full = round(self.share * options.max_width)
        yield Text.assemble(("━" * full, "cyan"), ("─" * (options.max_width - full), "dim"))


class Ratings:
    """The four ratings with the interval that each one means, and a mark at the suggested one."""

    def __init__(self, waits: Sequence[str], suggested: Rating | None):
        self.waits, self.suggested = waits, suggested

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render one line, with as much air as there is room for."""
        for chip, gap, mark in (
            (" {} ", "   ", " ← enter"),
            (" {} ", "   ", " ←"),
            ("{}", "  ", " ←"),
            ("{}", " ", ""),
        ):
            line = self._line(chip, gap, mark)
            if line.cell_len <= options.max_width:
                break
        yield line

    def _line(self, chip: str, gap: str, mark: str) -> Text:
        line = Text()
        for rating, wait in zip(Rating, self.waits, strict=True):
            style = RATING_STYLES[rating]
            line.append(gap if line else "")
            line.append(chip.format(int(rating)), f"reverse {style}")
            line.append(f" {RATING_NAMES[rating]}", f"bold {style}")
            line.append(f" {wait}" if wait else "", "dim")
            line.append(mark if rating == self.suggested else "", "bold")
        return line


class Hints:
    """What the next key does, and as many of the other keys as fit beside it, else below it."""

    def __init__(self, first: str = "", cram: bool = False):
        self.first = first
        self.others = _CRAM_HINTS if cram else _HINTS

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render one line, two where the first is long."""
        first = f"{self.first}   " if self.first else ""
        for others in self.others:
            if cell_len(first) + cell_len(others) <= options.max_width:
                yield Text.assemble((first, "bold"), (others, "dim"))
                return
        yield Text(self.first, "bold")
        yield Text(self.others[1], "dim")


def help_text() -> RenderableType:
    """Explain every key."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="bold")
    table.add_column()
    for keys, meaning in KEYS:
        table.add_row(keys, meaning)
    return Group(Text("Keys", "bold"), "", table)


def origin(row: Row, place: str) -> RenderableType:
    """Show where a card comes from and what is known of it."""
    memory = row.memory
    facts = [
        ("card", row.key),
        ("file", place),
        ("tags", ", ".join(row.tags)),
        ("covers", ", ".join(row.covers)),
        ("solution", f"{row.solution}.py" if row.solution else ""),
        ("state", STATE_NAMES[memory.state]),
    ]
    if memory.reps:
        facts += [
            ("reviews", f"{memory.reps}, lapses {memory.lapses}, last {iso(memory.last_day)}"),
            ("due", iso(memory.due_day)),
            ("stability", f"{memory.stability:.1f} days"),
            ("difficulty", f"{memory.difficulty:.1f} of 10"),
        ]
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for name, value in facts:
        if value:
            table.add_row(name, Text(value))
    return table
