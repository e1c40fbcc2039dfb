"""The command line: help, filters, listings and their JSON, diagnostics, changes, and one line for every mistake."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pexpect
import pytest

DECK = """\
---
deck: Caching and queues
round: depth
tags: [caching]
---

# Caching and queues

## Concept: Write-through cache {#write-through .prio}

Each write reaches cache and database before it is acknowledged.

## Question: How do you stop a cache stampede? {#cache-stampede}

Let one caller rebuild the value.

### Testing

Whether you see that the database fails first.

## Concept: Quorums {#quorum covers=replication,consistency}

Reads see the write when ==R + W > N==.
"""
OTHER = """\
---
deck: Interview craft::Behaviour
round: behavioral
---

## Approach: How do you begin a design? {#begin-design round=system-design .meta}

1. Ask for users and volume.
2. Name the two qualities that matter.
3. Draw the path of one request.

## Red flag: Drawing boxes first {#boxes-first}

### Why it costs you

Nobody sees how you choose.

### Instead

Ask five minutes long.

## Story: I cut checkout latency {#story-checkout covers=performance,ownership}

### Situation

Checkout was slow.

### Task

I owned it.

### Action

I traced one request.

### Result

p99 fell by 70 %.

## Coding: Queue from two stacks {#two-stacks round=coding}

```python
class Queue: ...
```

### Approach

Pour the inbox into the outbox when that is empty.

### Complexity

