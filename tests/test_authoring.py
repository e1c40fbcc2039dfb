"""Writing cards: add, edit and check --fix put exactly what was meant into the user's files, or nothing."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from flashprep import authoring, folders
from flashprep.cards.kinds import kinds
from flashprep.cards.markdown import images
from flashprep.cards.parser import parse
from flashprep.cards.render import note_source
from flashprep.collection import Collection
from flashprep.errors import FileChanged, FlashprepError
from flashprep.store.queries import Filter

CONCEPT = "## Concept: What is a lease?\n\nA lock that ends by itself.\n"


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Set EDITOR to a script: ``editor("path.write_text('x')")``; what it was given is in the file returned."""

    def make(code: str) -> Path:
        seen = tmp_path / "seen"
        script = tmp_path / "editor.py"
        script.write_text(
            f"import pathlib, sys\npath = pathlib.Path(sys.argv[-1])\n"
            f"pathlib.Path({str(seen)!r}).write_bytes(path.read_bytes())\n{code}\n"
        )
        monkeypatch.setenv("EDITOR", f"'{sys.executable}' '{script}'")
        return seen

    return make


def on_terminal(*arguments: str) -> tuple[int, str]:
    """Run the command line on a terminal; return its exit code and what it wrote."""
    child = pexpect.spawn(sys.executable, ["-m", "flashprep", *arguments], encoding="utf-8", dimensions=(24, 400))
    child.expect(pexpect.EOF, timeout=60)
    child.close()
    assert "Traceback" not in child.before, child.before
    return child.exitstatus, child.before


def keys() -> set[str]:
    with Collection() as collection:
        return {row.key for row in collection.rows(Filter())}


def only_file(folder: Path) -> Path:
    (path,) = (path for path in folder.rglob("*") if path.is_file())
    return path


# -- add


def test_add_appends_to_the_deck_that_is_named_and_says_which_line(home: Path, said: Callable) -> None:
    for number in (1, 2):
        done = said("add", "concept", "--title", f"Number {number}", "--body", "Yes.", "--deck", "Go::Memory", ok=True)
        path, _, line = done.out.split(" at ")[1].strip().rpartition(":")
        assert Path(path) == home / "decks" / "go-memory.md"
        assert Path(path).read_text().splitlines()[int(line) - 1] == f"## Concept: Number {number} {{#number-{number}}}"
    with Collection() as collection:
        assert [row.deck for row in collection.rows(Filter())] == ["Go::Memory"] * 2
        assert collection.problems() == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"## Concept: One {#one}\n\n1", b"## Concept: One {#one}\n\n1\n\n"),
        (b"## Concept: One {#one}\n\n1\n", b"## Concept: One {#one}\n\n1\n\n"),
        (b"## Concept: One {#one}\n\n1\n\n\n", b"## Concept: One {#one}\n\n1\n\n\n"),
        (b"## Concept: One {#one}\r\n\r\n1\r\n", b"## Concept: One {#one}\r\n\r\n1\r\n\r\n"),
        (b"\xef\xbb\xbf## Concept: One {#one}\n\n1\n", b"\xef\xbb\xbf## Concept: One {#one}\n\n1\n\n"),
        (b"---\ndeck: My cards\n---\n", b"---\ndeck: My cards\n---\n\n"),
        (b"", b""),
    ],
)
def test_add_leaves_what_is_in_the_file_as_it_is(
    deck: Callable[..., Path], said: Callable, before: bytes, after: bytes
) -> None:
    path = deck(before, "my-cards.md")
    place = said("add", "concept", "--title", "Two", "--body", "2\n\nand more", ok=True).out.strip()
    note = b"## Concept: Two {#two}\n\n2\n\nand more\n"
    assert path.read_bytes() == after + (note.replace(b"\n", b"\r\n") if b"\r\n" in before else note)
    line = path.read_bytes().split(b"## Concept: Two")[0].count(b"\n") + 1
    assert place.endswith(f"{path}:{line}")
    assert keys() >= {"two"}


