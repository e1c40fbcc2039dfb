-- What is derived from the decks and the log. These tables may be dropped at any time and come back the same at the next start;
-- a new version of this file needs no migration, only a new number in database.py.

-- Deck files as they were last read.
CREATE TABLE file (
    file INTEGER PRIMARY KEY,
    root TEXT NOT NULL,                 -- 'built-in', 'own', or the path of a further deck folder
    path TEXT NOT NULL,                 -- within the root, with /
    layer INTEGER NOT NULL,             -- 0 built-in, 1 the user's: the higher layer wins an id
    fingerprint TEXT NOT NULL,          -- mtime, ctime and size when it was read; '' forces a look at the content
    digest TEXT NOT NULL,               -- of the content
    problems TEXT NOT NULL,             -- diagnostics as JSON
    UNIQUE (root, path)
) STRICT;

-- Notes as the files have them.
CREATE TABLE note (
    note INTEGER PRIMARY KEY,
    file INTEGER NOT NULL REFERENCES file (file) ON DELETE CASCADE,
    id TEXT NOT NULL,
    pinned INTEGER NOT NULL,            -- 1: the id stands in the file
    active INTEGER NOT NULL,            -- 1: this note is the one that its id stands for
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,                 -- Markdown with all sections, for search and for following a reworded note
    deck TEXT NOT NULL,
    round TEXT NOT NULL,
    tags TEXT NOT NULL,                 -- separated and surrounded by spaces
    covers TEXT NOT NULL,               -- the same
    solution TEXT NOT NULL,
    minutes INTEGER NOT NULL,           -- time goal for solving it, 0 for the usual one
    line INTEGER NOT NULL,              -- of the heading, 1-based
    end_line INTEGER NOT NULL,          -- last line
    end_column INTEGER NOT NULL         -- of the heading
) STRICT;
CREATE INDEX note_by_id ON note (id);
CREATE INDEX note_by_file ON note (file);

-- The cards of active notes.
CREATE TABLE card (
    card INTEGER PRIMARY KEY REFERENCES identity (card),
    note INTEGER NOT NULL REFERENCES note (note) ON DELETE CASCADE,
    prompt TEXT NOT NULL,               -- Markdown
    answer TEXT NOT NULL,               -- Markdown
    ask TEXT NOT NULL,
    steps TEXT NOT NULL,                -- JSON array of Markdown, [] where the answer is revealed at once
    timed INTEGER NOT NULL,
    exercise INTEGER NOT NULL,          -- 1: solved in an editor, judged by tests
    place INTEGER NOT NULL              -- among the cards of its note, in the order of the text
) STRICT;
CREATE INDEX card_by_note ON card (note);

-- The log folded, one row for each card that has any.
CREATE TABLE memory (
    card INTEGER PRIMARY KEY REFERENCES identity (card),
    state INTEGER NOT NULL,             -- 0 new, 1 learning, 2 review, 3 relearning
    step INTEGER NOT NULL,              -- learning step, 0-based
    stability REAL NOT NULL,            -- days until recall probability falls to 90 %
    difficulty REAL NOT NULL,           -- 1..10
    due_day INTEGER NOT NULL,           -- study day
    due_at INTEGER NOT NULL,            -- epoch ms for a card due within the day, else 0
    first_day INTEGER NOT NULL,         -- study day of the first review
    last_day INTEGER NOT NULL,          -- study day of the last review
    last_at INTEGER NOT NULL,           -- epoch ms of the last review
    reps INTEGER NOT NULL,
    lapses INTEGER NOT NULL,
    suspended INTEGER NOT NULL,         -- 1: hidden until undone
    leech INTEGER NOT NULL,             -- 1: set aside after too many lapses
    buried_day INTEGER NOT NULL         -- hidden on this study day
) STRICT;
CREATE INDEX memory_by_due ON memory (due_day) WHERE suspended = 0;
CREATE INDEX memory_by_first ON memory (first_day);

-- Which notes cover which item of a syllabus.
CREATE TABLE syllabus (
    item TEXT NOT NULL,
    note TEXT NOT NULL,                 -- id
    prompt TEXT NOT NULL,
    PRIMARY KEY (item, note)
) STRICT;
CREATE INDEX syllabus_by_note ON syllabus (note);

-- Small facts about the store itself: what the derived tables were made with.
CREATE TABLE fact (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
