"""Behaviour of the check that a binary tree is a search tree with strictly increasing keys."""

import random
import tracemalloc
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import pytest

# isort: split
from valid_bst import TreeNode, is_valid_bst


def tree(val: object, left: Any = None, right: Any = None) -> Any:
    node: Any = TreeNode(val)
    node.left, node.right = left, right
    return node


def balanced(keys: Sequence[int]) -> Any:
    if not keys:
        return None
    middle = len(keys) // 2
    return tree(keys[middle], balanced(keys[:middle]), balanced(keys[middle + 1 :]))


def chain(keys: Sequence[int], side: str) -> Any:
    root = node = tree(keys[0])
    for key in keys[1:]:
        child = tree(key)
        setattr(node, side, child)
        node = child
    return root


def test_no_tree_is_valid() -> None:
    assert is_valid_bst(None) is True


@pytest.mark.parametrize("key", [0, 1, -1, 10**30])
def test_single_node_is_valid(key: int) -> None:
    assert is_valid_bst(tree(key)) is True


def test_smaller_left_and_larger_right_is_valid() -> None:
    assert is_valid_bst(tree(5, tree(2), tree(8))) is True
    assert is_valid_bst(tree(5, tree(2, tree(1), tree(4)), tree(8, tree(6), tree(9)))) is True


def test_children_on_the_wrong_side_are_invalid() -> None:
    assert is_valid_bst(tree(5, tree(8), tree(2))) is False
    assert is_valid_bst(tree(5, tree(6))) is False
    assert is_valid_bst(tree(5, None, tree(4))) is False


def test_equal_keys_are_invalid() -> None:
    assert is_valid_bst(tree(2, tree(2))) is False
    assert is_valid_bst(tree(2, None, tree(2))) is False
    assert is_valid_bst(tree(4, tree(2, None, tree(4)), tree(6))) is False
    assert is_valid_bst(tree(4, tree(2), tree(6, tree(4)))) is False
    assert is_valid_bst(tree(0, None, tree(0))) is False


def test_key_must_fit_all_ancestors_and_not_only_its_parent() -> None:
    assert is_valid_bst(tree(5, tree(4), tree(6, tree(3), tree(7)))) is False
    assert is_valid_bst(tree(5, tree(2, tree(1), tree(6)), tree(8))) is False


def test_violation_deep_in_the_right_subtree_is_found() -> None:
    deep = tree(40, tree(30, tree(25, tree(9)), tree(35)), tree(50))
    assert is_valid_bst(tree(10, tree(5), tree(20, tree(15), deep))) is False
    deep = tree(40, tree(30, tree(25, tree(19)), tree(35)), tree(50))
    assert is_valid_bst(tree(10, tree(5), tree(20, tree(15), deep))) is False
    deep = tree(40, tree(30, tree(25, tree(21)), tree(35)), tree(50))
    assert is_valid_bst(tree(10, tree(5), tree(20, tree(15), deep))) is True


def test_violation_deep_in_the_left_subtree_is_found() -> None:
    assert is_valid_bst(tree(50, tree(20, tree(10), tree(30, None, tree(51))), tree(60))) is False
    assert is_valid_bst(tree(50, tree(20, tree(10), tree(30, None, tree(49))), tree(60))) is True


def test_key_of_zero_is_a_limit_like_any_other() -> None:
    assert is_valid_bst(tree(0, None, tree(-1))) is False
    assert is_valid_bst(tree(0, tree(1))) is False
    assert is_valid_bst(tree(0, tree(-1), tree(1))) is True
    assert is_valid_bst(tree(-5, None, tree(3, tree(0, None, tree(-1))))) is False


def test_negative_keys() -> None:
    assert is_valid_bst(tree(-5, tree(-9), tree(-2))) is True
    assert is_valid_bst(tree(-5, tree(-2), tree(-9))) is False