def test_add_from_standard_input_takes_several_notes_each_to_its_deck(home: Path, run: Callable) -> None:
    text = f"---\ndeck: Locks\ntags: [mine]\n---\n\n{CONCEPT}\n## Question: Why leases? {{#why .extra}}\n\nCrashes.\n"
    assert run("add", input=text, ok=True).out.count("added") == 2
    path = only_file(home / "decks")
    assert path.name == "locks.md"
    parsed = parse(path.read_text())
    assert [(note.id, note.pinned, note.tags) for note in parsed.notes] == [
        ("what-is-a-lease", True, ("mine",)),
        ("why", True, ("mine", "extra")),
    ]
    assert parsed.problems == ()


@pytest.mark.parametrize("kind", list(kinds()))
def test_the_template_of_each_kind_is_a_card_as_soon_as_it_has_a_title(kind: str) -> None:
    parsed = parse(authoring.template(kind, "What is it?"))
    assert [(note.kind, note.title) for note in parsed.notes] == [(kind, "What is it?")]
    assert parsed.problems == ()


def test_add_opens_a_template_in_the_editor_and_adds_what_was_written(
    home: Path, editor: Callable[[str], Path]
) -> None:
    seen = editor("path.write_text(path.read_text().replace('Your prompt, 8 to 20 words', 'What is typed?'))")
    code, said = on_terminal("add", "approach", "--deck", "Typed cards")
    assert (code, "added 'what-is-typed'" in said) == (0, True)
    assert "## Approach: Your prompt" in seen.read_text()
    assert only_file(home / "decks").name == "typed-cards.md"
    assert keys() == {"what-is-typed"}


def test_a_template_that_is_left_as_it_was_adds_nothing(home: Path, editor: Callable[[str], Path]) -> None:
    editor("")
    code, said = on_terminal("add", "story")
    assert (code, "nothing was added" in said) == (0, True)
    assert not (home / "decks").exists()


@pytest.mark.parametrize(
    ("typed", "status", "reason"),
    [
        (CONCEPT, 1, "exit code 1"),
        ("Typed for an hour, but no heading.\n", 0, "no note"),
        ("## Concept: Typed for an hour\n", 0, "line 1"),
    ],
)
def test_what_was_typed_in_the_editor_is_kept_whatever_goes_wrong(
    home: Path, editor: Callable[[str], Path], typed: str, status: int, reason: str
) -> None:
    editor(f"path.write_text({typed!r}); sys.exit({status})")
    code, said = on_terminal("add", "concept")
    assert (code, reason in said) == (2, True)
    assert str(home / "draft.md") in said
    assert (home / "draft.md").read_text() == typed
    assert keys() == set()


def test_add_refuses_an_id_that_is_taken_and_keeps_every_draft(
    home: Path, deck: Callable[..., Path], said: Callable
) -> None:
    path = deck(CONCEPT, "mine.md")
    before = path.read_bytes()
    for number, name in enumerate(("draft.md", "draft-2.md", "draft-3.md")):
        refused = said("add", "concept", "--title", "What is a lease?", "--body", f"Take {number}.", ok=False)
        assert refused.code == 2
        assert "'what-is-a-lease' is taken" in refused.err
        assert "flashprep edit what-is-a-lease" in refused.err
        assert str(home / name) in refused.err
        assert f"Take {number}." in (home / name).read_text()
    assert path.read_bytes() == before
    assert only_file(home / "decks") == path


def test_add_refuses_the_id_of_a_built_in_card(home: Path, said: Callable) -> None:
    (home / "config.toml").write_text("")
    with Collection() as collection:
        id = collection.rows(Filter())[0].note
    refused = said("add", "concept", "--title", "Mine", "--id", id, "--body", "Yes.", ok=False)
    assert f"flashprep edit {id}" in refused.err
    assert not (home / "decks").exists()


