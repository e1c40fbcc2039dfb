"""Behaviour of a money transfer in sqlite3, with connections of both kinds and real threads.

Which error reports a missing account or too little money is left open.
"""

import random
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Barrier, Event, Thread
from typing import Any

import pytest

# isort: split
from acid_transfer import SCHEMA, transfer

PATIENCE = 60.0  # seconds until a blocked thread or a locked database is a failure

Connect = Callable[[], sqlite3.Connection]


class Background(Thread):
    """Runs a call in a daemon thread and hands back its result or its error."""

    def __init__(self, call: Callable[..., Any], *args: Any) -> None:
        super().__init__(daemon=True)
        self.call = call
        self.args = args
        self.value: Any = None
        self.error: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self.value = self.call(*self.args)
        except BaseException as error:
            self.error = error

    def result(self) -> Any:
        self.join(2 * PATIENCE)
        assert not self.is_alive(), "the call is still blocked"
        if self.error is not None:
            raise self.error
        return self.value


@pytest.fixture(params=["implicit", "explicit"])
def connect(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Connect]:
    """Open connections to one database, by default or with transactions left to the caller."""
    connections = []

    def open_one() -> sqlite3.Connection:
        options: dict[str, Any] = {"isolation_level": None} if request.param == "explicit" else {}
        conn = sqlite3.connect(tmp_path / "bank.db", timeout=PATIENCE, check_same_thread=False, **options)
        conn.execute("PRAGMA synchronous = OFF")  # no test pulls the plug
        connections.append(conn)
        return conn

    yield open_one
    for conn in connections:
        conn.close()


@pytest.fixture
def conn(connect: Connect) -> sqlite3.Connection:
    """A bank with 100 cents on account 1, 50 on account 2 and nothing on account 3."""
    conn = connect()
    conn.executescript(SCHEMA)
    conn.executemany("INSERT INTO accounts VALUES (?, ?)", [(1, 100), (2, 50), (3, 0)])
    conn.commit()
    return conn


def balances(conn: sqlite3.Connection) -> dict[int, int]:
    return dict(conn.execute("SELECT id, balance FROM accounts"))


def keys(conn: sqlite3.Connection) -> list[str]:
    return [key for (key,) in conn.execute("SELECT key FROM transfers ORDER BY key")]


def fails(conn: sqlite3.Connection, src: int, dst: int, cents: int, key: str) -> bool:
    try:
        transfer(conn, src, dst, cents, key)
    except Exception:
        return True
    return False


def test_money_moves(conn: sqlite3.Connection) -> None:
    assert transfer(conn, 1, 2, 30, "k") is True
    assert balances(conn) == {1: 70, 2: 80, 3: 0}


def test_transfer_is_recorded_under_its_key(conn: sqlite3.Connection) -> None:
    transfer(conn, 1, 2, 30, "k")
    rows = conn.execute("SELECT key, src, dst, cents FROM transfers").fetchall()
    assert rows == [("k", 1, 2, 30)]


def test_transfer_is_committed(conn: sqlite3.Connection, connect: Connect) -> None:
    transfer(conn, 1, 2, 30, "k")
    assert not conn.in_transaction
    conn.rollback()
    conn.close()
    other = connect()
    assert balances(other) == {1: 70, 2: 80, 3: 0}
    assert keys(other) == ["k"]


def test_whole_balance_may_be_moved(conn: sqlite3.Connection) -> None:
    assert transfer(conn, 1, 3, 100, "k") is True
    assert balances(conn) == {1: 0, 2: 50, 3: 100}


def test_transfers_follow_one_another(conn: sqlite3.Connection) -> None:
    assert transfer(conn, 1, 2, 100, "a") is True
    assert transfer(conn, 2, 3, 150, "b") is True
    assert transfer(conn, 3, 1, 1, "c") is True
    assert balances(conn) == {1: 1, 2: 0, 3: 149}


