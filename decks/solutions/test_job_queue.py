"""Behaviour of a job queue with leases, on a clock that moves only when told to.

Left open are the place of a delayed or repeated job among others of its priority, and the very
instant at which a lease ends.
"""

import math
import random
from time import process_time
from typing import Any

import pytest

# isort: split
from job_queue import JobQueue, Lease

CPU_SECONDS = 10.0  # some twenty times what heaps need


class FakeClock:
    def __init__(self, now: float = 1000.0) -> None:
        self.now = now
        self.deadline = math.inf

    def __call__(self) -> float:
        assert process_time() < self.deadline, "far too slow"
        return self.now

    def stop_after_too_long(self) -> None:
        self.deadline = process_time() + CPU_SECONDS


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def queue(clock: FakeClock) -> JobQueue:
    return JobQueue(visibility=30, max_attempts=3, clock=clock)


def leased(queue: JobQueue) -> Lease:
    lease = queue.lease()
    assert lease is not None, "there is no job to lease"
    return lease


def leased_ids(queue: JobQueue) -> list:
    """Lease and finish all that can be leased now."""
    ids = []
    while (lease := queue.lease()) is not None:
        ids.append(lease.job_id)
        assert queue.ack(lease.token) is True
    return ids


def test_empty_queue_has_nothing_to_lease(queue: JobQueue) -> None:
    assert queue.lease() is None
    assert queue.dead_letters() == []


def test_lease_carries_id_and_payload(queue: JobQueue) -> None:
    payload = {"to": "someone"}
    assert queue.submit("a", payload) is True
    lease = leased(queue)
    assert isinstance(lease, Lease)
    assert lease.job_id == "a"
    assert lease.payload is payload


def test_leased_job_is_not_leased_again(queue: JobQueue) -> None:
    queue.submit("a", 1)
    leased(queue)
    assert queue.lease() is None


def test_finished_job_is_gone(queue: JobQueue, clock: FakeClock) -> None:
    queue.submit("a", 1)
    assert queue.ack(leased(queue).token) is True
    clock.now += 1000
    assert queue.lease() is None
    assert queue.dead_letters() == []


def test_jobs_of_equal_priority_come_in_order_of_submission(queue: JobQueue) -> None:
    for job_id in ("c", "a", "d", "b"):
        queue.submit(job_id, None)
    assert leased_ids(queue) == ["c", "a", "d", "b"]


def test_jobs_with_the_same_due_time_come_in_order_of_submission(queue: JobQueue, clock: FakeClock) -> None:
    for job_id in ("c", "a", "b"):
        queue.submit(job_id, None, run_at=clock.now + 5)
    clock.now += 5
    assert leased_ids(queue) == ["c", "a", "b"]


def test_higher_priority_comes_first(queue: JobQueue) -> None:
    queue.submit("low", None, priority=-1)
    queue.submit("usual", None)
    queue.submit("high", None, priority=10)
    queue.submit("higher", None, priority=11)
    queue.submit("high too", None, priority=10)
    assert leased_ids(queue) == ["higher", "high", "high too", "usual", "low"]


def test_payloads_and_ids_need_no_order(queue: JobQueue) -> None:
    for job_id in ("a", 1, None, ("b", 2)):
        assert queue.submit(job_id, {"id": job_id}) is True
    assert leased_ids(queue) == ["a", 1, None, ("b", 2)]


@pytest.mark.parametrize("payload", [None, 0, ""])
def test_falsy_payload_is_a_payload(queue: JobQueue, payload: Any) -> None:
    queue.submit("a", payload)
    lease = leased(queue)
    assert lease.payload == payload
    assert queue.ack(lease.token) is True


def test_same_id_is_accepted_once(queue: JobQueue) -> None:
    assert queue.submit("a", 1) is True
    assert queue.submit("a", 2, priority=5) is False
    assert queue.submit("a", 1, run_at=0) is False
    assert leased(queue).payload == 1
    assert queue.lease() is None


def test_known_id_is_refused_for_ever(queue: JobQueue, clock: FakeClock) -> None:
    queue.submit("a", 1)
    lease = leased(queue)
    assert queue.submit("a", 2) is False
    queue.ack(lease.token)
    assert queue.submit("a", 3) is False
    clock.now += 1e6
    assert queue.submit("a", 4) is False
    assert queue.lease() is None


