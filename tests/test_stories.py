"""``stories``: themes against the user's own stories."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flashprep.stories import THEMES


def story(id: str, covers: str, result: str, lesson: str = "") -> str:
    more = f"### Lesson\n\n{lesson}\n\n" if lesson else ""
    return (
        f"## Story: What happened with {id}? {{#{id}{f' covers={covers}' if covers else ''}}}\n\n### Situation\n\nA.\n\n"
        f"### Task\n\nB.\n\n### Action\n\nC.\n\n### Result\n\n{result}\n\n{more}"
    )


DECK = (
    story("outage", "failure,ownership,conflict,deadline", "Errors fell by 70 %.")
    + story("migration", "ownership,influence", "It went well.", "Ask 3 people first.")
    + story("plain", "", "Latency was halved.")
)


def test_what_is_missing_worn_and_without_a_number_is_said(
    deck: Callable[..., Path], run: Callable[..., Any], clock: Callable[[str], None]
) -> None:
    deck(DECK)
    run("review", "--id", "outage", input="\n3\n", ok=True)
    found = run("stories", "--json", ok=True).json
    assert found["themes"]["ownership"] == ["outage", "migration"] and found["themes"]["leadership"] == []
    assert found["missing"] == ["leadership", "ambiguity", "performance", "learning", "tradeoff"]
    by_id = {one["id"]: one for one in found["stories"]}
    assert (by_id["outage"]["number"], by_id["migration"]["number"], by_id["plain"]["number"]) == (True, False, True)
    assert (by_id["outage"]["told"], by_id["outage"]["last_day"], by_id["plain"]["last_day"]) == (1, "2026-03-02", None)
    assert [id for id, one in by_id.items() if one["worn"]] == ["outage"]
    assert by_id["outage"]["alone_for"] == ["failure", "conflict", "deadline"]
    said = run("stories", ok=True).out
    assert "too much rests on it: no other story serves failure, conflict, deadline" in said
    assert "its result has no number" in said and said.count("has no number") == 1
    assert "give it themes" in said
    assert "no story yet for leadership, ambiguity, performance, learning, tradeoff" in said


def test_the_built_in_prompts_are_no_stories_of_the_user(home: Path, run: Callable[..., Any]) -> None:
    (home / "config.toml").write_text("")
    found = run("stories", "--json", ok=True).json
    assert found["stories"] == [] and set(found["missing"]) == set(found["themes"]) == set(THEMES)
