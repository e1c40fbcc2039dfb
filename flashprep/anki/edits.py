"""Edits that were made in Anki: what they changed, and taking them over into the deck file."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher, unified_diff
from typing import NamedTuple

from bs4 import Tag

from flashprep import authoring, folders
from flashprep.anki.content import content
from flashprep.anki.from_html import soup_of, to_markdown
from flashprep.anki.media import Media
from flashprep.anki.notetype import FIELDS
from flashprep.anki.outgoing import contents_of
from flashprep.cards.kinds import cards_of
from flashprep.cards.kinds.base import title
from flashprep.cards.markdown import blocks, images
from flashprep.cards.model import Note
from flashprep.cards.parser import parse
from flashprep.cards.text import decode
from flashprep.collection import Collection
from flashprep.store.decks import body_of
from flashprep.store.queries import Row

_SIDES = ("Prompt", "Answer")
_SHOWN = (*_SIDES, "Testing")


class Edit(NamedTuple):
    """A note whose text in Anki is another one than here."""

    row: Row
    ours: dict[str, str]  # HTML by field
    theirs: dict[str, str]
    pictures: dict[str, str]  # where the pictures of the note lie, by their names in Anki

    def difference(self) -> list[str]:
        """Return what was changed, as the lines of a unified diff of Markdown."""
        lines: list[str] = []
        for field in _SHOWN:
            before, after = (to_markdown(html[field], self.pictures) for html in (self.ours, self.theirs))
            found = list(unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1))
            lines += found[2:]  # without the names of files
        return lines


def edits(collection: Collection, cards: Sequence[int], there: dict[int, list[str]]) -> list[Edit]:
    """Return the edits of cards; ``there`` has their fields in Anki."""
    rows = [row for card in cards if (row := collection.row(card)) is not None]
    media = Media()
    now = contents_of(collection, rows, media)
    found = []
    for row in rows:
        ours = dict(zip(FIELDS, now[row.card].fields, strict=True))
        theirs = dict(zip(FIELDS, there[row.card], strict=False))
        folder = collection.absolute(row.root, row.path).parent
        targets = [image.target for text in (row.prompt, row.answer) for image in images(text)]
        names = [name for text in (row.prompt, row.answer) for name in media.names(text, folder)]
        pictures = {name: target for name, target in zip(names, targets, strict=True) if name}
        edit = Edit(row, ours, {**dict.fromkeys(FIELDS, ""), **theirs}, pictures)
        if edit.difference():  # another space between two tags is none
            found.append(edit)
    return found


def take(collection: Collection, edit: Edit) -> str:
    """Write an edit into the deck file; return why it could not be done, or nothing.

    A built-in note is copied into the user's decks first. What could not be read back as it was edited is not written.
    """
    row = edit.row
    changes = _changes(edit)
    if changes is None:
        return "it cannot be told which part of the note was changed"
    original = decode(folders.read(collection.absolute(row.root, row.path)))[0]
    reason = _with(original, edit, changes, collection)[1]
    if reason:
        return reason
    place = authoring.place_to_edit(collection, row)
    data = folders.read(place.path)
    text, problems = decode(data)
    after, reason = _with(text, edit, changes, collection)
    if problems or data.startswith(b"\xef\xbb\xbf"):
        reason = f"{place.path} is not plain UTF-8: see 'flashprep check'"
    if reason:
        return reason
    newline = b"\r\n" if b"\r\n" in data else b"\n"
    folders.replace(place.path, data, after.encode().replace(b"\n", newline))
    collection.sync()
    return ""


def _pieces(html: str, pictures: dict[str, str]) -> list[str]:
    """Return the Markdown of each element at the top of a side; text between them counts as one."""
    found, loose = [], ""
    for child in soup_of(html).children:
        if isinstance(child, Tag) and child.name in _BLOCKS:
            found += [loose, str(child)]
            loose = ""
        else:
            loose += str(child)
    return [text for piece in (*found, loose) if (text := to_markdown(piece, pictures))]


_BLOCKS = ("p", "div", "pre", "ul", "ol", "table", "blockquote", "hr", "h1", "h2", "h3", "h4", "h5", "h6")


def _sources(markdown: str) -> list[str]:
    """Return the source of each block at the top of a Markdown text."""
    lines = markdown.split("\n")
    return ["\n".join(lines[block.line : block.end]).strip("\n") for block in blocks(markdown)]


def _changes(edit: Edit) -> list[tuple[str, str]] | None:
    """Return which Markdown is to take the place of which; None where the blocks of the two sides do not match."""
    changes: list[tuple[str, str]] = []
    for field, ours in (("Prompt", edit.row.prompt), ("Answer", edit.row.answer)):
        before, after = (_pieces(html[field], edit.pictures) for html in (edit.ours, edit.theirs))
        if before == after:
            continue
        sources = _sources(ours)
        if len(sources) != len(before):
            return None
        for what, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            if what == "replace" or what == "delete":
                changes.append(("\n\n".join(sources[i:j]), "\n\n".join(after[k:m])))
            elif what == "insert" and i:
                changes.append((sources[i - 1], "\n\n".join([sources[i - 1], *after[k:m]])))
            elif what == "insert":
                return None
    return changes or None


def _with(text: str, edit: Edit, changes: list[tuple[str, str]], collection: Collection) -> tuple[str, str]:
    """Return the text of a deck with the edit in it, or why that cannot be."""
    before = parse(text).notes
    note = next((note for note in before if note.id == edit.row.note), None)
    if note is None:
        return "", "its deck has changed meanwhile"
    lines = text.split("\n")
    first, last = note.span.line - 1, note.end_line
    heading, body = lines[first], "\n".join(lines[first + 1 : last])
    for old, new in changes:
        if old == title(note) and heading.count(note.title) == 1:
            heading = heading.replace(note.title, " ".join(new.split()))
            continue
        whole = f"{old}\n\n" if not new and f"{old}\n\n" in body else old
        if body.count(whole) != 1:
            return "", "it cannot be told which part of the note was changed"
        body = body.replace(whole, new)
    lines[first:last] = [heading, *body.split("\n")]
    after = "\n".join(lines)
    if not _reads_back(before, parse(after).notes, edit, collection):
        return "", "Markdown has no way to say it"
    return after, ""


def _reads_back(before: Sequence[Note], after: Sequence[Note], edit: Edit, collection: Collection) -> bool:
    """Tell whether a changed deck has the card as it was edited, and all other notes as they were."""
    if [note.id for note in before] != [note.id for note in after]:
        return False
    for old, new in zip(before, after, strict=True):
        if new.id == edit.row.note:
            card = next((card for card in cards_of(new) if card.face == edit.row.face), None)
        elif (old.title, body_of(old)) != (new.title, body_of(new)):
            return False
    if card is None:
        return False
    folder = collection.absolute(edit.row.root, edit.row.path).parent
    row = edit.row._replace(prompt=card.prompt, answer=card.answer, ask=card.ask, steps=card.steps)
    made = dict(zip(FIELDS, content(row, "", folder, Media()).fields, strict=True))
    return all(_pieces(made[field], edit.pictures) == _pieces(edit.theirs[field], edit.pictures) for field in _SIDES)
