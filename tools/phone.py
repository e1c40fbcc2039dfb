"""Make the pictures of cards on a phone: exported, imported by real Anki, drawn by a real browser engine.

``python tools/phone.py`` writes those of the docs; with a folder it writes every kind, both sides, by day and by night.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
WIDTH, HEIGHT = 390, 844
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
# One card of each kind, with code, a table, a diagram and steps among them.
SHOWN = {
    "concept": "cache-write-through-vs-back",
    "gap": "base62-capacity/gap-encoding",
    "question": "cache-stampede-cures",
    "approach": "approach-design-url-shortener",
    "red-flag": "redflag-code-unconfirmed",
    "coding": "lru",
    "story": "story",
    "table": "table",
}
IN_DOCS = ("coding", "approach", "question")
EXTRA = """---
deck: Examples
round: behavioral
---

## Story: I cut checkout latency by 70 % {#story covers=performance}

### Situation

Checkout p99 was 4.1 s in the weeks before the sale.

### Task

I owned the payment path and had nine days.

### Action

I traced one slow request end to end and made two of three calls parallel.

### Result

p99 fell to 1.2 s, and the sale went through without an incident.

## Question: Which store for which access pattern? {#table}

| need | store | price |
| --- | --- | --- |
| lookups by key, very many writes | LSM tree | reads touch several files |
| ranges and transactions | B-tree | random writes |
| full text | inverted index | it lags behind the source |

Name the access pattern first: the store follows from it.

### Testing

Whether you choose by access pattern, or by what you used last.
"""


class Side(NamedTuple):
    """One side of a card as a page."""

    name: str
    html: str


def browser() -> str:
    """Return the path of a Chromium, empty where there is none."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), "")


def page(card: str, night: bool, css: str) -> str:
    """Put the HTML of a side into a page as Anki's phones do."""
    ground, ink = ("#1e1e20", "#e8e8e6") if night else ("#fdfdfc", "#1d1d1f")
    mark = "nightMode night_mode" if night else ""
    return (
        '<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<style>{css} body {{ background: {ground}; color: {ink}; font-size: 16px; }}</style></head>"
        f'<body class="card card1 mobile {mark}">{card}</body></html>'
    )


def sides(folder: Path, wanted: dict[str, str]) -> Iterator[Side]:
    """Export cards, let real Anki import them, and yield both sides of each by day and by night."""
    home = folder / "home"
    (home / "decks").mkdir(parents=True)
    (home / "decks" / "examples.md").write_text(EXTRA, encoding="utf-8")
    package = folder / "phone.apkg"
    env = {**os.environ, "FLASHPREP_HOME": str(home)}
    subprocess.run([sys.executable, "-m", "flashprep", "export", str(package)], check=True, env=env, cwd=ROOT,
                   stdout=subprocess.DEVNULL)  # fmt: skip
    from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

    anki = Collection(str(folder / "collection.anki2"))
    anki.import_anki_package(ImportAnkiPackageRequest(package_path=str(package), options=ImportAnkiPackageOptions()))
    media = Path(anki.media.dir())
    for name, key in wanted.items():
        found = anki.find_notes(f'"Id:{key}"')
        if not found:
            raise SystemExit(f"no card {key}: name another in SHOWN")
        shown = anki.get_note(found[0]).cards()[0].render_output()
        for side, html in (("front", shown.question_text), ("back", shown.answer_text)):
            local = html.replace('src="flashprep-', f'src="{media.as_uri()}/flashprep-')
            opened = local.replace("<details", "<details open", 2) if side == "front" else local
            for night in (False, True):
                yield Side(f"{name}-{side}-{'night' if night else 'day'}", page(opened, night, shown.css))
    anki.close()


def run_browser(*arguments: str) -> str:
    """Run the browser without a window and return what it wrote."""
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            [browser(), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             f"--window-size={WIDTH},{HEIGHT}", f"--user-data-dir={profile}", *arguments],
            check=True, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
    return done.stdout


def main() -> None:
    """Write the pictures."""
    if not browser():
        raise SystemExit("no Chromium: install one, such as Debian's package chromium")
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "phone"
    everything = len(sys.argv) > 1
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="flashprep-phone-") as temporary:
        wanted = SHOWN if everything else {name: SHOWN[name] for name in IN_DOCS}
        for side in sides(Path(temporary), wanted):
            if not everything and (side.name.endswith("night") != side.name.startswith("approach")):
                continue  # a few are enough there
            source = Path(temporary) / "side.html"
            source.write_text(side.html, encoding="utf-8")
            picture = target / f"{side.name}.png"
            run_browser(f"--screenshot={picture}", source.as_uri())
            print(picture)


if __name__ == "__main__":
    main()
