-- The primary data of flashprep, version 1 (PRAGMA user_version). Changed only by migrations, after a backup.
-- Everything else in the store is derived from this and the decks: see derived.sql.
--
-- A study day is an integer: days since 1970-01-01, each beginning at the rollover hour (04:00) local time.

-- Which card a number of the log stands for. Rows are never deleted: history waits for a note to come back.
CREATE TABLE identity (
    card INTEGER PRIMARY KEY,           -- number of the card, permanent
    note TEXT NOT NULL,                 -- id of its note, as the decks have it now
    face TEXT NOT NULL,                 -- face within the note, '' for the first
    origin TEXT NOT NULL,               -- id that the note was born under: survives renaming
    ord INTEGER NOT NULL,               -- permanent place among its siblings, 0-based
    seed INTEGER NOT NULL,              -- of the fuzz: crc32 of the card's name at birth
    UNIQUE (note, face)
) STRICT;

-- What happened, in order. Rows are only ever added; undo marks a row as undone.
CREATE TABLE log (
    seq INTEGER PRIMARY KEY,            -- order of writing, which undo goes back through; a clock may be set back
    id INTEGER NOT NULL UNIQUE,         -- epoch milliseconds, unique over the whole collection; orders the fold
    card INTEGER NOT NULL REFERENCES identity (card),
    kind TEXT NOT NULL CHECK (kind IN ('review', 'suspend', 'unsuspend', 'bury', 'reset', 'leech')),
    rating INTEGER NOT NULL DEFAULT 0,  -- 1 Again, 2 Hard, 3 Good, 4 Easy; 0 for what is no review
    day INTEGER NOT NULL,               -- study day, fixed when it happened: a change of time zone never moves it
    duration_ms INTEGER NOT NULL DEFAULT 0, -- from prompt to rating
    source TEXT NOT NULL DEFAULT 'flashprep', -- where it happened
    cause INTEGER,                      -- id of the row that brought this one with it: undone together
    undone_ms INTEGER,                  -- tombstone: epoch milliseconds of the undo, NULL while it counts
    CHECK ((kind = 'review') = (rating BETWEEN 1 AND 4))
) STRICT;
CREATE INDEX log_by_card ON log (card, id);
CREATE INDEX log_by_day ON log (day);
