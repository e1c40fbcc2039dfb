"""Top failing endpoints of service logs: group by method and normalised path, then rank.

Invariant: after any line, `requests` and `failures` hold exact totals for each endpoint read so
far; a line either counts once towards one endpoint or is skipped as malformed.

Time: O(n + m log k) for n lines with m endpoints, in one pass. Space: O(m).
"""

from collections import Counter
from collections.abc import Iterable
from heapq import nsmallest


def top_failing_endpoints(lines: Iterable[str], k: int, min_requests: int = 1) -> list[tuple[str, int, float]]:
    """Rank endpoints by failures, then rate, then name; each with its failures and its rate.

    A line reads `ts METHOD path status ms`, and a failure is a status of 500 to 599. Endpoints
    that never failed or had fewer than `min_requests` requests are left out.
    """
    requests: Counter[str] = Counter()
    failures: Counter[str] = Counter()
    for line in lines:
        parsed = _parse(line)
        if parsed is None:
            continue
        endpoint, status = parsed
        requests[endpoint] += 1
        if 500 <= status <= 599:  # a 4xx is the caller's mistake
            failures[endpoint] += 1
    ranked = (
        (endpoint, failed, failed / requests[endpoint])
        for endpoint, failed in failures.items()
        if requests[endpoint] >= min_requests
    )
    return nsmallest(k, ranked, key=lambda row: (-row[1], -row[2], row[0]))


def _parse(line: str) -> tuple[str, int] | None:
    try:
        _, method, target, status, _ = line.split()
        code = int(status)
    except ValueError:  # the number of fields, or the status
        return None
    path = target.partition("?")[0].rstrip("/") or "/"
    return f"{method} {path}", code
