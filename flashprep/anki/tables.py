"""The SQL of Anki's own collections: what a package is filled with, and what is read from one. Versions 11 to 18 of the schema."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

NEW_CARD = "INSERT INTO cards VALUES (?, ?, ?, 0, ?, -1, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, ?)"
NEW_NOTE = "INSERT INTO notes VALUES (?, ?, ?, ?, -1, ?, ?, ?, 0, 0, '')"
NEW_REVLOG = "INSERT INTO revlog VALUES (?, ?, -1, ?, ?, ?, ?, ?, ?)"
SETTINGS = "SELECT conf, decks, dconf FROM col"
NEW_SETTINGS = "UPDATE col SET crt = ?, mod = ?, scm = ?, conf = ?, models = ?, decks = ?, dconf = ?"
VERSIONS = range(11, 19)

Execute = Callable[..., Iterable[Sequence[Any]]]  # runs a statement and gives its rows


class NoteRow(NamedTuple):
    """A note of Anki."""

    id: int
    guid: str
    type: int  # id of its note type
    mod: int  # epoch s
    tags: str  # separated by spaces
    fields: str  # separated by \\x1f


class CardRow(NamedTuple):
    """A card of Anki."""

    id: int
    note: int
    ord: int
    deck: int  # id; where it is at home, if a filtered deck has borrowed it
    mod: int  # epoch s
    type: int
    queue: int  # -1: suspended
    due: int
    ivl: int
    reps: int
    lapses: int
    data: str  # JSON


# A row of Anki's log: (epoch ms, card, ease 1..4 or 0 for what is no review, factor, ms, type). A plain tuple, because there
# are hundreds of thousands.
ReviewRow = tuple[int, int, int, int, int, int]


class TypeRow(NamedTuple):
    """A note type of Anki, as far as its notes can be read by it."""

    id: int
    name: str
    cloze: bool
    fields: tuple[str, ...]
    templates: int


NOTES = "SELECT id, guid, mid, mod, tags, flds FROM notes"
CARDS = "SELECT id, nid, ord, CASE WHEN odid THEN odid ELSE did END, mod, type, queue, due, ivl, reps, lapses, data FROM cards"
REVIEWS = "SELECT id, cid, ease, factor, time, type FROM revlog"
_CHANGED = "usn >= {0} OR id IN (SELECT cid FROM revlog WHERE usn >= {0})"
CHANGED_NOTES = f"{NOTES} WHERE usn >= {{0}} OR id IN (SELECT nid FROM cards WHERE {_CHANGED})"
CHANGED_CARDS = f"{CARDS} WHERE {_CHANGED} OR nid IN (SELECT id FROM notes WHERE usn >= {{0}})"
CHANGED_REVIEWS = f"{REVIEWS} WHERE usn >= {{0}}"
NAMES = "SELECT n.guid, c.ord, c.id FROM cards c JOIN notes n ON n.id = c.nid"
NAMES_OF = f"{NAMES} WHERE n.guid = ?"
TEXTS = "SELECT guid, mod, flds, tags FROM notes"
REVIEW_IDS = "SELECT id FROM revlog WHERE cid = ?"
REVIEW_CARD = "SELECT cid FROM revlog WHERE id = ?"
PUT_REVLOG = NEW_REVLOG.replace("INSERT", "INSERT OR IGNORE", 1)
ANY_NOTE = "SELECT 1 FROM notes LIMIT 1"
USN = "SELECT usn FROM col"
TABLES = "SELECT name, type, rootpage FROM sqlite_master WHERE type <> 'index'"


def version(execute: Execute) -> tuple[int, int]:
    """Return the version of the schema, and the epoch ms at which the collection was changed last."""
    ((ver, mod),) = execute("SELECT ver, mod FROM col LIMIT 1")
    return int(ver), int(mod)


def note_types(execute: Execute, ver: int) -> Iterator[TypeRow]:
    """Yield the note types."""
    if ver < 15:
        ((text,),) = execute("SELECT models FROM col LIMIT 1")
        for id, kind in json.loads(text).items():
            fields = tuple(str(field["name"]) for field in sorted(kind["flds"], key=lambda field: field["ord"]))
            yield TypeRow(int(id), str(kind["name"]), kind.get("type") == 1, fields, len(kind["tmpls"]))
        return
    fields_of: dict[int, list[str]] = {}
    for id, name in execute("SELECT ntid, name FROM fields ORDER BY ntid, ord"):
        fields_of.setdefault(id, []).append(str(name))
    templates: dict[int, list[bytes]] = {}
    for id, config in execute("SELECT ntid, config FROM templates ORDER BY ntid, ord"):
        templates.setdefault(id, []).append(bytes(config))
    for id, name in execute("SELECT id, name FROM notetypes"):
        sides = templates.get(id, [])
        cloze = any(b"{{cloze:" in side for side in sides)
        yield TypeRow(int(id), str(name), cloze, tuple(fields_of.get(id, ())), len(sides))


def decks(execute: Execute, ver: int) -> Iterator[tuple[int, str]]:
    """Yield id and name of the decks, ``::`` between the levels."""
    if ver < 15:
        ((text,),) = execute("SELECT decks FROM col LIMIT 1")
        for id, deck in json.loads(text).items():
            yield int(id), str(deck["name"])
        return
    for id, name in execute("SELECT id, name FROM decks"):
        yield int(id), str(name).replace("\x1f", "::")
