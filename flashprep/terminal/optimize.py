"""What ``optimize`` shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flashprep.clock import local_time
from flashprep.collection import Collection
from flashprep.terminal import report

if TYPE_CHECKING:
    from flashprep.fitting import Bin, Trial
    from flashprep.planning.habits import Learned
    from flashprep.store.fit import Fit

_WIDTH = 40  # characters of the plot


def fitted(collection: Collection, trial: Trial, learned: Learned, adopted: bool, json: bool) -> None:
    """Show a fit beside the parameters of now, and what else the log tells."""
    report.notices(collection)
    if json:
        report.write_json(
            {
                "reviews": trial.reviews,
                "later": trial.later,
                "log_loss": {"before": trial.loss_before, "after": trial.loss_after},
                "adopted": adopted,
                "parameters": list(trial.parameters),
                "calibration": {
                    "before": [one._asdict() for one in trial.before],
                    "after": [one._asdict() for one in trial.after],
                },
                "seconds": learned.costs._asdict(),
                "first": list(learned.habits.first),
                "passed": list(learned.habits.passed),
                "attendance": learned.attendance,
            }
        )
        return
    print(f"fitted to the first of {trial.reviews:,} reviews, judged by the last {trial.later:,}:")
    print(f"log loss  {trial.loss_before:.4f} before, {trial.loss_after:.4f} after (less is better)")
    print()
    _plot("before", trial.before)
    _plot("after", trial.after)
    costs, (again, hard, good, easy) = learned.costs, learned.habits.first
    print(f"seconds   {costs.passed:.0f} for a pass, {costs.lapsed:.0f} for a lapse, {costs.new:.0f} for a new card")
    print(f"at first  Again {again:.0%}, Hard {hard:.0%}, Good {good:.0%}, Easy {easy:.0%}")
    print(f"attended  {learned.attendance:.0%} of the days")
    print()
    if adopted:
        print("adopted: due days change at the next start; 'flashprep optimize --undo' takes it back")
    elif trial.better:
        print("it is better; without --dry-run it would be adopted")
    else:
        print("not adopted: the parameters of now predict your later reviews as well or better")


def _plot(name: str, bins: Sequence[Bin]) -> None:
    """Draw true against predicted recall: a bar for what was true, a mark where it was predicted."""
    print(f"recall predicted and true, {name}")
    for one in bins:
        line = ["█" if place < round(one.true * _WIDTH) else "·" for place in range(_WIDTH)]
        line[min(_WIDTH - 1, max(0, round(one.predicted * _WIDTH) - 1))] = "┃"
        print(f"  {one.predicted:4.0%}  {''.join(line)}  {one.true:4.0%} of {one.reviews:,}")
    print()


def taken_back(fit: Fit) -> None:
    """Say which fit no longer counts."""
    print(f"the fit of {local_time(fit.id):%Y-%m-%d %H:%M} to {fit.reviews:,} reviews no longer counts")
