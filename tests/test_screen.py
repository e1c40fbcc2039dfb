"""The review session in a real terminal: keys in, screens out, and the terminal left as it was found."""

from __future__ import annotations

import os
import re
import signal
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pyte
import pytest
from wcwidth import wcswidth

PATIENCE = 20  # seconds until a screen that does not come is a failure

DECK = """\
---
deck: Caching
---

## Concept: What is a lease? {#lease .locks}

A lock that ends by itself.

## Concept: What is a fence? {#fence}

A number that grows.

## Question: What is a quorum? {#quorum}

A majority.
"""
APPROACH = """\
## Approach: How do you begin? {#begin}

Before anything else:

1. Ask for volume.
2. Name the qualities.
3. Draw one request.
"""
STORY = """\
## Story: I cut checkout latency {#story}

### Situation

Checkout was slow.

### Task

I owned it.

### Action

I traced it.

### Result

Fast again.
"""
RED_FLAG = """\
## Red flag: Drawing boxes first {#boxes}

### Why it costs you

Nobody sees how you choose.

### Instead

Ask for five minutes.
"""
RICH = """\
## Coding: Windows, `O(n)` and a table {#rich}

Return **all** sums, see [the docs](https://example.org/very/long/address/that/does/not/fit/on/a/narrow/line/at/all).

```python
@cache
def sums(items: list[int], width: int = 3) -> list[int]:
    # a comment about the window that is quite a bit longer than sixty columns allow
    class Window(Base):
        label = "text" + f"{width}" if width else None
    raise ValueError(0.5)
```

### Approach

| data structure | cost | remark about it |
|---|--:|---|
| ring buffer | O(1) | 日本語のとても長い説明文がここに入りますので折り返しになります |
| heap | O(log n) | 🎉 emoji and a List<String> outside of any code |

> Quoted, ~~not~~ *meant*.

- one
  - two

Wide: 漢字かな交じり文と 한국어 텍스트와 ＦＵＬＬ, and a Map<K, V> in plain words. 😀🚀

### Trap

Off by one.
"""


