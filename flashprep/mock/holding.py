"""Holding a mock interview with the collection: what can be asked, the exercise, the journal, and weak points made due."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING

from flashprep import coding, folders, stories
from flashprep.collection import Collection
from flashprep.errors import FlashprepError
from flashprep.guide import companies, rounds
from flashprep.guide.companies import Company
from flashprep.guide.rounds import LOOP, MOCKED, Round
from flashprep.memory.days import iso
from flashprep.memory.state import State
from flashprep.mock import course as c
from flashprep.mock import drawing, journal
from flashprep.mock.course import Course, Mark, Offer, Question
from flashprep.mock.drawing import Candidate
from flashprep.mock.journal import FINISHED, STOPPED, Entry
from flashprep.statistics import recall_probability
from flashprep.store import plan
from flashprep.store.queries import Filter, Row

if TYPE_CHECKING:
    from flashprep.coding import Tested

_LATELY = 10  # mocks whose questions are seldom asked again
_TESTING = "testing"


class Mock:
    """A mock interview that is being held; every change is in its journal at once."""

    def __init__(self, collection: Collection, entry: Entry, round: Round, company: Company, course: Course):
        self.collection, self.entry, self.round, self.company = collection, entry, round, company
        self.course = course
        self.exercises: dict[int, Row] = {}  # by question
        self.tested: dict[int, Tested] = {}  # by step
        self.started: set[int] = set()  # questions with a fresh starter

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
        journal.write(self.entry, f"{self.title}, {iso(self.entry.day)}", self.course, verdicts)

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
        plan.pull(self.collection.db, weak, self.now)
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
        order = firm.onsite.rounds
        done = [] if again else [one for one in made if one.day == now.day and one.company == firm.name and one.loop]
        place, size = _next_place(done, len(order)), len(order)
        if place > size:
            raise FlashprepError("today's loop is held: 'flashprep mock list' shows it, and --again begins another one")
        round = order[place - 1]
    chosen = firm.fitted(rounds.load(round))
    rng = Random(now.ms)
    asked = [id for one in made[:_LATELY] if one.round == round for id in one.asked]
    count = chosen.questions if not minutes else max(1, round_half_up(chosen.questions * minutes / chosen.minutes))
    pool = _Pool(collection, chosen)
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
    dates = collection.interviews()
    if dates and dates[0].level in company.levels and (dates[0].company or companies.GENERIC) == company.name:
        yield Mark(f"At the level of {dates[0].level}: {company.levels[dates[0].level]}")


def round_half_up(value: float) -> int:
    """Round to the nearest whole number."""
    return int(value + 0.5)


def _next_place(done: list[Entry], size: int) -> int:
    """Return the place in a loop that comes next, from 1; ``done`` are today's entries, the newest first."""
    newest = done[0] if done else None
    if newest is None or newest.loop_size != size:
        return 1
    return newest.loop + newest.finished


def usual_round(collection: Collection) -> str:
    """Return the round that had no mock for longest, of those that the nearest date has."""
    dates = collection.interviews()
    wanted = [name for name in (dates[0].rounds if dates else ()) if name in MOCKED] or list(MOCKED)
    last: dict[str, str] = {}
    for entry in reversed(journal.entries()[0]):
        last[entry.round] = entry.started
    return min(wanted, key=lambda name: last.get(name, ""))


def usual_company(collection: Collection) -> str:
    """Return the company of the nearest date, else the generic one."""
    dates = collection.interviews()
    return (dates[0].company if dates else "") or companies.GENERIC


