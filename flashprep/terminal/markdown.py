"""Markdown of cards as rich renderables, in colours that read on light and on dark backgrounds."""

from __future__ import annotations

from typing import ClassVar

from markdown_it import MarkdownIt
from pygments.token import Comment, Keyword, Name, Number, Operator, String, Token
from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import CodeBlock, Heading, ImageItem, Markdown, TableElement
from rich.padding import Padding
from rich.segment import Segment
from rich.style import Style
from rich.syntax import ANSISyntaxTheme, Syntax
from rich.table import Table
from rich.text import Text

# Only the six middle colours of the terminal's own palette: they have contrast on white and on black.
CODE_THEME = ANSISyntaxTheme(
    {
        Token: Style(),
        Comment: Style(dim=True, italic=True),
        Keyword: Style(color="magenta"),
        Keyword.Type: Style(color="cyan"),
        Operator.Word: Style(color="magenta"),
        Name.Builtin: Style(color="cyan"),
        Name.Function: Style(color="blue"),
        Name.Class: Style(color="blue", bold=True),
        Name.Decorator: Style(color="cyan"),
        Number: Style(color="cyan"),
        String: Style(color="green"),
    }
)


class _Code(CodeBlock):
    """A code block, indented, on the terminal's own background."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render the highlighted code; long lines wrap."""
        code = str(self.text).rstrip()
        syntax = Syntax(code, self.lexer_name or "text", theme=CODE_THEME, background_color="default", word_wrap=True)
        yield Padding(syntax, (0, 0, 0, 2))


class _Heading(Heading):
    """A heading, bold and to the left."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render the heading."""
        text = self.text.copy()
        text.justify = "left"
        text.stylize("bold")
        yield text


class _Image(ImageItem):
    """The words of a picture, in its place."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render the words."""
        yield Text.assemble(("▧ ", "cyan"), (self.text.plain, "italic"))


class _Table(TableElement):
    """A table without the empty lines that its missing edges would take."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render the table."""
        for table in super().__rich_console__(console, options):
            if isinstance(table, Table):
                table.show_edge = False
                for column in table.columns:
                    column.overflow = "fold"  # nothing of a card is cut off
            yield table


# What looks like HTML is text: a List<String> outside of code would lose its half otherwise.
_PARSER = MarkdownIt("commonmark", {"html": False}).enable(["strikethrough", "table"])


class CardMarkdown(Markdown):
    """Markdown as cards show it. Raw HTML is shown as it is written; links show their text and address."""

    elements: ClassVar = {
        **Markdown.elements,
        "fence": _Code,
        "code_block": _Code,
        "heading_open": _Heading,
        "table_open": _Table,
        "image": _Image,
    }

    def __init__(self, source: str, style: str = "none"):
        super().__init__("", style=style, hyperlinks=False)
        self.markup = source
        self.parsed = _PARSER.parse(source)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render the text, without the empty line that some elements put before themselves at the top."""
        begun = False
        for part in super().__rich_console__(console, options):
            begun = begun or part != Segment.line()
            if begun:
                yield part


STYLES = {
    "markdown.code": Style(color="cyan"),
    "markdown.code_block": Style(),
    "markdown.item.bullet": Style(dim=True),
    "markdown.item.number": Style(dim=True),
    "markdown.block_quote": Style(italic=True),
    "markdown.link": Style(underline=True),
    "markdown.link_url": Style(dim=True),
    "markdown.hr": Style(dim=True),
    "markdown.h2": Style(bold=True),
}
