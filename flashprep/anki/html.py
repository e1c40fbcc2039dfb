"""Markdown of cards as HTML for Anki. Content is untrusted: raw HTML comes out as text, nothing links to the outside."""

from __future__ import annotations

import re
from html import escape

import pyromark

from flashprep.cards.markdown import OPTIONS

_LINK = re.compile(r"</?a\b[^>]*>")
_IMAGE = re.compile(r'<img\b[^>]*?\balt="([^"]*)"[^>]*>')
# Words that make Anki do something; a character reference in their middle leaves only the look.
_ANKI = re.compile(r"\[(sound:|latex\]|/latex\]|\$|anki:)", re.IGNORECASE)
_ROUNDS = 5


def render(markdown: str) -> str:
    """Render Markdown to HTML that holds only what Markdown itself can make."""
    html = pyromark.html(_without_html(markdown), options=OPTIONS)
    html = _LINK.sub("", html)
    html = _IMAGE.sub(r"\1", html)
    return _inert(html)


def plain(text: str) -> str:
    """Write plain text, such as the name of a deck, as HTML that shows it as it is."""
    return _inert(escape(text))


def _inert(html: str) -> str:
    return _ANKI.sub(r"[&#8203;\1", html).replace("\x1f", " ").strip()


def _without_html(markdown: str) -> str:
    """Escape the raw HTML of a text, so that the parser finds none any more."""
    for _ in range(_ROUNDS):
        data = markdown.encode()
        spans = [
            (span["start"], span["end"])
            for event, span in pyromark.events_with_range(markdown, options=OPTIONS)
            if isinstance(event, dict) and ("Html" in event or "InlineHtml" in event)
        ]
        if not spans:
            return markdown
        parts, position = [], 0
        for start, end in spans:
            parts += [data[position:start], data[start:end].replace(b"<", b"&lt;")]
            position = end
        markdown = b"".join([*parts, data[position:]]).decode()
    return markdown.replace("<", "&lt;")
