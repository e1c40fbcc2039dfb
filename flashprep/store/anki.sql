-- Version 3 of the primary data: how cards are known to Anki, and what Anki had of them.

-- Which card of Anki is which card here.
CREATE TABLE anki_card (
    guid TEXT NOT NULL,                 -- of the note in Anki
    ord INTEGER NOT NULL,               -- of the card within that note
    card INTEGER NOT NULL REFERENCES identity (card),
    ours INTEGER NOT NULL,              -- 1: a note of our note type; 0: one of the user's, whose text is never written there
    suspended INTEGER NOT NULL,         -- 1: Anki had it suspended when it was last heard of
    PRIMARY KEY (guid, ord)
) STRICT;
CREATE INDEX anki_card_by_card ON anki_card (card);

-- The texts that went to Anki: who finds another one there knows that it was edited there.
CREATE TABLE anki_text (
    card INTEGER NOT NULL REFERENCES identity (card),
    mod INTEGER NOT NULL,               -- epoch seconds: when this text was first seen, Anki's time of change of the note
    digest TEXT NOT NULL,               -- of its fields and tags
    PRIMARY KEY (card, mod)
) STRICT;

-- Reviews that have another number in Anki than here, because somebody else had it already on one of the sides.
CREATE TABLE anki_review (
    card INTEGER NOT NULL REFERENCES identity (card),
    revlog INTEGER NOT NULL,            -- epoch ms: the number there
    id INTEGER NOT NULL REFERENCES log (id), -- epoch ms: the number here
    PRIMARY KEY (card, revlog)
) STRICT;
