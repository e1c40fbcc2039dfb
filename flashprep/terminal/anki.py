"""What the commands that talk to Anki write."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from flashprep.cards.text import one_line
from flashprep.terminal import report
from flashprep.terminal.report import many

if TYPE_CHECKING:
    from flashprep.anki.edits import Edit
    from flashprep.anki.exchange import Outcome
    from flashprep.anki.syncing import Synced
    from flashprep.collection import Collection

_QUIET_S = 1.0  # what takes no longer needs no progress bar
_SHOWN = 20  # names in a list


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Give a function that hears how many are done; where somebody looks and it takes over a second, a bar shows it."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.progress import BarColumn, Progress, TextColumn

    from flashprep.terminal.console import console

    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"),
        console=console(error=True), transient=True,
    )  # fmt: skip
    task = bar.add_task(what, total=total)
    timer = threading.Timer(_QUIET_S, bar.start)
    timer.start()
    try:
        yield lambda done: bar.update(task, completed=done)
    finally:
        timer.cancel()
        timer.join()
        bar.stop()


def exported(file: Path, cards: int, with_progress: bool, lost: Sequence[str]) -> None:
    """Say what a package holds, which clicks matter in Anki, and what is to be deleted there."""
    print(f"wrote {many(cards, 'card')} to {file}" + (", with your progress" if with_progress else ""))
    if with_progress:
        print(
            "in Anki: File, Import; the first time tick 'Import any learning progress' (deck options too, if you like),"
        )
        print("and switch on FSRS in the deck options. Later imports bring new and changed cards; reviews stay Anki's.")
        print("Reviews done there come back with: flashprep import PACKAGE (exported there with scheduling)")
    else:
        print("in Anki: File, Import")
    if lost:
        shown = " OR ".join(f'"Id:{key}"' for key in lost[:_SHOWN])
        more = f" (and {len(lost) - _SHOWN} more)" if len(lost) > _SHOWN else ""
        print(f"no longer in your decks, delete them in Anki: search for {shown}{more}")


def outcome_data(outcome: Outcome) -> dict[str, object]:
    """Give what taking in did as plain data: the form of ``import --json``, a public contract."""
    return {
        **outcome.report._replace(edited=())._asdict(),
        "edited": [{"id": edit.row.key, "difference": edit.difference()} for edit in outcome.edits],
        "taken": [edit.row.key for edit in outcome.taken],
        "refused": [{"id": edit.row.key, "reason": reason} for edit, reason in outcome.refused],
        "notes": outcome.moved.notes,
        "decks": list(outcome.moved.decks),
        "left": [{"note": note, "reason": reason} for note, reason in outcome.moved.left],
    }


def imported(collection: Collection, name: str, outcome: Outcome, json: bool) -> None:
    """Say what came in from Anki, and what did not."""
    report.notices(collection)
    if json:
        report.write_json(outcome_data(outcome))
        return
    for line in lines_of(name, outcome):
        print(line)


def lines_of(name: str, outcome: Outcome) -> Iterator[str]:
    """Yield what taking in did, a line each."""
    found, moved = outcome.report, outcome.moved
    here = f"; {found.known} were here already" if found.known else ""
    yield (
        f"{name}: {many(found.reviews, 'new review')}"
        + (f" of {many(found.cards, 'card')}" if found.reviews else "")
        + here
    )
    if moved.notes:
        files = ", ".join(moved.decks[:_SHOWN])
        pictures = f" and {many(moved.media, 'picture')}" if moved.media else ""
        yield f"{many(moved.notes, 'note')} with {many(moved.cards, 'card')}{pictures} brought over to {files}"
    for note, reason in moved.left[:_SHOWN]:
        yield f"  left: {note} ({reason})"
    if len(moved.left) > _SHOWN:
        yield f"  left: {len(moved.left) - _SHOWN} more"
    for cards, what in (
        (found.resets, "set back to new there"),
        (found.suspended, "suspended there"),
        (found.unsuspended, "no longer suspended there"),
    ):
        if cards:
            yield f"{what}: {_some(cards)}"
    if found.vanished:
        yield (
            f"in Anki no more: reviews of {_some(found.vanished)}; undone there, or done on a device that had not synced: "
            "kept here, unless you say --take-undone"
        )
    if found.taken_back:
        yield f"undone there, now here too: {many(found.taken_back, 'review')}"
    if found.undone_here:
        yield f"undone here, so not counted: {many(found.undone_here, 'review')}"
    if found.by_hand:
        yield f"due dates that were set by hand there stay there: {found.by_hand}"
    if found.cram:
        yield f"answers that rescheduled nothing, left out: {found.cram}"
    if found.damaged:
        yield f"rows that make no sense, left out: {found.damaged}"
    if found.strangers and not moved.notes:
        yield f"notes that are not from flashprep: {found.strangers}; --notes brings them over as Markdown, with their history"
    yield from _edits(outcome)


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _edits(outcome: Outcome) -> Iterator[str]:
    if outcome.edits:
        yield f"edited in Anki, not here: {many(len(outcome.edits), 'card')}; --take-edits writes it into your deck files"
        for edit in outcome.edits[:_SHOWN]:
            yield from _difference(edit)
        if len(outcome.edits) > _SHOWN:
            yield f"  and {len(outcome.edits) - _SHOWN} more; --json shows all"
    for edit in outcome.taken:
        yield f"taken over into your decks: {edit.row.key}"
    for edit, reason in outcome.refused:
        yield f"not taken over, {reason}: {edit.row.key}; change it with 'flashprep edit {edit.row.note}'"
        yield from _difference(edit)


def _difference(edit: Edit) -> Iterator[str]:
    yield f"  {edit.row.key}"
    yield from (f"    {one_line(line, 200)}" for line in edit.difference())


def step(text: str) -> None:
    """Say what is being done, where somebody looks."""
    if sys.stderr.isatty():
        print(f"{text} …", file=sys.stderr)


def forgotten(there_was: bool, url: str, user: str) -> None:
    """Say that a password is no longer kept."""
    print(f"the password of {user} on {url} is {'no longer' if there_was else 'not'} in the keyring")


def warn_of_plain_http(url: str) -> None:
    """Warn where a password would cross the open internet in plain sight."""
    import ipaddress
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    name = parts.hostname or ""
    try:
        near = ipaddress.ip_address(name).is_private
    except ValueError:
        near = "." not in name or name.endswith((".local", ".lan", ".home", ".internal"))
    if parts.scheme == "http" and not near:
        print(f"note: {url} is not encrypted: others on the way can read your password; use https", file=sys.stderr)


def synced(collection: Collection, url: str, done: Synced, json: bool, kept: bool, asked: bool) -> None:
    """Say what a sync did."""
    report.notices(collection)
    if json:
        report.write_json(
            {
                "sent": {"reviews": done.reviews, "cards": done.cards, "notes": done.notes},
                "received": [outcome_data(outcome) for outcome in done.outcomes],
                "conflicts": list(done.conflicts),
                "lost": done.lost,
                "fsrs": done.fsrs,
            }
        )
        return
    sent = f"{many(done.reviews, 'review')}, {many(done.notes, 'note')}, the state of {many(done.cards, 'card')}"
    print(f"sent to {url}: {sent}")
    for number, outcome in enumerate(done.outcomes):
        lines = list(lines_of("received", outcome))
        if number == 0 or outcome.report.reviews or len(lines) > 1:
            print("\n".join(lines))
    if done.conflicts:
        print(
            f"edited there and not handed on: {_some(done.conflicts)}; --take-edits takes that into your deck files, "
            "--keep-mine puts yours in its place"
        )
    if done.lost:
        print(f"no longer in your decks, delete them in Anki: {_some(done.lost)}")
    if not done.fsrs:
        print("FSRS is off in Anki: switch it on in the deck options, or the phone schedules by other rules")
    if asked:
        print(
            "the password is in the keyring now"
            if kept
            else "there is no keyring: set FLASHPREP_SYNC_PASSWORD, or type it each time"
        )


def serving(here: str, phones: Sequence[str], user: str) -> None:
    """Say how devices reach the server that is about to run."""
    print(f"Anki's sync server, for the user '{user}'; Ctrl-C ends it")
    print(f"this machine:  flashprep sync --url {here} --user {user}")
    if not phones:
        print("phones cannot reach it: start it with --host 0.0.0.0, or with this machine's address in your network")
    for url in phones:
        print(f"AnkiDroid:     Settings, Sync, Custom sync server: Sync URL {url}")
        print(f"AnkiMobile:    Settings, Syncing, Custom server: {url} (and allow access to the local network)")
    if phones:
        print(
            "Then log in on the phone with the same name and password, and sync. Let only networks in that you trust:"
        )
        print("the connection is not encrypted.")
    sys.stdout.flush()
