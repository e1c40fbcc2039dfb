"""HTML of Anki's notes as Markdown of ours; what has no Markdown becomes its words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bs4 import BeautifulSoup, Tag
from markdownify import MarkdownConverter

_LANGUAGE = re.compile(r"^language-([\w+#-]+)$")
# What would be Markdown if it stood there as it is; words like snake_case and sums like 2 * 3 stay as they are.
_ESCAPED = re.compile(
    r"(?m)\\(?=[!-/:-@\[-`{-~])|`|\*(?=\S)|(?<=\S)\*|(?<!\w)_|_(?!\w)|<(?=[A-Za-z/!?])|(?<==)=|~(?=~)|(?<=~)~"
    r"|\[(?=[^\]\n]*\][(\[])|&(?=#?\w+;)|\||^[ \t]*(?:[#>]|[-+*](?=\s|$|[-+* ]*$))|^[ \t]*=+(?=\s*$)"
)
_NUMBER = re.compile(r"(?m)^([ \t]*\d{1,9})([.)])(?=\s|$)")
_SOUND = re.compile(r"\[sound:([^\]\n]{1,200})\]")
_MATH = (
    (re.compile(r"\[latex\]|\[/latex\]|\[\$\$?\]|\[/\$\$?\]"), ""),
    (re.compile(r"\\\((.{1,300}?)\\\)", re.DOTALL), r"\1"),
    (re.compile(r"\\\[(.{1,300}?)\\\]", re.DOTALL), r"\1"),
)
_DROPPED = (
    "script",
    "style",
    "noscript",
    "template",
    "iframe",
    "object",
    "embed",
    "svg",
    "audio",
    "video",
    "form",
    "input",
)
LONGEST = 200_000  # characters of a field that are looked at
_DEEPEST = 60  # elements within each other; beyond it only the words are kept


class _Converter(MarkdownConverter):
    """Markdown as our decks have it: ``-`` lists, fenced code with its language, no links, no headings."""

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return text

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        for line_end in el.find_all("br"):
            line_end.replace_with("\n")
        code = el.get_text().strip("\n")
        if not code.strip():
            return ""
        fence = "```"
        while fence in code:
            fence += "`"
        return f"\n\n{fence}{_language(el)}\n{code}\n{fence}\n\n"

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        alt = " ".join(str(el.get("alt") or "").split()).replace("[", "(").replace("]", ")")
        pictures: Mapping[str, str] = self.options["pictures"]  # type: ignore[attr-defined]  # made by markdownify
        target = pictures.get(str(el.get("src") or ""), "")
        return f"![{alt or 'picture'}]({target})" if target else alt

    def convert_hN(self, n: int, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: N802 - named by markdownify
        return f"\n\n**{text.strip()}**\n\n" if text.strip() else ""

    def convert_summary(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n**{text.strip()}**\n\n" if text.strip() else ""

    def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return " " if "_inline" in parent_tags else "  \n"

    def escape(self, text: str, parent_tags: set[str]) -> str:
        if not text or "code" in parent_tags or "pre" in parent_tags:
            return text
        return _NUMBER.sub(r"\1\\\2", _ESCAPED.sub(r"\\\g<0>", text))


def _language(el: Tag) -> str:
    for one in (el, el.find("code")):
        for name in (one.get("class") or []) if isinstance(one, Tag) else []:
            found = _LANGUAGE.match(str(name))
            if found:
                return found[1]
    return ""


def soup_of(html: str) -> BeautifulSoup:
    """Parse HTML, without what is no text for people."""
    soup = BeautifulSoup(html[:LONGEST], "html.parser")
    for found in soup.find_all(_DROPPED):
        found.decompose()
    return soup


def to_markdown(html: str, pictures: Mapping[str, str] | None = None) -> str:
    """Return HTML as Markdown; ``pictures`` says for the names of media where they lie beside the deck."""
    if not html.strip():
        return ""
    html = html[:LONGEST]
    html = _SOUND.sub(r"(audio: \1)", html.replace("&nbsp;", " ").replace("\xa0", " "))
    for pattern, instead in _MATH:
        html = pattern.sub(instead, html)
    soup = soup_of(html)
    if _depth(soup) > _DEEPEST:
        soup = BeautifulSoup("", "html.parser")
        soup.append(BeautifulSoup(html[:LONGEST], "html.parser").get_text(" "))
    options: dict[str, Any] = {
        "bullets": "-",
        "heading_style": "atx",
        "escape_misc": False,
        "escape_asterisks": False,
        "escape_underscores": False,
        "strip_document": None,
        "pictures": pictures or {},
    }
    text: str = _Converter(**options).convert_soup(soup)
    text = re.sub(r"[ \t]+\n", lambda found: "  \n" if len(found[0]) > 2 else "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _depth(soup: BeautifulSoup) -> int:
    deepest, stack = 0, [(soup, 0)]
    while stack:
        element, depth = stack.pop()
        deepest = max(deepest, depth)
        stack += [(child, depth + 1) for child in element.children if isinstance(child, Tag)]  # type: ignore[misc]
    return deepest


def words(html: str) -> str:
    """Return the words of HTML in one line."""
    return " ".join(soup_of(html).get_text(" ").split())