def test_delayed_job_is_invisible_before_its_time(queue: JobQueue, clock: FakeClock) -> None:
    queue.submit("a", 1, run_at=clock.now + 10)
    assert queue.lease() is None
    clock.now += 9.75
    assert queue.lease() is None
    clock.now += 0.25
    assert leased(queue).job_id == "a"


def test_time_in_the_past_is_now(queue: JobQueue, clock: FakeClock) -> None:
    queue.submit("a", 1, run_at=clock.now - 100)
    queue.submit("b", 1, run_at=0)
    assert sorted(leased_ids(queue)) == ["a", "b"]


def test_delayed_job_does_not_hold_up_others(queue: JobQueue, clock: FakeClock) -> None:
    queue.submit("later", 1, run_at=clock.now + 10, priority=100)
    queue.submit("now", 1)
    assert leased_ids(queue) == ["now"]
    clock.now += 10
    assert leased_ids(queue) == ["later"]


def test_usual_priority_is_zero(queue: JobQueue) -> None:
    queue.submit("named", None, priority=0)
    queue.submit("usual", None)
    queue.submit("raised", None, priority=1)
    assert [lease.job_id for lease in (queue.lease(), queue.lease(), queue.lease()) if lease] == [
        "raised",
        "named",
        "usual",
    ]


def test_priority_decides_among_all_that_are_due(queue: JobQueue, clock: FakeClock) -> None:
    queue.submit("old", 1, run_at=clock.now + 1, priority=1)
    queue.submit("urgent", 1, run_at=clock.now + 2, priority=9)
    queue.submit("plain", 1)
    queue.submit("future", 1, run_at=clock.now + 50, priority=99)
    clock.now += 3
    assert leased_ids(queue) == ["urgent", "old", "plain"]


def test_second_ack_is_refused(queue: JobQueue) -> None:
    queue.submit("a", 1)
    token = leased(queue).token
    assert queue.ack(token) is True
    assert queue.ack(token) is False


def test_unknown_token_is_refused(queue: JobQueue) -> None:
    queue.submit("a", 1)
    unknown: Any = "no such token"
    assert queue.ack(unknown) is False
    assert queue.nack(unknown) is False
    leased(queue)
    assert queue.ack(unknown) is False
    assert queue.nack(unknown) is False
    assert queue.lease() is None


def test_nack_after_ack_is_refused(queue: JobQueue) -> None:
    queue.submit("a", 1)
    token = leased(queue).token
    assert queue.ack(token) is True
    assert queue.nack(token) is False
    assert queue.lease() is None


def test_ack_after_nack_is_refused(queue: JobQueue) -> None:
    queue.submit("a", 1)
    token = leased(queue).token
    assert queue.nack(token) is True
    assert queue.ack(token) is False
    assert queue.nack(token) is False
    assert leased(queue).job_id == "a"
    assert queue.lease() is None


def test_job_given_back_is_leased_again_with_a_fresh_token(queue: JobQueue) -> None:
    queue.submit("a", "payload")
    first = leased(queue)
    assert queue.nack(first.token) is True
    second = leased(queue)
    assert (second.job_id, second.payload) == ("a", "payload")
    assert second.token != first.token
    assert queue.ack(first.token) is False
    assert queue.nack(first.token) is False
    assert queue.ack(second.token) is True


def test_job_given_back_with_a_delay_is_invisible_until_then(queue: JobQueue, clock: FakeClock) -> None:
    queue.submit("a", 1)
    queue.submit("b", 1)
    assert queue.nack(leased(queue).token, 5) is True
    assert leased_ids(queue) == ["b"]
    clock.now += 4.75
    assert queue.lease() is None
    clock.now += 0.25
    assert leased(queue).job_id == "a"


def test_job_given_back_keeps_its_priority(queue: JobQueue) -> None:
    queue.submit("high", 1, priority=5)
    queue.submit("low", 1)
    assert queue.nack(leased(queue).token) is True
    assert leased_ids(queue) == ["high", "low"]


def test_expired_lease_gives_the_job_to_the_next(queue: JobQueue, clock: FakeClock) -> None:
    queue.submit("a", "payload")
    first = leased(queue)
    clock.now += 29.75
    assert queue.lease() is None
    clock.now += 0.5
    second = leased(queue)
    assert (second.job_id, second.payload) == ("a", "payload")
    assert second.token != first.token
    assert queue.lease() is None


