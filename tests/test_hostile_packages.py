"""Packages that are wrong in every way end as one clear error, within seconds and bounded memory; nothing is imported."""

from __future__ import annotations

import io
import json
import resource
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flashprep.anki.from_html import to_markdown
from flashprep.anki.html import render
from flashprep.anki.reader import opened
from flashprep.collection import Collection
from flashprep.errors import FlashprepError
from tests.test_export import check_inert

DECK = "".join(f"## Concept: What is number {n}? {{#n{n}}}\n\nIt is {n}.\n\n" for n in range(5))


@pytest.fixture
def good(deck: Callable[..., Path], run: Callable[..., Any], tmp_path: Path) -> Path:
    """A package of ours, with reviews."""
    deck(DECK)
    run("review", input="\n3\n\n3\n\n1\n", ok=True)
    run("export", str(tmp_path / "good.apkg"), ok=True)
    return tmp_path / "good.apkg"


def collection_of(package: Path) -> bytes:
    with zipfile.ZipFile(package) as archive:
        return archive.read("collection.anki2")


def altered(package: Path, *statements: str) -> bytes:
    """Return the collection of a package after some statements."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.deserialize(collection_of(package))
    db.execute("PRAGMA writable_schema = ON")
    for statement in statements:
        db.execute(statement)
    return db.serialize()


def packed(folder: Path, **files: bytes) -> Path:
    path = folder / "hostile.apkg"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "."), data)
    return path


def refused(run: Callable[..., Any], path: Path) -> str:
    """Import a package, which has to end in one line; return it."""
    before = run("log", "--all", "--json").out
    done = run("import", str(path), "--notes")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1), (done.code, done.out, done.err)
    assert run("log", "--all", "--json").out == before
    return done.err


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("empty", b"", "no package of Anki"),
        ("text", b"front;back\n" * 100, "no package of Anki"),
        ("half", None, "damaged"),
        ("zeros", b"\0" * 100_000, "no package of Anki"),
    ],
)
def test_what_is_no_package(
    good: Path, run: Callable[..., Any], tmp_path: Path, name: str, data: bytes | None, word: str
) -> None:
    path = tmp_path / f"{name}.apkg"
    whole = good.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + whole[-200:] if data is None else data)
    assert word in refused(run, path)
    assert "no such file" in refused(run, tmp_path / "none.apkg")
    assert "no such file" in refused(run, tmp_path)


def test_every_truncation_of_a_package_is_an_error(good: Path, home: Path, tmp_path: Path) -> None:
    whole = good.read_bytes()
    for length in range(0, len(whole), max(1, len(whole) // 60)):
        path = tmp_path / "cut.apkg"
        path.write_bytes(whole[:length])
        with pytest.raises(FlashprepError), opened(path):
            pass


def test_versions_that_nobody_knows_yet(good: Path, run: Callable[..., Any], tmp_path: Path) -> None:
    assert "newer Anki (format 4)" in refused(
        run, packed(tmp_path, meta=b"\x08\x04", collection__anki21b=b"x", media=b"")
    )
    assert "version 99" in refused(run, packed(tmp_path, collection__anki2=altered(good, "UPDATE col SET ver = 99")))
    assert "damaged" in refused(run, packed(tmp_path, meta=b"\xff\xff", collection__anki2=b"x"))
    assert "holds no collection" in refused(
        run, packed(tmp_path, meta=b"\x08\x03", collection__anki2=collection_of(good))
    )
    assert "holds no collection" in refused(run, packed(tmp_path, media=b"{}"))


@pytest.mark.parametrize(
    ("statements", "word"),
    [
        (["ALTER TABLE revlog RENAME TO other", "CREATE VIEW revlog AS SELECT * FROM other"], "'revlog' is view table"),
        (["ALTER TABLE notes RENAME TO other", "CREATE VIEW notes AS SELECT * FROM other"], "'notes' is view table"),
        (["DROP TABLE cards"], "'cards' is no table"),
        (["DROP TABLE cards", "CREATE VIRTUAL TABLE cards USING fts5 (id, nid)"], "'cards' is"),
        (["DELETE FROM col"], "damaged"),
        (["UPDATE col SET models = '{'"], "damaged"),
        (["UPDATE col SET models = '[1]'"], "damaged"),
        (["UPDATE col SET decks = printf('%.*c', 100000, '[')"], "damaged"),
        (["UPDATE col SET ver = 'x'"], "damaged"),
        (["UPDATE sqlite_master SET rootpage = 99999 WHERE name = 'revlog'"], "damaged"),
        (["UPDATE sqlite_master SET sql = 'CREATE TABLE revlog (id' WHERE name = 'revlog'"], "damaged"),
    ],
)
def test_a_collection_that_is_not_what_it_should_be(
    good: Path, run: Callable[..., Any], tmp_path: Path, statements: list[str], word: str
) -> None:
    assert word in refused(run, packed(tmp_path, collection__anki2=altered(good, *statements)))


def test_garbage_in_the_place_of_a_collection(good: Path, run: Callable[..., Any], tmp_path: Path) -> None:
    assert "damaged" in refused(run, packed(tmp_path, collection__anki2=b"SQLite format 3\0" + b"\xff" * 50_000))
    assert "damaged" in refused(run, packed(tmp_path, collection__anki2=b"hello"))
    assert "damaged" in refused(run, packed(tmp_path, meta=b"\x08\x03", collection__anki21b=b"no zstd", media=b""))


@pytest.mark.parametrize("form", ["zstd", "deflate"])
def test_a_bomb_is_refused_in_bounded_memory(home: Path, tmp_path: Path, form: str) -> None:
    bomb = tmp_path / "bomb.apkg"
    compressor = zstandard.ZstdCompressor(level=3).compressobj()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        if form == "zstd":
            archive.writestr("meta", b"\x08\x03")
            with archive.open("collection.anki21b", "w", force_zip64=True) as file:
                for _ in range(68):
                    file.write(compressor.compress(bytes(1 << 24)))
                file.write(compressor.flush())
        else:
            with archive.open("collection.anki2", "w", force_zip64=True) as file:
                for _ in range(68):
                    file.write(bytes(1 << 24))
    assert bomb.stat().st_size < 8_000_000
    code = (
        "import resource, sys, runpy\n"
        "resource.setrlimit(resource.RLIMIT_AS, (800 << 20, 800 << 20))\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (20, 20))\n"
        f"sys.argv = ['flashprep', 'import', {str(bomb)!r}]\n"
        "runpy.run_module('flashprep', run_name='__main__')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2 and "larger than 1024 MiB unpacked" in done.stderr, done.stderr
    assert done.stderr.count("\n") == 1
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1_500_000


def test_a_list_of_a_million_files_is_not_even_read(run: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "many.apkg"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("media", b"{}")
    data = bytearray(out.getvalue())
    at = data.rfind(b"PK\x05\x06")
    data[at + 12 : at + 16] = (200 << 20).to_bytes(4, "little")
    path.write_bytes(bytes(data))
    assert "lists more files" in refused(run, path)


def test_rows_that_make_no_sense_are_left_out_and_counted(good: Path, run: Callable[..., Any], tmp_path: Path) -> None:
    card = "(SELECT min(id) FROM cards)"
    rows = [
        f"INSERT INTO revlog VALUES (1, {card}, -1, 3, 1, 1, 500, 1, 0)",  # 1970
        f"INSERT INTO revlog VALUES (99999999999999, {card}, -1, 3, 1, 1, 500, 1, 0)",  # the year 5138
        f"INSERT INTO revlog VALUES (1700000000001, {card}, -1, 9, 1, 1, 500, 1, 0)",
        f"INSERT INTO revlog VALUES (-5, {card}, -1, 3, 1, 1, 500, 1, 0)",
        f"INSERT INTO revlog VALUES (1700000000002, {card}, -1, 'x', 1, 1, 500, 1, 0)",
        f"INSERT INTO revlog VALUES (1700000000003, {card}, -1, 3, 1, 1, x'00', 1, 0)",
        f"INSERT INTO revlog VALUES (1700000000004, {card}, -1, 3, 1, 1, 500, -5, 0)",  # a clock that went back: fine
        "UPDATE notes SET flds = x'ff00' WHERE id = (SELECT max(id) FROM notes)",
    ]
    done = run("import", str(packed(tmp_path, collection__anki2=altered(good, *rows))), "--json", ok=True).json
    assert (done["reviews"], done["damaged"]) == (1, 8)  # a note goes with its card


def test_no_path_of_a_package_leaves_its_folder(
    good: Path, home: Path, run: Callable[..., Any], tmp_path: Path
) -> None:
    """Media are copied under names of our own, decks into files of our own, whatever the package calls them."""
    kind = {
        "id": 5, "name": "Basic", "type": 0, "tmpls": [{"name": "x", "ord": 0}],
        "flds": [{"name": "Front", "ord": 0}, {"name": "Back", "ord": 1}],
    }  # fmt: skip
    statements = [
        f"UPDATE col SET models = '{json.dumps({'5': kind})}'",
        f"UPDATE col SET decks = '{json.dumps({'1': {'name': '../../../evil::/etc'}})}'",
        "UPDATE notes SET guid = 'g' || id, mid = 5, flds = 'Front ' || id || x'1f' || "
        """'<img src="../../../x.png"><img src="/etc/passwd">'""",
        "UPDATE cards SET did = 1",
    ]
    media = json.dumps({"0": "../../../x.png", "1": "/etc/passwd", "2": "../y.py"}).encode()
    files = {"collection__anki2": altered(good, *statements), "media": media, "0": b"png", "1": b"root", "2": b"code"}
    before = {path for path in tmp_path.rglob("*") if home not in path.parents}
    run("import", str(packed(tmp_path, **files)), "--notes", ok=True)
    after = {path for path in tmp_path.rglob("*") if home not in path.parents}
    assert {path.name for path in after - before} <= {"hostile.apkg"}
    assert {path.name for path in (home / "decks").rglob("*")} == {"deck.md", "evil-etc.md", "media", *_pictures(home)}
    assert all(name.startswith("x-") and name.endswith(".png") for name in _pictures(home))


def _pictures(home: Path) -> set[str]:
    return {path.name for path in (home / "decks" / "media").iterdir()}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_flipped_in_a_package_is_an_error_or_makes_sense(
    good: Path, tmp_path: Path, data: st.DataObject
) -> None:
    flip(good, tmp_path, data)


@pytest.mark.torture
@settings(max_examples=20_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_flipped_in_a_package_for_a_long_time(good: Path, tmp_path: Path, data: st.DataObject) -> None:
    flip(good, tmp_path, data)


def flip(good: Path, tmp_path: Path, data: st.DataObject) -> None:
    """Change some bytes of a package, or of the collection in it, and import it."""
    base = data.draw(st.sampled_from(["zip", "collection"]))
    whole = bytearray(good.read_bytes() if base == "zip" else collection_of(good))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at] = data.draw(st.integers(0, 255))
    path = tmp_path / "flipped.apkg"
    if base == "zip":
        path.write_bytes(bytes(whole))
    else:
        packed(tmp_path, collection__anki2=bytes(whole)).replace(path)
    try:
        with opened(path) as (found, _), Collection() as collection:
            from flashprep.anki.exchange import take_in

            collection.db.execute("BEGIN")
            try:
                take_in(collection, found, None)
            finally:
                collection.db.execute("ROLLBACK")
    except FlashprepError as error:
        assert "\n" not in str(error)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                (
                    "<b>",
                    "</b>",
                    "<i>",
                    "<div>",
                    "</div>",
                    "<br>",
                    "<ul><li>",
                    "</li></ul>",
                    "<pre>",
                    "</pre>",
                    "<table><tr><td>",
                )
            ),
            st.sampled_from(
                ("<script>", "</script>", "<img src=x onerror=y>", "<a href=javascript:x>", "&lt;b&gt;", "&amp;")
            ),
            st.sampled_from(
                ("*", "_", "`", "==", "#", "## Concept: x", "1. ", "- ", "|", "~~", "\\", "[a](b)", "{{c1::", "}}")
            ),
            st.text(max_size=6),
        ),
        max_size=20,
    ).map("".join)
)
def test_whatever_html_a_note_has_becomes_harmless_markdown(html: str) -> None:
    markdown = to_markdown(html)
    check_inert(render(markdown))
