"""Top-k most frequent IP addresses of a log: count in one pass, then select with a heap.

Invariant: after any line, `counts` holds exactly the addresses seen so far with their frequencies;
no line is kept, so memory depends on the number of distinct addresses and not on the log.

Time: O(n + m log k) for n lines with m distinct addresses. Space: O(m + k).
"""

from collections.abc import Iterable
from heapq import nsmallest
from ipaddress import ip_address


def top_k_ips(lines: Iterable[str], k: int) -> list[tuple[str, int]]:
    """Rank the first fields that are IP addresses by count, highest first, then by address.

    Other lines are passed over; a negative k is a ValueError.
    """
    if k < 0:
        raise ValueError("k must not be negative")
    counts: dict[str, int] = {}
    for line in lines:
        fields = line.split(maxsplit=1)
        if not fields:
            continue
        address = fields[0]
        if address in counts:  # parsing is slow, so each address is parsed only when it is new
            counts[address] += 1
        elif _is_address(address):
            counts[address] = 1
    # One key holds both criteria, so a tie at the cut-off is decided like any other.
    return nsmallest(k, counts.items(), key=lambda item: (-item[1], item[0]))


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
