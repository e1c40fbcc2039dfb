"""The built-in decks keep the rules of a good card, as far as a program can see them."""

from __future__ import annotations

import csv
import itertools
import re
import statistics
from functools import cache
from typing import NamedTuple

import pytest

from flashprep.cards.kinds import cards_of
from flashprep.cards.markdown import blocks, images
from flashprep.cards.model import ROUNDS, Card, Note
from flashprep.cards.parser import parse
from flashprep.folders import Root, scan
from flashprep.places import built_in_decks
from flashprep.reading import read_deck

DECKS = built_in_decks()

TOPICS = (
    "interview-process prep-plan answer-structure behavioral-stories design-exercises databases api-design consistency reliability "
    "frameworks queues security observability heaps architecture rate-limiting arrays-strings caching sharding-replication scaling "
    "trees-graphs dp concurrency http-web stacks-queues log-processing tries linked-lists intervals backtracking"
).split()
TAGS = {*TOPICS, "prio", "meta", "google", "amazon", "apple", "microsoft"}

# Longest answer in words, by kind; a card may ask for one thing only, and it must fit a phone.
CAPS = {"concept": 70, "question": 90, "approach": 120, "red-flag": 70, "coding": 75, "story": 110}
FACET_CAP = 110  # a facet of a design exercise
TESTING_CAP = 45
FACET_DECKS = ("30-design-exercises", "31-design-feed-and-chat-deep-dives")


class Item(NamedTuple):
    deck: str
    note: Note
    card: Card

    @property
    def name(self) -> str:
        return f"{self.deck}: {self.note.id}/{self.card.face}"

    @property
    def words(self) -> int:
        return len(words(self.card.answer))


def words(markdown: str) -> list[str]:
    """Return the words that a reader reads: no marks, no code blocks, no words of pictures."""
    text = re.sub(r"```.*?```|!\[[^\]]*\]\([^)]*\)", " ", markdown, flags=re.DOTALL)
    return [word for word in re.split(r"\s+", text) if re.search(r"\w", word)]


@cache
def notes() -> list[tuple[str, Note]]:
    return [
        (path.stem, note)
        for path in sorted(DECKS.glob("*.md"))
        for note in parse(path.read_text(encoding="utf-8")).notes
    ]


@cache
def items() -> list[Item]:
    """Every card but the exercises, which repeat the words of their siblings."""
    return [Item(deck, note, card) for deck, note in notes() for card in cards_of(note) if not card.exercise]


def test_no_built_in_deck_has_a_diagnostic() -> None:
    reads = [read_deck(found, "") for found in scan([Root("built-in", DECKS, 0)])]
    assert len(reads) > 5
    assert [problem for read in reads if read for problem in read.problems] == []


def test_every_kind_and_every_round_is_there() -> None:
    assert len(notes()) >= 80
    assert {note.kind for _, note in notes()} == {"concept", "question", "approach", "red-flag", "coding", "story"}
    assert {note.round for _, note in notes()} == set(ROUNDS)


def test_every_id_is_pinned_and_unique() -> None:
    ids = [note.id for _, note in notes()]
    assert all(note.pinned for _, note in notes())
    assert len(ids) == len(set(ids))


def test_tags_come_from_the_list_and_every_note_has_a_topic() -> None:
    wrong = [
        f"{deck}: {note.id} {set(note.tags) - TAGS or 'no topic'}"
        for deck, note in notes()
        if set(note.tags) - TAGS or not set(note.tags) & set(TOPICS)
    ]
    assert wrong == []


def test_no_answer_is_longer_than_its_kind_allows() -> None:
    def cap(item: Item) -> int:
        if item.card.face == "testing":
            return TESTING_CAP
        return FACET_CAP if item.deck in FACET_DECKS and item.note.kind == "question" else CAPS[item.note.kind]

    assert [(item.name, item.words) for item in items() if item.words > cap(item)] == []


def test_steps_of_an_approach_are_short_and_few() -> None:
    long = [(item.name, len(words(step))) for item in items() for step in item.card.steps if len(words(step)) > 30]
    many = [item.name for item in items() if item.card.steps and not 2 <= len(item.card.steps) <= 7]
    assert (long, many) == ([], [])


def test_the_whole_set_is_as_long_as_people_can_remember() -> None:
    lengths = [item.words for item in items()]
    assert 30 <= statistics.median(lengths) <= 45
    assert max(lengths) <= 120
    assert sum(length <= 40 for length in lengths) >= len(lengths) / 2


@pytest.mark.parametrize(
    "of", ["concept", "red-flag", "process"], ids=["concepts", "red flags", "cards on the process"]
)
def test_what_is_only_to_be_known_is_short(of: str) -> None:
    assert statistics.median(item.words for item in items() if of in (item.note.kind, item.note.round)) <= 35


def test_no_front_can_be_answered_by_yes_or_no() -> None:
    closed = re.compile(
        r"(is|are|was|do|does|did|can|could|should|would|will|has|have|must|may)\b[^,:;]*\?$", re.IGNORECASE
    )
    assert [item.name for item in items() if closed.match(item.note.title)] == []


def test_fronts_are_short_enough_to_read_at_a_glance() -> None:
    assert [item.name for item in items() if len(item.note.title) > 130 or len(words(item.note.title)) > 24] == []


