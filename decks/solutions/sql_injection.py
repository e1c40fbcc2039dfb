"""Looking up and sorting users in sqlite3, without SQL injection.

Invariant: the text of every statement is made of constants of this module only. Values are bound,
so they are never parsed as SQL whatever they contain. A column cannot be bound, as `ORDER BY ?`
sorts by a constant, so the caller's word only selects among known columns.

Table: users(id INTEGER PRIMARY KEY, name TEXT). Each function executes one statement.
Time: O(log n) plus the output for `find_user` with an index on the name; sorting for `list_users`
unless an index gives the order. Space: O(output).
"""

import sqlite3

_SORTABLE = {"id": "id", "name": "name"}


def find_user(conn: sqlite3.Connection, name: str) -> list[tuple[int, str]]:
    """Return the users with exactly this name, by id."""
    rows = conn.execute("SELECT id, name FROM users WHERE name = ? ORDER BY id", (name,))
    return [(user_id, found) for user_id, found in rows]


def list_users(conn: sqlite3.Connection, sort: str, descending: bool = False) -> list[tuple[int, str]]:
    """Return all users, sorted by id or name and then by id; ValueError for any other column."""
    if sort not in _SORTABLE:
        raise ValueError(f"users cannot be sorted by {sort!r}")
    direction = "DESC" if descending else "ASC"
    rows = conn.execute(f"SELECT id, name FROM users ORDER BY {_SORTABLE[sort]} {direction}, id")
    return [(user_id, name) for user_id, name in rows]
