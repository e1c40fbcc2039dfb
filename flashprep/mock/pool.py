"""What can be asked in a mock interview, and the points that are scored afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from flashprep import folders, stories
from flashprep.collection import Collection
from flashprep.guide.rounds import Round
from flashprep.memory.state import State
from flashprep.mock import drawing, journal
from flashprep.mock.course import Mark, Offer, Question
from flashprep.mock.drawing import Candidate
from flashprep.statistics import recall_probability
from flashprep.store.queries import Filter, Row

_TESTING = "testing"


class Pool:
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
                themes = tuple(theme for theme in row.covers if theme in found.themes)
                prompts.append((row.note, Question(row.note, row.title, themes)))
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
