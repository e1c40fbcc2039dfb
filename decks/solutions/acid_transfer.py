"""Money transfer in sqlite3: both balances change or neither, and once per key.

Invariant: the sum of the balances never changes, none is negative, and a key is recorded if and
only if its money has moved, because all of that is one transaction. It takes the write lock before
it looks at anything, so what it has seen is still true when it writes.

Time: one transaction of O(1) statements, each finding its row by primary key. Space: O(1), plus a
row per key for as long as replays are to be recognised.
"""

import sqlite3

SCHEMA = """
CREATE TABLE accounts (
    id INTEGER PRIMARY KEY,
    balance INTEGER NOT NULL CHECK (balance >= 0)
);
CREATE TABLE transfers (
    key TEXT PRIMARY KEY,
    src INTEGER NOT NULL,
    dst INTEGER NOT NULL,
    cents INTEGER NOT NULL
);
"""


class TransferError(Exception):
    """An account does not exist or cannot pay; nothing was changed."""


def transfer(conn: sqlite3.Connection, src: int, dst: int, cents: int, key: str) -> bool:
    """Move the money and return True, or return False if the key moved it before.

    The connection must not be inside a transaction. A transfer that fails leaves its key unused.
    ValueError unless cents are positive and the accounts are two.
    """
    if cents <= 0:
        raise ValueError("cents must be positive")
    if src == dst:
        raise ValueError("source and destination must differ")
    conn.execute("BEGIN IMMEDIATE")
    with conn:  # opens no transaction, but commits the one above, or rolls it back on an error
        recorded = conn.execute(
            "INSERT INTO transfers (key, src, dst, cents) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
            (key, src, dst, cents),
        )
        if recorded.rowcount == 0:
            return False
        debited = conn.execute(
            "UPDATE accounts SET balance = balance - ? WHERE id = ? AND balance >= ?",
            (cents, src, cents),
        )
        if debited.rowcount != 1:
            raise TransferError("the source does not exist or has too little")
        credited = conn.execute("UPDATE accounts SET balance = balance + ? WHERE id = ?", (cents, dst))
        if credited.rowcount != 1:  # updating no row is not an error to the database
            raise TransferError("the destination does not exist")
        return True
