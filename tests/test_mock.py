"""Mock interviews: what is asked, the clock of each stage, the journal that nothing is lost from, and weak points made due."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pexpect
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flashprep.collection import Collection
from flashprep.guide import companies, rounds
from flashprep.guide.rounds import MOCKED
from flashprep.mock import course as c
from flashprep.mock import drawing, holding, journal
from flashprep.mock.course import SCORE, Course, Mark, Question, Step
from flashprep.mock.drawing import Candidate
from flashprep.store import plan
from flashprep.store.queries import Filter
from flashprep.stories import THEMES
from flashprep.terminal.mock_pipe import Pipe
from tests.terminal_side import on_a_terminal

STORY = """\
## Story: I cut checkout p99 by 70 % {#checkout covers=THEMES}

### Situation

Slow.

### Task

Mine.

### Action

Traced it.

### Result

70 % faster.

""".replace("THEMES", ",".join(THEMES))
SOLVED = "def count(items):\n    return len(items)\n"


@pytest.fixture
def built_in(home: Path) -> None:
    (home / "config.toml").write_text("")


@pytest.fixture
def problem(deck: Callable[..., Path]) -> Path:
    """A coding problem of the user's own; returns its folder of solutions."""
    path = deck(
        "---\nround: coding\n---\n\n## Coding: Count the items {#count solution=count}\n\nReturn how many there are.\n\n"
        "```python\ndef count(items: list[int]) -> int: ...\n```\n\n### Approach\n\nCount them.\n\n### Complexity\n\nO(n).\n",
        "own.md",
    )
    folder = path.parent / "solutions"
    folder.mkdir(exist_ok=True)
    (folder / "count.py").write_text(SOLVED)
    (folder / "test_count.py").write_text(
        "import count\n\n\ndef test_some():\n    assert count.count([1, 2]) == 2\n\n\ndef test_none():\n    assert count.count([]) == 0\n"
    )
    return folder


def mocks(home: Path) -> list[Path]:
    return sorted((home / "mocks").glob("*.md"))


# -- what is asked


@pytest.mark.parametrize(
    ("round", "minutes", "stages"),
    [
        ("system-design", 45, ["Requirements", "High level", "Deep dive", "Tradeoffs", "Wrap-up"]),
        ("coding", 45, ["Restate", "Baseline", "Better", "Code", "Test"] * 2),
        ("behavioral", 45, ["Introduction", *["Story", "Follow-ups", "Follow-ups"] * 4, "Your questions"]),
        ("depth", 45, [*["Answer", "Deeper"] * 5, "Your questions"]),
    ],
)
def test_each_round_has_its_stages_and_they_come_to_its_minutes(
    built_in: None, round: str, minutes: int, stages: list[str]
) -> None:
    with Collection() as collection:
        mock = holding.prepare(collection, round, "meta", 0)
        steps = [step for step in mock.course.steps if step.kind != SCORE]
        assert [step.name for step in steps] == stages
        assert sum(step.least for step in steps) <= minutes + 1e-6 <= sum(step.most for step in steps) + 10
        shorter = holding.prepare(collection, round, "meta", 20)
        steps = [step for step in shorter.course.steps if step.kind != SCORE]
        assert sum(step.least for step in steps) <= 20 + 1e-6 and len(shorter.course.questions) <= len(
            mock.course.questions
        )


def test_questions_say_nothing_of_tags_and_answers(built_in: None) -> None:
    with Collection() as collection:
        for round in MOCKED:
            mock = holding.prepare(collection, round, "generic", 0)
            for question in mock.course.questions:
                assert "prio" not in question.text and "**Complexity**" not in question.text
            assert any(step.mark and step.mark.card for step in mock.course.steps)
            flags = [step.say for step in mock.course.steps if step.say.startswith("I avoided: ")]
            assert len(flags) == mock.round.red_flags


def test_the_data_of_rounds_names_notes_that_there_are(built_in: None) -> None:
    with Collection() as collection:
        known = {row.note for row in collection.rows(Filter())}
    for name in MOCKED:
        round = rounds.load(name)
        assert {point.note for point in round.rubric if point.note} <= known
        assert {note for design in round.designs for note in design.notes} <= known
        assert set(round.follow_ups) <= {"any", *round.prompts}
    designs = rounds.load("system-design").designs
    assert len({design.prompt for design in designs}) == len(designs) >= 15


def candidate(id: str, topic: str = "", weakness: float = 0.5) -> Candidate:
    return Candidate(Question(id, id), topic or id, weakness)


def test_weak_topics_are_drawn_more_often_and_what_was_asked_lately_less() -> None:
    pool = [candidate("weak", weakness=1.0), candidate("known", weakness=0.0), candidate("asked", weakness=1.0)]
    counts = dict.fromkeys(("weak", "known", "asked"), 0)
    for seed in range(600):
        counts[drawing.draw(pool, 1, ["asked"], Random(seed))[0].question.id] += 1
    assert counts["weak"] > 3 * counts["known"] and counts["weak"] > 5 * counts["asked"]
    assert min(counts.values()) > 0