def _front_words(title: str) -> frozenset[str]:
    small = set(
        "a an the of in on to for and or is are do does you your it its what which how why when that than by with from at as be".split()
    )
    return frozenset(
        re.sub(r"(s|ed|ing)$", "", word) for word in re.findall(r"[a-z0-9]+", title.lower()) if word not in small
    )


def test_no_two_fronts_ask_the_same() -> None:
    fronts = [(note.id, _front_words(note.title)) for _, note in notes()]
    same = [
        (first, second)
        for (first, a), (second, b) in itertools.combinations(fronts, 2)
        if a and b and len(a & b) / len(a | b) >= 0.75
    ]
    assert same == []


def test_no_front_repeats_as_its_answer() -> None:
    assert [item.name for item in items() if item.card.prompt.strip() == item.card.answer.strip()] == []


def test_the_index_covers_every_item_by_notes_that_are_there() -> None:
    ids = {note.id for _, note in notes()}
    with (DECKS / "syllabus.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len({row["item"] for row in rows}) == len(rows) == 534
    assert [
        row["item"]
        for row in rows
        if not row["notes"].split() or not set(row["notes"].split()) <= ids or not row["prompt"].strip()
    ] == []


def test_cards_stay_plain_markdown() -> None:
    for deck, note in notes():
        text = "\n\n".join([note.body, *(section.text for section in note.sections)])
        assert not {block.kind for block in blocks(text)} & {"HtmlBlock"}, (deck, note.id)
        prose = re.sub(r"```.*?```|`[^`]*`|!\[[^\]]*\]\(media/", "", text, flags=re.DOTALL)
        assert not re.search(r"</?[a-z]+[ >/]|(?<!!)\]\(|https?://", prose), (deck, note.id)


def test_pictures_are_small_say_what_they_show_and_load_nothing() -> None:
    files = sorted((DECKS / "media").iterdir())
    shown = {image.target: image.alt for item in items() for image in images(item.card.answer)}
    assert {f"media/{file.name}" for file in files} == set(shown)
    for file in files:
        source = file.read_text(encoding="utf-8")
        assert file.suffix == ".svg" and len(source) < 8000
        assert "<title>" in source and "<desc>" in source and re.search(r"prefers-color-scheme: ?dark", source)
        assert not re.search(r"<script|<image|<foreignObject|href=|url\(|@import|\son\w+=", source, re.IGNORECASE), (
            file.name
        )
        width, height = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', source).groups())  # type: ignore[union-attr]
        assert width <= 400 and height <= 400
        assert (
            min(float(size) for size in re.findall(r"(?:font-size[=:]\s*[\"']?|font:[^;}]*?)([\d.]+)px", source)) >= 12
        )
    assert [alt for alt in shown.values() if not 8 <= len(alt.split()) <= 40] == []


def test_pictures_stand_in_answers_only() -> None:
    assert [item.name for item in items() if images(item.card.prompt)] == []


FALSE = {
    r"\bUPI\b": None,
    r"pick (any )?two|two (out )?of (the )?three": r"not|never|wrong|mislead|myth|instead|slogan",
    r"exactly[- ]once delivery": r"not|never|no |cannot|impossible|myth|claim",
    r"guaranteed (push )?delivery": r"not|never|no |cannot|best effort",
    r"master[- ]slave": None,
}


@pytest.mark.parametrize("pattern", FALSE)
def test_a_well_known_error_is_only_named_to_deny_it(pattern: str) -> None:
    denial = FALSE[pattern]
    for item in items():
        text = f"{item.card.prompt}\n{item.card.answer}"
        if re.search(pattern, text, re.IGNORECASE):
            assert denial and re.search(denial, text, re.IGNORECASE), item.name


def test_what_can_go_stale_carries_a_date() -> None:
    vague = re.compile(
        r"\b(currently|nowadays|recently|at present|these days|newest version|the latest(?! (\w+ )?(write|value)s?\b))\b",
        re.IGNORECASE,
    )
    dated = re.compile(r"\b(19|20)\d\d\b")
    assert [
        item.name for item in items() if vague.search(item.card.answer) and not dated.search(item.card.answer)
    ] == []
    assert [item.name for item in items() if re.search(r"\bas of\b(?!\s+([A-Z]\w+\s+)?\d)", item.card.answer)] == []


def test_cards_stand_on_their_own() -> None:
    # A design has its own sources and authors (a source of ids, the author of a post): those two count only as witnesses.
    outside = re.compile(
        r"\b(the|this|that|a) (guide|article|syllabus|course)\b"
        r"|\b(the|this|that|our) (source|author)s? (\w+ly )?"
        r"(says?|states?|writes?|claims?|recommends?|suggests?|advises?|lists?|gives?|explains?|argues?|mentions?)\b"
        r"|\b(according to|cited? (by|in)|as in) (the|this|that|our) (source|author)s?\b",
        re.IGNORECASE,
    )
    assert [item.name for item in items() if outside.search(f"{item.card.prompt} {item.card.answer}")] == []


def test_what_matters_most_fits_into_a_week() -> None:
    assert 110 <= sum("prio" in item.note.tags for item in items()) <= 130
    assert {note.round for _, note in notes() if "prio" in note.tags} == set(ROUNDS)


def _solutions() -> list[str]:
    return sorted({note.solution for _, note in notes() if note.solution})


def test_coding_notes_are_linked_to_solutions() -> None:
    assert len(_solutions()) >= 6
    for name in _solutions():
        assert (DECKS / "solutions" / f"{name}.py").is_file()
        assert (DECKS / "solutions" / f"test_{name}.py").is_file()
