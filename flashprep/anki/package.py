"""Cards out as an Anki package: genanki, with what it lacks (progress, permanent ids, equal bytes for equal cards)."""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import genanki
from genanki.apkg_col import APKG_COL
from genanki.apkg_schema import APKG_SCHEMA

from flashprep.anki import notetype, tables
from flashprep.anki.outgoing import Outgoing, Shipment, collector_paused
from flashprep.anki.schedule import creation
from flashprep.config import Config
from flashprep.errors import FlashprepError

PRESET_ID = 1_795_737_600_312  # permanent: of our deck options
_FIRST_ID = 1_735_689_600_000  # of notes and cards, epoch ms: 2025-01-01, and a card's number
_LEVELS = {False: 5, True: 4}  # of compression, without and with progress: higher ones take long and gain little
_NOT_FOR_READING = (
    "(usn)",
    "(csum)",
    "(did, queue, due)",
)  # indexes that serve studying and syncing, which nobody does here


class _NoteType(genanki.Model):
    """The note type with the permanent ids that genanki does not write."""

    def __init__(self) -> None:
        super().__init__(
            notetype.ID,
            notetype.NAME,
            fields=[{"name": name, "id": notetype.FIELD_ID + number} for number, name in enumerate(notetype.FIELDS)],
            templates=[
                {"name": notetype.TEMPLATE, "qfmt": notetype.FRONT, "afmt": notetype.BACK, "id": notetype.TEMPLATE_ID}
            ],
            css=notetype.CSS,
            sort_field_index=0,
        )

    def to_json(self, timestamp: float, deck_id: int) -> dict[str, Any]:
        """Give the note type as Anki stores it, with the time of its own last change."""
        return {**super().to_json(notetype.CHANGED, deck_id), "did": None}


class _Deck(genanki.Deck):
    """A deck that takes our deck options; its notes are the cards on their way, because genanki's own take long to make."""

    notes: list[Outgoing]

    def to_json(self) -> dict[str, Any]:
        return {**super().to_json(), "conf": PRESET_ID, "mod": notetype.CHANGED}


