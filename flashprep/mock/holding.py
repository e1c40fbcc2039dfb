"""Holding a mock interview with the collection: what can be asked, the exercise, the journal, and weak points made due."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from flashprep import coding
from flashprep.collection import Collection
from flashprep.errors import FileChanged, FlashprepError
from flashprep.guide import companies, rounds
from flashprep.guide.companies import Company
from flashprep.guide.rounds import LOOP, MOCKED, Round
from flashprep.memory.days import iso
from flashprep.mock import course as c
from flashprep.mock import drawing, journal
from flashprep.mock.course import Course, Mark
from flashprep.mock.journal import FINISHED, STOPPED, Entry
from flashprep.mock.pool import Pool
from flashprep.store.queries import Row

if TYPE_CHECKING:
    from flashprep.coding import Tested

_LATELY = 10  # mocks whose questions are seldom asked again


class Mock:
    """A mock interview that is being held; every change is in its journal at once."""

    def __init__(self, collection: Collection, entry: Entry, round: Round, company: Company, course: Course):
        self.collection, self.entry, self.round, self.company = collection, entry, round, company
        self.course = course
        self.exercises: dict[int, Row] = {}  # by question
        self.tested: dict[int, Tested] = {}  # by step
        self.started: set[int] = set()  # questions with a fresh starter
        self._written: bytes | None = None

    @property
    def title(self) -> str:
        """Name the mock."""
        place = f", {self.entry.loop} of {self.entry.loop_size}" if self.entry.loop else ""
        company = "" if self.company.name == companies.GENERIC else f", {self.company.title}"
        return f"{self.round.title}{company}{place}"

    @property
    def now(self) -> int:
        """The present instant in epoch ms."""
        return self.collection.now().ms

    def save(self) -> None:
        """Write the journal as things stand."""
        verdicts = {place: _verdict_line(tested) for place, tested in self.tested.items()}
        state = FINISHED if self.course.finished else STOPPED
        self.entry = self.entry._replace(state=state, minutes=self.course.minutes, score=self.course.total)
        title = f"{self.title}, {iso(self.entry.day)}"
        try:
            self._written = journal.write(self.entry, title, self.course, verdicts, self._written)
        except FileChanged:  # the user's edits stay, and the mock goes on in a file of its own
            self.entry = self.entry._replace(path=journal.path_for(self.entry.round, self.collection.now().local))
            self._written = journal.write(self.entry, title, self.course, verdicts, None)

    def go_on(self) -> None:
        """End the step on the screen."""
        self._take(c.next_step(self.course, self.now))

    def note(self, text: str) -> None:
        """Keep a note."""
        self._take(c.note(self.course, " ".join(text.split())))

    def tell(self, number: int) -> None:
        """Keep which of the offered stories is told."""
        self._take(c.tell(self.course, number))

    def score(self, points: int) -> None:
        """Score the point on the screen."""
        self._take(c.score(self.course, points, self.now))

    def _take(self, course: Course) -> None:
        changed = course != self.course
        self.course = course
        if changed:
            self.save()

    @property
    def exercise(self) -> Row | None:
        """The exercise of the step on the screen, None where there is nothing to code."""
        step = self.course.step
        return self.exercises.get(step.question) if step and step.kind == c.CODE else None

    @property
    def attempt(self) -> Path:
        """Where the user's attempt at the question on the screen lies."""
        row = self.exercise
        if row is None:
            raise FlashprepError("there is nothing to code in this question: say how you would")
        return coding.problem_of(self.collection, row).attempt

    def start_code(self) -> coding.Started | None:
        """Lay a fresh starter for the question on the screen, once."""
        step, row = self.course.step, self.exercise
        if row is None or step is None or step.question in self.started:
            return None
        self.started.add(step.question)
        return coding.start(self.collection, row, "mock", anew=True)

    def test(self) -> Tested | None:
        """Let the tests judge the attempt at the question on the screen."""
        row = self.exercise
        if row is None:
            return None
        found = coding.test(self.collection, row, "mock")
        self.tested[self.course.at] = found
        self.save()
        return found

    def make_due(self) -> int:
        """Let the cards behind the weak points come first in the next review; return how many."""
        weak = [mark.card for mark in self.course.weak]
        self.collection.pull(weak)
        return len(weak)


