"""Bringing the derived tables up to date with the decks, so that history follows ids, moves and rewordings."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from flashprep.cards.diagnostics import Diagnostic, pack, unpack
from flashprep.cards.kinds import cards_of
from flashprep.cards.model import Card, Note, Span, card_key
from flashprep.cards.parser import DUPLICATE_ID
from flashprep.folders import Found
from flashprep.memory.fuzz import seed_of
from flashprep.store.sql import transaction

NEARLY_SAME = 0.75  # share of the words of a body that must be the same for history to follow it
_MAX_COMPARED = 4000  # pairs of bodies; beyond that only equal bodies are followed


class Known(NamedTuple):
    """A file as the store remembers it."""

    file: int
    fingerprint: str
    digest: str


class Read(NamedTuple):
    """A file that was read anew. ``notes`` is None where it could not be read: its old notes stay."""

    found: Found
    fingerprint: str
    digest: str
    notes: tuple[Note, ...] | None
    problems: tuple[Diagnostic, ...]
    syllabus: tuple[tuple[str, str, str], ...] | None = None  # (item, prompt, note)


class Renamed(NamedTuple):
    """History that followed a body, or the text of a gap, to another name."""

    old: str
    new: str


class _Old(NamedTuple):
    """An active note as it was before the update."""

    pinned: bool
    kind: str
    body: str
    faces: tuple[str, ...]


def known_files(db: sqlite3.Connection) -> dict[tuple[str, str], Known]:
    """Return what the store remembers of each file, by root and path."""
    rows = db.execute("SELECT root, path, file, fingerprint, digest FROM file")
    return {(root, path): Known(file, fingerprint, digest) for root, path, file, fingerprint, digest in rows}


def touch(db: sqlite3.Connection, files: Iterable[tuple[str, int]]) -> None:
    """Remember new fingerprints, given as (fingerprint, file), of files whose content is the same."""
    with transaction(db):
        db.executemany("UPDATE file SET fingerprint = ? WHERE file = ?", files)


def sleeping(db: sqlite3.Connection, ids: set[str]) -> set[tuple[str, str]]:
    """Return root and path of the files that hold a note with one of these ids which another note outranks."""
    rows = db.execute("SELECT file.root, file.path, note.id FROM note JOIN file USING (file) WHERE NOT note.active")
    return {(root, path) for root, path, id in rows if id in ids}


def ids_of(db: sqlite3.Connection, files: Iterable[int]) -> set[str]:
    """Return the ids of all notes of some files."""
    ids: set[str] = set()
    for file in files:
        ids.update(id for (id,) in db.execute("SELECT id FROM note WHERE file = ?", (file,)))
    return ids


def body_of(note: Note) -> str:
    """Return the whole text of a note below its heading, by which a reworded note is known again."""
    parts = [note.body, *(f"### {s.name}\n\n{s.text}" for s in note.sections)]
    return "\n\n".join(part for part in parts if part.strip())


def update(db: sqlite3.Connection, reads: list[Read], gone: list[int]) -> list[Renamed]:
    """Put the files that were read anew in the place of what the store had of them, and forget the files that are gone."""
    with transaction(db):
        old = _active_notes(db, [*_files(db, reads), *gone], [note.id for read in reads for note in read.notes or ()])
        for file in gone:
            db.execute("DELETE FROM file WHERE file = ?", (file,))
        fresh: dict[int, Note] = {}
        for read in reads:
            _put_file(db, read, fresh)
        winners = _choose(db, set(old) | {note.id for note in fresh.values()})
        renamed = _follow(db, old, {note: fresh[note] for note in winners if note in fresh})
        _put_cards(db, [(note, fresh[note]) for note in winners if note in fresh], old, renamed)
    return renamed


def _files(db: sqlite3.Connection, reads: list[Read]) -> list[int]:
    known = known_files(db)
    places = [(read.found.root, read.found.path) for read in reads if read.notes is not None]
    return [known[place].file for place in places if place in known]


def _active_notes(db: sqlite3.Connection, files: list[int], ids: list[str]) -> dict[str, _Old]:
    """Return by id the active notes of some files, and those that have one of some ids wherever they are."""
    old: dict[str, _Old] = {}
    if db.execute("SELECT 1 FROM note").fetchone() is None:
        return old
    select = "SELECT note, id, pinned, kind, body FROM note WHERE active AND"
    rows = [row for file in files for row in db.execute(f"{select} file = ?", (file,))]
    have = {row[1] for row in rows}
    rows += [row for id in ids if id not in have for row in db.execute(f"{select} id = ?", (id,))]
    for note, id, pinned, kind, body in rows:
        faces = db.execute(
            "SELECT face FROM card JOIN identity USING (card) WHERE card.note = ? ORDER BY place", (note,)
        )
        old[id] = _Old(bool(pinned), kind, body, tuple(face for (face,) in faces))
    return old


def _put_file(db: sqlite3.Connection, read: Read, fresh: dict[int, Note]) -> None:
    found = read.found
    problems = pack(read.problems)
    row = db.execute("SELECT file FROM file WHERE root = ? AND path = ?", (found.root, found.path)).fetchone()
    if row and read.notes is None:
        db.execute("UPDATE file SET fingerprint = '', digest = '', problems = ? WHERE file = ?", (problems, row[0]))
        return
    if row:
        db.execute("DELETE FROM file WHERE file = ?", row)
    file = db.execute(
        "INSERT INTO file (root, path, layer, fingerprint, digest, problems) VALUES (?, ?, ?, ?, ?, ?)",
        (found.root, found.path, found.layer, read.fingerprint, read.digest, problems),
    ).lastrowid
    if read.syllabus is not None:
        db.execute("DELETE FROM syllabus")
        db.executemany("INSERT OR IGNORE INTO syllabus (item, prompt, note) VALUES (?, ?, ?)", read.syllabus)
    first = db.execute("SELECT coalesce(max(note), 0) + 1 FROM note").fetchone()[0]
    rows = []
    for number, note in enumerate(read.notes or (), first):
        fresh[number] = note
        rows.append(
            (
                number, file, note.id, note.pinned, 0, note.kind, note.title, body_of(note), note.deck, note.round,
                _spaced(note.tags), _spaced(note.covers), note.solution, note.minutes, note.span.line, note.end_line, note.span.end_column,
            )
        )  # fmt: skip
    db.executemany(f"INSERT INTO note VALUES ({','.join('?' * 17)})", rows)


def _spaced(names: tuple[str, ...]) -> str:
    return f" {' '.join(names)} " if names else ""


def _choose(db: sqlite3.Connection, ids: set[str]) -> list[int]:
    """Make the right note active for each id and return those notes: the highest layer, then the first in order."""
    winners: list[int] = []
    losers: list[int] = []
    db.execute("CREATE TEMP TABLE IF NOT EXISTS changed_id (id TEXT PRIMARY KEY)")
    db.execute("DELETE FROM changed_id")
    db.executemany("INSERT INTO changed_id VALUES (?)", ((id,) for id in ids))
    rows = db.execute(
        "SELECT note.id, note.note FROM changed_id JOIN note USING (id) JOIN file USING (file) "
        "ORDER BY note.id, file.layer DESC, file.root, file.path, note.line"
    )
    before = None
    for id, note in rows:
        (losers if id == before else winners).append(note)
        before = id
    db.executemany("UPDATE note SET active = 1 WHERE note = ?", ((note,) for note in winners))
    db.executemany("UPDATE note SET active = 0 WHERE note = ?", ((note,) for note in losers))
    db.executemany("DELETE FROM card WHERE note = ?", ((note,) for note in losers))
    return winners


def _follow(db: sqlite3.Connection, old: dict[str, _Old], fresh: dict[int, Note]) -> list[Renamed]:
    """Give the history of notes that vanished to new notes with (nearly) the same body."""
    gone = {
        id: note
        for id, note in old.items()
        if not note.pinned and db.execute("SELECT 1 FROM note WHERE id = ? AND active", (id,)).fetchone() is None
    }
    if not gone:
        return []
    new = {
        note.id: note
        for note in fresh.values()
        if not db.execute("SELECT 1 FROM identity WHERE note = ?", (note.id,)).fetchone()
    }
    renamed = []
    settled: set[str] = set()
    # The most alike first; where one body could be that of several notes there is no telling, and nothing follows.
    for _, pairs in groupby(sorted(_alike(gone, new), reverse=True), key=itemgetter(0)):
        open_pairs = [(id, heir) for _, id, heir in pairs if id not in settled and heir not in settled]
        claims = Counter(id for pair in open_pairs for id in pair)
        for id, heir in open_pairs:
            if claims[id] == claims[heir] == 1:
                db.execute("UPDATE identity SET note = ? WHERE note = ?", (heir, id))
                renamed.append(Renamed(id, heir))
        settled.update(claims)
    return renamed


def _alike(gone: dict[str, _Old], new: dict[str, Note]) -> Iterator[tuple[float, str, str]]:
    """Yield likeness, old id and new id of the notes of one kind whose bodies are the same, or nearly."""
    before = {id: (note.kind, *note.body.split()) for id, note in gone.items()}
    after = {id: (note.kind, *body_of(note).split()) for id, note in new.items()}
    same: dict[tuple[str, ...], list[str]] = {}
    for id, words in before.items():
        same.setdefault(words, []).append(id)
    for heir, words in after.items():
        yield from ((1.0, id, heir) for id in same.get(words, ()) if len(words) > 1)
    if len(before) * len(after) > _MAX_COMPARED:
        return
    for id, old_words in before.items():
        for heir, words in after.items():
            if words != old_words and words[0] == old_words[0]:
                matcher = SequenceMatcher(None, old_words[1:], words[1:], autojunk=False)
                if matcher.quick_ratio() >= NEARLY_SAME and (ratio := matcher.ratio()) >= NEARLY_SAME:
                    yield ratio, id, heir


def _put_cards(
    db: sqlite3.Connection, notes: list[tuple[int, Note]], old: dict[str, _Old], renamed: list[Renamed]
) -> None:
    """Make the cards of active notes, with the numbers that the log knows them by."""
    former = {new: old_id for old_id, new in renamed}
    next_card = db.execute("SELECT coalesce(max(card), 0) + 1 FROM identity").fetchone()[0]
    # A card is known elsewhere by origin and ord, so a note under an id whose first bearer was renamed goes on counting.
    used = dict(db.execute("SELECT origin, max(ord) + 1 FROM identity WHERE origin <> note GROUP BY origin"))
    identities, cards = [], []
    for number, note in notes:
        db.execute("DELETE FROM card WHERE note = ?", (number,))
        faces = cards_of(note)
        numbers = dict(db.execute("SELECT face, card FROM identity WHERE note = ?", (note.id,)))
        before = old.get(former.get(note.id, note.id))
        if numbers and before:
            _follow_gaps(db, note, faces, numbers, before.faces, renamed)
        order = max(len(numbers), used.get(note.id, 0))
        for place, face in enumerate(faces):
            card = numbers.get(face.face)
            if card is None:
                card = next_card
                next_card += 1
                identities.append((card, note.id, face.face, note.id, order, seed_of(card_key(note.id, face.face))))
                order += 1
            row = (card, number, face.prompt, face.answer, face.ask, json.dumps(face.steps), face.timed, face.exercise)
            cards.append((*row, place))
    db.executemany("INSERT INTO identity (card, note, face, origin, ord, seed) VALUES (?, ?, ?, ?, ?, ?)", identities)
    db.executemany("INSERT OR REPLACE INTO card VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", cards)


def _follow_gaps(
    db: sqlite3.Connection,
    note: Note,
    faces: list[Card],
    numbers: dict[str, int],
    before: tuple[str, ...],
    renamed: list[Renamed],
) -> None:
    """Give the history of gaps whose text changed to the gaps that took their places, where that is plain to see."""
    now = [card.face for card in faces]
    pairs: list[tuple[str, str]] = []
    for what, i, j, k, m in SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
        if what == "replace" and j - i == m - k:
            pairs += zip(before[i:j], now[k:m], strict=True)
    for old_face, new_face in pairs:
        if old_face in now or old_face not in numbers or new_face in numbers:
            continue  # it only moved, or it has a history of its own
        if "gap-" not in old_face or old_face.partition("gap-")[0] != new_face.partition("gap-")[0]:
            continue  # not gaps of the same text
        numbers[new_face] = numbers.pop(old_face)
        db.execute("UPDATE identity SET face = ? WHERE card = ?", (new_face, numbers[new_face]))
        renamed.append(Renamed(card_key(note.id, old_face), card_key(note.id, new_face)))


def problems(db: sqlite3.Connection) -> list[tuple[str, str, Diagnostic]]:
    """Return root, path and problem of all that is wrong in the decks, duplicates over files included."""
    found = []
    for root, path, text in db.execute("SELECT root, path, problems FROM file ORDER BY layer, root, path").fetchall():
        if text != "[]":
            found += [(root, path, problem) for problem in unpack(text, "")]
    rows = db.execute(
        "SELECT file.root, file.path, note.id, note.line, note.end_column, wf.root, wf.path, winner.line "
        "FROM note JOIN file USING (file) JOIN note winner ON winner.id = note.id AND winner.active "
        "JOIN file wf ON wf.file = winner.file WHERE NOT note.active AND file.layer = wf.layer"
    )
    for root, path, id, line, end, _, other, other_line in rows.fetchall():
        problem = DUPLICATE_ID.at(
            Span(line, 1, line, end),
            f"id '{id}' is taken",
            f"it belongs to {other}:{other_line}; give this note another {{#id}}",
        )
        found.append((root, path, problem))
    return sorted(found, key=lambda row: (row[0], row[1], row[2].span))