class Terminal:
    """A process in a terminal of its own, and the screen that its user would see."""

    def __init__(self, command: str, args: list[str], columns: int, lines: int, env: dict[str, str | None]):
        wanted = {**os.environ, "TERM": "xterm-256color", **env}
        for name in ("NO_COLOR", "COLUMNS", "LINES"):
            wanted.pop(name, None) if name not in env else None
        self.raw = ""
        self._text: str | None = None
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.Stream(self.screen)
        self.process = pexpect.spawn(
            command,
            args,
            dimensions=(lines, columns),
            env={name: value for name, value in wanted.items() if value is not None},
            encoding="utf-8",
        )
        self.process.delaybeforesend = None
        self.mode = termios.tcgetattr(self.process.child_fd)

    @property
    def text(self) -> str:
        """What is on the screen."""
        if self._text is None:
            self._text = "\n".join(line.rstrip() for line in self.screen.display)
        return self._text

    @property
    def frame(self) -> list[str]:
        """The rows of the last whole drawing, without colours."""
        drawn = self.raw.rsplit("\x1b[?2026h\x1b[H", 1)[1].split("\x1b[J")[0]
        return [re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", row) for row in re.split(r"\r+\n", drawn)]

    def read(self) -> bool:
        """Take in what the process wrote; False when it has ended."""
        try:
            new = self.process.read_nonblocking(65536, timeout=0.05)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.raw += new
        self._stream.feed(new)
        self._text = None
        return True

    def wait(self, ready: Callable[[], bool], why: str = "the screen does not change") -> str:
        """Wait for a condition, with no drawing half done."""
        end = time.monotonic() + PATIENCE
        while not (ready() and self.raw.count("\x1b[?2026h") == self.raw.count("\x1b[?2026l")):
            assert self.read() or ready(), f"ended; {why}:\n{self.text}"
            assert time.monotonic() < end, f"{why}:\n{self.text}"
        return self.text

    def until(self, *wanted: str, gone: str = "") -> str:
        """Wait until the screen shows these texts, and no longer another."""
        return self.wait(
            lambda: all(text in self.text for text in wanted) and not (gone and gone in self.text),
            f"waited in vain for {wanted} without {gone!r}",
        )

    def press(self, keys: str, *wanted: str, gone: str = "") -> str:
        self.process.send(keys)
        return self.until(*wanted, gone=gone)

    def ends(self) -> int:
        """Wait for the end of the process and return its exit code, or minus the signal."""
        end = time.monotonic() + PATIENCE
        while self.read():
            assert time.monotonic() < end, f"does not end:\n{self.text}"
        self.process.wait()
        return self.process.exitstatus if self.process.exitstatus is not None else -self.process.signalstatus

    def close(self) -> None:
        """Do away with the process, whatever it is doing, and with its terminal."""
        if self.process.closed:
            return
        if self.process.isalive():
            self.process.kill(signal.SIGKILL)
            self.process.wait()
        self.process.ptyproc.delayafterclose = 0
        self.process.close()

    def resize(self, columns: int, lines: int) -> None:
        self.screen.resize(lines, columns)
        self._text = None
        self.process.setwinsize(lines, columns)

    def is_sane(self) -> bool:
        """Tell whether the terminal was given back: main screen, visible cursor, wrapping, keys as they were."""
        given_back = self.raw.rfind("\x1b[?1049l") > self.raw.rfind("\x1b[?1049h") >= 0
        shown = self.raw.rfind("\x1b[?25h") > self.raw.rfind("\x1b[?25l")
        wraps = self.raw.rfind("\x1b[?7h") >= self.raw.rfind("\x1b[?7l")
        return given_back and shown and wraps and termios.tcgetattr(self.process.child_fd) == self.mode


@pytest.fixture
def terminal(home: Path) -> Iterator[Callable[..., Terminal]]:
    """Start ``flashprep review`` in a terminal: ``terminal("--id", "lease", columns=60, env={...})``."""
    opened: list[Terminal] = []

    def start(
        *options: str,
        columns: int = 80,
        lines: int = 24,
        env: dict[str, str | None] | None = None,
        command: str = "review",
    ) -> Terminal:
        opened.append(Terminal(sys.executable, ["-m", "flashprep", command, *options], columns, lines, env or {}))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


@pytest.fixture
def ratings(said: Callable) -> Callable[[], list[tuple[str, int]]]:
    """Look up what the log holds, oldest first."""
    return lambda: [(row["card"], row["rating"]) for row in reversed(said("log", "--json", ok=True).json)]


@pytest.fixture
def editor(tmp_path: Path) -> Callable[[str], str]:
    """Make an editor out of shell commands; the file is ``$1``."""

    def make(script: str) -> str:
        path = tmp_path / "my-editor"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return str(path)

    return make


# -- the way of one card


def test_a_session_from_the_first_prompt_to_the_summary(terminal, deck, ratings):
    deck(DECK)
    t = terminal()
    shown = t.until("space: show answer")
    assert "Caching · concept" in shown and "new 3  learning 0  review 0" in shown
    assert "What is a lease?" in shown and "A lock that ends" not in shown and "Again" not in shown
    assert "━" not in shown  # nothing is done yet

    shown = t.press(" ", "A lock that ends by itself.")
    assert "What is a lease?" in shown  # the prompt stays
    assert re.search(r"1\s+Again 1m\s+2\s+Hard 6m\s+3\s+Good 10m\s+4\s+Easy \d+d", shown)

    shown = t.press("3", "What is a fence?")
    assert "new 2  learning 1  review 0" in shown and "A number that grows." not in shown
    done, left = shown.count("━"), shown.count("─")
    assert done + left == 78 and 0 < done < left
    assert ratings() == [("lease", 3)]  # in the log before the next card is on the screen

    t.press("\r", "A number that grows.")
    t.press("4", "What is a quorum?")
    assert t.text.count("━") > done
    t.press(" ", "A majority.")
    t.press("1", "space: show answer", "learning 2")
    assert "What is a quorum?" in t.text  # nothing else is left: cards in learning come a little early
    t.press("q", "Done: 3 ratings on 3 cards")
    assert t.ends() == 0
    assert "Again 1 · Hard 0 · Good 1 · Easy 1" in t.text and "Not yet: quorum" in t.text and "Tomorrow: " in t.text
    assert t.is_sane()
    assert ratings() == [("lease", 3), ("fence", 4), ("quorum", 1)]


def test_keys_that_mean_nothing_change_nothing(terminal, deck, ratings):
    deck(DECK)
    t = terminal()
    t.until("space: show answer")
    t.press("13 xZ9ü€\x1b[A\x1b[15~\x1bOP\t", "A lock that ends by itself.")  # ratings before the answer, unknown keys
    t.press("\x1b", "A lock that ends by itself.")
    t.press("  yn0", "A lock that ends by itself.")
    t.process.send("q")
    assert t.ends() == 0 and "Nothing was rated." in t.text
    assert ratings() == []


def test_keys_typed_ahead_are_taken_in_order(terminal, deck, ratings):
    deck(DECK)
    t = terminal()
    t.process.send(" 4 4 4")
    assert t.ends() == 0
    assert "Done: 3 ratings on 3 cards" in t.text
    assert ratings() == [("lease", 4), ("fence", 4), ("quorum", 4)]


def test_undo_goes_back_step_by_step_also_into_the_last_session(terminal, deck, run, ratings):
    deck(DECK)
    run("review", "--id", "quorum", input="\n4\n", ok=True)
    t = terminal()
    t.until("What is a lease?")
    t.press(" ", "A lock that ends")
    t.press("1", "What is a fence?")
    assert "new 1  learning 1  review 0" in t.text
    shown = t.press("u", "took back Again for lease", "What is a lease?")
    assert "new 2  learning 0  review 0" in shown and "space: show answer" in shown
    t.press("u", "took back Easy for quorum", "What is a quorum?")
    t.press("u", "there is nothing to take back")
    t.press(" ", "A majority.", gone="there is nothing to take back")
    t.press("3", "What is a lease?")
    t.process.send("q")
    t.ends()
    assert ratings() == [("quorum", 3)]
    assert "Done: 1 rating on 1 card" in t.text and "Not yet" not in t.text


def test_suspend_and_bury_hide_the_card_and_say_so(terminal, deck, said):
    deck(DECK)
    t = terminal()
    t.until("What is a lease?")
    t.press("s", "lease is hidden until 'flashprep unsuspend'; u takes it back", "What is a fence?")
    t.press("b", "fence is hidden until tomorrow; u takes it back", "What is a quorum?")
    assert "new 1  learning 0  review 0" in t.text
    t.press("u", "took back bury for fence", "What is a fence?")
    t.process.send("q")
    t.ends()
    hidden = [card["id"] for card in said("list", "--json", "--state", "suspended").json]
    assert hidden == ["lease"] and said("list", "--json", "--state", "buried").json == []


def test_origin_and_help_cover_the_card_and_give_it_back(terminal, deck):
    path = deck(DECK)
    t = terminal(columns=200)
    t.until("What is a lease?")
    shown = t.press("o", "space closes this")
    assert f"{path}:5" in shown and "locks" in shown and re.search(r"state +new", shown)
    t.press(" ", "What is a lease?", "space: show answer")
    shown = t.press("?", "Keys")
    for words in (
        "undo",
        "edit",
        "suspend",
        "bury",
        "I did not know this step",
        "rate Again, Hard, Good, Easy",
        "leave",
    ):
        assert words in shown
    t.press("4", "Keys")  # nothing is rated behind it
    t.press("q", "What is a lease?", "space: show answer")
    t.press(" ", "A lock that ends")
    t.press("?", "Keys")
    t.press("\x1b", "A lock that ends", "Again 1m")  # still revealed
    t.press("4", "What is a fence?")
    t.press("u", "What is a lease?")
    t.press("?", "Keys")
    t.process.send("\x03")
    assert t.ends() == 0 and t.is_sane()


# -- editing


def test_edit_goes_on_with_the_new_text_and_gives_the_editor_a_usual_terminal(
    terminal, deck, editor, ratings, tmp_path
):
    path = deck(DECK)
    log = tmp_path / "seen"
    script = (
        f'stty -a > {log}; echo "EDITOR AT WORK"; sed -i "s/ends by itself/has a deadline/" "$1"; echo "$1" >> {log}'
    )
    t = terminal(env={"EDITOR": editor(script)})
    t.until("What is a lease?")
    t.press(" ", "A lock that ends by itself.")
    t.press("e", "A lock that has a deadline.", gone="ends by itself")
    seen = log.read_text()
    assert re.search(r"(?<!-)icanon", seen) and re.search(r"(?<!-)echo\b", seen) and re.search(r"intr = \^C", seen)
    assert str(path) in seen
    before_editor = t.raw[: t.raw.index("EDITOR AT WORK")]
    assert before_editor.endswith("\x1b[?1049l")  # the editor drew on the main screen
    t.press("3", "What is a fence?")
    t.process.send("q")
    assert t.ends() == 0 and t.is_sane()
    assert ratings() == [("lease", 3)]


def test_an_editor_that_fails_or_is_not_there_only_costs_a_line(terminal, deck, ratings, tmp_path):
    deck(DECK)
    t = terminal(env={"EDITOR": "false"})
    t.until("What is a lease?")
    t.press("e", "the editor 'false' ended with exit code 1", "What is a lease?")
    t.press(" ", "A lock that ends", gone="exit code")
    t.press("4", "What is a fence?")
    t.process.send("\x04")
    assert t.ends() == 0

    t = terminal(env={"PATH": str(tmp_path), "EDITOR": None})
    t.until("What is a fence?")
    t.press("e", "no editor: set EDITOR")
    t.process.send("q")
    assert t.ends() == 0
    assert ratings() == [("lease", 4)]


def test_a_card_that_was_edited_away_makes_room_for_the_next(terminal, deck, editor):
    deck(DECK)
    t = terminal(env={"EDITOR": editor('sed -i "/ends by itself/d" "$1"')})
    t.until("What is a lease?")
    t.press("e", "What is a fence?", "lease is no card any more", "flashprep check")
    t.process.send("q")
    assert t.ends() == 0


def test_editing_a_built_in_card_makes_a_copy_and_says_so(terminal, home, editor, said):
    (home / "config.toml").write_text("")
    built_in = said("list", "--json", "--kind", "concept").json[0]
    before = Path(built_in["path"]).read_bytes()
    t = terminal(
        "--id", built_in["id"], env={"EDITOR": editor('sed -i "s/^## Concept: .* {/## Concept: My own words? {/" "$1"')}
    )
    t.until("space: show answer")
    t.press("e", "My own words?", "takes the place of the built-in note")
    t.process.send("q")
    assert t.ends() == 0
    assert Path(built_in["path"]).read_bytes() == before


# -- the kinds that behave in their own way


def test_an_approach_comes_step_by_step_and_suggests_a_rating(terminal, deck, ratings):
    deck(APPROACH)
    t = terminal()
    shown = t.until("space: first step")
    assert "Before anything else:" in shown and "Name the 3 steps." in shown and "Ask for volume." not in shown
    shown = t.press(" ", "Ask for volume.", "step 1 of 3")
    assert "Name the qualities." not in shown and "Again" not in shown
    shown = t.press(" ", "Name the qualities.", "step 2 of 3")
    assert "✓  1. Ask for volume." in shown
    shown = t.press("n", "Draw one request.", "step 3 of 3")
    assert "✗  2. Name the qualities." in shown
    shown = t.press("y", "Hard 6m ← enter")  # one of three was missed
    assert "✓  3. Draw one request." in shown and shown.count("←") == 1
    t.process.send("\r")
    t.until("learning 1")
    t.process.send("q")
    t.ends()
    assert ratings() == [("begin", 2)]


@pytest.mark.parametrize(("keys", "suggested"), [("    ", "Good 10m ←"), (" nnn", "Again 1m ←"), (" a", ""), ("a", "")])
def test_the_suggestion_follows_from_the_steps_that_were_known(terminal, deck, keys, suggested):
    deck(APPROACH)
    t = terminal()
    t.until("space: first step")
    shown = t.press(keys, "Again 1m", "Draw one request.")
    assert (suggested in shown) if suggested else ("←" not in shown)


def test_a_story_runs_a_clock_and_shows_its_frame_afterwards(terminal, deck, said):
    deck(STORY)
    t = terminal(env={"FLASHPREP_NOW": None})
    shown = t.until("telling  0:00 of 2:00")
    assert "under two minutes" in shown and "Checkout was slow." not in shown
    t.until("telling  0:01 of 2:00")  # nobody pressed a key
    shown = t.press(" ", "told in 0:0", "goal 2:00")
    for part in ("Situation", "Checkout was slow.", "Task", "Action", "Result", "Fast again."):
        assert part in shown
    assert "telling" not in shown
    t.press("3", "learning 1")
    t.process.send("q")
    t.ends()
    (row,) = said("log", "--json").json
    assert 1000 <= row["duration_ms"] < PATIENCE * 1000


def test_a_red_flag_asks_for_the_cost_and_the_better_habit(terminal, deck):
    deck(RED_FLAG)
    t = terminal()
    shown = t.until("What does it cost you, and what do you do instead?")
    assert "Drawing boxes first" in shown and "· red flag" in shown and "Nobody sees" not in shown
    shown = t.press(" ", "Nobody sees how you choose.", "Ask for five minutes.")
    assert shown.index("Why it costs you") < shown.index("Nobody sees") < shown.index("Instead")


def test_cram_says_so_and_touches_nothing(terminal, deck, said):
    deck(DECK)
    t = terminal("--cram", "--id", "lease")
    assert "· cram" in t.until("What is a lease?") and "undo" not in t.text
    shown = t.press(" ", "A lock that ends")
    assert re.search(r"1\s+Again\s+2\s+Hard\s+3\s+Good\s+4\s+Easy", shown)  # without intervals
    t.process.send("usb3")
    assert t.ends() == 0
    assert "The schedule was not touched." in t.text
    assert said("log", "--json", "--all", ok=True).json == []


# -- layout


@pytest.mark.parametrize(("columns", "lines"), [(40, 12), (60, 24), (80, 24), (200, 50)])
def test_everything_fits_at_any_width_with_wide_characters_code_and_tables(terminal, deck, columns, lines):
    deck(RICH, name="a-deck-with-a-really-long-name-that-cannot-fit-on-a-narrow-screen.md")
    t = terminal(columns=columns, lines=lines)
    t.until("space: show answer")
    fits(t, columns, lines)
    t.press(" ", "Again")
    fits(t, columns, lines)
    seen = t.text
    t.press("\x1b[H", gone="more above")
    for _ in range(60):
        seen += "\n" + t.text
        if "more below" not in t.text:
            break
        scroll(t, "j")
        fits(t, columns, lines)
    flat = re.sub(r"\s", "", seen)
    for words in ("ringbuffer", "O(logn)", "List<String>", "Map<K,V>", "ValueError", "漢字かな", "🚀"):
        assert words in flat, words
    for cut in "日本語のとても長い説明文がここに入りますので折り返しになります":
        assert cut in flat  # a cell may be folded, but nothing of it is cut off
    t.process.send("q")
    assert t.ends() == 0 and t.is_sane()


def scroll(t: Terminal, key: str) -> None:
    """Press a key that scrolls, and wait for what comes into sight."""
    before = t.text
    t.process.send(key)
    t.wait(lambda: t.text != before)


def fits(t: Terminal, columns: int, lines: int) -> None:
    """Demand that the drawing fills the terminal, no row is wider than it, and none is wider than is good to read."""
    rows = t.frame
    assert len(rows) == lines
    for row in rows:
        assert wcswidth(row) < columns, row
        assert wcswidth(row.strip()) <= 100, row
    bar = next(row for row in rows if set(row.strip()) <= {"━", "─"} and row.strip())
    left, right = len(bar) - len(bar.lstrip()), columns - len(bar)
    assert wcswidth(bar.strip()) == min(100, columns - 2) and abs(left - right) <= 1  # in the middle
    header = rows[0]
    assert "· coding" in header and re.search(r"new 1  learning 0  review 0$", header), header
    assert t.screen.display[-1].strip() in rows[-1].strip() or rows[-1].strip() in t.text


def test_ratings_with_long_intervals_and_a_suggestion_fit_on_sixty_columns(terminal, home, deck, run, clock):
    (home / "config.toml").write_text("built_in_decks = false\nlearning_steps = []\n")
    deck(APPROACH)
    for day in ("2026-03-02", "2026-03-12", "2026-06-01", "2027-01-01"):
        clock(f"{day}T08:00:00+01:00")
        run("review", input="\n3\n", ok=True)
    clock("2031-01-01T08:00:00+01:00")
    t = terminal(columns=60)
    t.until("space: first step")
    shown = t.press("    ", "Again", "Easy")
    line = next(row for row in shown.splitlines() if "Again" in row)
    assert all(name in line for name in ("1", "Again", "2", "Hard", "3", "Good", "4", "Easy"))
    assert len(re.findall(r"\b\d+(?:\.\d)?(?:m|d|mo|y)\b", line)) == 4 and "←" in line


def test_a_resize_draws_the_card_anew_in_the_new_size(terminal, deck):
    deck(RICH)
    t = terminal("--id", "rich", columns=120, lines=40, env={"COLUMNS": "120", "LINES": "40"})
    t.until("space: show answer")
    t.press(" ", "Again 1m")
    for columns, lines in ((60, 24), (200, 50), (80, 24)):
        t.resize(columns, lines)
        t.wait(lambda: len(t.frame) == lines and wcswidth(t.frame[1].strip()) == min(100, columns - 2))
        fits(t, columns, lines)
        assert "Again 1m" in t.text
    t.process.send("q")
    assert t.ends() == 0 and t.is_sane()


def test_a_long_card_scrolls_to_every_line_and_shows_its_answer_first(terminal, deck):
    body = "\n\n".join(f"Paragraph number {n} of the answer." for n in range(1, 41))
    deck(f"## Concept: A long story about very many things {{#long}}\n\n{body}\n")
    t = terminal(lines=20)
    t.until("space: show answer")
    shown = t.press(" ", "Paragraph number 1 of", "more below")
    assert "Again 1m" in shown  # the ratings stay in sight
    t.press("\x1b[F", "Paragraph number 40 of", "more above", gone="more below")
    shown = t.press("\x1b[H", "A long story", "more below", gone="more above")
    seen = set()
    while True:
        seen |= {int(n) for n in re.findall(r"Paragraph number (\d+) of", t.text)}
        if "more below" not in t.text:
            break
        scroll(t, "\x1b[6~")
    assert seen == set(range(1, 41))  # page by page, no line is jumped over
    at_end = t.text
    t.press("k", "more below")
    t.press("\x1b[B", "Paragraph number 40 of", gone="more below")
    assert t.text == at_end
    t.press("3", "learning 1")  # the next prompt starts at its top again
    assert "A long story" in t.text


def test_a_long_prompt_does_not_hide_the_answer(terminal, deck):
    prompt = "\n\n".join(f"Line {n} of the task." for n in range(1, 31))
    deck(f"## Coding: A long task {{#task}}\n\n{prompt}\n\n### Approach\n\nThe short answer.\n")
    t = terminal(lines=16)
    t.until("A long task", "more below", "space: show answer")
    t.press(" ", "The short answer.", "more above", "Again 1m")


def test_the_last_step_is_in_sight_on_a_small_screen(terminal, deck):
    steps = "\n".join(
        f"{n}. Step {n} of the way, with a reason that is long enough to wrap on a screen." for n in range(1, 13)
    )
    deck(f"## Approach: A long way? {{#way}}\n\n{steps}\n")
    t = terminal(columns=60, lines=16)
    t.until("space: first step")
    for n in range(1, 13):
        t.press(" ", f"{n}. Step {n} of", f"step {n} of 12", "I knew it")
    t.press(" ", "12. Step 12 of", "Again 1m", "Good 10m ←")


def test_on_a_very_narrow_screen_the_counts_go_without_names(terminal, deck):
    deck(f"---\ndeck: Caching and queues\n---\n\n{APPROACH}")
    header = terminal(columns=40, lines=14).until("first step").splitlines()[0]
    assert re.search(r"Caching.*· approach +1  0  0$", header), header


def test_a_step_longer_than_the_screen_is_shown_from_its_first_line(terminal, deck):
    long = " ".join(f"word{n}" for n in range(200))
    deck(f"## Approach: A long way? {{#way}}\n\n1. The first step.\n2. Begin {long}\n")
    t = terminal(columns=40, lines=12)
    t.until("space: first step")
    t.press(" ", "1. The first step.")
    t.press(" ", "2. Begin", "more above", "more below")


# -- colours


HUES = {"default", "red", "green", "brown", "blue", "magenta", "cyan"}  # pyte says brown for the yellow of the palette


def test_only_colours_that_read_on_light_and_on_dark_backgrounds(terminal, deck):
    deck(RICH + "\n" + STORY)
    t = terminal("--id", "rich", lines=60, env={"COLORTERM": "truecolor"})
    t.until("space: show answer")
    t.press(" ", "Again 1m")
    cells = [t.screen.buffer[y][x] for y in range(60) for x in range(80)]
    assert {cell.fg for cell in cells} <= HUES
    assert {cell.bg for cell in cells} == {"default"}
    assert len({cell.fg for cell in cells}) >= 6  # code, table, ratings and counts do have colours
    assert not re.search(r"\x1b\[(?:[\d;]*;)?(?:9[0-7]|10[0-7]|4[0-8]|[34]8;[25];[\d;]*)m", t.raw)
    assert any(cell.reverse for cell in cells) and any(cell.bold for cell in cells)


def test_no_color_leaves_weight_but_no_hue(terminal, deck):
    deck(RICH)
    t = terminal(lines=60, env={"NO_COLOR": "1"})
    t.until("space: show answer")
    t.press(" ", "Again 1m")
    t.process.send("3")
    t.until("learning 1")
    t.process.send("q")
    t.ends()
    assert not re.search(r"\x1b\[(?:[\d;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[\d;]*)?m", t.raw)
    assert re.search(r"\x1b\[(?:[\d;]*;)?1(?:;[\d;]*)?m", t.raw)


# -- odd terminals and sudden ends


@pytest.mark.parametrize("term", ["dumb", None])
def test_a_terminal_that_cannot_be_drawn_on_gets_lines_instead(terminal, deck, ratings, term):
    deck(DECK)
    t = terminal(env={"TERM": term})
    t.until("What is a lease?")
    t.press("\r", "A lock that ends by itself.", "3 Good 10m")
    t.press("3\r", "rated Good", "What is a fence?")
    t.process.send("\x04")
    assert t.ends() == 0
    assert "\x1b" not in t.raw and ratings() == [("lease", 3)]


@pytest.mark.parametrize(
    ("leave", "code"),
    [
        (lambda t: t.process.send("\x03"), 0),
        (lambda t: t.process.send("\x04"), 0),
        (lambda t: t.process.send("\x1c"), 0),
        (lambda t: t.process.kill(signal.SIGTERM), 128 + signal.SIGTERM),
        (lambda t: t.process.kill(signal.SIGHUP), 128 + signal.SIGHUP),
        (lambda t: t.process.kill(signal.SIGINT), 130),
    ],
    ids=["ctrl-c", "ctrl-d", "ctrl-backslash", "sigterm", "sighup", "sigint"],
)
def test_a_sudden_end_leaves_the_terminal_sane_and_keeps_every_rating(terminal, deck, ratings, leave, code):
    deck(DECK)
    t = terminal()
    t.until("What is a lease?")
    t.press(" ", "A lock that ends")
    t.press("3", "What is a fence?")
    t.press(" ", "A number that grows.")
    leave(t)
    assert t.ends() == code
    assert t.is_sane() and "Traceback" not in t.raw
    if code == 0:
        assert "Done: 1 rating on 1 card" in t.text
    assert ratings() == [("lease", 3)]


def test_closing_the_terminal_window_keeps_every_rating(terminal, deck, ratings, home):
    deck(DECK)
    t = terminal()
    t.until("What is a lease?")
    t.press(" ", "A lock that ends")
    t.press("3", "What is a fence?")
    process = t.process.pid
    t.process.ptyproc.fileobj.close()  # what a terminal emulator does when its window is closed
    t.process.ptyproc.closed = t.process.closed = True
    end = time.monotonic() + PATIENCE
    ended = 0
    while not ended:
        ended, _ = os.waitpid(process, os.WNOHANG)
        assert time.monotonic() < end, "it goes on without a terminal"
        time.sleep(0.01)
    t.process.ptyproc.terminated = t.process.terminated = True
    assert ratings() == [("lease", 3)]
    assert list(home.glob("backups/daily-*.db"))


def test_ctrl_z_gives_the_terminal_back_and_fg_draws_the_card_again(home, deck, ratings):
    deck(DECK)
    t = Terminal("bash", ["--norc", "--noprofile", "-i"], 80, 24, {"PS1": "ready> ", "INPUTRC": "/dev/null"})
    t.until("ready>")
    t.press(f"{sys.executable} -m flashprep review\r", "space: show answer")
    t.press("\x1a", "Stopped")
    assert t.raw.rfind("\x1b[?1049l") > t.raw.rfind("\x1b[?1049h")
    t.press("echo $((20 + 3))x\r", "23x")  # the shell has its terminal
    drawn = t.raw.count("What is a lease?")
    t.process.send("fg\r")
    t.wait(lambda: t.raw.count("What is a lease?") > drawn)
    t.press(" ", "A lock that ends")
    t.press("4", "What is a fence?")
    t.process.send("q")
    t.until("Done: 1 rating")
    t.process.send("exit\r")
    t.ends()
    t.close()
    assert ratings() == [("lease", 4)]


# -- other commands that talk to a terminal


def test_add_opens_a_template_of_the_kind_and_takes_what_was_written(terminal, home, editor, said):
    fill = editor('grep -q "### Instead" "$1" && sed -i "s/^## Red flag: .*/## Red flag: Guessing numbers/" "$1"')
    t = terminal("red-flag", command="add", env={"EDITOR": fill})
    assert t.ends() == 0
    assert "added 'guessing-numbers' at" in t.text.replace("\n", "")
    (card,) = said("list", "--json").json
    assert card["kind"] == "red-flag" and card["path"].startswith(str(home / "decks"))
    t = terminal("concept", command="add", env={"EDITOR": "true"})
    assert t.ends() == 0 and "nothing was added" in t.text
    assert len(said("list", "--json").json) == 1


def test_restore_asks_first(terminal, deck, run, said, home):
    deck(DECK)
    run("review", "--id", "lease", input="\n3\n", ok=True)
    said("backup", ok=True)
    t = terminal(command="restore", columns=200)
    t.until("Restore ", "with 1 review", "[y/N]")
    t.process.send("n\r")
    assert t.ends() != 0 and "stopped" in t.text
    assert not list(home.glob("flashprep.db.set-aside-*"))
    t = terminal(command="restore", columns=200)
    t.until("[y/N]")
    t.process.send("y\r")
    assert t.ends() == 0 and list(home.glob("flashprep.db.set-aside-*"))


@pytest.mark.parametrize("columns", [60, 200])
def test_a_list_on_a_terminal_shows_ids_and_prompts_at_any_width(terminal, deck, columns):
    deck(DECK + "\n" + RICH.replace("{#rich}", "{#an-id-that-goes-on-and-on-until-it-is-longer-than-a-column}"))
    t = terminal(command="list", columns=columns)
    assert t.ends() == 0
    rows = t.text.splitlines()
    assert rows[0].split()[0] == "card" and rows[0].split()[-1] == "prompt"
    assert re.match(r"lease +(concept +)?new +What is a lease\?", rows[1])
    flat = "".join(row[:26].strip() if columns == 60 else row for row in rows)
    assert "an-id-that-goes-on-and-on-until-it-is-longer-than-a-column" in flat
    assert "5 cards" in t.text


# -- solving

CODING = """\
---
deck: Numbers
---

## Coding: Double a number {#double-it solution=double minutes=10}

```python
def double(x: int) -> int: ...
```

### Approach

Add it to itself.
"""
WRITE_RIGHT = 'printf "def double(x):\\n    return 2 * x\\n" > "$1"'
WRITE_WRONG = 'printf "def double(x):\\n    print(x)\\n    return x * x\\n" > "$1"'


@pytest.fixture
def problem(deck, home) -> Path:
    """A deck with a coding problem; returns where the attempt will lie."""
    solutions = deck(CODING).parent / "solutions"
    solutions.mkdir()
    (solutions / "double.py").write_text("def double(x: int) -> int:\n    return x + x\n")
    (solutions / "test_double.py").write_text(
        "from double import double\n\ndef test_one():\n    assert double(1) == 2\n\ndef test_six():\n"
        "    assert double(6) == 12\n"
    )
    return home / "practice" / "double-it" / "double.py"


def test_c_solves_the_problem_and_the_verdict_proposes_a_rating(terminal, problem, editor, ratings, said):
    t = terminal(env={"EDITOR": editor(WRITE_RIGHT)})
    shown = t.until("Double a number", "def double(x: int) -> int: ...", "c: solve it")
    assert "Add it to itself" not in shown
    shown = t.press("c", "✓ passed all 2 tests", "Add it to itself.", "← enter")
    assert "solved in 0:00, goal 10:00" in shown and re.search(r"4\s+Easy \d+d ← enter", shown)
    assert re.search(r"1\s+Again \d+d", shown), "a problem is not solved twice on a day"
    t.process.send("\r")
    assert t.ends() == 0
    assert t.is_sane()
    assert ratings() == [("double-it/solve", 4)]
    assert "2026-03-02 08:00  passed after 0:00" in said("show", "double-it").out


def test_a_failure_shows_the_case_hides_the_answer_and_lets_one_go_on(terminal, problem, editor, ratings, said):
    t = terminal(env={"EDITOR": editor(WRITE_WRONG)})
    t.until("c: solve it")
    shown = t.press("c", "✗ failed test 1 of 2: one", "c: go on", "t: test again")
    for part in ("input     double(1)", "expected  2", "got       1", "│ 1"):
        assert part in shown
    assert "Add it to itself" not in shown
    problem.write_text("def double(x):\n    return 2 * x\n")  # as in an editor that stays open
    t.press("t", "✓ passed all 2 tests", gone="✗")
    t.press("3")
    assert t.ends() == 0
    assert ratings() == [("double-it/solve", 3)]


def test_giving_up_shows_the_answer_and_proposes_again(terminal, problem, editor, ratings):
    t = terminal(env={"EDITOR": editor(WRITE_WRONG)})
    t.until("c: solve it")
    t.press("c", "✗ failed test 1 of 2")
    shown = t.press(" ", "Add it to itself.", "← enter")
    assert re.search(r"1\s+Again \d+d ← enter", shown)
    t.process.send("\r")
    assert t.ends() == 0
    assert ratings() == [("double-it/solve", 1)]


def test_each_try_of_the_day_starts_fresh_and_keeps_what_was_there(terminal, problem, editor):
    problem.parent.mkdir(parents=True)
    problem.write_text("# from last week\n")
    t = terminal(env={"EDITOR": editor('grep -q NotImplementedError "$1" && echo "# seen" >> "$1"')})
    t.until("c: solve it")
    t.press("c", "✗ failed test 1 of 2", "NotImplementedError")
    assert problem.read_text().endswith("# seen\n")
    (kept,) = (problem.parent / "kept").iterdir()
    assert kept.read_text() == "# from last week\n"


def test_without_an_editor_nothing_is_started_and_the_session_goes_on(terminal, problem):
    t = terminal(env={"EDITOR": "no-such-editor"})
    t.until("c: solve it")
    t.press("c", "cannot start the editor 'no-such-editor'", "c: solve it")
    assert not problem.exists()
    t.press(" ", "Add it to itself.", "Again")


def test_a_due_problem_is_asked_with_its_time_goal(terminal, problem, editor, ratings, clock):
    t = terminal(env={"EDITOR": editor(WRITE_RIGHT)})
    t.until("c: solve it")
    t.press("c", "✓ passed")
    t.press("1")
    assert t.ends() == 0
    clock("2026-03-04T08:00:00+01:00")
    t = terminal()
    shown = t.until("Solve it in your editor", "c: solve it in 10 min")
    assert "review 1" in shown and "✓" not in shown


def test_a_card_without_a_solution_has_nothing_to_solve(terminal, deck):
    deck(DECK)
    t = terminal()
    assert "solve" not in t.until("space: show answer")
    t.process.send("c")
    t.press("?", "Keys")