def test_add_refuses_two_notes_of_one_id_and_adds_neither(home: Path, run: Callable) -> None:
    refused = run("add", input=f"{CONCEPT}\n{CONCEPT}", ok=False)
    assert "is taken" in refused.err
    assert not (home / "decks").exists()


@pytest.mark.parametrize("ending", ["```python\nx = 1\n", "<!-- later\n"])
def test_add_refuses_a_deck_that_would_swallow_the_note(
    home: Path, deck: Callable[..., Path], said: Callable, ending: str
) -> None:
    path = deck(f"## Concept: One {{#one}}\n\n1\n\n{ending}", "my-cards.md")
    before = path.read_bytes()
    refused = said("add", "concept", "--title", "Two", "--body", "Typed.", ok=False)
    assert str(path) in refused.err
    assert "never closed" in refused.err
    assert "Typed." in (home / "draft.md").read_text()
    assert path.read_bytes() == before


# -- edit


@pytest.fixture
def built_in(home: Path) -> tuple[str, Path, str]:
    """The built-in decks, and of them a coding note with a solution: its id, its file, its solution."""
    (home / "config.toml").write_text("")
    with Collection() as collection:
        row = next(row for row in collection.rows(Filter()) if row.solution)
        return row.note, collection.absolute(row.root, row.path), row.solution


def test_edit_copies_a_built_in_note_once_with_all_that_belongs_to_it(
    home: Path, built_in: tuple[str, Path, str], editor: Callable[[str], Path], run: Callable
) -> None:
    id, original, solution = built_in
    before = original.read_bytes()
    with Collection() as collection:
        cards = {row.key: row.card for row in collection.rows(Filter(ids=(id,)))}
        collection.rate(next(iter(cards.values())), 3, 1000)
    (note,) = (note for note in parse(before.decode()).notes if note.id == id)
    seen = editor("path.write_text(path.read_text().replace('### Approach', 'Mine.\\n\\n### Approach'))")
    done = run("edit", id, ok=True)
    own = home / "decks" / f"{authoring.own_deck(note.deck).name}"
    assert f"copied the built-in note to {own}" in done.out
    assert note_source(note) in seen.read_text()
    for name in (f"{solution}.py", f"test_{solution}.py"):
        assert (own.parent / "solutions" / name).read_bytes() == (original.parent / "solutions" / name).read_bytes()
    with Collection() as collection:
        rows = collection.rows(Filter(ids=(id,)))
        assert {row.key: row.card for row in rows} == cards
        assert [row.memory.reps for row in rows] == [1] + [0] * (len(rows) - 1)
        assert all(row.prompt.rstrip().endswith("Mine.") for row in rows)
        assert [problem for problem in collection.problems() if problem.path == str(own)] == []
    assert original.read_bytes() == before
    size = own.stat().st_size
    editor("")
    assert "copied" not in run("edit", id, ok=True).out
    assert own.stat().st_size == size


def test_edit_copies_the_pictures_of_a_built_in_note_too(
    home: Path, editor: Callable[[str], Path], run: Callable
) -> None:
    (home / "config.toml").write_text("")
    editor("")
    with Collection() as collection:
        row = next(row for row in collection.rows(Filter()) if images(row.answer))
        original = collection.absolute(row.root, row.path)
    assert "missing-picture" not in run("edit", row.note, ok=True).out
    picture = images(row.answer)[0].target
    assert (home / "decks" / picture).read_bytes() == (original.parent / picture).read_bytes()


def test_edit_with_an_editor_that_is_not_installed_copies_nothing(home: Path, run: Callable) -> None:
    (home / "config.toml").write_text("")
    with Collection() as collection:
        note = collection.rows(Filter())[0].note
    refused = run("edit", note, env={"EDITOR": "no-such-editor --wait"}, ok=False)
    assert "cannot start the editor 'no-such-editor'" in refused.err
    assert not (home / "decks").exists()


