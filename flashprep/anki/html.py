"""Markdown of cards as HTML for Anki. Content is untrusted: raw HTML comes out as text, nothing links to the outside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape, unescape

import pyromark

from flashprep.cards.markdown import OPTIONS

_LINK = re.compile(r"</?a\b[^>]*>")
_IMAGE = re.compile(r'<img\b[^>]*?\balt="([^"]*)"[^>]*>')
_CODE = re.compile(r'<pre><code class="language-([\w+#-]+)">(.*?)</code></pre>', re.DOTALL)
# Words that make Anki do something; a character reference in their middle leaves only the look.
_ANKI = re.compile(r"\[(sound:|latex\]|/latex\]|\$|anki:)", re.IGNORECASE)
_ROUNDS = 5


def render(markdown: str, pictures: Sequence[str] = ()) -> str:
    """Render Markdown to HTML that holds only what Markdown itself can make.

    ``pictures`` are the names that the pictures of the text have in the package, in their order; without a name, the words of a
    picture stand in its place.
    """
    html: str = pyromark.html(_without_html(markdown), options=OPTIONS)
    if "<a" in html or "</a" in html:
        html = _LINK.sub("", html)
    if "<img" in html:
        names = iter(pictures)

        def picture(found: re.Match[str]) -> str:
            name = next(names, "")
            return f'<img src="{escape(name)}" alt="{found[1]}">' if name else found[1]

        html = _IMAGE.sub(picture, html)
    if "<pre>" in html:
        html = _CODE.sub(_coloured, html)
    return _inert(html)


def _coloured(found: re.Match[str]) -> str:
    """Mark the words of a code block with the classes of Pygments, for which the note type has the colours."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(found[1], stripnl=False)
    except ClassNotFound:
        return found[0]
    code = highlight(unescape(found[2]), lexer, HtmlFormatter(nowrap=True))
    return f'<pre><code class="language-{found[1]}">{code}</code></pre>'


@lru_cache(1024)  # decks and kinds are few, cards many
def plain(text: str) -> str:
    """Write plain text, such as the name of a deck, as HTML that shows it as it is."""
    return _inert(escape(text))


def _inert(html: str) -> str:
    if "[" in html:
        html = _ANKI.sub(r"[&#8203;\1", html)
    return html.replace("\x1f", " ").strip()


def _without_html(markdown: str) -> str:
    """Escape the raw HTML of a text, so that the parser finds none any more."""
    for _ in range(_ROUNDS):
        if "<" not in markdown:
            return markdown
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
