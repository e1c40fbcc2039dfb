"""Behaviour of a junction's signal controller."""

import math
import random
from time import process_time

import pytest

# isort: split
from traffic_light import TrafficController

CPU_SECONDS = 10.0  # a million times what a modulo needs

NS_GREEN = {"NS": "green", "EW": "red"}
NS_YELLOW = {"NS": "yellow", "EW": "red"}
EW_GREEN = {"NS": "red", "EW": "green"}
EW_YELLOW = {"NS": "red", "EW": "yellow"}
ALL_RED = {"NS": "red", "EW": "red"}

RING = [NS_GREEN, NS_YELLOW, ALL_RED, EW_GREEN, EW_YELLOW, ALL_RED]


def lights_at(seconds: float, green: float = 30, yellow: float = 4, all_red: float = 2) -> dict:
    controller = TrafficController(green, yellow, all_red)
    controller.advance(seconds)
    return controller.lights()


def test_north_south_is_green_at_first() -> None:
    assert TrafficController(30, 4, 2).lights() == NS_GREEN


@pytest.mark.parametrize(
    ("seconds", "lights"),
    [
        (10, NS_GREEN),
        (32, NS_YELLOW),
        (35, ALL_RED),
        (50, EW_GREEN),
        (68, EW_YELLOW),
        (71, ALL_RED),
        (80, NS_GREEN),
    ],
)
def test_phases_follow_one_another(seconds: float, lights: dict) -> None:
    assert lights_at(seconds) == lights


@pytest.mark.parametrize(
    ("boundary", "before", "after"),
    [
        (30, NS_GREEN, NS_YELLOW),
        (34, NS_YELLOW, ALL_RED),
        (36, ALL_RED, EW_GREEN),
        (66, EW_GREEN, EW_YELLOW),
        (70, EW_YELLOW, ALL_RED),
        (72, ALL_RED, NS_GREEN),
        (102, NS_GREEN, NS_YELLOW),
        (720, ALL_RED, NS_GREEN),
    ],
)
def test_instant_of_a_boundary_belongs_to_the_next_phase(boundary: float, before: dict, after: dict) -> None:
    assert lights_at(boundary - 0.001) == before
    assert lights_at(boundary) == after
    assert lights_at(boundary + 0.001) == after


def test_each_phase_lasts_as_long_as_it_was_told() -> None:
    controller = TrafficController(4, 2, 1)
    seen = []
    for _ in range(21):
        seen.append(controller.lights())
        controller.advance(1)
    once = [light for light, times in zip(RING, [4, 2, 1] * 2, strict=True) for _ in range(times)]
    assert seen == once + once[:7]


@pytest.mark.parametrize("seconds", [0, 30, 35, 50])
def test_advancing_by_nothing_changes_nothing(seconds: float) -> None:
    controller = TrafficController(30, 4, 2)
    controller.advance(seconds)
    before = controller.lights()
    for _ in range(10):
        controller.advance(0)
    assert controller.lights() == before


@pytest.mark.parametrize("seconds", [-1, -0.001])
def test_negative_time_is_refused_and_changes_nothing(seconds: float) -> None:
    controller = TrafficController(30, 4, 2)
    controller.advance(30)
    with pytest.raises(ValueError):
        controller.advance(seconds)
    assert controller.lights() == NS_YELLOW
    controller.advance(4)
    assert controller.lights() == ALL_RED


@pytest.mark.parametrize("durations", [(-1, 4, 2), (30, -0.5, 2), (30, 4, -2)])
def test_negative_duration_is_refused(durations: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError):
        TrafficController(*durations)


@pytest.mark.parametrize(
    ("step", "times", "green"),
    [(0.1, 10, 1.0), (0.7, 10, 7.0), (0.1, 3, 0.3), (1 / 3, 3, 1.0), (0.0004, 2500, 1.0)],
)
def test_fractional_steps_add_up_to_one_big_step(step: float, times: int, green: float) -> None:
    controller = TrafficController(green, 2, 1)
    for _ in range(times - 1):
        controller.advance(step)
    assert controller.lights() == NS_GREEN
    controller.advance(step)
    assert controller.lights() == NS_YELLOW == lights_at(green, green, 2, 1)


def test_fractional_durations_add_up() -> None:
    # In floating point 0.1 + 0.2 is more than 0.3.
    assert lights_at(0.3, 0.1, 0.2, 0.1) == ALL_RED
    assert lights_at(0.299, 0.1, 0.2, 0.1) == NS_YELLOW
    assert lights_at(0.8, 0.1, 0.2, 0.1) == NS_GREEN
    assert lights_at(0.799, 0.1, 0.2, 0.1) == ALL_RED


def test_many_small_steps_stay_in_time() -> None:
    controller = TrafficController(0.3, 0.2, 0.1)
    for step in range(6000):
        index = [0, 0, 0, 1, 1, 2, 3, 3, 3, 4, 4, 5][step % 12]
        assert controller.lights() == RING[index], f"after {step} steps"
        controller.advance(0.1)


def test_lights_handed_out_are_a_copy() -> None:
    controller = TrafficController(30, 4, 2)
    controller.lights()["EW"] = "green"
    assert controller.lights() == NS_GREEN
    before = controller.lights()
    controller.advance(30)
    assert before == NS_GREEN


def test_two_controllers_share_nothing() -> None:
    one, other = TrafficController(30, 4, 2), TrafficController(30, 4, 2)
    one.advance(30)
    assert other.lights() == NS_GREEN


