"""Behaviour of a consistent-hash ring, whatever the hash function."""

import json
import os
import random
import subprocess
import sys
import tracemalloc
from collections import Counter
from threading import Thread
from time import process_time

import pytest

# isort: split
from hash_ring import HashRing

CPU_SECONDS = 10.0  # some fifty times what a binary search needs
PATIENCE = 30.0  # seconds for another thread or process to answer

KEYS = [f"user:{number}" for number in range(4000)]
NODES = [f"node-{letter}" for letter in "abcdefghij"]


def placement(ring: HashRing, keys: list[str] = KEYS) -> dict[str, str]:
    return {key: ring.node_for(key) for key in keys}


def test_empty_ring_is_a_lookup_error() -> None:
    ring = HashRing()
    with pytest.raises(LookupError):
        ring.node_for("a")
    ring.add("n")
    ring.remove("n")
    with pytest.raises(LookupError):
        ring.node_for("a")


def test_single_node_gets_every_key() -> None:
    for vnodes in (1, 100):
        ring = HashRing(["n"], vnodes)
        assert set(placement(ring).values()) == {"n"}
        assert ring.nodes_for("a", 1) == ["n"]


def test_same_key_always_goes_to_the_same_node() -> None:
    ring = HashRing(NODES)
    assert placement(ring) == placement(ring) == placement(HashRing(NODES))


def test_every_node_gets_keys() -> None:
    assert set(placement(HashRing(NODES)).values()) == set(NODES)


@pytest.mark.parametrize("vnodes", [1, 2])
def test_keys_past_the_largest_token_wrap_around(vnodes: int) -> None:
    # With so few tokens a good part of the keys lies beyond the last of them.
    for number in range(20):
        ring = HashRing([f"{number}-{name}" for name in "ab"], vnodes)
        for key in KEYS[:200]:
            assert ring.node_for(key) in (f"{number}-a", f"{number}-b")
            assert sorted(ring.nodes_for(key, 2)) == [f"{number}-a", f"{number}-b"]


def test_order_of_joining_does_not_matter() -> None:
    ring = HashRing()
    for node in reversed(NODES):
        ring.add(node)
    assert placement(ring) == placement(HashRing(NODES))


def test_nodes_may_be_a_generator() -> None:
    assert placement(HashRing(node for node in NODES)) == placement(HashRing(NODES))


def test_adding_a_node_twice_changes_nothing() -> None:
    ring = HashRing(NODES)
    before = placement(ring)
    ring.add(NODES[3])
    assert placement(ring) == before
    assert placement(HashRing([*NODES, NODES[3]])) == before
    ring.remove(NODES[3])
    assert NODES[3] not in placement(ring).values()
    assert NODES[3] not in ring.nodes_for("a", len(NODES) - 1)


def test_adding_nodes_again_and_again_takes_no_memory() -> None:
    tracemalloc.start()
    try:
        ring = HashRing(NODES)
        once, _ = tracemalloc.get_traced_memory()
        for node in NODES * 3:
            ring.add(node)
        often, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert often < 2 * once


def test_new_node_takes_its_share_and_nothing_else_moves() -> None:
    ring = HashRing(NODES)
    before = placement(ring)
    ring.add("new")
    after = placement(ring)
    moved = [key for key in KEYS if after[key] != before[key]]
    assert {after[key] for key in moved} == {"new"}
    share = len(KEYS) / (len(NODES) + 1)
    assert share / 2 < len(moved) < share * 2


def test_keys_of_a_removed_node_move_and_no_others() -> None:
    ring = HashRing(NODES)
    before = placement(ring)
    ring.remove(NODES[4])
    after = placement(ring)
    for key in KEYS:
        if before[key] == NODES[4]:
            assert after[key] != NODES[4]
        else:
            assert after[key] == before[key]
    assert len({after[key] for key in KEYS if before[key] == NODES[4]}) > 3, "one heir gets all"


def test_node_that_returns_gets_its_keys_back() -> None:
    ring = HashRing(NODES)
    before = placement(ring)
    ring.remove(NODES[0])
    ring.add("new")
    ring.add(NODES[0])
    ring.remove("new")
    assert placement(ring) == before


def test_load_is_within_a_factor_of_two_of_even() -> None:
    load = Counter(placement(HashRing(NODES)).values())
    even = len(KEYS) / len(NODES)
    assert even / 2 < min(load.values())
    assert max(load.values()) < even * 2


