-- Version 5 of the primary data: the plan for interview dates, what was ticked off, and cards that were asked to come soon.

CREATE TABLE interview (
    id INTEGER PRIMARY KEY,             -- epoch milliseconds: when it was set or changed
    name TEXT NOT NULL,                 -- 'phone screen', 'onsite'
    day INTEGER NOT NULL,               -- study day of the interview
    minutes INTEGER NOT NULL,           -- for cards, on each day until then
    weekdays TEXT NOT NULL,             -- 'mon wed fri', the days with study; '' every day
    company TEXT NOT NULL,              -- name of its data file; '' none
    level TEXT NOT NULL,
    rounds TEXT NOT NULL,               -- separated by spaces, the most important first; '' all of them
    topics TEXT NOT NULL,               -- JSON array of parts of deck names or tags, the most important first
    dropped TEXT NOT NULL,              -- JSON array of the same: what the plan leaves out
    gone_ms INTEGER                     -- epoch milliseconds: when it was changed or cleared, NULL while it holds
) STRICT;

-- Tasks of a phase of the preparation that are done.
CREATE TABLE tick (
    id INTEGER PRIMARY KEY,             -- epoch milliseconds: when it was ticked off
    interview TEXT NOT NULL,            -- name
    task TEXT NOT NULL,                 -- phase and task: 'one-week/mocks'
    day INTEGER NOT NULL,               -- study day for which it was ticked off
    gone_ms INTEGER                     -- epoch milliseconds: when the tick was taken back, NULL while it holds
) STRICT;

-- Cards that were asked to come soon, such as the weak points of a mock interview; until their next review.
CREATE TABLE pulled (
    id INTEGER PRIMARY KEY,             -- epoch milliseconds
    card INTEGER NOT NULL REFERENCES identity (card)
) STRICT;
CREATE INDEX pulled_by_card ON pulled (card, id);
