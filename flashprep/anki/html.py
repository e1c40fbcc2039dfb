"""Markdown of cards as HTML for Anki. Content is untrusted: raw HTML comes out as text, nothing links to the outside."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
    html = pyromark.html(_without_html(markdown), options=OPTIONS)
    html = _LINK.sub("", html)
    names = iter(pictures)

    def picture(found: re.Match[str]) -> str:
        name = next(names, "")
        return f'<img src="{escape(name)}" alt="{found[1]}">' if name else found[1]

    return _inert(_CODE.sub(_coloured, _IMAGE.sub(picture, html)))


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


def plain(text: str) -> str:
    """Write plain text, such as the name of a deck, as HTML that shows it as it is."""
    return _inert(escape(text))


def _inert(html: str) -> str:
    return _ANKI.sub(r"[&#8203;\1", html).replace("\x1f", " ").strip()


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
