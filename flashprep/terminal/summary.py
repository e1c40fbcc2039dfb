"""The end of a session in words: what was done, the time, what failed, what comes tomorrow."""

from __future__ import annotations

from flashprep.memory.days import away_label, clock_label, span_label
from flashprep.store import queries
from flashprep.terminal.driver import Driver


def lines(driver: Driver) -> list[str]:
    """Return the summary as plain lines."""
    tally, collection = driver.session.tally, driver.collection
    out = [""]
    if not tally.reviews:
        out.append("Nothing was rated." if driver.session.item or driver.session.total else _nothing(driver))
    else:
        again, hard, good, easy = tally.ratings
        rated = f"{tally.reviews} rating{'s' * (tally.reviews != 1)} on {len(tally.seen)} card{'s' * (len(tally.seen) != 1)}"
        out.append(f"Done: {rated} in {clock_label(tally.spent_ms / 1000)}, {tally.new} of them new.")
        out.append(f"Again {again} · Hard {hard} · Good {good} · Easy {easy}")
        if not driver.cram and driver.session.item is None:
            out.append("'flashprep undo' takes the last one back.")
    if tally.failed:
        out.append(f"Not yet: {', '.join(queries.keys_of(collection.db, tally.failed[:8]))}")
    if tally.leeches:
        out.append(
            f"Set aside as leeches: {', '.join(queries.keys_of(collection.db, tally.leeches))} (reword or split them)"
        )
    if driver.cram:
        out.append("The schedule was not touched.")
        return out
    now = collection.now()
    waiting = driver.session.queue.next_learning
    if driver.session.item is None and waiting > now.ms:
        out.append(f"The next learning card is due in {span_label((waiting - now.ms) / 1000)}.")
    if driver.minutes:
        return [*out, *_plan(driver)]
    tomorrow = queries.due_by_day(collection.db, now.day, 2).get(now.day + 1, 0)
    new = min(collection.config.limits.new, queries.state_counts(collection.db).get("new", 0))
    more = f", and up to {new} new one{'s' * (new != 1)}" if new else ""
    out.append(f"Tomorrow: {tomorrow} card{'s' * (tomorrow != 1)} to review{more}.")
    return out


def spent(driver: Driver) -> str:
    """Say that the time of the day is over."""
    if driver.allowed == 0:
        return "today is a day off"
    return f"the {driver.minutes} minutes of today are spent" if driver.minutes > 1 else "the minute of today is spent"


def _plan(driver: Driver) -> list[str]:
    """Say where the plan stands after a session."""
    time = driver.collection.agenda.planned_time(driver.filter, driver.new)
    if time is None:
        return []
    when = away_label(time.interview.day - driver.collection.now().day)
    more = driver.allowed is not None and driver.allowed > time.today
    left = max(0.0, (driver.allowed or 0.0) - time.spent)
    if left >= time.pass_seconds:
        rest = f"{clock_label(left)} of {'another ' * more}{driver.portion} left today"
    else:
        rest = f"{spent(driver)}; 'flashprep review --more' goes on"
    return [f"{time.interview.name[:1].upper()}{time.interview.name[1:]} {when}: {rest}."]


def _nothing(driver: Driver) -> str:
    if not queries.note_count(driver.collection.db):
        return (
            "Nothing is there to review: 'flashprep add' writes a card, 'flashprep doctor' says where your decks are."
        )
    if driver.filter and not driver.collection.rows(driver.filter):
        return "There is no such card; 'flashprep list' takes the same options."
    if driver.cram:
        return "All of these cards are suspended; 'flashprep unsuspend' brings them back."
    if driver.minutes:
        return "The plan has nothing for this moment."
    if driver.filter:
        return "No card that you asked for is due now; --cram shows them without touching the schedule."
    return "Nothing is due: come back tomorrow, or learn more with 'flashprep review --new 10'."
