"""Cards on a phone, in a real browser engine: nothing is wider than the screen, and no text of a card becomes a program."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.anki_side import Anki
from tools import phone

# A window without a screen is at least 500 wide, so the page is held to the width of a phone; a wide table scrolls in itself.
MEASURE = """<style>html { width: 390px }</style><script>
const inside = [...document.querySelectorAll('body *')].filter(e => !e.closest('table') || e.tagName == 'TABLE');
const right = Math.max(...inside.map(e => e.getBoundingClientRect().right));
const ground = getComputedStyle(document.querySelector('pre')).backgroundColor;
document.title = [Math.ceil(right), window.ran || 0, document.querySelectorAll('script').length, ground].join(';');
</script>"""
WIDE = f"""## Concept: What does a long line of `code_{"x" * 80}` do? {{#wide}}

```python
def f(a, b): return "{"word " * 40}"  # {"y" * 200}
```

| {" | ".join("a long heading" for _ in range(9))} |
|{"---|" * 9}
| {" | ".join("value" for _ in range(9))} |

<script>window.ran = 1</script> <img src="x" onerror="window.ran = 2"> <b onclick="window.ran = 3">b</b>

https://example.org/{"z" * 200}
"""


@pytest.fixture(scope="module")
def chromium() -> str:
    found = phone.browser()
    if not found and not os.environ.get("FLASHPREP_TEST_BROWSER"):
        pytest.skip("no Chromium is installed; .ci/run installs one and demands this test")
    assert found
    return found


@pytest.mark.parametrize("night", [False, True])
def test_a_hostile_and_wide_card_fits_and_stays_text(
    chromium: str, deck: Callable[..., Path], run: Callable[..., Any], tmp_path: Path, anki: Anki, night: bool
) -> None:
    deck(WIDE)
    run("export", str(tmp_path / "wide.apkg"), ok=True)
    anki.take(tmp_path / "wide.apkg")
    shown = anki.card("wide").render_output()
    source = tmp_path / "side.html"
    source.write_text(phone.page(shown.answer_text + MEASURE, night, shown.css))
    title = re.search(r"<title>(.*?)</title>", phone.run_browser("--dump-dom", source.as_uri()))
    assert title
    width, ran, scripts, ground = title[1].split(";")
    assert phone.WIDTH // 2 < int(width) <= phone.WIDTH
    assert (ran, scripts) == ("0", "1"), "the one script is that which measures"
    assert ground == ("rgb(42, 42, 44)" if night else "rgb(244, 244, 242)")


def test_the_cards_link_to_nothing_outside(
    deck: Callable[..., Path], run: Callable[..., Any], tmp_path: Path, anki: Anki
) -> None:
    deck(WIDE)
    run("export", str(tmp_path / "wide.apkg"), ok=True)
    anki.take(tmp_path / "wide.apkg")
    shown = anki.card("wide").render_output()
    page = phone.page(shown.answer_text, False, shown.css)
    assert not re.search(r"""(?:href|src)\s*=\s*["']?(?:https?:)?//|url\(|@import""", page)
