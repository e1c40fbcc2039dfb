"""Text helpers of the card format: bytes to text, slugs, names near to a wrong one."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable

from flashprep.cards.diagnostics import ERROR, Diagnostic, rule
from flashprep.cards.model import Span

MAX_BYTES = 16 * 1024 * 1024  # a deck larger than this is a mistake, not a deck

NOT_UTF8 = rule(
    "not-utf8",
    ERROR,
    "the file is not UTF-8",
    "A deck is read as UTF-8 everywhere, so that it looks the same on every machine. Bytes that are not UTF-8 are shown as "
    "�; the cards around them stay usable.",
)
CONTROL_CHARACTER = rule(
    "control-character",
    ERROR,
    "the text holds a control character",
    "Control characters are invisible, and Anki refuses a package that holds some of them. They are left out of the cards.",
)
TOO_LARGE = rule(
    "too-large",
    ERROR,
    "the file is too large for a deck",
    "A deck of more than 16 MiB is most likely another file with the ending .md. It is left alone; cards that came from it "
    "before keep their history.",
)
UNREADABLE = rule(
    "unreadable-file",
    ERROR,
    "the file cannot be read",
    "The operating system refuses to open the file. Cards that came from it before stay reviewable as they were last read.",
)

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def decode(data: bytes) -> tuple[str, list[Diagnostic]]:
    """Turn the bytes of a deck into text with ``\\n`` line ends, and report what is wrong with them."""
    problems = []
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _place(data[: error.start].decode("utf-8", "replace"))
        problems.append(
            NOT_UTF8.at(
                Span(line, column, line, column + 1),
                f"byte 0x{data[error.start]:02x} is not UTF-8",
                "save the file as UTF-8, or convert it: iconv -f latin1 -t utf-8 FILE",
            )
        )
        text = data.decode("utf-8", "replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = _CONTROL.search(text)
    if found:
        line, column = _place(text[: found.start()])
        problems.append(
            CONTROL_CHARACTER.at(
                Span(line, column, line, column + 1),
                f"control character U+{ord(found[0]):04X}",
                "delete it: it may have come in with copied text",
            )
        )
        text = clean(text)
    return text, problems


def clean(text: str) -> str:
    """Put spaces in the place of control characters, which a terminal would obey and Anki would refuse."""
    return _CONTROL.sub(" ", text)


def _place(before: str) -> tuple[int, int]:
    before = before.replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def slug(text: str, limit: int = 80) -> str:
    """Make an id of a title: lower case, words joined by hyphens, accents dropped, at most ``limit`` characters."""
    kept = text.lower()
    if not text.isascii():
        folded = unicodedata.normalize("NFKD", text).casefold()
        kept = "".join(c for c in folded if not unicodedata.combining(c))
    words = re.sub(r"[\W_]+", "-", kept).strip("-")
    if len(words) > limit:
        cut = words[:limit]
        words = cut.rsplit("-", 1)[0] if "-" in cut else cut
    return words


def nearest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """Return the known name that is closest to a wrong one, empty where none is close."""
    folded = {other.casefold(): other for other in known}
    close = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=cutoff)
    return folded[close[0]] if close else ""


def one_line(text: str, limit: int = 76) -> str:
    """Shorten text to one line of at most ``limit`` characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"
