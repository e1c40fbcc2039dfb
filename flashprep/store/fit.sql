-- Version 4 of the primary data: parameters of the scheduler that were fitted to the log.

CREATE TABLE fit (
    id INTEGER PRIMARY KEY,             -- epoch milliseconds: when it was adopted
    parameters TEXT NOT NULL,           -- JSON array of the 21 parameters of FSRS-6
    reviews INTEGER NOT NULL,           -- that it was fitted to
    loss_before REAL NOT NULL,          -- log loss on the later reviews, with the parameters before
    loss_after REAL NOT NULL,           -- the same, fitted to the earlier reviews
    undone_ms INTEGER                   -- epoch milliseconds: when it was taken back, NULL while it counts
) STRICT;
