"""Writing cards: new notes, copies of built-in ones, and the safe fixes of ``check --fix``."""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from keyword import iskeyword
from pathlib import Path
from typing import NamedTuple

from flashprep import editor, folders, places
from flashprep.cards.diagnostics import Diagnostic, Fix
from flashprep.cards.kinds import kinds
from flashprep.cards.markdown import code_of, images
from flashprep.cards.model import Note
from flashprep.cards.parser import Parsed, parse, pin
from flashprep.cards.render import front_matter, note_source
from flashprep.cards.text import decode, slug
from flashprep.collection import Collection
from flashprep.errors import FlashprepError
from flashprep.practice.names import is_taken
from flashprep.store import queries
from flashprep.store.queries import Filter, Row


class Place(NamedTuple):
    """Where a note stands: file, 1-based line, and whether it was put there just now."""

    path: Path
    line: int
    copied: bool = False


def own_deck(name: str) -> Path:
    """Return the file of the user's decks that new notes of a deck go to."""
    return places.own_decks() / f"{slug(name.replace('::', ' '), 60) or 'cards'}.md"


def template(kind: str, title: str = "", deck: str = "My cards") -> str:
    """Return a deck file that holds one empty note of a kind, for the editor."""
    known = kinds()[kind]
    heading = f"## {known.label}: {title}" if title else f"## {known.label}: Your prompt, 8 to 20 words"
    return f"{front_matter(deck)}\n{heading}\n\n{known.template}"


def note_text(kind: str, title: str, body: str, id: str, tags: tuple[str, ...], round: str, covers: str) -> str:
    """Return a note as Markdown, of what the options of ``add`` say."""
    if not title.strip():
        raise FlashprepError("the card has no prompt: give --title")
    attributes = [f"#{id}" if id else "", *(f".{tag}" for tag in tags)]
    attributes += [f"round={round}" if round else "", f"covers={covers}" if covers else ""]
    inside = " ".join(word for word in attributes if word)
    heading = f"## {kinds()[kind].label}: {' '.join(title.split())}" + (f" {{{inside}}}" if inside else "")
    return f"{heading}\n\n{body}\n"


def write_in_editor(text: str) -> str | None:
    """Let the user complete a text in the editor; None where it was left as it was."""
    with tempfile.TemporaryDirectory(prefix="flashprep-") as folder:
        path = Path(folder) / "new-card.md"
        path.write_text(text, encoding="utf-8")
        line = next((n for n, row in enumerate(text.split("\n"), 1) if row.startswith("## ")), 1)
        try:
            editor.open_file(path, line)
        except FlashprepError as error:
            after = decode(path.read_bytes())[0]
            if after.strip() == text.strip():
                raise
            raise FlashprepError(f"{error}; your text is kept in {keep_draft(after)}") from None
        after = decode(path.read_bytes())[0]
    return None if after.strip() == text.strip() else after


def keep_draft(text: str) -> Path:
    """Keep a text that could not be added, so that nothing typed is lost."""
    path = places.home() / "draft.md"
    number = 2
    while path.exists():
        path, number = places.home() / f"draft-{number}.md", number + 1
    folders.replace(path, None, text.encode())
    return path


def parse_new(text: str, collection: Collection) -> list[Note]:
    """Read notes that are to be added; refuse a text with problems, and ids that are taken."""
    parsed: Parsed = parse(text)
    errors = [problem for problem in parsed.problems if problem.severity == "error"]
    if errors:
        raise FlashprepError(
            f"line {errors[0].span.line}: {errors[0].message}" + (f"; {errors[0].help}" if errors[0].help else "")
        )
    if not parsed.notes:
        raise FlashprepError(
            "there is no note in it: write a heading like '## Concept: Your prompt' with the answer below"
        )
    taken = set(queries.all_ids(collection.db))
    notes = []
    for note in parsed.notes:
        if note.id in taken:
            raise FlashprepError(
                f"id '{note.id}' is taken; 'flashprep edit {note.id}' changes that note, or give this one a {{#id}}"
            )
        taken.add(note.id)
        notes.append(note)
    return notes


def add(
    collection: Collection, text: str, deck: str = "", solutions: bool = True
) -> list[tuple[Note, Place, tuple[Path, ...]]]:
    """Append the notes of a text to the user's decks; return where each one stands, and the files that were made for it.

    With ``solutions`` a coding note gets a solution and tests to be completed, unless it has them.
    """
    added = []
    for note in parse_new(text, collection):
        name = deck or note.deck or "My cards"
        path = own_deck(name)
        if solutions and kinds()[note.kind].solvable:
            note = replace(note, solution=note.solution or _solution_name(path.parent, note.id))
        place = Place(path, _append(path, name, note))
        added.append((note, place, _make_solution(path.parent, note) if solutions else ()))
    collection.sync()
    return added


def _solution_name(folder: Path, id: str) -> str:
    """Return a name for the solution of a note: its id as a module name, with a number where that is taken."""
    base = id.replace("-", "_")
    if is_taken(base) or iskeyword(base) or not base.isidentifier():
        base = f"solve_{base}"
    name, number = base, 2
    while any((folder / "solutions" / file).exists() for file in (f"{name}.py", f"test_{name}.py")):
        name, number = f"{base}_{number}", number + 1
    return name


