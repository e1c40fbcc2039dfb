"""A user at random on a real store: whatever they do, memory is the fold of the log and history stays where it belongs."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from flashprep.cards.kinds import cards_of
from flashprep.cards.parser import parse
from flashprep.cards.text import slug
from flashprep.collection import Collection
from flashprep.store import log

FILES = ("a.md", "b.md", "sub/c.md")
SHAPES = ("plain", "gaps", "question")
PICK = st.integers(0, 1 << 16)


@dataclass
class Note:
    """A note as the user has it in mind. Every name and word is its own, so that no two bodies are alike."""

    number: int
    pinned: bool
    shape: str
    title: str
    file: str
    gaps: list[str] = field(default_factory=list)
    edits: int = 0

    @property
    def id(self) -> str:
        return f"pinned-{self.number}" if self.pinned else slug(self.title)

    @property
    def faces(self) -> list[str]:
        if self.shape == "gaps":
            return [f"gap-{gap}" for gap in self.gaps]
        return ["", "testing"] if self.shape == "question" else [""]

    @property
    def source(self) -> str:
        words = " ".join(f"w{self.number}x{n}" for n in range(12))
        words += "".join(" and ==" + gap + "==" for gap in self.gaps)
        words += "".join(f" e{self.number}x{n}" for n in range(self.edits % 3))
        kind = "Question" if self.shape == "question" else "Concept"
        attributes = f" {{#{self.id}}}" if self.pinned else ""
        testing = f"\n\n### Testing\n\nt{self.number} is what they listen for." if self.shape == "question" else ""
        return f"## {kind}: {self.title}{attributes}\n\n{words}{testing}\n"


class Life(RuleBasedStateMachine):
    """Edits, moves, reviews, undo, burials, suspensions, resets, two sessions and a clock that goes both ways."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="flashprep-test-")
        self.home = Path(self.folder.name)
        self.environment = pytest.MonkeyPatch()
        self.environment.setenv("FLASHPREP_HOME", str(self.home))
        (self.home / "config.toml").write_text("built_in_decks = false\nleech_threshold = 2\n")
        self.now = datetime.fromisoformat("2026-03-02T08:00:00+01:00")
        self.advance(0, 0)
        self.names = 0
        self.notes: list[Note] = []
        self.deleted: list[Note] = []
        self.numbers: dict[tuple[str, str], int] = {}  # (id of a note, face): card, permanent
        self.actions: list[list[tuple[int, str, int]]] = []  # (card, kind, rating) of each action that counts
        self.written: set[tuple[int, ...]] = set()  # rows of the log that were seen
        self.sessions = [self.opened(), self.opened()]
        self.turn = 0
        self.synced = True
        self.texts: dict[str, str] = {}  # what the files hold

    def teardown(self) -> None:
        for session in self.sessions:
            session.db.close()
        self.environment.undo()
        self.folder.cleanup()

    # -- helpers

    def opened(self) -> Collection:
        collection = Collection()
        collection.db.execute("PRAGMA synchronous = OFF")  # power does not fail here, and a disk takes its time
        return collection

    @property
    def session(self) -> Collection:
        """The two sessions take turns."""
        self.turn += 1
        return self.sessions[self.turn % 2]

    def fresh(self, what: str) -> str:
        self.names += 1
        return f"{what} {self.names}"

    def some(self, pick: int, shape: str = "") -> Note | None:
        notes = [note for note in self.notes if not shape or note.shape == shape]
        return notes[pick % len(notes)] if notes else None

    def write(self) -> None:
        for name in FILES:
            path = self.home / "decks" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            text = "\n".join(note.source for note in self.notes if note.file == name)
            if text != self.texts.get(name, ""):
                path.write_text(text) if text else path.unlink()
            self.texts[name] = text

    def sync(self) -> None:
        self.write()
        session = self.session
        session.sync()
        for card, id, face in session.db.execute("SELECT card, note, face FROM identity"):
            self.numbers.setdefault((id, face), card)
        self.synced = True

    def cards(self, pick: int) -> list[int]:
        """Choose one card, or all of a note."""
        self.sync()
        note = self.some(pick)
        if note is None:
            return []
        cards = [self.numbers[note.id, face] for face in note.faces]
        return cards if pick % 3 == 0 else [cards[pick % len(cards)]]

    # -- what the user does to the decks

    @initialize()
    def begin(self) -> None:
        for number, shape in enumerate(SHAPES):
            self.add(shape, number % 2 == 0, number)
        self.sync()

    @rule(shape=st.sampled_from(SHAPES), pinned=st.booleans(), file=PICK)
    def add(self, shape: str, pinned: bool, file: int) -> None:
        note = Note(self.names, pinned, shape, self.fresh("Title"), FILES[file % len(FILES)])
        if shape == "gaps":
            note.gaps = [slug(self.fresh("gap")), slug(self.fresh("gap"))]
        self.notes.append(note)
        self.synced = False

    @rule(pick=PICK)
    def edit_the_body(self, pick: int) -> None:
        if note := self.some(pick):
            note.edits += 1
            self.synced = False

    @rule(pick=PICK, file=PICK)
    def move(self, pick: int, file: int) -> None:
        if note := self.some(pick):
            note.file = FILES[file % len(FILES)]
            self.notes.remove(note)
            self.notes.insert(pick % (len(self.notes) + 1), note)
            self.synced = False

    @rule(pick=PICK)
    def reword_the_heading(self, pick: int) -> None:
        self.sync()
        if note := self.some(pick):
            before = note.id
            note.title = self.fresh("Title")
            for face in [face for id, face in self.numbers if id == before]:
                self.numbers[note.id, face] = self.numbers.pop((before, face))
            self.sync()

    @rule(pick=PICK)
    def change_the_text_of_a_gap(self, pick: int) -> None:
        self.sync()
        if note := self.some(pick, "gaps"):
            at = pick % len(note.gaps)
            before, note.gaps[at] = note.gaps[at], slug(self.fresh("gap"))
            self.numbers[note.id, f"gap-{note.gaps[at]}"] = self.numbers.pop((note.id, f"gap-{before}"))
            self.sync()

    @rule(pick=PICK)
    def insert_a_gap(self, pick: int) -> None:
        self.sync()
        note = self.some(pick, "gaps")
        if note and len(note.gaps) < 5:
            note.gaps.insert(pick % (len(note.gaps) + 1), slug(self.fresh("gap")))
            self.sync()

    @rule(pick=PICK)
    def delete(self, pick: int) -> None:
        if note := self.some(pick):
            self.sync()
            self.notes.remove(note)
            self.deleted.append(note)
            self.synced = False

    @precondition(lambda self: self.deleted)
    @rule(pick=PICK)
    def put_back(self, pick: int) -> None:
        self.sync()
        self.notes.append(self.deleted.pop(pick % len(self.deleted)))
        self.synced = False

    # -- what the user does to the cards

    @rule(pick=PICK, rating=st.integers(1, 4))
    def review(self, pick: int, rating: int) -> None:
        for card in self.cards(pick)[:1]:
            self.session.rate(card, rating, 1000)
            self.actions.append([(card, "review", rating)])

    @rule(pick=PICK, days=st.lists(st.integers(1, 40), min_size=2, max_size=6))
    def forget_again_and_again(self, pick: int, days: list[int]) -> None:
        for card in self.cards(pick)[:1]:
            for number, wait in enumerate(days):
                self.advance(wait, 0)
                self.session.rate(card, 4 if number % 2 == 0 else 1, 1000)
                self.actions.append([(card, "review", 4 if number % 2 == 0 else 1)])

    @rule(pick=PICK, kind=st.sampled_from(("suspend", "unsuspend", "bury", "reset")))
    def mark(self, pick: int, kind: str) -> None:
        if cards := self.cards(pick):
            self.session.mark(cards, kind)
            self.actions.append([(card, kind, 0) for card in cards])

    @rule(times=st.integers(1, 4))
    def undo(self, times: int) -> None:
        for _ in range(times):
            undone = self.session.undo()
            if undone is None:
                assert not self.actions
                return
            assert {card for card, _, _ in self.actions.pop()} == set(undone.cards)

    @rule(days=st.integers(-20, 20), minutes=st.integers(-300, 300))
    def advance(self, days: int, minutes: int) -> None:
        self.now += timedelta(days=days, minutes=minutes)
        self.environment.setenv("FLASHPREP_NOW", self.now.isoformat())

    @rule()
    def open_anew(self) -> None:
        self.write()
        self.turn += 1
        self.sessions[self.turn % 2].db.close()
        self.sessions[self.turn % 2] = self.opened()
        self.sync()

    # -- what must hold

    @invariant()
    def every_memory_is_the_fold_of_the_log(self) -> None:
        session = self.sessions[0]
        assert log.damage(session.db, session.config.settings) == []

    @invariant()
    def the_log_only_grows_and_counts_what_was_not_undone(self) -> None:
        db = self.sessions[0].db
        rows = set(db.execute("SELECT seq, id, card, kind, rating, day FROM log"))
        assert self.written <= rows
        self.written = rows
        counting = db.execute(
            "SELECT card, kind, rating FROM log WHERE undone_ms IS NULL AND kind <> 'leech' ORDER BY seq"
        ).fetchall()
        assert counting == [entry for action in self.actions for entry in action]

    @invariant()
    def every_active_note_has_its_cards_under_their_permanent_numbers(self) -> None:
        if not self.synced:
            return  # several edits may come to one update
        texts = [path.read_text() for path in (self.home / "decks").rglob("*.md")]
        wanted = {
            (note.id, card.face, card.prompt, card.answer): self.numbers[note.id, card.face]
            for text in texts
            for note in parse(text).notes
            for card in cards_of(note)
        }
        assert {(id, face) for id, face, _, _ in wanted} == {
            (note.id, face) for note in self.notes for face in note.faces
        }
        found = self.sessions[0].db.execute(
            "SELECT note.id, identity.face, prompt, answer, card FROM card JOIN note USING (note) "
            "JOIN identity USING (card) WHERE note.active AND identity.note = note.id"
        )
        assert {(id, face, prompt, answer): card for id, face, prompt, answer, card in found} == wanted

    @invariant()
    def no_row_hangs_in_the_air(self) -> None:
        assert self.sessions[0].db.execute("PRAGMA foreign_key_check").fetchall() == []


Life.TestCase.settings = settings(
    max_examples=30, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
TestLife = Life.TestCase