def test_a_round_is_a_mix_of_topics() -> None:
    pool = [candidate(f"a{n}", "a") for n in range(8)] + [candidate(f"b{n}", "b") for n in range(2)]
    mixed = sum({one.topic for one in drawing.draw(pool, 2, (), Random(seed))} == {"a", "b"} for seed in range(300))
    assert mixed > 120  # of 300; with one topic as good as the other it would be about 107


@given(st.integers(0, 12), st.integers(0, 12), st.integers())
def test_no_question_is_drawn_twice(size: int, count: int, seed: int) -> None:
    drawn = drawing.draw([candidate(str(n), "same") for n in range(size)], count, ["0"], Random(seed))
    assert len({one.question.id for one in drawn}) == len(drawn) == min(size, count)


def test_without_any_cards_it_says_what_is_missing(said: Callable) -> None:
    assert "there is nothing to ask in a round of coding" in said("mock", "--round", "coding", ok=False).err
    assert "there is nothing to ask in a round of backend depth" in said("mock", "--round", "depth", ok=False).err


@pytest.mark.parametrize(
    ("options", "said_of_it"),
    [
        (("--round", "codin"), "did you mean 'coding'?"),
        (("--company", "mета"), "no company 'mета'"),
        (("--minutes", "0"), "it takes a whole number from 5 to 240"),
        (("lst",), "did you mean 'list'?"),
    ],
)
def test_a_mistake_gets_one_clear_message(
    built_in: None, said: Callable, options: tuple[str, ...], said_of_it: str
) -> None:
    done = said("mock", *options, ok=False)
    assert done.code == 2 and said_of_it in done.err and done.err.count("\n") == 1


def test_a_broken_file_of_a_round_or_company_is_named_with_its_line(home: Path, built_in: None, said: Callable) -> None:
    (home / "rounds").mkdir()
    (home / "rounds" / "depth.toml").write_text('title = "Depth"\ntests = "All."\nminutes = 3\n')
    done = said("mock", "--round", "depth", ok=False)
    assert f"{home / 'rounds' / 'depth.toml'}:3: minutes = 3 is not right" in done.err
    (home / "companies").mkdir()
    (home / "companies" / "acme.toml").write_text('title = "Acme"\nloop = []\n')
    done = said("mock", "--company", "acme", ok=False)
    assert f"{home / 'companies' / 'acme.toml'}:2: a loop needs rounds" in done.err


# -- the course


QUESTIONS = (Question("q1", "One?"), Question("q2", "Two?"))
STEPS = (
    Step(c.TALK, "Answer", 0, "", 1, 2),
    Step(c.TALK, "Answer", 1, "", 1, 2),
    Step(SCORE, "Score", 0, "a", mark=Mark("a", 1, "a")),
    Step(SCORE, "Score", 1, "b", mark=Mark("b", 2, "b")),
    Step(SCORE, "Score", -1, "c", mark=Mark("c")),
)


@settings(max_examples=100)
@given(st.lists(st.one_of(st.just("next"), st.integers(-2, 4), st.text(max_size=5)), max_size=20))
def test_whatever_is_done_a_course_stays_in_its_bounds(events: list[Any]) -> None:
    course, now = c.begin(Course(QUESTIONS, STEPS), 1000), 1000
    for event in events:
        now += 500
        before = course
        if event == "next":
            course = c.next_step(course, now)
        elif isinstance(event, int):
            course = c.score(course, event, now)
        else:
            course = c.note(course, event)
        assert 0 <= course.at - before.at <= 1 and len(course.spent_ms) == course.at <= len(STEPS)
        assert course.finished is (course.at >= 2)
        reached, of = course.total
        assert 0 <= reached <= of <= 6
        assert {mark.card for mark in course.weak} <= {1, 2}


def test_weak_points_are_those_that_were_not_shown_missed_ones_first() -> None:
    course = Course(QUESTIONS, STEPS, at=2)
    for points in (1, 0, 0):
        course = c.score(course, points, 0)
    assert [mark.key for mark in course.weak] == ["b", "a"]  # what has no card cannot be made due
    assert course.total == (1, 6) and course.step is None


# -- holding one