def _make_solution(folder: Path, note: Note) -> tuple[Path, ...]:
    """Write the solution of a note and its tests, as far as they are not there, for the user to complete."""
    if not note.solution:
        return ()
    from flashprep.practice.skeleton import skeleton, skeleton_of_tests

    reference, tests = (folder / "solutions" / f"{name}.py" for name in (note.solution, f"test_{note.solution}"))
    made = []
    if not reference.exists():
        folders.replace(reference, None, skeleton(code_of(note.body), note.title).encode())
        made.append(reference)
    if not tests.exists():
        source = decode(folders.read(reference))[0]
        try:
            text = skeleton_of_tests(source, note.solution, note.title)
        except (SyntaxError, ValueError) as error:
            raise FlashprepError(f"{reference} is no Python: {error}") from None
        folders.replace(tests, None, text.encode())
        made.append(tests)
    return tuple(made)


def _append(path: Path, deck: str, note: Note) -> int:
    """Append a note to a deck file and return its line; refuse where it would not be a note there."""
    before = decode(folders.read(path))[0] if path.exists() else ""
    together = parse(f"{before}\n\n{note_source(note)}").notes
    if not together or together[-1].id != note.id:
        raise FlashprepError(f"{path} ends inside a code block or a comment that is never closed; close it first")
    return folders.append(path, front_matter(deck), note_source(note))


def place_to_edit(collection: Collection, row: Row) -> Place:
    """Return where a note can be edited; a built-in one is copied into the user's decks first."""
    path = collection.absolute(row.root, row.path)
    if not path.exists():
        raise FlashprepError(f"{path} is no longer there; run the command again")
    if row.root != folders.BUILT_IN:
        return Place(path, row.line)
    note = next((note for note in parse(decode(folders.read(path))[0]).notes if note.id == row.note), None)
    if note is None:
        raise FlashprepError(f"'{row.note}' is no longer in {path}; run the command again")
    own = own_deck(note.deck)
    line = _append(own, note.deck, note)
    for name in _beside(note):
        source, target = path.parent / name, own.parent / name
        if source.is_file() and not target.exists():
            folders.replace(target, None, source.read_bytes())
    return Place(own, line, copied=True)


def edit_card(collection: Collection, row: Row) -> str:
    """Open the note of a card; a built-in one is first copied into the user's decks. Return a line about it."""
    try:
        editor.ensure_there()  # before a copy is made
        path, line, copied = place_to_edit(collection, row)
        editor.open_file(path, line)
    except FlashprepError as error:
        return str(error)
    return f"copied to {path}, which takes the place of the built-in note" if copied else ""


def _beside(note: Note) -> list[str]:
    """Name the files that a note needs beside its deck: its solution with the tests, and its pictures."""
    names = [f"solutions/{name}.py" for name in (note.solution, f"test_{note.solution}") if note.solution]
    return names + [image.target for text in (note.body, *(s.text for s in note.sections)) for image in images(text)]


def fix(collection: Collection) -> dict[Path, int]:
    """Pin the ids of the user's notes and apply the safe fixes of all problems; return the number of edits by file."""
    done: dict[Path, int] = {}
    by_file: dict[Path, list[Fix]] = {}
    for problem in collection.problems():
        if problem.fix:
            by_file.setdefault(Path(problem.path), []).append(problem.fix)
    for root in collection.roots:
        if root.name == folders.BUILT_IN:
            continue
        for found in folders.scan([root]):
            if found.path.endswith(".md"):
                edits = fix_file(Path(found.absolute), by_file.get(Path(found.absolute), []))
                if edits:
                    done[Path(found.absolute)] = edits
    if done:
        collection.sync()
    return done


def fix_file(path: Path, fixes: list[Fix]) -> int:
    """Apply fixes to a file, and pin the ids that the store knows its notes by."""
    try:
        data = path.read_bytes() if path.is_file() else b""  # a named pipe would be waited for
    except OSError:
        return 0  # check reports it
    text, problems = decode(data)
    if problems:
        return 0  # not the user's bytes any more: a fix would write the replacement characters
    # Lines and their ends in turn, so that each line keeps the end that it has.
    pieces = re.split("(\r\n|\r|\n)", data.decode("utf-8-sig"))
    lines = pieces[::2]
    wanted = list(fixes)
    for note in parse(text).notes:
        edit = None if note.pinned else pin(lines[note.span.line - 1], note.id, note.span.line)
        if edit:
            wanted.append(edit)
    for edit in sorted(wanted, key=lambda edit: (edit.line, edit.column), reverse=True):
        line = lines[edit.line - 1]
        lines[edit.line - 1] = line[: edit.column - 1] + edit.text + line[edit.end_column - 1 :]
    if wanted:
        pieces[::2] = lines
        mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
        folders.replace(path, data, mark + "".join(pieces).encode())
    return len(wanted)


def unpinned(collection: Collection) -> list[Diagnostic]:
    """Report the notes of the user whose ids hang on their titles."""
    from flashprep.cards.model import Span
    from flashprep.cards.parser import UNPINNED_ID

    found = []
    seen = set()
    for row in queries.rows(collection.db, Filter(), 0):
        if row.root == folders.BUILT_IN or row.note in seen:
            continue
        seen.add(row.note)
        if not row.pinned:
            span = Span(row.line, 1, row.line, row.end_column)
            path = str(collection.absolute(row.root, row.path))
            problem = UNPINNED_ID.at(
                span, f"id '{row.note}' comes from the title", f"pin it: {{#{row.note}}}, or run check --fix"
            )
            found.append(Diagnostic(problem.rule, problem.severity, problem.message, span, problem.help, None, path))
    return found