class _Package(genanki.Package):
    """A package written in one go: genanki writes the decks and note types once more for every deck."""

    def __init__(self, decks: list[_Deck], shipment: Shipment, config: Config):
        super().__init__(decks)
        self.shipment = shipment
        self.config = config

    def write_to_file(self, file: Any, timestamp: float | None = None) -> None:
        """Write the package; no file is made on the way, and nothing of the present moment goes in."""
        db = sqlite3.connect(":memory:", isolation_level=None)
        self.write_to_db(db.cursor(), 0.0, None)
        with zipfile.ZipFile(file, "w") as archive:
            _put(archive, "collection.anki2", db.serialize(), _LEVELS[self.shipment.progress])
            names = sorted(self.shipment.media.files)
            _put(archive, "media", json.dumps({str(n): name for n, name in enumerate(names)}).encode())
            for number, name in enumerate(names):
                _put(archive, str(number), self.shipment.media.files[name].read_bytes())
        db.close()

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, id_gen: Any) -> None:
        """Fill the tables of a collection, and only then make their indexes: those by which it is read."""
        schema = APKG_SCHEMA.split(";")
        indexes = [statement for statement in schema if "CREATE INDEX" in statement]
        cursor.executescript(";".join(statement for statement in schema if statement not in indexes))
        indexes = [statement for statement in indexes if not any(column in statement for column in _NOT_FOR_READING)]
        cursor.executescript(APKG_COL)
        cursor.execute("BEGIN")
        self._write_collection(cursor)
        notes, cards, log = [], [], []
        for deck in self.decks:
            for card in deck.notes:
                content = card.content
                id = _FIRST_ID + card.row.card
                mod = max(card.mod, card.row.memory.last_at // 1000 if self.shipment.progress else 0)
                tags = f" {' '.join(content.tags)} " if content.tags else ""
                notes.append(
                    (id, card.guid, notetype.ID, card.mod, tags, "\x1f".join(content.fields), content.fields[0])
                )
                cards.append((id, id, deck.deck_id, mod, *card.columns))
                log += [(row[0], id, *row[1:]) for row in card.log]
        cursor.executemany(tables.NEW_NOTE, sorted(notes))  # in order, each page gets full before the next begins
        cursor.executemany(tables.NEW_CARD, sorted(cards))
        cursor.executemany(tables.NEW_REVLOG, sorted(log))
        for statement in indexes:
            cursor.execute(statement)
        cursor.execute("COMMIT")

    def _write_collection(self, cursor: sqlite3.Cursor) -> None:
        begun = creation(self.shipment.day0, self.config.rollover_hour)
        offset = begun.utcoffset()
        assert offset is not None
        conf, decks, options = (json.loads(text) for text in cursor.execute(tables.SETTINGS).fetchone())
        # With the scheduler of genanki's own collection Anki would rewrite the ratings that it finds.
        conf |= {
            "schedVer": 2,
            "sched2021": True,
            "rollover": self.config.rollover_hour,
            "creationOffset": -int(offset.total_seconds()) // 60,
            "curModel": str(notetype.ID),
        }
        for deck in self.decks:
            decks[str(deck.deck_id)] = deck.to_json()
        options[str(PRESET_ID)] = _preset(options["1"], self.config)
        types = {str(notetype.ID): _NoteType().to_json(0, 1)}
        cursor.execute(
            tables.NEW_SETTINGS,
            (
                int(begun.timestamp()),
                notetype.CHANGED * 1000,
                notetype.CHANGED * 1000,
                *(json.dumps(value) for value in (conf, types, decks, options)),
            ),
        )


def _preset(default: dict[str, Any], config: Config) -> dict[str, Any]:
    """Return deck options that schedule as this collection does."""
    settings, limits = config.settings, config.limits
    changed = {
        "id": PRESET_ID,
        "name": notetype.NAME,
        "mod": notetype.CHANGED,  # Anki takes deck options it lacks, and leaves those it has, however old
        "usn": -1,
        "desiredRetention": settings.desired_retention,
        "fsrsParams6": list(settings.parameters),
        "new": {
            **default["new"],
            "delays": [seconds / 60 for seconds in settings.learning_steps],
            "perDay": limits.new,
            "bury": True,
        },
        "rev": {
            **default["rev"],
            "maxIvl": settings.maximum_interval,
            "perDay": limits.reviews,
            "bury": True,
            "hardFactor": 1.2,
        },
        "lapse": {
            **default["lapse"],
            "delays": [seconds / 60 for seconds in settings.relearning_steps],
            "leechFails": settings.leech_threshold or 99,
        },
    }
    return {**default, **changed}


def _put(archive: zipfile.ZipFile, name: str, data: bytes, level: int = 6) -> None:
    info = zipfile.ZipInfo(name)  # dated 1980, on every day
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    archive.writestr(info, data, compresslevel=level)


def _number(name: str) -> int:
    """Return a permanent id in the range that Anki accepts, from a name."""
    return 1 << 40 | int.from_bytes(hashlib.blake2b(name.encode(), digest_size=5).digest(), "big")


def pack(shipment: Shipment, config: Config) -> bytes:
    """Return cards as the bytes of a package."""
    with collector_paused():
        decks: dict[str, _Deck] = {}
        for card in shipment.cards:
            name = card.content.deck
            same = name.casefold()  # Anki knows no two decks whose names differ only in case
            deck = decks.get(same)
            if deck is None:
                deck = decks[same] = _Deck(_number(same), name)
            deck.notes.append(card)
        out = io.BytesIO()
        _Package(list(decks.values()), shipment, config).write_to_file(out)
        return out.getvalue()


def write(shipment: Shipment, config: Config, target: Path) -> None:
    """Write cards as a package; it appears at ``target`` only when it is complete."""
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        try:
            unfinished.write_bytes(pack(shipment, config))
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise FlashprepError(f"cannot write {target}: {error.strerror or error}") from None