def test_more_virtual_nodes_make_the_load_more_even() -> None:
    def unevenness(vnodes: int) -> float:
        total = 0.0
        for number in range(8):
            load = Counter(placement(HashRing([f"{number}{n}" for n in NODES], vnodes)).values())
            total += sum((load[f"{number}{n}"] - 400) ** 2 for n in NODES)
        return total

    assert unevenness(200) < unevenness(1) / 4


@pytest.mark.parametrize("n", [1, 2, 3, 10])
def test_replicas_are_different_nodes_and_the_first_is_the_owner(n: int) -> None:
    ring = HashRing(NODES)
    for key in KEYS[:500]:
        nodes = ring.nodes_for(key, n)
        assert len(set(nodes)) == len(nodes) == n
        assert set(nodes) <= set(NODES)
        assert nodes[0] == ring.node_for(key)


def test_replicas_beyond_the_membership_are_all_nodes() -> None:
    ring = HashRing(NODES[:3])
    answers: list[list[str]] = []

    def ask() -> None:
        answers.extend(ring.nodes_for(key, n) for key in KEYS[:50] for n in (3, 4, 100))

    asking = Thread(target=ask, daemon=True)  # so that an endless walk around the ring shows
    asking.start()
    asking.join(PATIENCE)
    assert not asking.is_alive(), "the walk around the ring does not end"
    assert len(answers) == 150
    for three, four, hundred in zip(answers[::3], answers[1::3], answers[2::3], strict=True):
        assert sorted(three) == NODES[:3]
        assert three == four == hundred


def test_fewer_replicas_are_the_first_of_more() -> None:
    ring = HashRing(NODES)
    for key in KEYS[:200]:
        nodes = ring.nodes_for(key, 5)
        assert [ring.nodes_for(key, n) for n in range(1, 5)] == [nodes[:n] for n in range(1, 5)]


@pytest.mark.parametrize("vnodes", [1, 100])
def test_next_replica_inherits_the_key_when_the_owner_leaves(vnodes: int) -> None:
    for owner in NODES:
        ring = HashRing(NODES, vnodes)
        replicas = {key: ring.nodes_for(key, 3) for key in KEYS[:300]}
        ring.remove(owner)
        for key, nodes in replicas.items():
            rest = [node for node in nodes if node != owner]
            assert ring.nodes_for(key, 2) == rest[:2]


@pytest.mark.parametrize("seed", range(4))
def test_random_changes_end_in_the_placement_of_the_members(seed: int) -> None:
    rng = random.Random(seed)
    ring = HashRing(vnodes=20)
    members: set[str] = set()
    for _ in range(60):
        node = rng.choice(NODES)
        if node in members and rng.random() < 0.5:
            ring.remove(node)
            members.discard(node)
        else:
            ring.add(node)
            members.add(node)
        if members:
            fresh = HashRing(sorted(members), vnodes=20)
            for key in rng.sample(KEYS, 20):
                n = min(4, len(members))
                assert ring.nodes_for(key, n) == fresh.nodes_for(key, n)


@pytest.mark.parametrize("key", ["", " ", "ключ", "🙂", "node-a", "node-a#0", "a" * 10_000])
def test_any_text_is_a_key(key: str) -> None:
    assert HashRing(NODES).node_for(key) in NODES


def test_two_rings_share_nothing() -> None:
    one, other = HashRing(["a"]), HashRing(["b"])
    assert (one.node_for("k"), other.node_for("k")) == ("a", "b")


@pytest.mark.parametrize("salt", ["1", "2"])
def test_new_process_places_the_keys_alike(salt: str) -> None:
    program = (
        "import json, sys\n"
        "from hash_ring import HashRing\n"
        "nodes, keys = json.load(sys.stdin)\n"
        "print(json.dumps([HashRing(nodes).nodes_for(key, 2) for key in keys]))\n"
    )
    ring = HashRing(NODES)
    answer = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps([NODES, KEYS[:300]]),
        env={**os.environ, "PYTHONHASHSEED": salt, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    assert json.loads(answer.stdout) == [ring.nodes_for(key, 2) for key in KEYS[:300]]


def test_look_up_does_not_search_all_tokens() -> None:
    ring = HashRing([f"n{number}" for number in range(50)], vnodes=400)
    deadline = process_time() + CPU_SECONDS
    for count in range(30_000):
        ring.node_for(f"key {count}")
        if count % 10 == 0:
            assert process_time() < deadline, f"only {count} look-ups done"