def test_a_mock_over_a_pipe_is_kept_in_a_journal(home: Path, built_in: None, run: Callable, said: Callable) -> None:
    lines = ["forgot the numbers", "", "", "", "", "", "1", "too short", "2", "3"]
    done = run("mock", "--round", "system-design", "--company", "meta", input="\n".join(lines) + "\n", ok=True).out
    assert "System design, Meta" in done and "Requirements, 5-10 min" in done and "(noted)" in done
    (path,) = mocks(home)
    text = path.read_text()
    assert "* Requirements: 0:00, planned 5-10 min\n  - note: forgot the numbers" in text
    assert "* missed: " in text and "  - note: too short" in text and f"The journal is {path}" in done
    (entry,) = said("mock", "list", "--json", ok=True).json
    assert (entry["round"], entry["company"], entry["state"], entry["score"], entry["of"]) == (
        "system-design",
        "meta",
        "finished",
        3,
        6,
    )
    assert "3 of 6" in said("mock", "list", ok=True).out


def test_weak_points_come_first_in_the_next_review_if_the_user_says_so(built_in: None) -> None:
    for answer, pulled in (("n", False), ("y", True)):
        with Collection() as collection:
            mock = holding.prepare(collection, "system-design", "meta", 0)
            points = [step for step in mock.course.steps if step.kind == SCORE]
            lines = "\n" * 5 + "1\n" + "3\n" * (len(points) - 1) + f"{answer}\n"
            Pipe(mock, io.StringIO(lines), out := io.StringIO()).run()
            assert "Make 1 card behind the weak points due? y or n" in out.getvalue()
            (weak,) = mock.course.weak
            assert weak.card == points[0].mark.card  # type: ignore[union-attr]
            assert plan.pulled(collection.db) == [weak.card] * pulled
            assert (collection.queue(Filter()).main[0].card == weak.card) >= pulled


def test_an_interrupted_mock_keeps_what_was_done(home: Path, built_in: None, run: Callable, said: Callable) -> None:
    run("mock", "--round", "depth", input="first thought\n\nq\n", ok=True)
    (path,) = mocks(home)
    assert "first thought" in path.read_text() and "state: stopped" in path.read_text()
    assert "stopped" in said("mock", "list", ok=True).out


def test_what_the_user_writes_into_the_journal_meanwhile_stays(home: Path, built_in: None) -> None:
    with Collection() as collection:
        mock = holding.prepare(collection, "depth", "meta", 0)
        (path,) = mocks(home)
        path.write_text(path.read_text() + "\nmy own line\n")
        mock.note("and a note")
        mock.go_on()
    assert path.read_text().endswith("my own line\n")
    (other,) = set(mocks(home)) - {path}
    assert "and a note" in other.read_text()


def test_a_coding_round_opens_a_starter_and_its_tests(
    home: Path, problem: Path, run: Callable, said: Callable, tmp_path: Path
) -> None:
    editor = tmp_path / "editor.sh"
    editor.write_text(f'#!/bin/sh\ncp {problem / "count.py"} "$1"\n')
    editor.chmod(0o755)
    done = run("mock", "--round", "coding", input="\n\n\nt\nc\n\n\n1\n3\n", env={"EDITOR": str(editor)}, ok=True).out
    assert f"the starter is {home / 'practice' / 'count' / 'count.py'}" in done
    assert "✗" in done and "✓ passed all 2 tests" in done
    assert "tests: passed all 2" in mocks(home)[0].read_text()
    (attempt,) = next(row for row in said("show", "count", "--json", ok=True).json if row["exercise"])["attempts"]
    assert attempt["verdict"] == "passed"
    assert "set EDITOR to solve it here" in run("mock", "--round", "coding", input="\n\n\nc\nq\n", ok=True).out


def test_a_behavioural_round_offers_ones_own_stories_and_counts_the_telling(
    home: Path, deck: Callable[..., Path], run: Callable, said: Callable
) -> None:
    deck(STORY)
    done = run("mock", "--round", "behavioral", input="\n1\n\n\nq\n", ok=True).out
    assert "1 I cut checkout p99 by 70 % (never told)" in done and "Follow-up, " in done
    assert "told:\n- checkout" in mocks(home)[0].read_text()
    story = said("stories", "--json", ok=True).json["stories"][0]
    assert (story["told"], story["last_day"]) == (1, "2026-03-02")


def test_no_follow_up_is_asked_twice() -> None:
    round, used = rounds.load("behavioral"), set[str]()
    asked = [text for n in range(6) for text in drawing.follow_ups(round, ["conflict"], used, Random(n))]
    assert len(asked) == len(set(asked)) == 8  # as many as there are
    assert asked[0] in round.follow_ups["conflict"] and asked[1] in round.follow_ups["any"]


def held(round: str, company: str, answered: bool, again: bool = False) -> str:
    """Hold a mock to the end of its questions, or stop it at once; return its title."""
    with Collection() as collection:
        mock = holding.prepare(collection, round, company, 0, again)
        while answered and not mock.course.finished:
            mock.go_on()
        return mock.title


