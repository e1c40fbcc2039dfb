"""The journal of a mock interview: a Markdown file in the user's folder, written after every step, read for ``mock list``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from flashprep import folders, places
from flashprep.memory.days import clock_label, day_date
from flashprep.mock.course import CODE, FOLLOW_UP, SCORE, SCORES, TALK, Course

FINISHED, STOPPED = "finished", "stopped"
_HEAD_BYTES = 4000  # of a file are read for its front matter


class Entry(NamedTuple):
    """What the head of a journal says."""

    path: Path
    round: str
    company: str
    started: str  # ISO 8601
    day: int  # study day
    state: str
    minutes: float
    score: tuple[int, int]  # reached, of
    loop: int = 0  # place in a loop, from 1; 0: the round was held alone
    loop_size: int = 0
    asked: tuple[str, ...] = ()  # ids of the questions
    told: tuple[str, ...] = ()  # ids of the user's stories that were told

    @property
    def finished(self) -> bool:
        """Tell whether all of its questions were answered."""
        return self.state == FINISHED


def path_for(round: str, local: datetime) -> Path:
    """Return where a journal that begins now is written: a name that no file has."""
    stem = f"{local:%Y-%m-%d-%H%M%S}-{round}"
    folder = places.mock_folder()
    path, number = folder / f"{stem}.md", 2
    while path.exists():
        path, number = folder / f"{stem}-{number}.md", number + 1
    return path


def write(entry: Entry, title: str, course: Course, verdicts: dict[int, str], before: bytes | None) -> bytes:
    """Write the journal whole and return what was written; ``verdicts`` are what the tests said, by step.

    ``before`` is what this mock wrote last, None for nothing yet. If the file is another one by now, because the user edited it,
    FileChanged is raised and nothing is written.
    """
    import yaml

    head: dict[str, Any] = {
        "round": entry.round,
        "company": entry.company,
        "started": entry.started,
        "day": day_date(entry.day).isoformat(),
        "state": entry.state,
        "minutes": round(entry.minutes, 1),
        "score": f"{entry.score[0]} of {entry.score[1]}",
        "asked": list(entry.asked),
    }
    if course.told:
        head["told"] = [id for _, id in course.told]
    if entry.loop:
        head["loop"] = f"{entry.loop} of {entry.loop_size}"
    text = f"---\n{yaml.safe_dump(head, sort_keys=False, allow_unicode=True)}---\n\n# {title}\n" + _body(
        course, verdicts
    )
    folders.replace(entry.path, before, text.encode())
    return text.encode()


def _body(course: Course, verdicts: dict[int, str]) -> str:
    lines: list[str] = []
    question = -2
    notes: dict[int, list[str]] = {}
    for place, text in course.notes:
        notes.setdefault(place, []).append(text)
    for place, step in enumerate(course.steps):
        if place > course.at and place not in notes:
            continue
        if step.kind == SCORE:
            break
        if step.question != question:
            question = step.question
            title = course.questions[question].title if question >= 0 else "Around the questions"
            lines += ["", f"## {title}", ""]
            lines += [f"* Told: {id}" for place_told, id in course.told if place_told == question]
        spent = course.spent_ms[place] if place < len(course.spent_ms) else None
        lines += _step_lines(step.kind, step.name, step.say, spent, step.least, step.most)
        lines += [f"  - {verdicts[place]}"] if place in verdicts else []
        lines += [f"  - note: {text}" for text in notes.get(place, ())]
    scored = course.scored
    if scored:
        lines += ["", "## Score", ""]
        for place, points in scored.items():
            mark = course.steps[place].mark
            assert mark is not None
            lines.append(f"* {SCORES[points]}: {mark.text}" + (f" ({mark.key})" if mark.key else ""))
            lines += [f"  - note: {text}" for text in notes.get(place, ())]
    after = [text for place, text in course.notes if place >= len(course.steps)]
    if after:
        lines += ["", "## Notes", "", *after]
    return "\n".join(lines) + "\n"


def _step_lines(kind: str, name: str, say: str, spent: int | None, least: float, most: float) -> list[str]:
    took = "not reached its end" if spent is None else clock_label(spent / 1000)
    if kind == FOLLOW_UP:
        return [f"* Follow-up: {say} ({took})"]
    assert kind in (TALK, CODE)
    return [f"* {name}: {took}, planned {span_label(least, most)}"]


def span_label(least: float, most: float) -> str:
    """Write a span of minutes: 5-10 min."""
    low, high = round(least), round(most)
    return f"{low} min" if low == high else f"{low}-{high} min"


def entries() -> tuple[list[Entry], list[str]]:
    """Read the heads of all journals, the newest first; and what is wrong with those that cannot be read."""
    found, wrong = [], []
    folder = places.mock_folder()
    for path in sorted(folder.glob("*.md"), reverse=True) if folder.is_dir() else ():
        try:
            found.append(_entry(path))
        except (OSError, ValueError, KeyError, TypeError) as error:
            wrong.append(f"{path} cannot be read as a journal ({_why(error)}); it is left out")
    return found, wrong


def told() -> dict[str, list[int]]:
    """Return the study days on which each story was told in a mock."""
    days: dict[str, list[int]] = {}
    for entry in entries()[0]:
        for id in entry.told:
            days.setdefault(id, []).append(entry.day)
    return days


def _why(error: Exception) -> str:
    return f"no '{error.args[0]}' in its head" if isinstance(error, KeyError) else " ".join(str(error).split())[:120]


def _entry(path: Path) -> Entry:
    import yaml

    with path.open("rb") as file:
        text = file.read(_HEAD_BYTES).decode("utf-8", "replace")
    lines = text.splitlines()
    if not lines or lines[0] != "---" or "---" not in lines[1:]:
        raise ValueError("no front matter")
    try:
        head = yaml.safe_load("\n".join(lines[1 : lines.index("---", 1)]))
    except yaml.YAMLError:
        raise ValueError("its front matter is not YAML") from None
    if not isinstance(head, dict):
        raise ValueError("its front matter has no keys")
    day = head["day"] if not isinstance(head["day"], str) else datetime.fromisoformat(head["day"]).date()
    reached, _, of = str(head.get("score", "0 of 0")).partition(" of ")
    loop, _, size = str(head.get("loop", "0 of 0")).partition(" of ")
    return Entry(
        path,
        str(head["round"]),
        str(head.get("company") or ""),
        str(head["started"]),
        (day - day_date(0)).days,
        FINISHED if head["state"] == FINISHED else STOPPED,
        float(head.get("minutes") or 0),
        (int(reached), int(of)),
        int(loop),
        int(size),
        tuple(str(one) for one in head.get("asked") or ()),
        tuple(str(one) for one in head.get("told") or ()),
    )