def test_lease_counts_until_it_expires(queue: JobQueue, clock: FakeClock) -> None:
    queue.submit("a", 1)
    token = leased(queue).token
    clock.now += 29.75
    assert queue.ack(token) is True
    clock.now += 100
    assert queue.lease() is None


@pytest.mark.parametrize("report", ["ack", "nack"])
def test_report_after_the_lease_has_expired_is_refused(queue: JobQueue, clock: FakeClock, report: str) -> None:
    queue.submit("a", 1)
    token = leased(queue).token
    clock.now += 30.25
    assert getattr(queue, report)(token) is False
    assert leased_ids(queue) == ["a"]


def test_former_holder_cannot_touch_the_new_lease(queue: JobQueue, clock: FakeClock) -> None:
    queue.submit("a", 1)
    first = leased(queue)
    clock.now += 30.25
    second = leased(queue)
    assert queue.ack(first.token) is False
    assert queue.nack(first.token) is False
    assert queue.lease() is None
    clock.now += 29.5
    assert queue.ack(second.token) is True


def test_new_lease_lasts_in_full(queue: JobQueue, clock: FakeClock) -> None:
    queue.submit("a", 1)
    assert queue.nack(leased(queue).token, 20) is True
    clock.now += 20
    token = leased(queue).token
    clock.now += 15  # the first lease would be over by now
    assert queue.lease() is None
    assert queue.ack(token) is True


def test_leases_of_different_jobs_expire_on_their_own(queue: JobQueue, clock: FakeClock) -> None:
    queue.submit("a", 1)
    queue.submit("b", 1)
    leased(queue)
    clock.now += 20
    later = leased(queue)
    clock.now += 10.25
    assert leased(queue).job_id == "a"
    assert queue.lease() is None
    assert queue.ack(later.token) is True


def test_job_given_back_too_often_becomes_a_dead_letter(queue: JobQueue, clock: FakeClock) -> None:
    queue.submit("a", 1)
    for _ in range(2):
        assert queue.nack(leased(queue).token) is True
        assert queue.dead_letters() == []
    assert queue.nack(leased(queue).token) is True
    assert queue.dead_letters() == ["a"]
    clock.now += 1000
    assert queue.lease() is None
    assert queue.dead_letters() == ["a"]


def test_delay_does_not_save_an_exhausted_job(queue: JobQueue, clock: FakeClock) -> None:
    queue.submit("a", 1)
    for _ in range(3):
        assert queue.nack(leased(queue).token, 5) is True
        clock.now += 5
    assert queue.lease() is None
    assert queue.dead_letters() == ["a"]


def test_expired_leases_are_attempts(queue: JobQueue, clock: FakeClock) -> None:
    queue.submit("a", 1)
    for _ in range(3):
        token = leased(queue).token
        clock.now += 30.25
    assert queue.lease() is None
    assert queue.dead_letters() == ["a"]
    assert queue.ack(token) is False
    assert queue.dead_letters() == ["a"]


def test_both_kinds_of_failure_add_up(queue: JobQueue, clock: FakeClock) -> None:
    queue.submit("a", 1)
    leased(queue)
    clock.now += 30.25
    assert queue.nack(leased(queue).token) is True
    leased(queue)
    clock.now += 30.25
    assert queue.lease() is None
    assert queue.dead_letters() == ["a"]


def test_last_attempt_may_succeed(queue: JobQueue) -> None:
    queue.submit("a", 1)
    queue.nack(leased(queue).token)
    queue.nack(leased(queue).token)
    assert queue.ack(leased(queue).token) is True
    assert queue.dead_letters() == []


def test_single_attempt(clock: FakeClock) -> None:
    queue = JobQueue(10, 1, clock)
    queue.submit("a", 1)
    queue.submit("b", 1)
    assert queue.nack(leased(queue).token) is True
    assert queue.ack(leased(queue).token) is True
    assert queue.lease() is None
    assert queue.dead_letters() == ["a"]


def test_attempts_are_counted_per_job(clock: FakeClock) -> None:
    queue = JobQueue(10, 2, clock)
    for job_id in ("a", "b", "c"):
        queue.submit(job_id, 1)
    for _ in range(3):
        assert queue.nack(leased(queue).token, 1) is True
    assert queue.dead_letters() == []
    clock.now += 1
    assert sorted(leased_ids(queue)) == ["a", "b", "c"]


