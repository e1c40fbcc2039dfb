"""A mock interview over a pipe: an answer a line, plain text out."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TextIO

from flashprep.errors import FlashprepError
from flashprep.mock.course import CODE, FOLLOW_UP, SCORE, Step, offers
from flashprep.mock.journal import span_label
from flashprep.terminal import report
from flashprep.terminal.mock_words import place_line
from flashprep.terminal.pipe import ensure_editor, in_words, open_attempt

if TYPE_CHECKING:
    from flashprep.mock.holding import Mock

HELP = "empty line: go on; 1 missed, 2 partly, 3 shown; c code, t test; q stop; any other text is kept as a note"


class Pipe:
    """A mock with an answer a line."""

    def __init__(self, mock: Mock, lines: TextIO | None = None, out: TextIO | None = None):
        self.mock, self.lines, self.out = mock, lines or sys.stdin, out or sys.stdout
        self._question = -2  # that was shown last

    def say(self, text: str = "") -> None:
        """Write a line."""
        print(text, file=self.out)

    def run(self) -> None:
        """Hold the mock until it ends or the lines do."""
        mock = self.mock
        self.say(f"{mock.title}: {mock.round.tests}")
        if mock.company.note:
            self.say(f"({mock.company.note})")
        self.say(HELP)
        while (step := mock.course.step) is not None:
            self._show(step)
            if not self._obey(step):
                return
        self._offer_weak()

    def _show(self, step: Step) -> None:
        mock = self.mock
        self.say()
        if step.question != self._question and step.question >= 0:
            question = mock.course.questions[step.question]
            if step.kind != SCORE:
                self.say(f"[{place_line(mock, step)}] {in_words(question.text)}")
            elif step.mark and not step.mark.text.startswith(question.title):
                self.say(f"[{question.title}]")
            self._question = step.question
        if step.kind == SCORE and step.mark:
            self.say(f"({place_line(mock, step)}) {step.mark.text}")
            if step.mark.model:
                self.say("---")
                self.say(in_words(step.mark.model))
                self.say("---")
            self.say("1 missed  2 partly  3 shown")
        elif step.kind == FOLLOW_UP:
            self.say(f"Follow-up, {span_label(step.least, step.most)}: {step.say}")
        else:
            self.say(f"{step.name}, {span_label(step.least, step.most)}: {step.say}")
            self._offers(step)
        if step.kind == CODE:
            self._start()
        self.out.flush()

    def _offers(self, step: Step) -> None:
        offered = offers(self.mock.course)
        for number, offer in enumerate(offered, 1):
            self.say(f"  {number} {offer.line}")
        if offered:
            self.say("(these stories of yours would fit; its number says which one you tell)")

    def _start(self) -> None:
        try:
            started = self.mock.start_code()
        except FlashprepError as error:
            self.say(f"({error})")
            return
        if started:
            self.say(f"the starter is {started.problem.attempt}")

    def _obey(self, step: Step) -> bool:
        """Carry out lines until the step is over; tell whether the mock goes on."""
        while self.mock.course.step is step:
            line = self.lines.readline()
            if not line or line.strip() == "q":
                return False
            word = line.strip()
            if word == "":
                self.mock.go_on()
            elif step.kind == SCORE and word in ("1", "2", "3"):
                self.mock.score(int(word) - 1)
            elif word.isdigit() and len(word) == 1 and offers(self.mock.course):
                self.mock.tell(int(word))
                self.say("(kept)")
            elif word in ("c", "t") and step.kind == CODE:
                self._code(word)
            elif word == "?":
                self.say(HELP)
            else:
                self.mock.note(word)
                self.say("(noted)")
            self.out.flush()
        return True

    def _code(self, word: str) -> None:
        from flashprep.terminal.verdict import lines

        try:
            if word == "c":
                ensure_editor()
                open_attempt(self.mock.attempt)
            tested = self.mock.test()
        except FlashprepError as error:
            self.say(f"({error})")
            return
        if tested:
            for one in lines(tested.problem, tested.verdict):
                self.say(one.text)

    def _offer_weak(self) -> None:
        weak = self.mock.course.weak
        if not weak:
            return
        self.say(f"\nMake {report.many(len(weak), 'card')} behind the weak points due? y or n")
        self.out.flush()
        if self.lines.readline().strip().casefold() in ("y", "yes"):
            self.say(f"{report.many(self.mock.make_due(), 'card')} will come first in the next review")
