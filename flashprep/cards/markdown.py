"""The block structure of Markdown, read with a CommonMark parser: headings, fences, lists, code."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, NamedTuple

import pyromark

OPTIONS = pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_STRIKETHROUGH


class Block(NamedTuple):
    """A block at the top level of a text. Lines count from 0; the end is exclusive."""

    kind: str  # Heading, Paragraph, List, CodeBlock, BlockQuote, HtmlBlock, Table, Rule, ...
    line: int
    end: int
    level: int  # of a heading, else 0


def _line_starts(data: bytes) -> list[int]:
    starts = [0]
    position = data.find(b"\n")
    while position >= 0:
        starts.append(position + 1)
        position = data.find(b"\n", position + 1)
    return starts


def _events(text: str) -> Iterator[tuple[Any, Any]]:
    """Yield (event, {"start", "end"}) pairs, offsets in bytes of UTF-8; see pyromark.events_with_range."""
    return pyromark.events_with_range(text, options=OPTIONS)


def blocks(text: str) -> list[Block]:
    """Return the top-level blocks of a text in order."""
    starts = _line_starts(text.encode())
    found: list[Block] = []
    depth = 0
    for event, span in _events(text):
        if event.__class__ is dict:
            if "Start" in event:
                if depth == 0:
                    found.append(_block(event["Start"], span, starts))
                depth += 1
            elif "End" in event:
                depth -= 1
        elif depth == 0 and event == "Rule":
            line = bisect_right(starts, span["start"]) - 1
            found.append(Block("Rule", line, line + 1, 0))
    return found


def _block(tag: Any, span: Any, starts: list[int]) -> Block:
    line = bisect_right(starts, span["start"]) - 1
    end = bisect_right(starts, max(span["start"], span["end"] - 1))
    if tag.__class__ is str:
        return Block(tag, line, end, 0)
    kind = next(iter(tag))
    level = int(tag["Heading"]["level"][1]) if kind == "Heading" else 0
    return Block(kind, line, end, level)


def code_ranges(text: str) -> list[tuple[int, int]]:
    """Return the character ranges of code, inline and in blocks, in order."""
    data = text.encode()
    ascii_only = len(data) == len(text)
    ranges: list[tuple[int, int]] = []
    for event, span in _events(text):
        if event.__class__ is dict and (
            "Code" in event or ("Start" in event and event["Start"].__class__ is dict and "CodeBlock" in event["Start"])
        ):
            ranges.append((span["start"], span["end"]))
    return ranges if ascii_only else _in_characters(data, ranges)


def _in_characters(data: bytes, ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Turn ranges of bytes, which are in order and apart, into ranges of characters."""
    found, byte, character = [], 0, 0
    for start, end in ranges:
        first = character + len(data[byte:start].decode())
        byte, character = end, first + len(data[start:end].decode())
        found.append((first, character))
    return found


class Image(NamedTuple):
    """A picture in a text: where its file is said to be, what stands for it in words, and its character range."""

    target: str
    alt: str
    start: int
    end: int


def images(text: str) -> list[Image]:
    """Return the pictures of a text in order."""
    if "![" not in text:
        return []
    ranges: list[tuple[int, int]] = []
    said: list[tuple[str, str]] = []
    target = ""
    words: list[str] | None = None
    for event, span in _events(text):
        if event.__class__ is not dict:
            continue
        start, end = event.get("Start"), event.get("End")
        if start.__class__ is dict and "Image" in start:
            target, words = start["Image"]["dest_url"], []
        elif end == "Image" and words is not None:
            ranges.append((span["start"], span["end"]))
            said.append((target, "".join(words)))
            words = None
        elif words is not None:
            words.append(event.get("Text", "") or event.get("Code", ""))
    places = _in_characters(text.encode(), ranges)
    return [Image(*what, *place) for what, place in zip(said, places, strict=True)]


def code_of(text: str) -> str:
    """Return the first fenced code block of a text, without its fences; empty where there is none."""
    lines = text.split("\n")
    for block in blocks(text):
        if block.kind == "CodeBlock" and lines[block.line].lstrip().startswith(("```", "~~~")):
            return "\n".join(lines[block.line + 1 : block.end - 1])
    return ""


def without_code(text: str) -> str:
    """Leave out the code blocks of a text."""
    lines = text.split("\n")
    for block in reversed(blocks(text)):
        if block.kind == "CodeBlock":
            del lines[block.line : block.end]
    return "\n".join(lines).strip("\n")


def without_pictures(text: str) -> str:
    """Put the words of each picture in its place, for where pictures cannot be shown."""
    for image in reversed(images(text)):
        text = f"{text[: image.start]}[{image.alt}]{text[image.end :]}"
    return text


def ordered_lists(text: str) -> list[tuple[int, int, list[str]]]:
    """Return the top-level ordered lists of a text: first line, line after the last, and the Markdown of each item."""
    lines = text.split("\n")
    starts = _line_starts(text.encode())
    found: list[tuple[int, int, list[str]]] = []
    depth = 0
    current: list[Block] = []
    for event, span in _events(text):
        if event.__class__ is not dict:
            continue
        if "Start" in event:
            tag = event["Start"]
            if depth == 0:
                current = []
            if depth == 1 and tag == "Item":
                current.append(_block(tag, span, starts))
            depth += 1
        elif "End" in event:
            depth -= 1
            end = event["End"]
            if depth == 0 and end.__class__ is dict and end.get("List") is True:
                block = _block("List", span, starts)
                found.append((block.line, block.end, [_item_text(lines, item) for item in current]))
    return found


def _item_text(lines: list[str], item: Block) -> str:
    first = lines[item.line].lstrip()
    marker = len(first) - len(first.lstrip("0123456789"))
    rest = first[marker + 1 :]
    text = [rest.strip()]
    indent = len(lines[item.line]) - len(rest.lstrip()) if rest.strip() else len(lines[item.line])
    for line in lines[item.line + 1 : item.end]:
        text.append(line[indent:] if not line[:indent].strip() else line.lstrip())
    return "\n".join(text).strip()


def open_fences(text: str, found: list[Block]) -> Iterator[Block]:
    """Yield the fenced code blocks that are never closed and so swallow the rest of the file."""
    lines = text.split("\n")
    for block in found:
        if block.kind != "CodeBlock":
            continue
        opening = lines[block.line].lstrip(" ")
        if len(lines[block.line]) - len(opening) > 3 or not opening.startswith(("```", "~~~")):
            continue  # code by indentation
        fence = opening[: len(opening) - len(opening.lstrip(opening[0]))]
        last = lines[block.end - 1] if block.end - 1 > block.line else ""
        closing = last.strip() if len(last) - len(last.lstrip(" ")) < 4 else ""
        if len(closing) < len(fence) or set(closing) != {opening[0]}:
            yield block
