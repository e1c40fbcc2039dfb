"""Behaviour of user look-ups in sqlite3. The order among equal names is left open."""

import random
import sqlite3
from collections.abc import Iterator

import pytest

# isort: split
from sql_injection import find_user, list_users

USERS = [(1, "mallory"), (2, "Alice"), (3, "bob"), (4, "alice"), (5, "zoë"), (6, "O'Brien")]

PAYLOADS = [
    "x' OR '1'='1",
    "x' OR 1=1 --",
    "x' OR 1=1 /*",
    "alice'--",
    "alice'/*",
    "alice' AND '1'='1",
    "' OR ''='",
    "' UNION SELECT id, name FROM users --",
    "x' UNION SELECT 1, sql FROM sqlite_master --",
    "x'; DROP TABLE users; --",
    "x'; DELETE FROM users WHERE '1'='1",
    "x\\' OR 1=1 --",
    'x" OR "1"="1',
    'alice" --',
    "x') OR ('1'='1",
    "x'' OR 1=1 --",
]


@pytest.fixture
def conn() -> Iterator[sqlite3.Connection]:
    conn = sqlite3.connect(":memory:")
    conn.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)")
    conn.execute("CREATE INDEX users_by_name ON users (name)")
    conn.executemany("INSERT INTO users VALUES (?, ?)", USERS)
    conn.commit()
    yield conn
    conn.close()


def add_user(conn: sqlite3.Connection, user_id: int, name: str) -> None:
    conn.execute("INSERT INTO users VALUES (?, ?)", (user_id, name))
    conn.commit()


def all_users(conn: sqlite3.Connection) -> list[tuple[int, str]]:
    return conn.execute("SELECT id, name FROM users ORDER BY id").fetchall()


def test_user_is_found_by_name(conn: sqlite3.Connection) -> None:
    assert find_user(conn, "bob") == [(3, "bob")]


@pytest.mark.parametrize("name", ["nobody", "", " ", "bo", "bobb", "bob ", " bob", "NULL"])
def test_unknown_name_finds_nobody(conn: sqlite3.Connection, name: str) -> None:
    assert find_user(conn, name) == []


def test_case_counts(conn: sqlite3.Connection) -> None:
    assert find_user(conn, "alice") == [(4, "alice")]
    assert find_user(conn, "Alice") == [(2, "Alice")]
    assert find_user(conn, "ALICE") == []


def test_all_users_of_a_name_are_found(conn: sqlite3.Connection) -> None:
    add_user(conn, 9, "bob")
    add_user(conn, 8, "bob")
    assert sorted(find_user(conn, "bob")) == [(3, "bob"), (8, "bob"), (9, "bob")]


@pytest.mark.parametrize("name", ["O'Brien", "''", "'", '"', 'the "boss"', "a;b", "a--b", "a/*b*/", "\\", "a\\'b", "?"])
def test_name_with_special_characters_is_found(conn: sqlite3.Connection, name: str) -> None:
    conn.execute("DELETE FROM users WHERE name = ?", (name,))
    add_user(conn, 50, name)
    assert find_user(conn, name) == [(50, name)]


@pytest.mark.parametrize("name", ["zoë", "日本語", "🙂", "Ünïcödé", "مرحبا", "a\nb", "a\tb"])
def test_unicode_name_is_found(conn: sqlite3.Connection, name: str) -> None:
    conn.execute("DELETE FROM users WHERE name = ?", (name,))
    add_user(conn, 50, name)
    assert find_user(conn, name) == [(50, name)]


@pytest.mark.parametrize("pattern", ["%", "_", "%b%", "b_b", "b%", "*", "b*", "[ab]ob", "?ob"])
def test_wildcards_are_taken_literally(conn: sqlite3.Connection, pattern: str) -> None:
    assert find_user(conn, pattern) == []
    add_user(conn, 50, pattern)
    assert find_user(conn, pattern) == [(50, pattern)]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_injected_sql_finds_nobody_and_does_nothing(conn: sqlite3.Connection, payload: str) -> None:
    assert find_user(conn, payload) == []
    assert all_users(conn) == USERS


@pytest.mark.parametrize("payload", PAYLOADS)
def test_user_named_like_an_attack_is_found(conn: sqlite3.Connection, payload: str) -> None:
    add_user(conn, 50, payload)
    assert find_user(conn, payload) == [(50, payload)]
    assert all_users(conn) == [*USERS, (50, payload)]