class _Pool:
    """What can be asked in a round."""

    def __init__(self, collection: Collection, round: Round):
        self.collection, self.round = collection, round
        self.rows = collection.rows(Filter())
        self.by_note: dict[str, list[Row]] = {}
        for row in self.rows:
            self.by_note.setdefault(row.note, []).append(row)
        self.exercises = {row.card: row for row in self.rows if row.exercise}
        self.today = collection.now().day
        self.decay = collection.scheduler.decay

    def candidates(self) -> Iterator[Candidate]:
        """Yield every question that could be asked."""
        return {
            "problems": self._problems,
            "designs": self._designs,
            "stories": self._stories,
            "cards": self._cards,
        }[self.round.draw]()

    def _weakness(self, rows: list[Row]) -> float:
        """Return how weak cards are by their memory, 0..1."""
        found = [
            1.0
            if row.memory.state == State.NEW
            else 1 - recall_probability(row.memory.stability, self.today - row.memory.last_day, self.decay)
            for row in rows
        ]
        return sum(found) / len(found) if found else 1.0

    def _problems(self) -> Iterator[Candidate]:
        for card, row in self.exercises.items():
            siblings = [one for one in self.by_note[row.note] if not one.exercise]
            marks = [Mark(_asked(one), one.card, one.key, one.answer) for one in siblings]
            question = Question(row.note, row.prompt)
            yield Candidate(question, row.deck, self._weakness(self.by_note[row.note]), tuple(marks), card)

    def _designs(self) -> Iterator[Candidate]:
        for design in self.round.designs:
            rows = [row for note in design.notes for row in self.by_note.get(note, ())]
            if not design.notes or rows:
                marks = tuple(Mark(_asked(row), row.card, row.key, row.answer) for row in rows)
                yield Candidate(Question(design.prompt, design.prompt), design.prompt, self._weakness(rows), marks)

    def _stories(self) -> Iterator[Candidate]:
        found = stories.repertoire(self.collection, journal.told())
        prompts = [(theme, Question(text, text, (theme,))) for theme, text in self.round.prompts.items()]
        for row in self.rows:
            if row.kind == "story" and (row.root == folders.BUILT_IN or row.title.endswith("?")):
                prompts.append((row.note, Question(row.note, row.title, row.covers)))
        for topic, question in prompts:
            fitting = [story for story in found.stories if set(story.themes) & set(question.themes)]
            offers = tuple(Offer(story.id, _offer(story)) for story in fitting[:9])
            weakness = 1.0 if not fitting else 1 / (1 + max(story.told for story in fitting))
            frame = self.by_note.get(question.id, [])
            mark = Mark(
                f"My story fitted: {question.text}",
                frame[0].card if frame else 0,
                frame[0].key if frame else "",
                frame[0].answer if frame else "",
            )
            yield Candidate(question._replace(offers=offers), topic, weakness, (mark,))

    def _cards(self) -> Iterator[Candidate]:
        kinds, wanted = self.round.kinds, self.round.rounds
        for note, rows in self.by_note.items():
            first = rows[0]
            if (kinds and first.kind not in kinds) or (wanted and first.round not in wanted) or first.face:
                continue
            marks = [Mark(_asked(row), row.card, row.key, row.answer) for row in rows if row.face in ("", _TESTING)]
            yield Candidate(Question(note, first.prompt), first.deck, self._weakness(rows), tuple(marks))

    def points(self) -> Iterator[Mark]:
        """Yield the rubric of the round."""
        for point in self.round.rubric:
            rows = self.by_note.get(point.note, [])
            card, key = (rows[0].card, rows[0].key) if rows else (0, "")
            yield Mark(point.text, card, key)

    def red_flags(self, rng: Random) -> Iterator[Mark]:
        """Yield red flags of the round that are to be looked back on, the weak ones more often."""
        named = {point.note for point in self.round.rubric}
        found = [
            Candidate(Question(row.note, row.title), row.note, self._weakness([row]), (), row.card)
            for row in self.rows
            if row.kind == "red-flag" and row.round == self.round.name and row.note not in named
        ]
        cards = {row.card: row for row in self.rows}
        for one in drawing.draw(found, self.round.red_flags, (), rng):
            row = cards[one.card]
            yield Mark(f"I avoided: {row.title}", row.card, row.key, row.answer)


def _asked(row: Row) -> str:
    """Name what a card asks for, as a point of a rubric."""
    if row.face == _TESTING:
        return f"It showed what they listen for: {row.title}"
    return f"{row.title}: {row.ask}" if row.kind == "coding" else row.title


def _offer(story: stories.Story) -> str:
    told = f"told {story.told}x" if story.told else "never told"
    return f"{story.title} ({told})"