Amortised O(1).
"""
TOMORROW = "2026-03-03T08:00:00+01:00"
SOON = "2026-03-02T08:30:00+01:00"


@pytest.fixture
def decks(deck: Callable[..., Path]) -> tuple[Path, Path]:
    """Two decks with every kind of card."""
    return deck(DECK, "caching.md"), deck(OTHER, "craft.md")


def commands(help_text: str) -> dict[str, str]:
    """Return the commands that the help text lists, with their summaries."""
    listed = help_text.split("Commands:\n")[1].split("\n\n")[0]
    return dict(line.strip().split(maxsplit=1) for line in listed.splitlines())


def complaint(result) -> str:
    """Return the one line about a mistake, which is all that may be written."""
    assert (result.code, result.out) == (2, ""), result
    assert result.err.startswith("flashprep: ") and result.err.endswith("\n") and result.err.count("\n") == 1
    return result.err


def ids(result) -> list[str]:
    return [card["id"] for card in result.json]


# -- help and starting


def test_the_help_lists_every_command_with_a_whole_sentence(run):
    text = run("--help", ok=True).out
    found = commands(text)
    promised = (
        "review today add edit list show check explain undo suspend unsuspend bury reset log stats backup restore"
    )
    assert {*promised.split(), "doctor", "export"} <= set(found)
    for name, summary in found.items():
        assert summary[0].isupper() and summary.endswith(".") and "..." not in summary, f"{name}: {summary}"
        assert len(summary.split()) >= 3, f"{name}: {summary}"
    assert "flashprep review" in text  # where to begin
    assert all(len(line) <= 80 for line in text.splitlines())


def test_every_command_explains_itself_in_plain_words(said):
    names = commands(said("--help").out)
    for name in names:
        shown = said(name, "--help", ok=True)
        text = shown.out
        assert shown.err == ""
        assert said(name, "-h") == shown
        assert text.startswith(f"Usage: flashprep {name}")
        assert all(len(line) <= 80 for line in text.splitlines()), name
        assert not re.search(r"range>|--\w+ <|completion|\[\[|│", text), text
        options = text.split("Options:\n")[1]
        for option in re.findall(r"^  (?:-\w, )?--[\w-]+.*$", options, re.MULTILINE):
            following = options.split(option, 1)[1].splitlines()
            meaning = re.split(r"\s{2,}", option.strip(), maxsplit=1)[1:] or [following[1].strip()]
            assert len(meaning[0].split()) >= 2, f"{name}: {option}"


def test_without_any_argument_the_help_is_shown(run):
    bare = run()
    assert bare.code == 0
    assert bare.out == run("--help").out
    assert len(bare.out.splitlines()) > 20


def test_both_ways_to_start_it_behave_alike(run, said, decks):
    entry = "import sys; from flashprep.cli import main; sys.argv[0] = 'flashprep'; main()"
    for arguments in (["--version"], ["list", "--json"], ["list", "--kind", "nonsense"], ["review"]):
        one = run(*arguments, input="\n3\n" if arguments == ["review"] else "")
        if arguments == ["review"]:
            said("undo", ok=True)
        other = subprocess.run(
            [sys.executable, "-c", entry, *arguments],
            input="\n3\n" if arguments == ["review"] else "",
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert (one.code, one.out, one.err) == (other.returncode, other.stdout, other.stderr)


def test_a_bare_review_is_the_same_as_one_with_options(run, said, home, decks, tmp_path):
    """A bare "review" does not go through the option parser; nobody may notice."""
    twin = tmp_path / "twin"
    shutil.copytree(home, twin)
    answers = "\n3\n\n1\n\ns\n4\nu\n\n2\nb\n\nq\n"
    bare = run("review", input=answers, ok=True)
    parsed = run("review", "--limit", "999", input=answers, env={"FLASHPREP_HOME": str(twin)}, ok=True)
    assert "rated Good" in bare.out
    assert bare.out == parsed.out
    assert said("log", "--json", "--all").out == run("log", "--json", "--all", env={"FLASHPREP_HOME": str(twin)}).out


def test_shell_completion_can_be_set_up_and_completes_commands_and_choices(run, decks):
    script = run(env={"_FLASHPREP_COMPLETE": "source_bash"}, ok=True).out
    assert "complete" in script and "flashprep" in script
    asked = pexpect.run(
        f'bash -c "{sys.executable} -m flashprep --show-completion; true"', env={**os.environ}, encoding="utf-8"
    )
    assert "_FLASHPREP_COMPLETE" in asked

    def completed(line: str) -> set[str]:
        words = line.split(" ")
        env = {
            "_FLASHPREP_COMPLETE": "complete_bash",
            "COMP_WORDS": line.replace(" ", "\n"),
            "COMP_CWORD": str(len(words) - 1),
        }
        return set(run(env=env, ok=True).out.split())

    assert completed("flashprep su") == {"suspend"}
    assert {"review", "today", "doctor"} <= completed("flashprep ")
    assert "--cram" in completed("flashprep review --c")
    assert completed("flashprep list --kind re") == {"red-flag"}


# -- listings


def test_list_as_json_gives_all_that_scripts_rely_on(run, said, decks, clock):
    run("review", "--id", "write-through", input="\n3\n", ok=True)
    said("suspend", "quorum", ok=True)
    cards = {card["id"]: card for card in said("list", "--json", ok=True).json}
    assert list(cards) == [  # in the order of files and lines
        "write-through",
        "cache-stampede",
        "cache-stampede/testing",
        "quorum/gap-r-w-n",
        "begin-design",
        "boxes-first",
        "story-checkout",
        "two-stacks",
        "two-stacks/complexity",
    ]
    contract = "id note kind deck tags round covers prompt answer path line state due stability difficulty suspended"
    for card in cards.values():
        assert set(contract.split()) <= set(card)

    seen = cards["write-through"]
    assert seen["note"] == "write-through" and seen["kind"] == "concept"
    assert seen["deck"] == "Caching and queues" and seen["round"] == "depth"
    assert set(seen["tags"]) == {"caching", "prio"} and seen["covers"] == []
    assert seen["prompt"] == "Write-through cache"
    assert seen["answer"] == "Each write reaches cache and database before it is acknowledged."
    assert seen["path"] == str(decks[0])
    assert DECK.splitlines()[seen["line"] - 1].startswith("## Concept: Write-through cache")
    assert seen["state"] == "learning" and seen["due"] == "2026-03-02" and seen["suspended"] is False
    assert isinstance(seen["stability"], float) and 1 <= seen["difficulty"] <= 10

    fresh = cards["quorum/gap-r-w-n"]
    assert fresh["note"] == "quorum" and fresh["covers"] == ["replication", "consistency"]
    assert (fresh["state"], fresh["due"], fresh["stability"], fresh["difficulty"]) == ("new", None, None, None)
    assert fresh["suspended"] is True
    assert cards["begin-design"]["round"] == "system-design"
    assert cards["story-checkout"]["deck"] == "Interview craft::Behaviour"
    assert cards["boxes-first"]["kind"] == "red-flag"
    assert "```python" in cards["two-stacks"]["prompt"]  # Markdown source


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--deck", "queues"], ["write-through", "cache-stampede", "cache-stampede/testing", "quorum/gap-r-w-n"]),
        (["--deck", "BEHAVIOUR", "--kind", "story"], ["story-checkout"]),
        (["--deck", "craft.md", "--kind", "Red flag"], ["boxes-first"]),
        (["--kind", "red_flag", "--kind", "approach"], ["begin-design", "boxes-first"]),
        (["--round", "behavioural"], ["boxes-first", "story-checkout"]),
        (["--round", "system design"], ["begin-design"]),
        (["--tag", "prio"], ["write-through"]),
        (["--tag", "PRIO", "--tag", "meta"], ["write-through", "begin-design"]),
        (["--tag", "prio", "--tag", "meta", "--kind", "approach"], ["begin-design"]),
        (["--id", "cache-stampede"], ["cache-stampede", "cache-stampede/testing"]),
        (["--id", "cache-stampede/testing"], ["cache-stampede/testing"]),
        (["--covers", "consistency"], ["quorum/gap-r-w-n"]),
        (["--covers", "nothing-of-that-name"], []),
        (["--state", "new", "--kind", "story"], ["story-checkout"]),
        (["--state", "due"], []),
        (["stampede"], ["cache-stampede", "cache-stampede/testing"]),
        (["STAMP"], ["cache-stampede", "cache-stampede/testing"]),
        (["rebuilding"], ["cache-stampede", "cache-stampede/testing"]),  # the text says "rebuild"
        (["stampede", "acknowledged"], []),  # all words must be there
        (["acknowledged", "database"], ["write-through"]),
        (["request", "--kind", "approach"], ["begin-design"]),
        (["OR"], []),
        (['"', "*", "("], []),
        (["70 %"], ["story-checkout"]),
    ],
)
def test_filters_pick_cards(said, decks, options, found):
    listed = said("list", "--json", *options, ok=True)
    assert listed.err == ""
    assert sorted(ids(listed)) == sorted(found)


def test_the_best_match_of_a_search_comes_first(said, deck):
    deck(
        "## Concept: Other things\n\nThere is a mention of sharding here, in a long text about quite other things.\n\n"
        "## Concept: Sharding\n\nSplitting data by key.\n"
    )
    assert ids(said("list", "--json", "sharding")) == ["sharding", "other-things"]
    assert ids(said("list", "--json", "shard")) == ["sharding", "other-things"]


@pytest.mark.parametrize("name", ["Übung", "übung", "ÜBUNG", "strasse", "Ärger", "ÄRGER"])
def test_a_deck_is_found_in_any_case_of_any_alphabet(said, deck, name):
    deck("---\ndeck: Übung Straße\n---\n\n## Concept: Here\n\nText.\n", "Ärger.md")
    assert ids(said("list", "--deck", name, "--json", ok=True)) == ["here"]


def test_a_search_for_nothing_but_spaces_lists_all(said, decks):
    assert ids(said("list", " ", "", "--json")) == ids(said("list", "--json"))


def test_a_search_sees_a_card_that_was_written_since(said, deck):
    deck("## Concept: One\n\nalpha\n")
    assert ids(said("list", "--json", "beta")) == []
    deck("## Concept: One\n\nbeta\n")
    assert ids(said("list", "--json", "beta")) == ["one"]


def test_list_in_a_pipe_is_a_line_a_card_with_tabs(said, decks):
    lines = said("list", ok=True).out.splitlines()
    assert len(lines) == 9
    assert lines[0].split("\t") == ["write-through", "concept", "Caching and queues", "new", "Write-through cache"]
    assert "\x1b" not in "".join(lines)


def test_a_reader_that_goes_away_is_no_fault(home, deck):
    deck("\n".join(f"## Concept: Card number {n}\n\nAnswer.\n" for n in range(3000)))
    command = f"{sys.executable} -m flashprep list | head -1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1
    for words in ("stats", "show card-number-1"):
        command = f"{sys.executable} -m flashprep {words} | head -0"
        done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, "")


def test_output_that_cannot_be_written_is_told_in_one_line(home, decks):
    command = f"{sys.executable} -m flashprep list --json > /dev/full"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr == "flashprep: No space left on device\n"


def test_a_closed_standard_output_or_input_is_no_error(home, decks):
    for command in ("list >&-", "review <&-", "review <&- >&- 2>&-"):
        done = subprocess.run(
            ["bash", "-c", f"{sys.executable} -m flashprep {command}"], capture_output=True, timeout=60
        )
        assert (done.returncode, done.stderr) == (0, b""), command


def test_characters_that_the_terminal_cannot_say_do_not_stop_anything(run, deck):
    deck("## Concept: Was heißt 日本 → {#nihon}\n\nJapan\n")
    done = run("review", input="\n3\n", env={"PYTHONIOENCODING": "ascii"}, ok=True)
    assert "rated Good" in done.out


def test_show_gives_a_note_with_answers_place_and_memory(run, said, decks):
    text = run("show", "cache-stampede", ok=True).out
    assert "Let one caller rebuild the value." in text and "Whether you see that the database fails first." in text
    assert f"{decks[0]}:13" in text and "caching" in text
    (card,) = said("show", "cache-stampede/testing", "--json", ok=True).json
    assert card["ask"] == "What is the interviewer listening for?"


def test_today_counts_what_is_left_done_and_coming(run, said, decks, clock):
    before = said("today", "--json", ok=True).json
    # One card of a note a day: siblings wait.
    assert (before["new"], before["learning"], before["review"], before["due"]) == (7, 0, 0, 0)
    run("review", input="\n4\n\n1\n\nq\n", ok=True)
    after = said("today", "--json").json
    assert (after["day"], after["new"], after["learning"], after["review"]) == ("2026-03-02", 5, 1, 0)
    assert after["reviewed"] == 2 and after["problems"] == 0
    text = said("today").out
    assert "1 in learning" in text and "5 new" in text and "flashprep review" in text
    assert said("today", "--json", "--tag", "prio").json["new"] <= 1
    clock(TOMORROW)
    assert said("today", "--json").json["reviewed"] == 0


def test_today_says_when_the_decks_have_problems(said, deck):
    deck("## Concept: Nothing\n")
    assert said("today", "--json").json["problems"] == 1
    assert "flashprep check" in said("today").out


# -- mistakes


@pytest.mark.parametrize(
    ("arguments", "near"),
    [
        (["revew"], "'review'"),
        (["lst"], "'list'"),
        (["list", "--deck", "Cachin and queue"], "'Caching and queues'"),
        (["list", "--deck", "cachng"], "'Caching'"),
        (["list", "--tag", "cachng"], "'caching'"),
        (["list", "--id", "write-trough"], "'write-through'"),
        (["show", "cache-stampde"], "'cache-stampede'"),
        (["log", "quorom"], "'quorum'"),
        (["suspend", "quorom"], "'quorum'"),
        (["review", "--id", "quorom"], "'quorum'"),
        (["today", "--deck", "cachng"], "'Caching'"),
        (["list", "--kind", "concpt"], "'concept'"),
        (["add", "storry", "--title", "x", "--body", "y"], "'story'"),
        (["list", "--round", "codng"], "'coding'"),
        (["list", "--state", "suspend"], "'suspended'"),
        (["check", "--format", "concice"], "'concise'"),
        (["explain", "missing-answr"], "'missing-answer'"),
        (["list", "--jsn"], "--json"),
    ],
)
def test_an_unknown_name_offers_the_nearest(said, decks, arguments, near):
    assert near in complaint(said(*arguments))


def test_a_name_far_from_everything_says_what_there_is(said, decks):
    assert "Caching and queues" in said("list", "--deck", "xyzzy").err
    assert "caching" in said("list", "--tag", "xyzzy").err
    assert "red-flag" in said("list", "--kind", "xyzzy").err
    assert "flashprep list" in said("show", "xyzzy").err
    assert "flashprep explain" in said("explain", "xyzzy").err
    assert "flashprep --help" in said("xyzzy").err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--nonsense"],
        ["list", "--nonsense"],
        ["review", "stray"],
        ["review", "--new", "many"],
        ["review", "--new", "-1"],
        ["review", "--limit", "0"],
        ["review", "--limit"],
        ["log", "--limit", "-1"],
        ["log", "--days", "x"],
        ["stats", "--days", "0"],
        ["stats", "--days", "100000"],
        ["show"],
        ["edit"],
        ["check", "no-such-file.md"],
        ["check", "/"],
        ["check", "--format", "xml"],
        ["explain", "one", "two"],
        ["suspend"],
        ["unsuspend"],
        ["bury"],
        ["reset"],
        ["suspend", ""],
        ["suspend", "--deck", ""],
        ["reset", "--deck", " "],
        ["export"],
        ["export", "deck.zip"],
        ["restore"],
        ["restore", "no-such-file.db", "--yes"],
        ["restore", "/", "--yes"],
        ["backup", "/proc/nothing/backup.db"],
        ["add", "nonsense"],
        ["add", "concept", "--title", "no body"],
        ["add", "concept", "--body", "no title"],
        ["add", "concept", "--title", "x", "--body", "y", "--round", "nonsense"],
        ["undo", "--all"],
        ["doctor", "x"],
        ["list", "\udcff"],
        ["show", "\x1b[31m"],
        ["list", "--deck", "line\nbreak"],
    ],
)
def test_a_bad_option_gets_one_line_and_exit_code_2(said, decks, arguments, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert "\x1b" not in complaint(said(*arguments))


@pytest.mark.parametrize(
    ("line", "said_of_it"),
    [
        ("desired_retention = 1.5", "0.70 to 0.99"),
        ("desired_retention = 'high'", "0.70 to 0.99"),
        ("new_per_day = -1", "0 to 9999"),
        ("new_per_day = true", "0 to 9999"),
        ("reviews_per_day = 1.5", "0 to 9999"),
        ('learning_steps = ["10m", "1m"]', "growing"),
        ('learning_steps = ["soon"]', "growing"),
        ("leech_threshold = 1000", "0 to 99"),
        ("rollover_hour = 24", "0 to 23"),
        ('built_in_decks = "no"', "true or false"),
        ('deck_folders = ["relative"]', "start with /"),
        ("maximum_interval = 0", "1 to 36500"),
        ("new_per_dy = 5", "did you mean 'new_per_day'?"),
        ("nonsense = 5", "the keys are"),
        ("[decks.Caching]\nnew_per_dya = 5", "did you mean 'new_per_day'?"),
        ("decks = 5", "[decks."),
        ("new_per_day = ", "not TOML"),
        ("new_per_day = 5\nnew_per_day = 6", "not TOML"),
        ("key = '\udcff'", "not UTF-8"),
    ],
)
def test_a_bad_config_gets_one_line_that_names_file_and_line(said, home, line, said_of_it):
    config = home / "config.toml"
    config.write_bytes(
        f"# my settings\nbuilt_in_decks = false\n{line}\n".replace(
            "\nbuilt_in_decks = false\nbuilt", "\n\nbuilt"
        ).encode("utf-8", "surrogateescape")
    )
    for command in (["today"], ["review"]):
        err = complaint(said(*command))
        assert err.startswith(f"flashprep: {config}")
        assert said_of_it in err
        if "TOML" not in said_of_it and "UTF-8" not in said_of_it and "decks." not in said_of_it:
            number = 4 if "\n" in line else 3
            assert f"{config}:{number}: " in err


@pytest.mark.parametrize(
    "instant", ["yesterday", "2026-03-02", "2026-03-02T08:00:00", "1960-01-01T00:00:00+00:00", " "]
)
def test_a_bad_clock_gets_one_line(said, decks, clock, instant):
    clock(instant)
    assert "FLASHPREP_NOW" in complaint(said("today"))


def test_a_home_that_cannot_be_made_gets_one_line(said, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FLASHPREP_HOME", str(tmp_path / "file" / "home"))
    assert "FLASHPREP_HOME" in complaint(said("today"))


# -- check and explain

FAULTY = "## Concept: Good\n\nAnswer.\n\n## Question: No answer {#na}\n\n## Concpt: Wrong kind\n\nx\n"


def test_check_shows_source_and_caret_and_exits_1(said, deck):
    path = deck(FAULTY)
    found = said("check")
    assert found.code == 1
    assert found.out.startswith(
        "error[missing-answer]: question has no answer\n"
        f"  --> {path}:5:1\n"
        "  |\n"
        "5 | ## Question: No answer {#na}\n"
        "  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "help: write the answer below the heading\n"
    )
    assert "did you mean 'Concept:'?" in found.out
    assert found.out.rstrip().splitlines()[-1].startswith("2 errors, 0 warnings")


def test_check_in_its_concise_and_json_forms(said, deck):
    path = deck(FAULTY)
    concise = said("check", "--format", "concise")
    assert concise.code == 1
    assert concise.out == (
        f"{path}:5:1: error[missing-answer] question has no answer\n"
        f"{path}:7:1: error[unknown-kind] unknown kind 'Concpt'\n"
    )
    as_json = said("check", "--format", "json")
    assert as_json.code == 1 and as_json.out == said("check", "--json").out
    first, second = as_json.json
    assert (first["rule"], first["severity"], first["path"], first["line"], first["column"]) == (
        "missing-answer",
        "error",
        str(path),
        5,
        1,
    )
    assert (first["end_line"], first["end_column"]) == (5, 29)
    assert first["message"] and first["help"] and second["rule"] == "unknown-kind"


def test_check_exits_0_when_all_is_well_and_2_when_it_cannot_look(said, decks):
    clean = said("check")
    assert (clean.code, clean.out) == (0, "No problems found.\n")
    assert said("check", "--json").json == []
    assert said("check", "--format", "concise").out == ""
    assert said("check", "missing.md").code == 2


def test_check_of_single_files_looks_at_nothing_else(said, deck, tmp_path):
    deck(FAULTY)
    outside = tmp_path / "outside.md"
    outside.write_text("## Story: Half a story\n\n### Situation\n\nText.\n")
    found = said("check", "--json", str(outside))
    assert found.code == 1
    assert {problem["rule"] for problem in found.json} == {"missing-section"}
    assert {problem["path"] for problem in found.json} == {str(outside)}
    outside.write_text("## Concept: Fine\n\nText.\n")
    assert said("check", str(outside)).code == 0
    assert ids(said("list", "--json")) == ["good"]


def test_fix_pins_ids_so_that_headings_can_be_reworded(run, said, deck):
    path = deck("## Concept: Old words\n\nAnswer.\n\n## Concept: Pinned {#mine .tag}\n\nOther.\n")
    run("review", "--id", "old-words", input="\n3\n", ok=True)
    strict = said("check", "--strict", "--json")
    assert strict.code == 1
    assert [(problem["rule"], problem["line"]) for problem in strict.json] == [("unpinned-id", 1)]
    fixed = said("check", "--fix", ok=True)
    assert f"mended 1 place in {path}" in fixed.out
    assert path.read_text() == (
        "## Concept: Old words {#old-words}\n\nAnswer.\n\n## Concept: Pinned {#mine .tag}\n\nOther.\n"
    )
    assert said("check", "--strict").code == 0
    path.write_text(path.read_text().replace("Old words", "Entirely new").replace("Answer.", "Another text by far."))
    card = next(card for card in said("list", "--json").json if card["id"] == "old-words")
    assert card["title"] == "Entirely new" and card["state"] == "learning"


def test_fix_with_json_still_writes_nothing_but_json(said, deck):
    path = deck(FAULTY)
    found = said("check", "--fix", "--json")
    assert found.code == 1 and len(found.json) == 2
    assert "## Concept: Good {#good}" in path.read_text()


def test_fix_leaves_other_files_alone_when_files_are_named(said, deck):
    one, other = deck("## Concept: One\n\nA.\n", "one.md"), deck("## Concept: Two\n\nB.\n", "two.md")
    said("check", "--fix", str(one), ok=True)
    assert "{#one}" in one.read_text() and "{#" not in other.read_text()


def test_explain_says_why_with_a_bad_example_and_a_good_one(said, deck):
    overview = said("explain", ok=True).out.splitlines()
    rules = {line.split()[0] for line in overview}
    assert {"missing-answer", "unknown-kind", "duplicate-id"} <= rules
    text = said("explain", "missing-answer", ok=True).out
    assert text.startswith("missing-answer (error): ") and "\nWrong:\n" in text and "\nRight:\n" in text


def test_every_rule_can_be_explained(said):
    for rule in {line.split()[0] for line in said("explain").out.splitlines()}:
        found = said("explain", rule)
        assert found.code == 0 and found.out.startswith(f"{rule} (") and len(found.out.split()) > 15


# -- changes


def test_undo_takes_back_one_step_at_a_time(run, said, decks):
    run("review", "--id", "write-through", input="\n3\n", ok=True)
    run("review", "--id", "begin-design", input="\n1\nq\n", ok=True)
    said("suspend", "quorum", "boxes-first", ok=True)
    assert "suspend" in said("undo", ok=True).out
    assert said("list", "--json", "--state", "suspended").json == []  # both at once: it was one action
    assert "Again for begin-design" in said("undo").out
    assert "Good for write-through" in said("undo").out
    assert ids(said("list", "--json", "--state", "learning")) == []
    empty = said("undo", ok=True)
    assert empty.out == "There is nothing to take back.\n"


def test_suspended_cards_stay_away_until_they_are_brought_back(run, said, decks, clock):
    done = said("suspend", "cache-stampede", "write-through", ok=True)
    assert "write-through" in done.out and "flashprep undo" in done.out
    suspended = ["write-through", "cache-stampede", "cache-stampede/testing"]
    assert ids(said("list", "--json", "--state", "suspended")) == suspended
    clock("2026-06-01T08:00:00+02:00")
    assert "stampede" not in run("review", "--deck", "caching", input="\n" * 9, ok=True).out
    said("unsuspend", "--tag", "caching", ok=True)
    assert said("list", "--json", "--state", "suspended").json == []
    assert "no card to unsuspend" in said("unsuspend", "write-through", ok=True).out


def test_buried_cards_are_back_tomorrow(said, decks, clock):
    said("bury", "--deck", "caching", ok=True)
    assert len(said("list", "--json", "--state", "buried").json) == 4
    assert said("today", "--json", "--deck", "caching").json["new"] == 0
    clock(TOMORROW)
    assert said("list", "--json", "--state", "buried").json == []
    assert said("today", "--json", "--deck", "caching").json["new"] == 3


def test_a_reset_makes_a_card_new_and_keeps_its_reviews(run, said, decks):
    run("review", "--id", "write-through", input="\n4\n", ok=True)
    said("reset", "write-through", ok=True)
    (card,) = said("show", "write-through", "--json").json
    assert (card["state"], card["due"], card["reps"]) == ("new", None, 0)
    assert [row["rating"] for row in said("log", "--json", "write-through").json] == [4]
    said("undo", ok=True)
    assert said("show", "write-through", "--json").json[0]["state"] == "review"


def test_leeches_are_listed_and_all_brought_back_at_once(run, said, home, deck, clock):
    (home / "config.toml").write_text("built_in_decks = false\nleech_threshold = 1\nrelearning_steps = []\n")
    deck("## Concept: Hard to keep\n\nAnswer.\n")
    run("review", input="\n4\n", ok=True)
    clock("2026-04-20T08:00:00+02:00")
    ended = run("review", input="\n1\n", ok=True)
    assert "leech" in ended.out
    assert ids(said("list", "--json", "--state", "leech")) == ["hard-to-keep"]
    assert said("stats", "--json").json["leeches"] == ["hard-to-keep"]
    said("unsuspend", "--leeches", ok=True)
    assert ids(said("list", "--json", "--state", "leech")) == []
    assert ids(said("list", "--json", "--state", "suspended")) == []


def test_the_log_as_json_gives_each_review(run, said, decks, clock):
    run("review", "--id", "write-through", input="\n3\n", ok=True)
    clock(SOON)
    run("review", "--id", "begin-design", "--id", "write-through", input="\n2\n\n1\nq\n", ok=True)
    rows = said("log", "--json", ok=True).json
    assert all({"id", "card", "rating", "duration_ms", "source"} <= set(row) for row in rows)
    assert [(row["card"], row["rating"]) for row in rows] == [  # newest first
        ("begin-design", 1),
        ("write-through", 2),
        ("write-through", 3),
    ]
    stamps = [row["id"] for row in rows]
    assert stamps == sorted(set(stamps), reverse=True)
    assert rows[-1]["id"] == int(datetime.fromisoformat("2026-03-02T08:00:00+01:00").timestamp() * 1000)
    assert all(isinstance(row["duration_ms"], int) and row["duration_ms"] >= 0 for row in rows)
    assert {row["source"] for row in rows} == {"flashprep"}


def test_the_log_can_be_narrowed_and_shows_what_was_undone_on_request(run, said, decks, clock):
    run("review", "--id", "write-through", input="\n3\n", ok=True)
    clock(TOMORROW)
    run("review", "--id", "begin-design", input="\n1\nq\n", ok=True)
    said("bury", "quorum", ok=True)
    said("undo", ok=True)
    said("undo", ok=True)
    assert [row["card"] for row in said("log", "--json").json] == ["write-through"]
    assert said("log", "--json", "--days", "1").json == []
    everything = said("log", "--json", "--all").json
    assert [(row["kind"], row["undone"]) for row in everything] == [("bury", True), ("review", True), ("review", False)]
    assert len(said("log", "--json", "--all", "--limit", "2").json) == 2
    assert said("log", "--json", "begin-design").json == []
    text = said("log", "--all").out
    assert text.count("(undone)") == 2 and "2026-03-02 08:00  Good" in text


# -- stats, backup, doctor, export


def test_stats_without_any_review(run, said, decks):
    text = run("stats", ok=True).out
    assert "no card has come back for review yet" in text and "new" in text
    found = said("stats", "--json").json
    assert (found["total"], found["streak"], found["reviews"], found["states"]) == (0, 0, {}, {"new": 9})
    assert found["retention"] == {"reviews": 0, "true": None, "predicted": None}


def test_stats_with_reviews(run, said, decks, clock):
    run("review", "--kind", "concept", input="\n4\n\n4\n", ok=True)
    clock("2026-03-20T08:00:00+01:00")
    run("review", "--id", "write-through", "--id", "quorum", input="\n3\n\n1\nq\n", ok=True)
    found = said("stats", "--json", ok=True).json
    assert found["reviews"]["2026-03-02"]["reviews"] == 2 and found["reviews"]["2026-03-20"]["reviews"] == 2
    assert (found["total"], found["streak"]) == (4, 1)
    assert found["retention"]["reviews"] == 2 and found["retention"]["true"] == 0.5
    assert 0 < found["retention"]["predicted"] < 1
    assert sum(found["states"].values()) == 9 and found["states"]["relearning"] == 1
    assert sum(found["forecast"].values()) >= 1
    text = run("stats", ok=True).out
    for words in (
        "Reviews a day: 4 in 30 days",
        "Cards that fall due",
        "States",
        "true",
        "predicted",
        "Streak: 1 day.",
    ):
        assert words in text
    assert "█" in text
    assert "Reviews a day: 2 in 7 days" in run("stats", "--days", "7").out


def test_a_backup_is_restored_and_the_store_before_it_is_kept(run, said, home, decks, tmp_path):
    run("review", "--id", "write-through", input="\n3\n", ok=True)
    target = tmp_path / "mine.db"
    assert str(target) in said("backup", str(target), ok=True).out
    assert said("backup", str(target)).code == 2  # never overwritten
    run("review", "--id", "begin-design", input="\n3\nq\n", ok=True)
    refused = said("restore", str(target))
    assert refused.code == 2 and "--yes" in refused.err
    restored = said("restore", str(target), "--yes", ok=True)
    assert "restored 1 reviews" in restored.out or "restored 1 review" in restored.out
    assert [row["card"] for row in said("log", "--json").json] == ["write-through"]
    assert list(home.glob("flashprep.db.set-aside-*"))


def test_a_dated_backup_goes_to_the_backup_folder_and_is_found_again(run, said, home, decks):
    run("review", "--id", "write-through", input="\n3\n", ok=True)
    said("backup", ok=True)
    assert list((home / "backups").glob("manual-2026-03-02-*.db"))
    (home / "flashprep.db").unlink()
    said("restore", "--yes", ok=True)
    assert len(said("log", "--json").json) == 1


def test_doctor_finds_nothing_wrong_in_a_sound_home(run, said, decks):
    run("review", "--id", "write-through", input="\n3\n", ok=True)
    found = said("doctor", env={"EDITOR": "true"})
    assert found.code == 0, found.out
    assert all(line.startswith("ok ") for line in found.out.splitlines())
    names = {finding["what"] for finding in said("doctor", "--json", env={"EDITOR": "true"}).json}
    assert {"Python", "SQLite", "clock", "config", "store", "schedule", "decks", "backups"} <= names
    assert said("doctor", "--rebuild", env={"EDITOR": "true"}).code == 0
    assert said("show", "write-through", "--json").json[0]["state"] == "learning"


def test_doctor_names_a_limit_that_holds_for_no_deck(said, home, decks):
    config = (home / "config.toml").read_text()
    for name, code in (("Caching and queues", 0), ("Caching", 1), ("Caching and Queues", 1)):
        (home / "config.toml").write_text(f'{config}[decks."{name}"]\nnew_per_day = 1\n')
        found = said("doctor", env={"EDITOR": "true"})
        assert (found.code, f"'{name}' that is not there" in found.out) == (code, bool(code))


def test_doctor_names_what_is_wrong_and_exits_1(said, home, decks):
    said("today", ok=True)
    (home / "flashprep.db").write_bytes(b"this is no database" * 100)
    (home / "decks" / "bad.md").write_text("## Concept: Empty\n")
    found = said("doctor", "--json")
    wrong = {finding["what"]: finding for finding in found.json if not finding["good"]}
    assert found.code == 1 and "store" in wrong and "restore" in wrong["store"]["help"]
    assert said("today").code == 2


def test_export_writes_a_package_and_never_over_another_file(said, decks, tmp_path):
    target = tmp_path / "cards.apkg"
    done = said("export", str(target), "--deck", "caching", ok=True)
    assert "4 cards" in done.out and str(target) in done.out
    assert target.read_bytes().startswith(b"PK")
    before = target.read_bytes()
    refused = said("export", str(target))
    assert refused.code == 2 and "--force" in refused.err and target.read_bytes() == before
    assert "9 cards" in said("export", str(target), "--force", ok=True).out
    assert list(tmp_path.glob("*.apkg")) == [target] and not list(tmp_path.glob(".flashprep*"))
    assert said("export", str(tmp_path / "none.apkg"), "--kind", "coding", "--tag", "prio").code == 2
    assert not (tmp_path / "none.apkg").exists()
    nowhere = said("export", str(tmp_path / "no" / "folder" / "x.apkg"))
    assert nowhere.code == 2 and nowhere.err.count("\n") == 1


# -- add and edit


def test_add_from_options_appends_to_a_deck_of_ones_own_and_says_where(run, said, home):
    done = run("add", "concept", "--title", "What is a lease?", "--body", "A lock that ends by itself.", ok=True)
    path = home / "decks" / "my-cards.md"
    place = re.search(r"added 'what-is-a-lease' at (.+):(\d+)", done.out)
    assert place and Path(place[1]) == path
    assert path.read_text().splitlines()[int(place[2]) - 1].startswith("## Concept: What is a lease?")
    options = ["--id", "story-one", "--deck", "My stories", "--tag", "a", "--tag", "b", "--round", "behavioural"]
    body = "### Situation\n\nS\n\n### Task\n\nT\n\n### Action\n\nA\n\n### Result\n\nR"
    run("add", "story", "--title", "One", "--body", "-", "--covers", "ownership,speed", *options, input=body, ok=True)
    (card,) = said("show", "story-one", "--json").json
    assert (card["deck"], card["round"], card["kind"]) == ("My stories", "behavioral", "story")
    assert set(card["tags"]) == {"a", "b"} and card["covers"] == ["ownership", "speed"]
    assert said("check").code == 0


def test_add_takes_a_note_from_standard_input(run, said, home):
    run("add", input="## Red flag: Guessing\n\n### Why it costs you\n\nTrust.\n\n### Instead\n\nAsk.\n", ok=True)
    assert ids(said("list", "--json")) == ["guessing"]
    assert (home / "decks" / "my-cards.md").read_text().count("## Red flag: Guessing") == 1


def test_add_refuses_what_is_no_card_and_keeps_the_text(run, said, home):
    run("add", "concept", "--title", "Taken", "--body", "x", ok=True)
    for arguments, text in (
        (["add"], "## Concept: No answer\n"),
        (["add"], "just some words\n"),
        (["add"], "## Concept: Taken\n\nagain\n"),
        (["add", "approach", "--title", "T", "--body", "no list"], ""),
    ):
        refused = run(*arguments, input=text)
        assert refused.code == 2 and refused.err.count("\n") == 1
        draft = Path(refused.err.strip().rsplit(" ", 1)[1])
        assert (text or "no list").strip() in draft.read_text()
    assert ids(said("list", "--json")) == ["taken"]
    assert len(list(home.glob("draft*.md"))) == 4  # none was overwritten
    assert run("add").code == 2 and len(list(home.glob("draft*.md"))) == 4  # nothing typed, nothing kept


def test_edit_without_an_editor_says_how_to_set_one(said, home, decks, tmp_path):
    before = decks[0].read_bytes()
    refused = said("edit", "write-through", env={"PATH": str(tmp_path)})
    assert refused.code == 2 and "EDITOR" in refused.err and refused.err.count("\n") == 1
    assert decks[0].read_bytes() == before
    missing = said("edit", "write-through", env={"EDITOR": "no-such-editor --wait"})
    assert missing.code == 2 and "no-such-editor" in missing.err
    assert said("edit", "write-through", env={"EDITOR": "vim '"}).code == 2
    failed = said("edit", "write-through", env={"EDITOR": "false"})
    assert failed.code == 2 and "exit code 1" in failed.err


def test_edit_opens_the_file_of_the_note_and_reports_what_is_wrong_with_it(said, decks):
    swap = "sed -i 's/Each write reaches/EVERY write reaches/'"
    done = said("edit", "write-through", env={"EDITOR": swap}, ok=True)
    assert f"saved {decks[0]}" in done.out
    assert "EVERY write" in said("show", "write-through", "--json").json[0]["answer"]
    spoiled = said("edit", "quorum", env={"EDITOR": "sed -i '/^Reads see/d'"}, ok=True)
    assert "missing-answer" in spoiled.out


def test_edit_of_a_built_in_note_makes_a_copy_that_takes_its_place(run, said, home):
    (home / "config.toml").write_text("")
    built_in = said("list", "--json", "--kind", "concept").json[0]
    run("review", "--id", built_in["id"], input="\n3\nq\n", ok=True)
    before = Path(built_in["path"]).read_bytes()
    done = said("edit", built_in["note"], env={"EDITOR": "true"}, ok=True)
    assert str(home / "decks") in done.out
    card = said("show", built_in["id"], "--json").json[0]
    assert card["path"].startswith(str(home / "decks")) and card["state"] == "learning"
    assert Path(built_in["path"]).read_bytes() == before


# -- colours


COLOUR = re.compile(r"\x1b\[(?:[\d;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[\d;]*)?m")


def test_a_terminal_gets_colours_unless_no_color_is_set(run, decks, monkeypatch):
    run("review", "--id", "write-through", input="\n3\n", ok=True)
    monkeypatch.setenv("TERM", "xterm-256color")

    def on_terminal(command: str) -> str:
        return pexpect.run(f"{sys.executable} -m flashprep {command}", encoding="utf-8", dimensions=(40, 80))

    monkeypatch.delenv("NO_COLOR", raising=False)
    assert COLOUR.search(on_terminal("show two-stacks"))
    monkeypatch.setenv("NO_COLOR", "1")
    for command in ("list", "show two-stacks", "stats"):
        plain = on_terminal(command)
        assert len(plain.splitlines()) > 5, plain
        assert not COLOUR.search(plain)


def test_a_pipe_gets_no_escape_codes_at_all(run, decks):
    for command in (["show", "two-stacks"], ["stats"], ["list"]):
        assert "\x1b" not in run(*command, env={"TERM": "xterm-256color"}, ok=True).out


def test_the_rules_are_listed_as_json(run: Callable) -> None:
    rules = run("explain", "--json", ok=True).json
    assert {"missing-answer", "duplicate-id"} <= {rule["id"] for rule in rules}
    assert set(rules[0]) == {"id", "severity", "summary", "why", "bad", "good"}
