"""Orders with two kinds of children from sqlite3, in two statements instead of N + 1.

Invariant: each statement joins one child table only, so a row stands for one item or one payment
and none is repeated. The first one keeps orders without items by a left join, sorted so that the
rows of an order follow one another; the second adds payments to orders that are there already.

Time: two statements however many orders, O(rows) with an index on each foreign key, plus sorting.
Space: O(rows). Two child tables in one join would yield items times payments for every order.
"""

import sqlite3
from dataclasses import dataclass, field

SCHEMA = """
CREATE TABLE customers (
    id INTEGER PRIMARY KEY,
    name TEXT
);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id)
);
CREATE TABLE items (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    product TEXT NOT NULL,
    quantity INTEGER NOT NULL
);
CREATE TABLE payments (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    amount INTEGER NOT NULL
);
CREATE INDEX orders_by_customer ON orders (customer_id);
CREATE INDEX items_by_order ON items (order_id);
CREATE INDEX payments_by_order ON payments (order_id);
"""


@dataclass
class Order:
    id: int
    items: list[tuple[str, int]] = field(default_factory=list)  # product and quantity
    payments: list[int] = field(default_factory=list)


def orders_with_items(conn: sqlite3.Connection, customer_id: int) -> list[Order]:
    """Return the customer's orders by id, with their items and payments by id, in two queries."""
    orders: dict[int, Order] = {}
    rows = conn.execute(
        "SELECT orders.id, items.id, items.product, items.quantity"
        " FROM orders LEFT JOIN items ON items.order_id = orders.id"
        " WHERE orders.customer_id = ? ORDER BY orders.id, items.id",
        (customer_id,),
    )
    for order_id, item_id, product, quantity in rows:
        order = orders.setdefault(order_id, Order(order_id))
        if item_id is not None:  # the one row of an order without items
            order.items.append((product, quantity))
    rows = conn.execute(
        "SELECT payments.order_id, payments.amount"
        " FROM payments JOIN orders ON orders.id = payments.order_id"
        " WHERE orders.customer_id = ? ORDER BY payments.id",
        (customer_id,),
    )
    for order_id, amount in rows:
        if order_id in orders:  # unlike an order that came in between the statements
            orders[order_id].payments.append(amount)
    return list(orders.values())