def test_ctrl_c_in_the_editor_keeps_what_was_typed(home: Path, editor: Callable[[str], Path]) -> None:
    editor("path.write_text('## Concept: Typed\\n\\nso far')\nprint('ready', flush=True)\nimport time\ntime.sleep(60)")
    child = pexpect.spawn(sys.executable, ["-m", "flashprep", "add"], encoding="utf-8", dimensions=(24, 400))
    child.expect("ready", timeout=30)
    child.sendintr()
    child.expect(pexpect.EOF, timeout=30)
    assert "was stopped; your text is kept in" in child.before, child.before
    assert "so far" in (home / "draft.md").read_text()


def test_edit_opens_the_editor_at_the_line_of_the_note(
    home: Path, deck: Callable[..., Path], tmp_path: Path, run: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = deck(f"# Title\n\n{CONCEPT}\n## Concept: Second {{#second}}\n\n2\n")
    script = tmp_path / "vim"
    script.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/arguments\n')
    script.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(script))
    run("edit", "second", ok=True)
    assert (tmp_path / "arguments").read_text() == f"+7 {path}\n"


# -- check --fix


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("## Concept: One\n", "## Concept: One {#one}\n"),
        ("## Concept: One   \n", "## Concept: One {#one}   \n"),
        ("## Concept: One ##\n", "## Concept: One {#one} ##\n"),
        ("## Concept: One {.tag round=depth}\n", "## Concept: One {#one .tag round=depth}\n"),
        ("## Concept: One {}\n", "## Concept: One {#one }\n"),
        ("##  Concept:  Ünï × Çafé?\n", "##  Concept:  Ünï × Çafé? {#uni-cafe}\n"),
        ("## Concept: One {#chosen}\n", "## Concept: One {#chosen}\n"),
    ],
)
def test_fix_writes_the_id_into_the_heading_and_nothing_else(
    deck: Callable[..., Path], said: Callable, before: str, after: str
) -> None:
    rest = "\nThe  answer,\twith `## Concept: no heading`.\n\n```\n## Concept: nor this\n```\n"
    path = deck(before + rest)
    known = keys()
    said("check", "--fix")
    assert path.read_text() == after + rest
    assert keys() == known


@pytest.mark.parametrize(
    "text",
    [
        b"## Concept: One\r\n\r\n1\r\n\r\n## Concept: Two\r\n\r\n2\r\n",
        b"\xef\xbb\xbf## Concept: One\n\n1\n\n## Concept: Two\n\n2\n",
        b"\xef\xbb\xbf## Concept: One\r\n\r\n1\r\n\r\n## Concept: Two\r\n\r\n2\r\n",
        b"## Concept: One\r\n\n1\n\r\n## Concept: Two\n\r\n2\r\n",
        b"## Concept: One\r\r1\r\r## Concept: Two\r\r2\r",
        b"## Concept: One\n\n1\n\n## Concept: Two\n\n2",
    ],
)
def test_fix_keeps_line_ends_and_a_byte_order_mark(deck: Callable[..., Path], said: Callable, text: bytes) -> None:
    path = deck(text)
    assert "mended 2 places" in said("check", "--fix", ok=True).out
    assert path.read_bytes() == text.replace(b"One", b"One {#one}").replace(b"Two", b"Two {#two}")
    assert keys() == {"one", "two"}


def test_after_a_fix_headings_and_bodies_can_be_reworded_at_once(deck: Callable[..., Path], said: Callable) -> None:
    path = deck(CONCEPT)
    with Collection() as collection:
        collection.rate(collection.rows(Filter())[0].card, 3, 1000)
    said("check", "--fix", ok=True)
    path.write_text("## Question: All new? {#what-is-a-lease}\n\nAltogether.\n")
    with Collection() as collection:
        assert [row.memory.reps for row in collection.rows(Filter())] == [1]


