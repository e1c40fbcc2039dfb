"""Notes of Anki that flashprep does not know, brought over as Markdown of the user's own decks.

A note with a front and a back becomes a question; a front of several blocks, which a heading cannot hold, a coding note; a note
with clozes a concept with gaps, or a question for each cloze where a gap cannot be, such as in code. Every card that is brought
over is remembered by its name in Anki, so that its reviews find it, now and later, and it never comes twice.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import NamedTuple

from flashprep import authoring, folders, places
from flashprep.anki import notetype
from flashprep.anki.content import ROOT, TAGS_OF_ANKI
from flashprep.anki.exchange import Moved
from flashprep.anki.from_html import to_markdown, words
from flashprep.anki.incoming import place
from flashprep.anki.media import ENDINGS
from flashprep.anki.reader import Archive, Found
from flashprep.anki.tables import CardRow, NoteRow, TypeRow
from flashprep.cards.kinds import cards_of, named
from flashprep.cards.markdown import blocks
from flashprep.cards.model import ROUNDS, Note, Section
from flashprep.cards.parser import parse
from flashprep.cards.render import front_matter, note_source
from flashprep.cards.text import clean, one_line, slug
from flashprep.collection import Collection
from flashprep.errors import FlashprepError
from flashprep.store import anki as store
from flashprep.store import queries
from flashprep.store.decks import body_of

_LONGEST_TITLE = 300  # characters
_CLOZE = re.compile(r"\{\{c(\d{1,3})::((?:(?!\{\{c\d|\}\}).)*)\}\}", re.DOTALL)
_IMAGE = re.compile(r"""<img\b[^>]*?\bsrc\s*=\s*["']?([^"'>\s]+)""", re.IGNORECASE)
_OPEN, _CLOSE = "\ue000", "\ue001"  # private use: the edges of a gap while HTML becomes Markdown


class _Piece(NamedTuple):
    """A note of ours in the making, with the card of Anki that each of its cards continues."""

    note: Note
    cards: dict[str, int]  # face -> ord


def move(
    collection: Collection, found: Found, pictures: Archive | Path | None, wanted: set[int] | None = None
) -> Moved:
    """Bring notes over: all that no card here answers to, or those of them whose ids are ``wanted``."""
    strange = [note for note in place(collection, found).strange if wanted is None or note.id in wanted]
    cards_of_note: dict[int, list[CardRow]] = {}
    for card in found.cards.values():
        cards_of_note.setdefault(card.note, []).append(card)
    names = _Names(collection)
    media = _Media(pictures)
    by_deck: dict[str, list[Note]] = {}
    links: list[tuple[str, int, str, str, bool]] = []
    left: list[tuple[str, str]] = []
    notes = 0
    for note in sorted(strange, key=lambda note: note.id):
        kind = found.types.get(note.type)
        rows = cards_of_note.get(note.id, [])
        if kind is None or not rows:
            left.append((_shown(note), "it has no card" if kind else "its note type is not there"))
            continue
        pieces = list(_pieces(note, kind, rows, media))
        if not pieces:
            left.append((_shown(note), "it has no text"))
            continue
        deck = found.decks.get(rows[0].deck, "Anki").removeprefix(f"{ROOT}::") or "Anki"
        notes += 1
        for piece in pieces:
            named, there_already = names.give(piece.note)
            if not there_already:
                by_deck.setdefault(deck, []).append(named)
            links += [(note.guid, ord, named.id, face, note.type == notetype.ID) for face, ord in piece.cards.items()]
    media.write()  # before the decks that show them
    files = [str(_append(deck, added)) for deck, added in by_deck.items()]
    collection.sync()
    _link(collection, links)
    return Moved(notes, len(links), tuple(files), len(media.wanted), tuple(left))


def _shown(note: NoteRow) -> str:
    return one_line(words(note.fields.replace("\x1f", " ")[:2000]), 60) or "(no words)"


class _Names:
    """Ids for notes that come over."""

    def __init__(self, collection: Collection):
        db = collection.db
        self._taken = set(queries.all_ids(db)) | set(store.note_names(db))
        self._texts = store.unlinked_texts(db)

    def give(self, note: Note) -> tuple[Note, bool]:
        """Return a note under an id of its own.

        And whether it is there already: an import that was cut short has written it, and no card of Anki is linked to it yet.
        """
        base = slug(note.title, 60) or "card"
        id, number = base, 2
        while id in self._taken:
            if self._texts.get(id) == (note.title, body_of(note)):
                del self._texts[id]
                return replace(note, id=id), True
            id, number = f"{base}-{number}", number + 1
        self._taken.add(id)
        return replace(note, id=id), False


# -- from fields to notes


def _pieces(note: NoteRow, kind: TypeRow, rows: list[CardRow], media: _Media) -> Iterator[_Piece]:
    fields = note.fields.split("\x1f")
    pictures = media.names(note.fields)
    ords = sorted(row.ord for row in rows)
    made_of = _tags(note.tags)
    if kind.cloze:
        yield from _cloze(fields, ords, pictures, made_of)
        return
    named_fields = dict(zip(kind.fields, fields, strict=False))
    if kind.id == notetype.ID:
        front, back, label = (
            named_fields.get("Prompt", ""),
            named_fields.get("Answer", ""),
            named_fields.get("Kind", ""),
        )
        sides = {0: (front, back)}
    else:
        label = ""
        first, *others = fields
        rest = [
            text if len(others) == 1 or number == 0 else f"<p><b>{escape(name)}</b></p>{text}"
            for number, (name, text) in enumerate(zip(kind.fields[1:], others, strict=False))
            if words(text) or _IMAGE.search(text)
        ]
        sides = {0: (first, "<br>".join(rest))}
        if kind.templates > 1 and others:
            sides[1] = (others[0], first)
    for ord, (front, back) in sides.items():
        if ord not in ords:
            continue
        piece = _note("", to_markdown(front, pictures), to_markdown(back, pictures), label, *made_of)
        if piece is not None:
            face = cards_of(piece)[0].face
            yield _Piece(piece, {face: ord})


def _cloze(
    fields: list[str], ords: list[int], pictures: dict[str, str], made_of: tuple[tuple[str, ...], str, tuple[str, ...]]
) -> Iterator[_Piece]:
    """Make one concept with gaps, or a question for each cloze where a gap cannot stand."""
    text, extra = fields[0].replace(_OPEN, "").replace(_CLOSE, ""), fields[1] if len(fields) > 1 else ""
    more = to_markdown(extra, pictures)
    flat = _flattened(text)
    numbers = [int(found[1]) for found in _CLOZE.finditer(flat)]
    marked = _CLOZE.sub(lambda found: f"{_OPEN}{_hidden(found[2])}{_CLOSE}", flat)
    body = to_markdown(marked, pictures)
    gapped = body.replace(_OPEN, "==").replace(_CLOSE, "==")
    whole = body.replace(_OPEN, "").replace(_CLOSE, "")
    title = one_line(words(_CLOZE.sub("…", flat)), 100)
    answer = f"{gapped}\n\n{more}".strip()
    note = _note(title, "", answer, "Concept", *made_of)
    if note is not None:
        faces = [card.face for card in cards_of(note)]
        if len(faces) == len(numbers) and all(face.startswith("gap-") for face in faces):
            first: dict[str, int] = {}
            for face, number in zip(faces, numbers, strict=True):
                if number - 1 in ords and number - 1 not in first.values():
                    first[face] = number - 1
            yield _Piece(note, first)
            return
    for ord in ords:
        shown = to_markdown(
            _CLOZE.sub(lambda found, ord=ord: "[…]" if int(found[1]) == ord + 1 else _hidden(found[2]), flat),  # type: ignore[misc]
            pictures,
        )
        piece = _note("", shown, f"{whole}\n\n{more}".strip(), "", *made_of)
        if piece is not None:
            yield _Piece(piece, {cards_of(piece)[0].face: ord})


def _hidden(text: str) -> str:
    return text.split("::", 1)[0]  # after it stands a hint


def _flattened(text: str) -> str:
    """Take clozes out of clozes: the innermost stay."""
    for _ in range(5):
        inner = [found.span() for found in _CLOZE.finditer(text)]
        rest = list(text)
        for start, end in inner:
            rest[start:end] = "\0" * (end - start)
        outer = "".join(rest)
        opening = re.search(r"\{\{c\d{1,3}::", outer)
        if not opening:
            break
        closing = outer.find("}}", opening.end())
        if closing < 0:
            break
        text = text[: opening.start()] + text[opening.end() : closing] + text[closing + 2 :]
    return text


def _note(
    title: str, prompt: str, answer: str, label: str, tags: tuple[str, ...], round: str, covers: tuple[str, ...]
) -> Note | None:
    """Make a note that reads back as it was made; None where there is nothing to ask or to answer."""
    prompt, answer = (clean(text.replace("\r", "")).strip() for text in (prompt, answer))
    if not title:
        title, prompt = _heading_of(prompt)
    if not title or not (answer or prompt):
        return None
    answer = answer or "(nothing stands on the back)"
    kind = named(label) if label else None
    tried = []
    if kind and kind.needs_body and not kind.required and not prompt:  # the title asks, the body answers
        tried.append(Note("x", True, kind.name, title, answer, (), "", round, tags, covers))
    if not prompt:
        tried.append(Note("x", True, "question", title, answer, (), "", round, tags, covers))
    tried.append(Note("x", True, "coding", title, prompt, (Section("Approach", answer, 0),), "", round, tags, covers))
    plain = " ".join(re.sub(r"[^\w\s.,;:?!()/%+-]", " ", title).split()) or "Card"
    tried.append(Note("x", True, "coding", plain, prompt, (Section("Approach", answer, 0),), "", round, tags, covers))
    return next((note for note in tried if _reads_back(note)), None)


def _reads_back(note: Note) -> bool:
    found = parse(note_source(note))
    if len(found.notes) != 1 or any(problem.severity == "error" for problem in found.problems):
        return False
    back = found.notes[0]
    same = (back.title, back.body.strip(), [(s.name, s.text.strip()) for s in back.sections])
    return same == (note.title, note.body.strip(), [(s.name, s.text.strip()) for s in note.sections])


def _heading_of(prompt: str) -> tuple[str, str]:
    """Return what can be the heading of a prompt, and what has to stand below it."""
    found = blocks(prompt)
    lines = prompt.split("\n")
    if found and all(block.kind == "Paragraph" for block in found):
        flat = " ".join(prompt.split())
        if len(flat) <= _LONGEST_TITLE:
            return flat, ""
    if found and found[0].kind == "Paragraph":
        first = " ".join(" ".join(lines[found[0].line : found[0].end]).split())
        rest = "\n".join(lines[found[0].end :]).strip("\n")
        if len(first) <= _LONGEST_TITLE:
            return first, rest
    title = one_line(words(re.sub(r"[`*#>|=\\]", " ", prompt)), 80)
    return title, prompt


def _tags(text: str) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    tags, round, covers = [], "", []
    for tag in text.split():
        if tag.startswith("round::") and tag[7:] in ROUNDS:
            round = tag[7:]
        elif tag.startswith("covers::"):
            covers.append(tag[8:])
        elif tag not in TAGS_OF_ANKI:
            tags.append(tag.replace("::", "-"))
    return _names(tags), round, _names(covers)


def _names(found: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for word in found if (name := slug(word))))