@pytest.mark.parametrize("exponent", [31, 32, 53, 63, 64, 100])
def test_very_small_and_very_large_keys(exponent: int) -> None:
    for big in (2**exponent, 2**exponent - 1):
        assert is_valid_bst(tree(-big, None, tree(big))) is True
        assert is_valid_bst(tree(big, tree(-big))) is True
        assert is_valid_bst(tree(0, tree(-big), tree(big))) is True
        assert is_valid_bst(tree(big, tree(big - 1), tree(big + 1))) is True
        assert is_valid_bst(tree(big, None, tree(big))) is False
        assert is_valid_bst(tree(big, tree(-big, tree(-big)))) is False


def test_only_left_or_only_right_children() -> None:
    assert is_valid_bst(tree(5, tree(1, None, tree(4, tree(2, None, tree(3)))))) is True
    assert is_valid_bst(tree(5, tree(1, None, tree(4, tree(2, None, tree(4)))))) is False


def test_tree_is_not_modified() -> None:
    left, right = tree(1), tree(3)
    root = tree(2, left, right)
    assert is_valid_bst(root) is is_valid_bst(root) is True
    assert (root.val, root.left, root.right) == (2, left, right)
    assert left.left is left.right is right.left is right.right is None


@pytest.mark.parametrize("side", ["left", "right"])
def test_degenerate_tree_of_ten_thousand_levels(side: str) -> None:
    keys = list(range(10_000))
    if side == "left":
        keys.reverse()
    assert is_valid_bst(chain(keys, side)) is True
    assert is_valid_bst(chain([*keys, keys[0]], side)) is False
    assert is_valid_bst(chain([*keys, keys[-1]], side)) is False


def brute_force(node: Any) -> tuple[bool, list[int]]:
    """Compare each key with every key below it."""
    if node is None:
        return True, []
    left_valid, left = brute_force(node.left)
    right_valid, right = brute_force(node.right)
    valid = all(key < node.val for key in left) and all(key > node.val for key in right)
    return valid and left_valid and right_valid, [*left, node.val, *right]


def test_random_trees_match_comparing_every_key_with_all_below_it() -> None:
    rng = random.Random(6)
    outcomes = []
    for _ in range(400):
        keys = sorted(rng.sample(range(-30, 30), rng.randrange(1, 12)))
        for _ in range(rng.choice([0, 0, 1, 2])):
            keys[rng.randrange(len(keys))] = rng.randint(-30, 30)

        def grow(part: list[int]) -> Any:
            if not part:
                return None
            cut = rng.randrange(len(part))
            return tree(part[cut], grow(part[:cut]), grow(part[cut + 1 :]))

        root = grow(keys)
        expected, _ = brute_force(root)
        outcomes.append(expected)
        assert is_valid_bst(root) is expected
    assert 100 < sum(outcomes) < 350


class Counted(int):
    """A number that counts the sums and comparisons made with it and with their results."""

    used: ClassVar[int] = 0
    allowed: ClassVar[int] = 0


def count(name: str) -> Callable[..., Any]:
    plain = getattr(int, name)

    def operation(self: Counted, *others: Any) -> Any:
        Counted.used += 1
        assert Counted.used <= Counted.allowed, "far too many operations"
        result = plain(self, *others)
        return Counted(result) if type(result) is int else result

    return operation


for operator in "add radd sub rsub neg eq ne lt le gt ge".split():
    setattr(Counted, f"__{operator}__", count(f"__{operator}__"))


@pytest.mark.parametrize("shape", ["left", "right", "balanced"])
def test_each_key_is_compared_a_few_times_only(shape: str) -> None:
    n = 400
    keys = [Counted(key) for key in range(n)]
    if shape == "left":
        keys.reverse()
    root = balanced(keys) if shape == "balanced" else chain(keys, shape)
    Counted.used, Counted.allowed = 0, 20 * n
    assert is_valid_bst(root) is True


def test_balanced_tree_needs_space_for_its_height_only() -> None:
    root = balanced(range(2**15 - 1))
    tracemalloc.start()
    try:
        assert is_valid_bst(root) is True
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100_000, "extra memory grows with the number of nodes"