def test_rows_are_tuples(conn: sqlite3.Connection) -> None:
    for rows in (find_user(conn, "bob"), list_users(conn, "id")):
        assert isinstance(rows, list)
        assert all(type(row) is tuple for row in rows)


def test_users_are_sorted_by_id(conn: sqlite3.Connection) -> None:
    assert list_users(conn, "id") == USERS
    assert list_users(conn, "id", True) == USERS[::-1]


def test_users_are_sorted_by_name(conn: sqlite3.Connection) -> None:
    by_name = sorted(USERS, key=lambda user: user[1].encode())
    assert list_users(conn, "name") == by_name
    assert list_users(conn, "name", descending=True) == by_name[::-1]


def test_order_is_ascending_unless_told(conn: sqlite3.Connection) -> None:
    assert list_users(conn, "id") == list_users(conn, "id", False)
    assert list_users(conn, "name") == list_users(conn, "name", descending=False)


def test_ids_are_sorted_as_numbers(conn: sqlite3.Connection) -> None:
    add_user(conn, 100, "a")
    add_user(conn, 20, "b")
    assert [user_id for user_id, _ in list_users(conn, "id")] == [1, 2, 3, 4, 5, 6, 20, 100]


def test_empty_table_has_no_users(conn: sqlite3.Connection) -> None:
    conn.execute("DELETE FROM users")
    assert find_user(conn, "bob") == []
    assert list_users(conn, "id") == list_users(conn, "name", True) == []


@pytest.mark.parametrize(
    "sort",
    [
        "",
        "password",
        "rowid",
        "1",
        "2",
        "?",
        "*",
        "name DESC",
        "id, name",
        "id ",
        "'id'",
        "name; DROP TABLE users",
        "name; DROP TABLE users; --",
        "id --",
        "(SELECT 1)",
        "(CASE WHEN (SELECT count(*) FROM users) > 3 THEN id ELSE name END)",
        "name UNION SELECT 1, 2",
        "random()",
    ],
)
@pytest.mark.parametrize("descending", [False, True])
def test_column_outside_the_allow_list_is_refused_before_any_sql(
    conn: sqlite3.Connection, sort: str, descending: bool
) -> None:
    statements: list[str] = []
    conn.set_trace_callback(statements.append)
    with pytest.raises(ValueError):
        list_users(conn, sort, descending)
    conn.set_trace_callback(None)
    assert statements == []
    assert all_users(conn) == USERS


def test_each_call_is_one_statement_and_changes_nothing(conn: sqlite3.Connection) -> None:
    before = conn.total_changes
    for call in (
        lambda: find_user(conn, "bob"),
        lambda: find_user(conn, PAYLOADS[0]),
        lambda: list_users(conn, "id"),
        lambda: list_users(conn, "name", True),
    ):
        statements: list[str] = []
        conn.set_trace_callback(statements.append)
        call()
        conn.set_trace_callback(None)
        assert len(statements) == 1, statements
    assert conn.total_changes == before
    assert not conn.in_transaction


@pytest.mark.parametrize("seed", range(5))
def test_random_names_match_searching_a_list(conn: sqlite3.Connection, seed: int) -> None:
    rng = random.Random(seed)
    conn.execute("DELETE FROM users")
    pieces = ["'", '"', "--", ";", "%", "_", "a", "A", " OR 1=1", "\\", "é", "?", ":a", "(", ")"]
    users: list[tuple[int, str]] = []
    for user_id in rng.sample(range(1000), 120):
        name = "".join(rng.choice(pieces) for _ in range(rng.randrange(4)))
        add_user(conn, user_id, name)
        users.append((user_id, name))
    names = [name for _, name in users]
    for name in [*names, *(name + "'" for name in names), *(name[1:] for name in names)]:
        assert sorted(find_user(conn, name)) == sorted(user for user in users if user[1] == name)
    for descending in (False, True):
        assert list_users(conn, "id", descending) == sorted(users, reverse=descending)
        listed = list_users(conn, "name", descending)
        assert sorted(listed) == sorted(users)
        encoded = [name.encode() for _, name in listed]
        assert encoded == sorted(encoded, reverse=descending)


def test_look_up_uses_the_index(conn: sqlite3.Connection) -> None:
    conn.executemany("INSERT INTO users VALUES (?, ?)", ((n, f"u{n}") for n in range(100, 20_000)))
    conn.commit()
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 100

    conn.set_progress_handler(count, 100)  # called after every hundred steps of the database
    assert find_user(conn, "u777") == [(777, "u777")]
    conn.set_progress_handler(None, 0)
    assert steps < 5000, "the whole table is searched"