def test_dead_letter_does_not_stop_others_and_its_id_stays_known(clock: FakeClock) -> None:
    queue = JobQueue(10, 1, clock)
    queue.submit("a", 1)
    queue.nack(leased(queue).token)
    assert queue.submit("a", 2) is False
    assert queue.submit("b", 2) is True
    assert leased_ids(queue) == ["b"]


def test_dead_letters_handed_out_are_a_copy(clock: FakeClock) -> None:
    queue = JobQueue(10, 1, clock)
    queue.submit("a", 1)
    queue.nack(leased(queue).token)
    queue.dead_letters().clear()
    assert queue.dead_letters() == ["a"]


def test_two_queues_share_nothing(clock: FakeClock) -> None:
    one, other = JobQueue(10, 1, clock), JobQueue(10, 1, clock)
    one.submit("a", 1)
    assert other.lease() is None
    assert other.submit("a", 2) is True


@pytest.mark.parametrize("seed", range(10))
def test_random_calls_match_a_list_of_jobs(clock: FakeClock, seed: int) -> None:
    rng = random.Random(seed)
    visibility = 4.25  # no call falls on the very end of a lease, as all other times are halves
    queue = JobQueue(visibility, 3, clock)
    jobs: list[dict[str, Any]] = []  # in order of submission
    tokens: dict[Any, dict[str, Any]] = {}  # the leases as they were handed out
    dead: set[int] = set()

    def give_back(job: dict[str, Any], due: float) -> None:
        job.update(due=due, token=None, plain=False)
        if job["attempts"] == 3:
            job["over"] = True
            dead.add(job["id"])

    for step in range(600):
        clock.now += rng.choice([0, 0, 0, 0.5, 1, 3])
        at = clock.now
        for job in jobs:
            if job["token"] is not None and job["ends"] <= at:
                give_back(job, at)
        choice = rng.random()
        if choice < 0.3:
            delay = rng.choice([None, 0, 2, 8])
            priority = rng.choice([0, 0, 1, -1])
            run_at = None if delay is None else at + delay
            assert queue.submit(step, f"payload {step}", run_at, priority) is True
            jobs.append({"id": step, "due": run_at or at, "priority": priority, "attempts": 0})
            jobs[-1].update(token=None, over=False, plain=not delay)
        elif choice < 0.7:
            ready = [j for j in jobs if not j["over"] and j["token"] is None and j["due"] <= at]
            lease = queue.lease()
            if not ready:
                assert lease is None
                continue
            assert lease is not None
            best = max(job["priority"] for job in ready)
            ready = [job for job in ready if job["priority"] == best]
            chosen = next(job for job in ready if job["id"] == lease.job_id)
            if chosen["plain"]:
                assert chosen is next(job for job in ready if job["plain"]), "not first in, first"
            assert lease.payload == f"payload {lease.job_id}"
            assert lease.token not in tokens
            tokens[lease.token] = chosen
            chosen.update(attempts=chosen["attempts"] + 1, token=lease.token, ends=at + visibility)
        elif tokens:
            token = rng.choice(list(tokens)[-6:])
            job = tokens[token]
            current = job["token"] == token
            if rng.random() < 0.5:
                assert queue.ack(token) is current
                if current:
                    job.update(token=None, over=True)
            else:
                delay = rng.choice([0, 1, 5])
                assert queue.nack(token, delay) is current
                if current:
                    give_back(job, at + delay)
    clock.now += 100
    for job in jobs:
        if job["token"] is not None:
            give_back(job, clock.now)
    assert sorted(leased_ids(queue)) == sorted(job["id"] for job in jobs if not job["over"])
    assert sorted(queue.dead_letters()) == sorted(dead)


def test_many_jobs_are_not_searched_at_every_call(clock: FakeClock) -> None:
    n = 20_000
    queue = JobQueue(30, 2, clock)
    clock.stop_after_too_long()
    for number in range(n):
        queue.submit(number, None, priority=number * 7919 % n)
        queue.submit(n + number, None, run_at=clock.now + 1e6 + number)
    leases = [leased(queue) for _ in range(n)]  # all of them out at the same time
    ids: list[Any] = [lease.job_id for lease in leases]
    assert [number * 7919 % n for number in ids] == list(range(n - 1, -1, -1))
    for count, lease in enumerate(leases):
        if count % 2:
            assert queue.ack(lease.token) is True
        else:
            assert queue.nack(lease.token, delay=count) is True
    clock.now += n
    assert len(leased_ids(queue)) == n // 2
