"""``flashprep explain``: what a rule is about."""

from __future__ import annotations

from typing import Annotated

import typer

from flashprep.cli import options
from flashprep.errors import NotFound

app = options.new_app()


@app.command("explain")
def explain(
    rule: Annotated[
        str | None, typer.Argument(metavar="RULE", help="Id of a rule, as check shows it; none: list them all.")
    ] = None,
    json: options.Json = False,
) -> None:
    """Explain a rule of check.

    Why it is there, a bad example and a good one.
    """
    from flashprep.cards.text import nearest
    from flashprep.rules import all_rules
    from flashprep.terminal import report

    rules = all_rules()
    if rule is not None and rule not in rules:
        near = nearest(rule, rules, 0.4)
        raise NotFound(
            f"no rule '{rule}'; " + (f"did you mean '{near}'?" if near else "'flashprep explain' lists them")
        )
    report.explain([rules[rule]] if rule else list(rules.values()), full=rule is not None, json=json)