def test_preemption_ends_the_opposing_green_at_once() -> None:
    controller = TrafficController(30, 4, 2)
    controller.advance(5)
    controller.request_preempt("EW")
    assert controller.lights() == NS_YELLOW
    controller = TrafficController(30, 4, 2)
    controller.advance(40)
    controller.request_preempt("NS")
    assert controller.lights() == EW_YELLOW


@pytest.mark.parametrize("seconds", [0, 5, 29.5])
def test_preemption_runs_yellow_and_all_red_in_full(seconds: float) -> None:
    controller = TrafficController(30, 4, 2)
    controller.advance(seconds)
    controller.request_preempt("EW")
    for duration, lights in [(4, NS_YELLOW), (2, ALL_RED)]:
        assert controller.lights() == lights
        controller.advance(duration - 0.5)
        assert controller.lights() == lights
        controller.advance(0.5)
    assert controller.lights() == EW_GREEN


def test_usual_cycle_goes_on_after_a_preemption() -> None:
    controller = TrafficController(30, 4, 2)
    controller.advance(36 + 10)
    controller.request_preempt("NS")
    controller.advance(6)
    for duration, lights in zip([30, 4, 2] * 4, RING * 2, strict=True):
        assert controller.lights() == lights
        controller.advance(duration - 0.5)
        assert controller.lights() == lights
        controller.advance(0.5)


def test_preemption_for_the_approach_that_is_green_changes_nothing() -> None:
    controller = TrafficController(30, 4, 2)
    controller.advance(10)
    controller.request_preempt("NS")
    assert controller.lights() == NS_GREEN
    controller.advance(19.5)
    assert controller.lights() == NS_GREEN
    controller.advance(0.5)
    assert controller.lights() == NS_YELLOW
    controller.advance(26)
    assert controller.lights() == EW_GREEN
    controller.request_preempt("EW")
    controller.advance(9.5)
    assert controller.lights() == EW_GREEN
    controller.advance(0.5)
    assert controller.lights() == EW_YELLOW


@pytest.mark.parametrize("seconds", [30, 31, 34, 35.5])
def test_preemption_does_not_shorten_or_restart_a_clearance_under_way(seconds: float) -> None:
    controller = TrafficController(30, 4, 2)
    controller.advance(seconds)
    before = controller.lights()
    controller.request_preempt("EW")
    controller.request_preempt("EW")
    assert controller.lights() == before
    controller.advance(35.75 - seconds)
    assert controller.lights() == ALL_RED
    controller.advance(0.25)
    assert controller.lights() == EW_GREEN


def test_repeated_preemption_does_not_restart_the_yellow() -> None:
    controller = TrafficController(30, 4, 2)
    controller.advance(5)
    for _ in range(8):
        controller.request_preempt("EW")
        controller.advance(0.5)
    assert controller.lights() == ALL_RED


@pytest.mark.parametrize("seed", range(10))
def test_random_steps_match_a_controller_that_counts_ticks(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(10):
        ticks = [rng.randrange(1, 30) for _ in range(3)] * 2
        controller = TrafficController(*(each / 8 for each in ticks[:3]))
        phase, left = 0, ticks[0]
        for _ in range(100):
            # A request for the approach that is just closing may be remembered or not.
            approach = {0: "EW", 1: "EW", 2: "EW", 3: "NS", 4: "NS", 5: "NS"}[phase]
            if phase in (0, 3) and rng.random() < 0.5:
                approach = {"EW": "NS", "NS": "EW"}[approach]
            if rng.random() < 0.3:
                controller.request_preempt(approach)
                if RING[phase] != ALL_RED and RING[phase][approach] == "red" and phase in (0, 3):
                    phase += 1
                    left = ticks[phase]
            else:
                step = rng.choice([0, 1, 1, 3, 8, 40, 1000])
                controller.advance(step / 8)
                for _ in range(step):
                    left -= 1
                    if left == 0:
                        phase = (phase + 1) % 6
                        left = ticks[phase]
            assert controller.lights() == RING[phase]


@pytest.mark.parametrize("seed", range(5))
def test_never_two_approaches_may_go_and_no_green_follows_without_clearance(seed: int) -> None:
    rng = random.Random(seed)
    step = 0.125
    controller = TrafficController(2, 0.5, 0.25)
    seen = [controller.lights()]
    for _ in range(3000):
        if rng.random() < 0.2:
            controller.request_preempt(rng.choice(["NS", "EW"]))
            seen.append(controller.lights())
        controller.advance(step)
        seen.append(controller.lights())
    last_moving = {"NS": -math.inf, "EW": -math.inf}
    for i, lights in enumerate(seen):
        assert set(lights) == {"NS", "EW"}
        assert "red" in lights.values()
        for approach, other in (("NS", "EW"), ("EW", "NS")):
            if lights[approach] != "red":
                last_moving[approach] = i
                assert last_moving[other] < i - 1, "no moment of all red between two approaches"
            if i and seen[i - 1][approach] == "green":
                assert lights[approach] != "red", "green turned red without yellow"
            if i and seen[i - 1][approach] == "yellow":
                assert lights[approach] != "green"


def test_many_cycles_cost_no_more_than_one() -> None:
    deadline = process_time() + CPU_SECONDS
    controller = TrafficController(3, 2, 1)
    for _ in range(100):
        controller.advance(12 * 2**23 + 7)
        assert process_time() < deadline, "the phases are walked through one by one"
    assert controller.lights() == lights_at(700, 3, 2, 1)
