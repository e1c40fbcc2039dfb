"""Laptops and a phone over a sync server: whatever happens in between, all have the same memory in the end."""

from __future__ import annotations

import random

from flashprep.collection import Collection
from flashprep.store.queries import Filter
from tests.world import World, on_linux

pytestmark = on_linux


def test_a_month_on_two_laptops_and_a_phone(world: World) -> None:
    rng = random.Random(11)
    fast, slow = 80.0, -70.0  # seconds that the clocks are off: of the first laptop, and of the phone
    world.review("laptop", 4, rng, fast)
    world.sync("laptop", ahead=fast)
    assert world.phone("sync", ahead=slow) == ["download"]
    for day in range(30):
        if rng.random() < 0.75:
            world.review("laptop", rng.randrange(1, 9), rng, fast)
        if day == 12:
            world.suspend("laptop", "n3", ahead=fast)
        if day == 14:
            world.phone("suspend:n5", ahead=slow)
        if day == 20:
            world.suspend("laptop", "n3", "unsuspend", ahead=fast)
        if rng.random() < 0.75:
            world.phone(f"answer:{rng.randrange(1, 9)}:{day}", ahead=slow)
        if day % 6 == 2:  # the same card on both sides, before they have heard of each other
            card = f"n{rng.randrange(3)}"
            world.use("laptop", fast)
            with Collection() as collection:
                collection.rate(collection.rows(Filter(ids=(card,)))[0].card, 3, 3000)
            world.phone(f"same:{card}:{rng.choice((1, 3))}", ahead=slow)
        if day % 7 == 3:  # a file goes between the syncs
            file = world.folder / f"day{day}.apkg"
            world.phone(f"give:{file}", ahead=slow)
            assert world.run("laptop", "import", str(file), ahead=fast).returncode == 0
        if day % 9 == 4:  # the server dies in the middle
            world.sync_that_breaks("laptop", rng.randrange(1, 12), fast)
        if rng.random() < 0.6:
            world.sync("laptop", ahead=fast)
        if rng.random() < 0.6:
            world.phone("sync", ahead=slow)
        if day >= 10 and rng.random() < 0.5:
            world.review("desk", rng.randrange(1, 5), rng)
            world.sync("desk")
        if day == 17:
            world.settle("laptop", "desk")
            world.all_agree("laptop", "desk")
        world.pass_time(24 + rng.uniform(-2, 2))
    world.settle("laptop", "desk")
    world.all_agree("laptop", "desk")
    reviews, cards = world.state("laptop")
    assert len(reviews) > 150 and len(set(reviews)) == len(reviews)
    assert not cards["n3"]["suspended"] and cards["n5"]["suspended"]


def test_a_sync_that_breaks_anywhere_loses_nothing_and_doubles_nothing(world: World) -> None:
    rng = random.Random(1)
    done, broke = world.review("laptop", 6, rng), 0
    world.sync("laptop")
    world.phone("sync")
    for requests in range(0, 30, 4):
        world.pass_time(20)
        done += world.review("laptop", 3, rng)
        done += world.phone(f"answer:3:{requests}", "sync")[0]
        broke += world.sync_that_breaks("laptop", requests)
    assert 4 <= broke < 8
    world.settle("laptop")
    world.all_agree("laptop")
    assert len(world.state("laptop")[0]) == done
