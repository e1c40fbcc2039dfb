"""All rules that a deck is checked by, wherever they are defined."""

from __future__ import annotations

from flashprep.cards.diagnostics import RULES, Rule


def all_rules() -> dict[str, Rule]:
    """Return every rule by id, sorted."""
    # Rules are defined beside the code that reports them: importing that code registers them.
    from flashprep import reading
    from flashprep.cards.kinds import kinds

    assert reading.MISSING_SOLUTION.id in RULES
    kinds()
    return dict(sorted(RULES.items()))
