"""Behaviour of loading orders with their children from sqlite3, with statements counted."""

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

# isort: split
from n_plus_one import SCHEMA, Order, orders_with_items

Plain = tuple[int, list[tuple[str, int]], list[int]]


class Shop:
    """A database with two customers, into which orders are put by hand."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.conn = conn
        conn.executescript(SCHEMA)
        conn.executemany("INSERT INTO customers (id, name) VALUES (?, ?)", [(1, "a"), (2, "b")])
        conn.commit()

    def order(self, order_id: int, customer_id: int = 1) -> None:
        row = (order_id, customer_id)
        self.conn.execute("INSERT INTO orders (id, customer_id) VALUES (?, ?)", row)
        self.conn.commit()

    def item(self, order_id: int, product: str, quantity: int = 1, item_id: int | None = None) -> None:
        row = (item_id, order_id, product, quantity)
        self.conn.execute("INSERT INTO items (id, order_id, product, quantity) VALUES (?, ?, ?, ?)", row)
        self.conn.commit()

    def payment(self, order_id: int, amount: int, payment_id: int | None = None) -> None:
        row = (payment_id, order_id, amount)
        self.conn.execute("INSERT INTO payments (id, order_id, amount) VALUES (?, ?, ?)", row)
        self.conn.commit()

    def load(self, customer_id: int = 1) -> list[Plain]:
        return plain(orders_with_items(self.conn, customer_id))


def plain(orders: list[Order]) -> list[Plain]:
    return [(order.id, [(product, n) for product, n in order.items], list(order.payments)) for order in orders]


@pytest.fixture
def shop() -> Iterator[Shop]:
    conn = sqlite3.connect(":memory:")
    yield Shop(conn)
    conn.close()


def test_order_comes_with_its_items_and_payments(shop: Shop) -> None:
    shop.order(7)
    shop.item(7, "pen", 3)
    shop.item(7, "ink", 1)
    shop.payment(7, 250)
    orders = orders_with_items(shop.conn, 1)
    assert isinstance(orders, list)
    assert isinstance(orders[0], Order)
    assert plain(orders) == [(7, [("pen", 3), ("ink", 1)], [250])]


def test_customer_without_orders_has_none(shop: Shop) -> None:
    shop.order(1, customer_id=2)
    assert shop.load(1) == []


def test_unknown_customer_has_no_orders(shop: Shop) -> None:
    shop.order(1)
    assert shop.load(99) == []


def test_order_without_items_is_listed(shop: Shop) -> None:
    for order_id in (1, 2, 3):
        shop.order(order_id)
    shop.item(2, "pen")
    assert shop.load() == [(1, [], []), (2, [("pen", 1)], []), (3, [], [])]


def test_order_with_payments_only_is_listed(shop: Shop) -> None:
    shop.order(1)
    shop.payment(1, 100)
    shop.payment(1, 50)
    assert shop.load() == [(1, [], [100, 50])]


def test_orders_of_others_stay_away(shop: Shop) -> None:
    for order_id, customer_id in ((1, 1), (2, 2), (3, 1), (4, 2)):
        shop.order(order_id, customer_id)
        shop.item(order_id, f"product {order_id}")
        shop.payment(order_id, order_id)
    assert shop.load(1) == [(1, [("product 1", 1)], [1]), (3, [("product 3", 1)], [3])]
    assert shop.load(2) == [(2, [("product 2", 1)], [2]), (4, [("product 4", 1)], [4])]


def test_orders_come_by_id(shop: Shop) -> None:
    for order_id in (5, 100, 3, 20, 1):
        shop.order(order_id)
    assert [order_id for order_id, _, _ in shop.load()] == [1, 3, 5, 20, 100]


def test_items_keep_the_order_of_their_ids(shop: Shop) -> None:
    shop.order(1)
    shop.order(2)
    for item_id, order_id, product in [
        (30, 1, "a"),
        (10, 1, "c"),
        (25, 2, "z"),
        (20, 1, "b"),
        (5, 2, "x"),
        (100, 1, "0"),
    ]:
        shop.item(order_id, product, item_id, item_id)
    assert shop.load() == [
        (1, [("c", 10), ("b", 20), ("a", 30), ("0", 100)], []),
        (2, [("x", 5), ("z", 25)], []),
    ]


def test_same_product_on_several_lines_stays_on_several_lines(shop: Shop) -> None:
    shop.order(1)
    for quantity in (2, 2, 1, 2):
        shop.item(1, "pen", quantity)
    assert shop.load() == [(1, [("pen", 2), ("pen", 2), ("pen", 1), ("pen", 2)], [])]


def test_equal_items_of_different_orders_stay_apart(shop: Shop) -> None:
    for order_id in (1, 2):
        shop.order(order_id)
        shop.item(order_id, "pen", 2)
        shop.payment(order_id, 10)
    assert shop.load() == [(1, [("pen", 2)], [10]), (2, [("pen", 2)], [10])]


def test_items_and_payments_do_not_multiply(shop: Shop) -> None:
    shop.order(1)
    for product in ("a", "b", "c"):
        shop.item(1, product)
    shop.payment(1, 10)
    shop.payment(1, 20)
    assert shop.load() == [(1, [("a", 1), ("b", 1), ("c", 1)], [10, 20])]


def test_equal_payments_are_all_there(shop: Shop) -> None:
    shop.order(1)
    shop.item(1, "a", 2)
    shop.item(1, "a", 2)
    for _ in range(3):
        shop.payment(1, 10)
    assert shop.load() == [(1, [("a", 2), ("a", 2)], [10, 10, 10])]


def test_falsy_values_are_values(shop: Shop) -> None:
    shop.order(0)
    shop.item(0, "", 0, item_id=0)
    shop.payment(0, 0, payment_id=0)
    assert shop.load() == [(0, [("", 0)], [0])]


def test_loading_again_gives_fresh_orders(shop: Shop) -> None:
    shop.order(1)
    shop.order(2)
    shop.item(1, "a")
    before = shop.load()
    orders_with_items(shop.conn, 1)
    assert shop.load() == before
    shop.item(2, "b")
    assert shop.load() == [(1, [("a", 1)], []), (2, [("b", 1)], [])]


def counted(shop: Shop) -> int:
    statements: list[str] = []
    shop.conn.set_trace_callback(statements.append)
    orders_with_items(shop.conn, 1)
    shop.conn.set_trace_callback(None)
    return len(statements)


@pytest.mark.parametrize("count", [0, 1, 2, 1000])
def test_two_statements_do_however_many_orders(shop: Shop, count: int) -> None:
    orders = range(1, count + 1)
    shop.conn.executemany("INSERT INTO orders (id, customer_id) VALUES (?, 1)", zip(orders))
    lines = [(n,) for n in orders for _ in range(2)]
    shop.conn.executemany("INSERT INTO items (product, quantity, order_id) VALUES ('p', 2, ?)", lines)
    shop.conn.executemany("INSERT INTO payments (amount, order_id) VALUES (9, ?)", zip(orders))
    shop.conn.commit()
    assert counted(shop) <= 2
    assert shop.load() == [(n, [("p", 2), ("p", 2)], [9]) for n in orders]
    assert not shop.conn.in_transaction


def test_work_of_the_database_adds_up_and_does_not_multiply(shop: Shop) -> None:
    count = 400
    shop.order(1)
    products = [(f"p{n}",) for n in range(count)]
    shop.conn.executemany("INSERT INTO items (order_id, product, quantity) VALUES (1, ?, 1)", products)
    amounts = [(n,) for n in range(count)]
    shop.conn.executemany("INSERT INTO payments (order_id, amount) VALUES (1, ?)", amounts)
    shop.conn.commit()
    steps = 0

    def count_steps() -> None:
        nonlocal steps
        steps += 1000

    shop.conn.set_progress_handler(count_steps, 1000)  # after every thousand database steps
    orders = shop.load()
    shop.conn.set_progress_handler(None, 0)
    assert orders == [(1, [(f"p{n}", 1) for n in range(count)], list(range(count)))]
    assert steps < 250 * count, "each item is paired with each payment"


def test_order_that_comes_in_between_the_statements_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    conn, other = sqlite3.connect(path), sqlite3.connect(path, timeout=0)
    shop = Shop(conn)
    shop.order(1)
    shop.item(1, "pen", 2)
    shop.payment(1, 10)
    statements = 0

    def interfere(_: str) -> None:
        nonlocal statements
        statements += 1
        if statements == 2:
            try:
                other.execute("INSERT INTO orders (id, customer_id) VALUES (2, 1)")
                other.execute("INSERT INTO items (order_id, product, quantity) VALUES (2, 'x', 1)")
                other.execute("INSERT INTO payments (order_id, amount) VALUES (2, 99)")
                other.commit()
            except sqlite3.OperationalError:
                other.rollback()  # the reader keeps writers out, which is fine too

    conn.set_trace_callback(interfere)
    orders = shop.load()
    conn.set_trace_callback(None)
    other.close()
    conn.close()
    assert orders[0] == (1, [("pen", 2)], [10])
    assert [order_id for order_id, _, _ in orders] in ([1], [1, 2])


@pytest.mark.parametrize("seed", range(6))
def test_random_shops_match_one_query_per_order(shop: Shop, seed: int) -> None:
    rng = random.Random(seed)
    numbers = rng.sample(range(1000), 30)
    for number in numbers:
        shop.order(number, rng.choice([1, 1, 2]))
    for child_id in rng.sample(range(1000), 60):
        shop.item(rng.choice(numbers[:20]), rng.choice("abc"), rng.randrange(4), child_id)
        shop.payment(rng.choice(numbers[10:]), rng.randrange(4), child_id)
    for customer in (1, 2, 3):
        expected: list[Plain] = []
        query = "SELECT id FROM orders WHERE customer_id = ? ORDER BY id"
        for (number,) in shop.conn.execute(query, (customer,)).fetchall():
            query = "SELECT product, quantity FROM items WHERE order_id = ? ORDER BY id"
            items = shop.conn.execute(query, (number,)).fetchall()
            query = "SELECT amount FROM payments WHERE order_id = ? ORDER BY id"
            payments = [amount for (amount,) in shop.conn.execute(query, (number,))]
            expected.append((number, items, payments))
        assert shop.load(customer) == expected
