-- Version 2 of the primary data: what happened while problems were solved. Like the log, rows are only ever added.

CREATE TABLE practice (
    id INTEGER PRIMARY KEY,             -- epoch milliseconds, unique: when it happened
    card INTEGER NOT NULL REFERENCES identity (card), -- the exercise
    day INTEGER NOT NULL,               -- study day
    kind TEXT NOT NULL CHECK (kind IN ('start', 'test', 'help')), -- a fresh starter, a run of the tests, the reference was shown
    verdict TEXT NOT NULL DEFAULT '',   -- of a run: 'passed', 'failed', 'timed out', ...
    duration_ms INTEGER NOT NULL DEFAULT 0, -- of a run: since the start
    source TEXT NOT NULL DEFAULT 'code',  -- 'review' or 'code': where it happened
    CHECK ((kind = 'test') = (verdict <> ''))
) STRICT;
CREATE INDEX practice_by_card ON practice (card, id);
CREATE INDEX practice_by_day ON practice (day);