def test_fix_leaves_alone_what_needs_no_mending_or_cannot_be_mended(
    home: Path, deck: Callable[..., Path], said: Callable
) -> None:
    fine = deck("## Concept: Fine {#fine}\n\nYes.\n", "fine.md")
    latin = deck("## Concept: Café\n\nOui.\n".encode("latin-1"), "latin.md")
    (home / "config.toml").write_text("")
    with Collection() as collection:
        shipped = {collection.absolute(row.root, row.path) for row in collection.rows(Filter())} - {fine, latin}
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in (fine, latin, *shipped)}
    said("check", "--fix")
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in before} == before


def test_fix_mends_every_file_and_folder_of_the_users(
    home: Path, deck: Callable[..., Path], tmp_path: Path, said: Callable
) -> None:
    elsewhere = tmp_path / "notes"
    elsewhere.mkdir()
    (elsewhere / "deck.md").write_text("## Concept: Three\n\n3\n")
    (home / "config.toml").write_text(f'built_in_decks = false\ndeck_folders = ["{elsewhere}"]\n')
    paths = [deck("## Concept: One\n\n1\n", "a.md"), deck("## Concept: Two\n\n2\n", "sub/b.md"), elsewhere / "deck.md"]
    assert said("check", "--strict").code == 1
    assert said("check", "--fix", "--strict", ok=True).out.count("mended 1 place in") == 3
    assert all("{#" in path.read_text() for path in paths)
    assert keys() == {"one", "two", "three"}


# -- how files are written


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664, 0o755])
def test_the_permissions_of_a_deck_survive(deck: Callable[..., Path], said: Callable, mode: int) -> None:
    path = deck(CONCEPT, "my-cards.md")
    path.chmod(mode)
    said("check", "--fix", ok=True)
    said("add", "concept", "--title", "Two", "--body", "2", ok=True)
    assert "{#two}" in path.read_text() and "{#what-is-a-lease}" in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_deck_that_is_a_link_stays_one(home: Path, tmp_path: Path, said: Callable) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "real.md").write_text(CONCEPT)
    link = home / "decks" / "my-cards.md"
    link.parent.mkdir()
    link.symlink_to(notes / "real.md")
    said("check", "--fix", ok=True)
    said("add", "concept", "--title", "Two", "--body", "2", ok=True)
    assert link.is_symlink()
    text = (notes / "real.md").read_text()
    assert "{#two}" in text and "{#what-is-a-lease}" in text
    assert [path.name for path in notes.iterdir()] == ["real.md"]


@pytest.mark.parametrize("now", [b"changed meanwhile", None])
def test_a_file_that_changed_since_it_was_read_is_not_written(tmp_path: Path, now: bytes | None) -> None:
    path = tmp_path / "deck.md"
    if now is not None:
        path.write_bytes(now)
    with pytest.raises(FileChanged, match="changed by another program"):
        folders.replace(path, b"as it was read", b"as it would be")
    assert [file.read_bytes() for file in tmp_path.iterdir()] == ([now] if now is not None else [])


def test_a_file_that_appeared_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "deck.md"
    path.write_bytes(b"somebody else's")
    with pytest.raises(FileChanged):
        folders.replace(path, None, b"ours")
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"somebody else's"]


def test_a_deck_that_an_editor_saves_while_fix_is_at_it_keeps_what_was_saved(deck: Callable[..., Path]) -> None:
    path = deck(CONCEPT)
    saved = "## Concept: What is a lease?\n\nSaved by an editor just now.\n"
    # The new file is opened after the deck was read and before the two are compared.
    code = (
        "import pathlib, sys\n"
        "def save(event, given):\n"
        "    if event == 'open' and str(given[0]).endswith('.new'):\n"
        f"        pathlib.Path({str(path)!r}).write_text({saved!r})\n"
        "sys.addaudithook(save)\n"
        "from flashprep.cli import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "check", "--fix"], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert f"{path} was changed by another program" in done.stderr
    assert path.read_text() == saved
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    with pytest.raises(FlashprepError, match="cannot write"):
        folders.replace(tmp_path / "folder.md", None, b"text")
    assert [path.name for path in tmp_path.iterdir()] == ["folder.md"]
    assert os.listdir(tmp_path / "folder.md") == []