@pytest.mark.parametrize(
    ("src", "dst", "cents"),
    [(1, 2, 101), (3, 1, 1), (2, 3, 10**12), (1, 99, 30), (99, 1, 30), (98, 99, 30), (1, 99, 101)],
    ids=["short by one", "empty", "far too much", "no dst", "no src", "neither", "no dst, short"],
)
def test_failed_transfer_changes_nothing(
    conn: sqlite3.Connection, connect: Connect, src: int, dst: int, cents: int
) -> None:
    assert fails(conn, src, dst, cents, "k")
    assert not conn.in_transaction
    for each in (conn, connect()):
        assert balances(each) == {1: 100, 2: 50, 3: 0}
        assert keys(each) == []


def test_failed_transfer_does_not_consume_its_key(conn: sqlite3.Connection) -> None:
    assert fails(conn, 1, 2, 101, "k")
    assert fails(conn, 1, 99, 30, "k")
    assert transfer(conn, 1, 2, 100, "k") is True
    assert transfer(conn, 1, 2, 100, "k") is False
    assert balances(conn) == {1: 0, 2: 150, 3: 0}


def test_failure_keeps_earlier_transfers(conn: sqlite3.Connection, connect: Connect) -> None:
    transfer(conn, 1, 2, 30, "a")
    assert fails(conn, 1, 99, 30, "b")
    assert balances(connect()) == {1: 70, 2: 80, 3: 0}


@pytest.mark.parametrize("cents", [0, -1, -100])
def test_amount_must_be_positive(conn: sqlite3.Connection, cents: int) -> None:
    with pytest.raises(ValueError):
        transfer(conn, 1, 2, cents, "k")
    assert not conn.in_transaction
    assert balances(conn) == {1: 100, 2: 50, 3: 0}
    assert transfer(conn, 1, 2, 30, "k") is True


def test_account_cannot_pay_itself(conn: sqlite3.Connection) -> None:
    with pytest.raises(ValueError):
        transfer(conn, 1, 1, 30, "k")
    assert not conn.in_transaction
    assert balances(conn) == {1: 100, 2: 50, 3: 0}
    assert keys(conn) == []


def test_same_key_moves_money_once(conn: sqlite3.Connection, connect: Connect) -> None:
    assert transfer(conn, 1, 2, 30, "k") is True
    for each in (conn, conn, connect()):
        assert transfer(each, 1, 2, 30, "k") is False
        assert not each.in_transaction
    assert balances(conn) == {1: 70, 2: 80, 3: 0}
    assert keys(conn) == ["k"]


def test_replay_is_recognised_though_the_money_is_gone(conn: sqlite3.Connection) -> None:
    assert transfer(conn, 1, 2, 80, "k") is True
    assert transfer(conn, 1, 2, 80, "k") is False
    assert balances(conn) == {1: 20, 2: 130, 3: 0}


def test_different_keys_move_money_each(conn: sqlite3.Connection) -> None:
    assert transfer(conn, 1, 2, 30, "k") is True
    assert transfer(conn, 1, 2, 30, "K") is True
    assert transfer(conn, 1, 2, 30, "it's; --") is True
    assert balances(conn) == {1: 10, 2: 140, 3: 0}


@pytest.mark.parametrize(
    "event",
    [
        "UPDATE OF balance ON accounts WHEN NEW.id = 1",
        "UPDATE OF balance ON accounts WHEN NEW.id = 2",
        "INSERT ON transfers",
    ],
    ids=["debit", "credit", "record"],
)
def test_failure_at_any_step_undoes_the_others(conn: sqlite3.Connection, connect: Connect, event: str) -> None:
    conn.execute(f"CREATE TRIGGER broken AFTER {event} BEGIN SELECT RAISE(ABORT, 'broken'); END")
    conn.commit()
    assert fails(conn, 1, 2, 30, "k")
    assert not conn.in_transaction
    assert balances(connect()) == {1: 100, 2: 50, 3: 0}
    assert keys(conn) == []
    conn.execute("DROP TRIGGER broken")
    conn.commit()
    assert transfer(conn, 1, 2, 30, "k") is True