def test_a_loop_is_several_rounds_on_one_day(built_in: None, said: Callable, clock: Callable) -> None:
    assert held("loop", "meta", answered=False) == "Coding, Meta, 1 of 4"
    for place, name in enumerate(["Coding", "Coding", "System design", "Behavioural"], 1):
        clock(f"2026-03-02T{8 + place:02}:00:00+01:00")
        assert held("loop", "meta", answered=True) == f"{name}, Meta, {place} of 4"
    assert "today's loop is held" in said("mock", "--round", "loop", "--company", "meta", ok=False).err
    assert held("loop", "meta", answered=False, again=True) == "Coding, Meta, 1 of 4"
    said("plan", "set", "--date", "2026-03-04", "--minutes", "10", ok=True)
    phases = said("plan", "--json", ok=True).json["phases"]
    done = {task["id"]: task["done"] for part in phases for task in part["tasks"]}
    assert done["seven-days/full-mock"] and done["one-week/mock-design"] and not done["one-week/feedback"]
    clock("2026-03-03T08:00:00+01:00")
    assert held("loop", "meta", answered=False) == "Coding, Meta, 1 of 4"


def test_the_round_that_had_no_mock_for_longest_comes_by_itself(
    built_in: None, run: Callable, said: Callable, clock: Callable
) -> None:
    titles = []
    for hour in range(5):
        clock(f"2026-03-02T{8 + hour:02}:00:00+01:00")
        with Collection() as collection:
            round = holding.usual_round(collection)
        titles.append(held(round, "generic", answered=False))
    assert titles == ["Coding", "System design", "Behavioural", "Backend depth", "Coding"]
    level = ("--round", "depth", "--company", "meta", "--level", "E5")
    said("plan", "set", "--date", "2026-03-04", "--minutes", "10", *level, ok=True)
    out = run("mock", input="\n" * 40, ok=True).out
    assert out.startswith("Backend depth, Meta") and "At the level of E5: Senior" in out


def test_a_file_that_is_no_journal_is_left_out_and_named(
    home: Path, built_in: None, run: Callable, said: Callable
) -> None:
    run("mock", "--round", "depth", input="q\n", ok=True)
    for name, text in (
        ("a", "no head\n"),
        ("b", "---\nround: x\n---\n"),
        ("c", "---\n[\n---\n"),
        ("d", "---\n- 1\n---\n"),
    ):
        (home / "mocks" / f"{name}.md").write_text(text)
    (home / "mocks" / "e.md").write_bytes(b"---\n\xff\x00\n---\n")
    done = said("mock", "list", "--json", ok=True)
    assert len(done.json) == 1 and done.err.count("cannot be read as a journal") == 5


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=4))
def test_whatever_is_noted_the_head_of_the_journal_can_be_read(tmp_path_factory: Any, notes: list[str]) -> None:
    folder = tmp_path_factory.mktemp("mocks")
    course = Course((Question("q", notes[0] if notes else "Q?"),), STEPS[:1] + STEPS[2:3])
    for text in notes:
        course = c.note(course, " ".join(text.split()))
    entry = journal.Entry(folder / "x.md", "depth", "meta", "2026-03-02T08:00:00+01:00", 20514, "stopped", 1.5, (1, 2))
    journal.write(entry, "A title", course, {}, None)
    assert journal._entry(folder / "x.md")._replace(asked=()) == entry


# -- on the screen


def test_a_mock_on_the_screen(home: Path, deck: Callable[..., Path]) -> None:
    deck(STORY)
    child = on_a_terminal("mock", "--round", "behavioral", "--minutes", "12")
    child.expect("Introduction")
    child.expect("0:00 of .* min")
    child.send("n")
    child.expect("note: ")
    child.send("speak sl\x7flower\r")
    child.expect("noted")
    child.send(" ")
    child.expect("1-9: the story you tell")
    child.send("1 ")
    child.expect("Follow-ups: ")
    child.send("  ")
    child.expect("Your questions")
    child.send(" ")
    child.expect("1 of ")
    child.send("1")
    child.expect("2 of ")
    child.send("q")
    child.expect("The journal is")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    text = mocks(home)[0].read_text()
    assert (
        "note: speak slower" in text and "* missed: " in text and "state: finished" in text and "Told: checkout" in text
    )


def test_a_closed_terminal_keeps_what_was_done(home: Path, built_in: None) -> None:
    child = on_a_terminal("mock", "--round", "depth")
    child.expect("Answer")
    child.send("n")
    child.expect("note: ")
    child.send("kept\r")
    child.expect("noted")
    child.close(force=True)
    assert "note: kept" in mocks(home)[0].read_text() and "state: stopped" in mocks(home)[0].read_text()


def test_companies_are_complete() -> None:
    for name in companies.names():
        company = companies.load(name)
        assert company.title and company.loop and company.levels
        for round in company.loop:
            assert company.fitted(rounds.load(round)).minutes >= 20
