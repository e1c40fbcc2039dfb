"""The docs say what is: generated pages are up to date, the architecture page matches the imports, the README works."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

import flashprep
from flashprep.cli.app import COMMANDS
from tools import docs

ROOT = Path(flashprep.__file__).parent.parent
PACKAGE = ROOT / "flashprep"


@pytest.mark.parametrize("page", docs.PAGES)
def test_a_generated_page_is_up_to_date(page: str) -> None:
    assert (ROOT / "docs" / page).read_text(encoding="utf-8") == docs.PAGES[page](), "run: python tools/docs.py"


def _rooms() -> dict[str, set[str]]:
    """Read the table of docs/architecture.md: room -> rooms it may import."""
    rows = re.findall(r"^\| `(\w+)` \|[^|]*\| ([^|]*) \|$", (ROOT / "docs/architecture.md").read_text(), re.MULTILINE)
    rooms: dict[str, set[str]] = {}
    for name, allowed in rows:
        rooms[name] = set() if allowed == "nothing" else set(allowed.split(", "))
    return rooms


def _imports() -> dict[str, set[str]]:
    """Read the imports of the package itself: room -> rooms it imports, also inside functions."""
    found: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        room = parts[0]
        if room in ("__init__", "__main__"):
            continue
        names = found.setdefault(room, set())
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module == "flashprep":
                names.update(alias.name for alias in node.names if alias.name != "__version__")
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("flashprep."):
                names.add(node.module.split(".")[1])
            elif isinstance(node, ast.Import):
                names.update(alias.name.split(".")[1] for alias in node.names if alias.name.startswith("flashprep."))
        names.discard(room)
    return found


def test_the_architecture_page_shows_the_rooms_and_imports_that_there_are() -> None:
    assert _imports() == _rooms()


@pytest.mark.parametrize("room", ["cards", "memory", "session", "planning"])
def test_pure_rooms_touch_no_file_clock_database_or_screen(room: str) -> None:
    forbidden = {
        "os",
        "pathlib",
        "sqlite3",
        "sqlite_utils",
        "time",
        "rich",
        "typer",
        "subprocess",
        "io",
        "shutil",
        "sys",
        "tempfile",
    }
    paths = (PACKAGE / room).rglob("*.py") if (PACKAGE / room).is_dir() else [PACKAGE / f"{room}.py"]
    for path in paths:
        source = path.read_text()
        for node in ast.walk(ast.parse(source)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            assert not forbidden & {name.split(".")[0] for name in names}, path
        assert "datetime.now" not in source and "open(" not in source.replace("def open(", ""), path


def test_only_the_terminal_imports_rich() -> None:
    for path in PACKAGE.rglob("*.py"):
        if path.relative_to(PACKAGE).parts[0] != "terminal":
            assert not re.search(r"^\s*(from|import) rich\b", path.read_text(), re.MULTILINE), path


def test_every_sql_statement_lives_in_the_store_but_those_of_ankis_own_collections() -> None:
    for path in PACKAGE.rglob("*.py"):
        if path.relative_to(PACKAGE).parts[0] != "store" and path != PACKAGE / "anki" / "tables.py":
            assert not re.search(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM) [\w(*]", path.read_text()), path


def test_every_command_in_the_readme_exists() -> None:
    named = re.findall(r"^flashprep (\w+)", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert named and set(named) <= set(COMMANDS)


def test_what_the_page_on_the_phone_says_of_commands_holds() -> None:
    text = (ROOT / "docs" / "phone.md").read_text()
    assert set(re.findall(r"flashprep (export|import|sync)\b", text)) == {"export", "import", "sync"}
    listed = (ROOT / "docs" / "commands.md").read_text()
    sections = [
        part for part in listed.split("\n## ") if part.split("\n")[0] in ("export", "import", "sync", "sync serve")
    ]
    assert len(sections) == 4
    options = set(re.findall(r"`(--[a-z-]+)`", "".join(sections)))
    named = set(re.findall(r"(--[a-z][a-z-]+)", text))
    assert named and named <= options


def test_links_between_the_pages_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        text = re.sub(r"(`+)[^`].*?(?<!`)\1(?!`)", "", page.read_text(), flags=re.DOTALL)
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def _keys(table: object) -> set[str]:
    """Return the keys of a data file that have a meaning of their own; names of levels, rounds and themes have none."""
    found: set[str] = set()
    if isinstance(table, dict):
        for key, value in table.items():
            found.add(key)
            inner = value.values() if key == "rounds" and isinstance(value, dict) else [value]
            if key not in ("levels", "prompts", "follow_ups"):
                for one in inner:
                    found |= _keys(one)
    elif isinstance(table, list):
        for one in table:
            found |= _keys(one)
    return found


@pytest.mark.parametrize("kind", ["phases", "rounds", "companies"])
def test_the_page_on_planning_names_every_key_of_a_data_file(kind: str) -> None:
    text = (ROOT / "docs" / "planning.md").read_text()
    (line,) = (line for line in text.splitlines() if line.startswith(f"| `{kind}/NAME.toml`"))
    for path in (ROOT / "decks" / kind).glob("*.toml"):
        for key in _keys(tomllib.loads(path.read_text())):
            assert re.search(rf"\b{key}\b", line), f"{path.name}: {key}"


def test_the_example_of_the_page_on_planning_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "planning.md").read_text(), re.DOTALL)
    exec(example, {})
    assert capsys.readouterr().out.startswith("[")


def test_what_the_page_on_planning_says_of_commands_holds() -> None:
    text = (ROOT / "docs" / "planning.md").read_text()
    listed = (ROOT / "docs" / "commands.md").read_text()
    sections = {part.split("\n")[0]: part for part in listed.split("\n## ")}
    for line in re.findall(r"flashprep ((?:plan|mock|review)[^`#\n]*)", text):
        words = line.split()
        name = " ".join(words[:2]) if " ".join(words[:2]) in sections else words[0]
        assert name in sections
        for option in re.findall(r"--[a-z]+", line):
            assert f"`{option}`" in sections[name], line