def _verdict_line(tested: Tested) -> str:
    verdict = tested.verdict
    return f"tests: passed all {verdict.total}" if verdict.ok else f"tests: {verdict.outcome}"


def prepare(collection: Collection, round: str, company: str, minutes: int, again: bool = False) -> Mock:
    """Draw a mock of a round, or the next round of today's loop; ``minutes`` 0 takes as long as the company does."""
    firm = companies.load(company)
    made, _ = journal.entries()
    now = collection.now()
    place = size = 0
    if round == LOOP:
        order = firm.loop
        done = [] if again else [one for one in made if one.day == now.day and one.company == firm.name and one.loop]
        place, size = _next_place(done, len(order)), len(order)
        if place > size:
            raise FlashprepError("today's loop is held: 'flashprep mock list' shows it, and --again begins another one")
        round = order[place - 1]
    chosen = firm.fitted(rounds.load(round))
    rng = Random(now.ms)
    asked = [id for one in made[:_LATELY] if one.round == round for id in one.asked]
    count = chosen.questions if not minutes else max(1, int(chosen.questions * minutes / chosen.minutes + 0.5))
    pool = Pool(collection, chosen)
    drawn = drawing.draw(list(pool.candidates()), min(count, chosen.questions), asked, rng)
    if not drawn:
        raise FlashprepError(
            f"there is nothing to ask in a round of {chosen.title.lower()}: 'flashprep list --round {round}' is empty, "
            "and built_in_decks in the config brings the cards that came with flashprep"
        )
    marks = [*pool.points(), *_level(collection, firm), *pool.red_flags(rng)]
    course = Course(
        tuple(one.question for one in drawn), drawing.steps(chosen, drawn, minutes or chosen.minutes, marks, rng)
    )
    entry = Entry(
        journal.path_for(round, now.local),
        round,
        firm.name,
        now.local.isoformat(timespec="seconds"),
        now.day,
        STOPPED,
        0.0,
        (0, 0),
        place,
        size,
        tuple(one.question.id for one in drawn),
    )
    mock = Mock(collection, entry, chosen, firm, c.begin(course, now.ms))
    mock.exercises = {n: pool.exercises[one.card] for n, one in enumerate(drawn) if one.card}
    mock.save()
    return mock


def _level(collection: Collection, company: Company) -> Iterator[Mark]:
    """Yield what the level of the nearest date expects, if that is at this company."""
    dates = collection.agenda.interviews()
    if dates and dates[0].level in company.levels and (dates[0].company or companies.GENERIC) == company.name:
        yield Mark(f"At the level of {dates[0].level}: {company.levels[dates[0].level]}")


def _next_place(done: list[Entry], size: int) -> int:
    """Return the place in a loop that comes next, from 1; ``done`` are today's entries, the newest first."""
    newest = done[0] if done else None
    if newest is None or newest.loop_size != size:
        return 1
    return newest.loop + newest.finished


def usual_round(collection: Collection) -> str:
    """Return the round that had no mock for longest, of those that the nearest date has."""
    dates = collection.agenda.interviews()
    wanted = [name for name in (dates[0].rounds if dates else ()) if name in MOCKED] or list(MOCKED)
    last: dict[str, str] = {}
    for entry in reversed(journal.entries()[0]):
        last[entry.round] = entry.started
    return min(wanted, key=lambda name: last.get(name, ""))


def usual_company(collection: Collection) -> str:
    """Return the company of the nearest date, else the generic one."""
    dates = collection.agenda.interviews()
    return (dates[0].company if dates else "") or companies.GENERIC