def test_number_of_statements_is_small_and_constant(conn: sqlite3.Connection) -> None:
    conn.executemany("INSERT INTO accounts VALUES (?, 5)", ((n,) for n in range(10, 2000)))
    conn.commit()
    statements: list[str] = []
    conn.set_trace_callback(statements.append)
    assert transfer(conn, 1, 1500, 30, "k") is True
    conn.set_trace_callback(None)
    assert len(statements) <= 12, statements


@pytest.mark.parametrize("seed", range(3))
def test_random_transfers_match_a_ledger(conn: sqlite3.Connection, seed: int) -> None:
    rng = random.Random(seed)
    ledger = {1: 100, 2: 50, 3: 0}
    used: set[str] = set()
    for _ in range(120):
        src, dst = rng.sample([1, 2, 3, 99], 2)
        cents, key = rng.randrange(1, 60), f"k{rng.randrange(60)}"
        if key in used:
            if 99 not in (src, dst):
                assert transfer(conn, src, dst, cents, key) is False
        elif src in ledger and dst in ledger and ledger[src] >= cents:
            assert transfer(conn, src, dst, cents, key) is True
            ledger[src] -= cents
            ledger[dst] += cents
            used.add(key)
        else:
            assert fails(conn, src, dst, cents, key)
        assert balances(conn) == ledger
    assert keys(conn) == sorted(used)


def test_hundred_concurrent_transfers_keep_the_sum(conn: sqlite3.Connection, connect: Connect) -> None:
    threads, each = 10, 10
    conn.execute("UPDATE accounts SET balance = 10000")
    conn.commit()
    rng = random.Random(50)
    pairs = [(1, 2), (2, 1), (1, 3), (3, 1), (2, 3), (3, 2)]
    moves = [(*rng.choice(pairs), rng.randrange(1, 50)) for _ in range(threads * each)]
    start, done = Barrier(threads), Event()

    def work(number: int) -> list[bool]:
        own = connect()
        start.wait(PATIENCE)
        numbers = range(number * each, (number + 1) * each)
        return [transfer(own, *moves[n], key=f"k{n}") for n in numbers]

    def watch() -> set[int]:
        own = connect()
        sums = set()
        while not done.wait(0.002):
            sums |= set(own.execute("SELECT sum(balance) FROM accounts").fetchone())
        return sums

    watcher = Background(watch)
    workers = [Background(work, number) for number in range(threads)]
    for worker in workers:
        assert worker.result() == [True] * each
    done.set()
    assert watcher.result() <= {30_000}, "money was missing in between"
    expected = {1: 10_000, 2: 10_000, 3: 10_000}
    for src, dst, cents in moves:
        expected[src] -= cents
        expected[dst] += cents
    assert balances(conn) == expected


def test_concurrent_withdrawals_cannot_overdraw(conn: sqlite3.Connection, connect: Connect) -> None:
    threads = 12
    start = Barrier(threads)

    def work(number: int) -> bool:
        own = connect()
        start.wait(PATIENCE)
        return not fails(own, 1, 2, 20, f"k{number}")

    workers = [Background(work, number) for number in range(threads)]
    assert sum(worker.result() for worker in workers) == 5
    assert balances(conn) == {1: 0, 2: 150, 3: 0}
    assert len(keys(conn)) == 5


def test_concurrent_duplicates_move_money_once(conn: sqlite3.Connection, connect: Connect) -> None:
    threads, rounds = 6, 5
    start = Barrier(threads)

    def work() -> list[bool]:
        own = connect()
        answers = []
        for number in range(rounds):
            start.wait(PATIENCE)
            answers.append(transfer(own, 1, 2, 10, f"k{number}"))
        return answers

    answers = [worker.result() for worker in [Background(work) for _ in range(threads)]]
    for same_key in zip(*answers, strict=True):
        assert sorted(same_key) == [False] * (threads - 1) + [True]
    assert balances(conn) == {1: 50, 2: 100, 3: 0}