# -- writing


def _append(deck: str, notes: list[Note]) -> Path:
    """Append notes to the file of a deck, all at once, and return its path."""
    path = authoring.own_deck(deck)
    before = folders.read(path) if path.exists() else None
    head = (before or front_matter(deck).encode()).rstrip(b"\n") + b"\n\n"
    text = "\n".join(note_source(note) for note in notes)
    together = head + text.encode()
    if [note.id for note in parse(together.decode("utf-8", "replace")).notes[-len(notes) :]] != [n.id for n in notes]:
        raise FlashprepError(f"{path} ends inside a code block or a comment that is never closed; close it first")
    folders.replace(path, before, together)
    return path


def _link(collection: Collection, links: list[tuple[str, int, str, str, bool]]) -> None:
    cards = store.cards_of_faces(collection.db)
    known = [
        store.Known(guid, ord, cards[note, face], ours, False)
        for guid, ord, note, face, ours in links
        if (note, face) in cards
    ]
    store.remember(collection.db, known)


class _Media:
    """The pictures of a package that notes show, copied beside the user's decks."""

    def __init__(self, source: Archive | Path | None):
        self.source = source
        self.there: dict[str, str] = {}
        if isinstance(source, Path):
            self.there = (
                {path.name: path.name for path in source.iterdir() if path.is_file()} if source.is_dir() else {}
            )
        elif source is not None:
            self.there = source.media()
        self.wanted: dict[str, tuple[str, bytes]] = {}  # name in Anki -> name here, content

    def names(self, html: str) -> dict[str, str]:
        """Return for the pictures of a note where they will lie beside the deck."""
        found = {}
        for source in _IMAGE.findall(html):
            name = self._name(source)
            if name:
                found[source] = f"media/{name}"
        return found

    def _name(self, source: str) -> str:
        if source not in self.wanted:
            ending = "." + source.rpartition(".")[2].casefold()
            if self.source is None or source not in self.there or ending not in ENDINGS:
                return ""
            name = self.there[source]
            data = (self.source / name).read_bytes() if isinstance(self.source, Path) else self.source.media_file(name)
            digest = hashlib.blake2b(data, digest_size=4).hexdigest()
            base = slug(source.rpartition(".")[0], 40) or "picture"
            self.wanted[source] = (f"{base}-{digest}{ending}", data)
        return self.wanted[source][0]

    def write(self) -> None:
        """Put the pictures where the decks expect them."""
        for name, data in self.wanted.values():
            target = places.own_decks() / "media" / name
            if not target.exists():
                folders.replace(target, None, data)
