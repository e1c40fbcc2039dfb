"""A collection of Anki that only flashprep uses: through it Anki's own client speaks to the sync server.

It holds nothing that the server or our store does not hold: it may be deleted at any time. The user's own Anki profile is never
opened. This is the only module that imports the ``anki`` package.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flashprep.anki import tables
from flashprep.anki.account import Account
from flashprep.anki.reader import Found, read
from flashprep.errors import FlashprepError

NOTHING, UPLOAD, DOWNLOAD, BOTH = "nothing", "upload", "download", "both"  # what is left to do after an exchange
_DAMAGE = ("NotADatabase", "DatabaseCorrupt", "malformed", "no such table")  # in Anki's words
_MEDIA_S = 120.0  # how long pictures may take
_LOOK_S = 0.05


def available() -> None:
    """Refuse where the package that speaks the protocol is not installed."""
    try:
        from anki import buildinfo  # noqa: F401
    except ImportError:
        raise FlashprepError("sync needs more packages: pip install 'flashprep[sync]'") from None


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Turn the errors of Anki's library, a crash of it among them, into one line."""
    try:
        yield
    except FlashprepError:
        raise
    except BaseException as error:
        kind = type(error)
        if kind.__name__ == "PanicException":
            raise FlashprepError(f"Anki's library gave up: {_line(error)}; nothing was lost: try again") from None
        if not kind.__module__.startswith("anki."):
            raise
        text = _line(error)
        name = kind.__name__
        if name == "NetworkError":
            raise FlashprepError(
                f"cannot reach {url}: {text}; nothing was lost: try again when the server runs"
            ) from None
        if name == "SyncError" and _refused(error):
            raise FlashprepError(f"{url} refuses the user name or the password") from None
        if "already open" in text or "locked" in text:
            raise FlashprepError("another 'flashprep sync' is running: wait until it is done") from None
        raise FlashprepError(f"sync with {url} failed: {text}; nothing was lost: try again") from None


def _refused(error: BaseException) -> bool:
    from anki.errors import SyncErrorKind

    return getattr(error, "kind", None) == SyncErrorKind.AUTH


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__


class Mirror:
    """The collection, open."""

    def __init__(self, folder: Path, url: str):
        from anki.collection import Collection

        self.folder, self.url = folder, url
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        self.path = folder / "mirror.anki2"
        self.fresh = not self.path.exists()
        try:
            with translated(url):
                self.col: Any = Collection(str(self.path))
        except FlashprepError as error:
            if not any(word in str(error) for word in _DAMAGE):
                raise
            delete(folder)
            self.fresh = True
            with translated(url):
                self.col = Collection(str(self.path))

    def __enter__(self) -> Mirror:
        """Use the mirror in a ``with`` block."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close it."""
        if self.col.db is not None:
            with translated(self.url):
                self.col.close()

    def login(self, account: Account) -> Any:
        """Log in and return what proves it."""
        with translated(self.url):
            return self.col.sync_login(account.user, account.password, endpoint=account.url)

    def exchange(self, auth: Any) -> str:
        """Exchange what changed on either side; return what is left to do, which is nothing after a normal sync."""
        with translated(self.url):
            out = self.col.sync_collection(auth, sync_media=False)
            if out.new_endpoint:
                auth.endpoint = out.new_endpoint
            self._server_usn = out.server_media_usn
            left = {
                out.NO_CHANGES: NOTHING,
                out.NORMAL_SYNC: NOTHING,
                out.FULL_UPLOAD: UPLOAD,
                out.FULL_DOWNLOAD: DOWNLOAD,
            }
            return left.get(out.required, BOTH)

    def replace(self, auth: Any, upload: bool) -> None:
        """Replace the collection on the server by this one, or the other way round."""
        with translated(self.url):
            self.col.close_for_full_sync()
            try:
                self.col.full_upload_or_download(auth=auth, server_usn=self._server_usn, upload=upload)
            finally:
                self.col.reopen(after_full_sync=True)

    def exchange_media(self, auth: Any) -> None:
        """Exchange pictures; waits until they are over, within reason."""
        with translated(self.url):
            self.col.sync_media(auth)
            deadline = time.monotonic() + _MEDIA_S
            while self.col.media_sync_status().active and time.monotonic() < deadline:
                time.sleep(_LOOK_S)

    # -- reading

    def rows(self, sql: str, *values: Any) -> Sequence[Sequence[Any]]:
        """Run a statement and return its rows."""
        with translated(self.url):
            found: Sequence[Sequence[Any]] = self.col.db.all(sql, *values)
            return found

    def usn(self) -> int:
        """Return the number of the next sync: what comes with it has this number or a higher one."""
        return int(self.rows(tables.USN)[0][0])

    def read(self, since: int) -> Found:
        """Read everything, or what came in with a sync number of ``since`` or higher."""
        return read(self.rows, "the mirror", since)

    def today(self) -> int:
        """Return the day of the collection, counted from its creation."""
        with translated(self.url):
            return int(self.col.sched.today)

    def media_folder(self) -> Path:
        """Return the folder of the pictures."""
        return Path(self.col.media.dir())

    # -- writing

    def take(self, package: Path) -> None:
        """Import a package of ours: new notes with their progress, changed ones as text."""
        from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

        with translated(self.url):
            options = ImportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True)
            self.col.import_anki_package(ImportAnkiPackageRequest(package_path=str(package), options=options))

    def set_up(self, rollover_hour: int) -> None:
        """Let an empty collection schedule with FSRS, and begin its days when ours begin."""
        with translated(self.url):
            self.col.set_config("fsrs", True)
            self.col.set_config("rollover", rollover_hour)

    def uses_fsrs(self) -> bool:
        """Tell whether Anki schedules with FSRS."""
        return bool(self.col.get_config("fsrs", False))

    def card(self, id: int) -> Any:
        """Return a card."""
        with translated(self.url):
            return self.col.get_card(id)

    def write(self, cards: Sequence[Any], log: Sequence[tuple[Any, ...]]) -> None:
        """Write cards and rows of the log, all or nothing of the log."""
        with translated(self.url):
            if log:
                self.col.db.transact(lambda: self.col.db.executemany(tables.PUT_REVLOG, log))
            if cards:
                self.col.update_cards(list(cards))


def delete(folder: Path) -> None:
    """Delete the mirror; the next sync makes it anew from the server and our store."""
    for name in ("mirror.anki2", "mirror.anki2-wal", "mirror.anki2-shm", "mirror.media.db2", "mirror.json"):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / "mirror.media", ignore_errors=True)
