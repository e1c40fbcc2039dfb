"""Starts a review session on whatever there is: a screen, or a pipe."""

from __future__ import annotations

import sys

from flashprep.collection import Collection
from flashprep.store.queries import Filter
from flashprep.terminal.driver import Driver


def review_session(
    filter: Filter | None = None,
    new: int | None = None,
    limit: int | None = None,
    cram: bool = False,
    more: bool = False,
) -> None:
    """Hold a review session until it ends."""
    with Collection() as collection:
        filter = filter or Filter()
        collection.check_filter(filter)
        driver = Driver(collection, filter, new, limit, cram, more)
        try:
            _hold(driver)
        finally:
            if driver.session.tally.reviews:
                collection.back_up_daily()
        for notice in collection.notices:
            print(f"note: {notice}", file=sys.stderr)


def _hold(driver: Driver) -> None:
    if sys.stdin.isatty() and sys.stdout.isatty():
        from flashprep.terminal.screen import can_draw

        if can_draw():
            from flashprep.terminal.review import run as run_screen

            run_screen(driver)
            return
    from flashprep.terminal import pipe, summary

    for notice in driver.collection.notices:
        print(f"note: {notice}", file=sys.stderr)
    driver.collection.notices.clear()
    if sys.stdin.isatty():
        print(pipe.HELP)
    pipe.run(driver)
    print("\n".join(summary.lines(driver)))
