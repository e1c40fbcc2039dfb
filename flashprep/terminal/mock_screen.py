"""A mock interview on the screen: the question, the stage and its clock, then the rubric."""

from __future__ import annotations

from rich.console import RenderableType
from rich.rule import Rule
from rich.text import Text

from flashprep import editor
from flashprep.errors import FlashprepError
from flashprep.memory.days import clock_label
from flashprep.mock.course import CODE, FOLLOW_UP, SCORE, Step, offers
from flashprep.mock.holding import Mock
from flashprep.terminal import report
from flashprep.terminal.keys import END, RESIZE, TICK
from flashprep.terminal.markdown import CardMarkdown
from flashprep.terminal.mock_words import clock_line, place_line
from flashprep.terminal.screen import Screen
from flashprep.terminal.verdict import lines as verdict_lines

_STYLES = ("red", "yellow", "green")


class MockScreen:
    """Draws a mock and turns keys into what is done."""

    def __init__(self, mock: Mock, screen: Screen):
        self.mock, self.screen = mock, screen
        self.typing: str | None = None  # the note that is being typed
        self.notice = ""
        self.over = False

    def run(self) -> None:
        """Hold the mock until it ends."""
        self._enter_step()
        while not self.over:
            self.draw()
            step = self.mock.course.step
            key = self.screen.keyboard.read(1.0 if step and step.kind != SCORE else None)
            if key == END:
                return
            if key not in (TICK, RESIZE):
                self.press(key)

    def press(self, key: str) -> None:
        """Do what a key means now."""
        if self.typing is not None:
            self._type(key)
            return
        step = self.mock.course.step
        if self.screen.scroll(key):
            return
        self.notice = ""
        if key in ("q", "quit"):
            self.over = True
        elif step is None:
            self._at_the_end(key)
        elif key == "n":
            self.typing = ""
        elif key in ("c", "t") and step.kind == CODE:
            self._code(edit=key == "c")
        elif key.isdigit() and offers(self.mock.course):
            self.mock.tell(int(key))
        elif step.kind == SCORE and key in ("1", "2", "3"):
            self.mock.score(int(key) - 1)
            self._enter_step()
        elif key in ("space", "enter"):
            self.mock.go_on()
            self._enter_step()

    def _enter_step(self) -> None:
        self.screen.offset = 0
        try:
            if self.mock.exercise:
                self.mock.start_code()
        except FlashprepError as error:
            self.notice = str(error)
        if self.mock.course.step is None and not self.mock.course.weak:
            self.over = True

    def _at_the_end(self, key: str) -> None:
        if key == "y":
            self.mock.make_due()
        self.over = key in ("y", "n", "enter", "escape")

    def _type(self, key: str) -> None:
        assert self.typing is not None
        if key in ("enter", "escape", "quit"):
            if key == "enter":
                self.mock.note(self.typing)
                self.notice = "noted" if self.typing.strip() else ""
            self.typing = None
        elif key == "backspace":
            self.typing = self.typing[:-1]
        elif key == "space" or (len(key) == 1 and key.isprintable()):
            self.typing += " " if key == "space" else key

    def _code(self, edit: bool) -> None:
        try:
            if edit:
                editor.ensure_there()
                self.screen.leave()
                try:
                    editor.open_file(self.mock.attempt)
                finally:
                    self.screen.enter()
                    self.screen.keyboard.forget()
            self.screen.draw(self._head(), self._body(), ["", Text("The tests run …", "yellow")])
            self.mock.test()
        except FlashprepError as error:
            self.notice = str(error)

    # -- drawing

    def draw(self) -> None:
        """Draw the mock as it is."""
        self.screen.draw(self._head(), self._body(), self._foot())

    def _head(self) -> list[RenderableType]:
        mock, step = self.mock, self.mock.course.step
        done = sum(mock.course.spent_ms) / 1000
        now = (mock.now - mock.course.began_ms) / 1000 if step and step.kind != SCORE else 0
        total = f"{clock_label(done + now)} in all" if step and step.kind != SCORE else ""
        place = place_line(mock, step) if step else ""
        return [
            Text.assemble((mock.title, "bold"), (f"  {place}", "dim"), (f"  {total}", "dim"), no_wrap=True),
            Rule(style="dim"),
            "",
        ]

    def _body(self) -> list[RenderableType]:
        step = self.mock.course.step
        if step is None:
            return self._weak()
        body: list[RenderableType] = []
        if step.kind == SCORE:
            assert step.mark is not None
            title = self.mock.course.questions[step.question].title if step.question >= 0 else ""
            if title and not step.mark.text.startswith(title):
                body += [Text(title, "dim"), ""]
            body += [Text(step.mark.text, "bold")]
            if step.mark.model:
                body += ["", Rule(style="dim"), "", CardMarkdown(step.mark.model)]
            return body
        if step.question >= 0:
            question = self.mock.course.questions[step.question]
            body += [CardMarkdown(question.text, style="bold"), ""]
            told = dict(self.mock.course.told).get(step.question)
            for number, offer in enumerate(offers(self.mock.course), 1):
                chosen = "bold green" if offer.id == told else "dim"
                body.append(Text.assemble((f"{number} ", "bold"), (offer.line, chosen)))
            body += [""] if offers(self.mock.course) else []
        if step.kind == FOLLOW_UP:
            body.append(Text.assemble((f"{step.name}: ", "cyan"), (step.say, "bold")))
        else:
            body += [Text(step.name, "bold cyan"), Text(step.say)]
        tested = self.mock.tested.get(self.mock.course.at)
        if tested:
            body += ["", *(Text(line.text, line.style) for line in verdict_lines(tested.problem, tested.verdict))]
        return body

    def _weak(self) -> list[RenderableType]:
        reached, of = self.mock.course.total
        marks = [Text(f"· {mark.text}") for mark in self.mock.course.weak]
        return [Text(f"Score {reached} of {of}", "bold"), "", Text("Weak points", "bold yellow"), *marks]

    def _foot(self) -> list[RenderableType]:
        step = self.mock.course.step
        lines: list[RenderableType] = [""]
        if self.notice:
            lines.append(Text(self.notice, "yellow"))
        if self.typing is not None:
            return [*lines, Text.assemble(("note: ", "bold"), self.typing, ("▏", "bold"), ("   enter keeps it", "dim"))]
        if step is None:
            weak = report.many(len(self.mock.course.weak), "card")
            return [*lines, Text(f"y: make {weak} due   n: leave", "bold")]
        if step.kind == SCORE:
            chips = ((1, "missed"), (2, "partly"), (3, "shown"))
            scores = [part for n, word in chips for part in ((f" {n} ", f"reverse {_STYLES[n - 1]}"), f" {word}   ")]
            return [*lines, Text.assemble(*scores), Text("n note · space skip · q stop", "dim")]
        code = "c: code   t: test   " if step.kind == CODE else ""
        code = "1-9: the story you tell   " if offers(self.mock.course) else code
        return [
            *lines,
            self._clock(step),
            Text.assemble((f"space: go on   {code}", "bold"), ("n note · q stop", "dim")),
        ]

    def _clock(self, step: Step) -> Text:
        spent = (self.mock.now - self.mock.course.began_ms) / 60_000
        style = "green" if spent < step.least else "yellow" if spent <= step.most else "bold red"
        return Text.assemble(("● ", style), (clock_line(self.mock, step), style))


def run(mock: Mock) -> None:
    """Hold a mock on the screen."""
    screen = Screen()
    with screen.opened():
        MockScreen(mock, screen).run()
