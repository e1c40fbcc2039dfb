"""The loops of companies as data: which rounds there are, how long they take, what each level expects."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from flashprep import places, tomlfile
from flashprep.cards.text import nearest
from flashprep.errors import FlashprepError
from flashprep.guide import files
from flashprep.guide.rounds import MOCKED, MOST_MINUTES, Round
from flashprep.tomlfile import Table

GENERIC = "generic"
ONSITE = "onsite"  # the loop of 'mock --round loop'


class Loop(NamedTuple):
    """Rounds that are held one after the other."""

    title: str
    rounds: tuple[str, ...]


class Company(NamedTuple):
    """What is known of a company's interviews."""

    name: str
    title: str
    note: str
    leaves_out: tuple[str, ...]  # tags of cards that do not matter here
    levels: dict[str, str]  # level: what it expects
    loops: dict[str, Loop]
    changes: dict[str, tuple[int, int]]  # round: (minutes, questions), 0 where they are as usual

    def fitted(self, round: Round) -> Round:
        """Return a round as this company holds it."""
        minutes, questions = self.changes.get(round.name, (0, 0))
        return round._replace(minutes=minutes or round.minutes, questions=questions or round.questions)

    def level(self, name: str) -> str:
        """Return the name of a level as the file writes it, refusing others."""
        for level in self.levels:
            if level.casefold() == name.casefold():
                return level
        if not self.levels:
            raise FlashprepError(f"{self.name} has no levels; leave --level out")
        raise FlashprepError(f"{self.name} has no level '{name}'; it takes one of {', '.join(self.levels)}")

    @property
    def onsite(self) -> Loop:
        """The loop that a mock of a whole loop holds."""
        return self.loops.get(ONSITE) or next(iter(self.loops.values()))


def names() -> list[str]:
    """Return the names of all companies."""
    return list(files.find("companies"))


def load(name: str) -> Company:
    """Read a company by its name."""
    found = files.find("companies")
    if name.casefold() not in (known.casefold() for known in found):
        near = nearest(name, list(found))
        help = f"did you mean '{near}'?" if near else f"there are {', '.join(found)}"
        raise FlashprepError(
            f"no company '{name}'; {help}; another one is a file {places.home() / 'companies'}/NAME.toml"
        )
    real = next(known for known in found if known.casefold() == name.casefold())
    return _company(real, found[real])


def _company(name: str, path: Path) -> Company:
    table = tomlfile.read(path)
    levels = table.table("levels")
    found = Company(
        name,
        table.text("title"),
        table.text("note", ""),
        table.words("leaves_out", default=()),
        {level: levels.text(level) for level in levels.names},
        {key: _loop(inner) for key, inner in table.named("loops").items()},
        {key: _change(table, key, inner) for key, inner in table.named("rounds", needed=False).items()},
    )
    table.end()
    if not found.loops:
        raise table.wrong("loops", "a company needs at least one loop: [loops.onsite] with rounds = [...]")
    return found


def _loop(table: Table) -> Loop:
    loop = Loop(table.text("title"), table.words("rounds", MOCKED))
    if not loop.rounds:
        raise table.wrong("rounds", f"a loop needs rounds, such as {', '.join(MOCKED)}")
    table.end()
    return loop


def _change(around: Table, name: str, table: Table) -> tuple[int, int]:
    if name not in MOCKED:
        raise around.wrong("rounds", f"there is no round '{name}'; it takes {', '.join(MOCKED)}")
    change = table.whole("minutes", 5, MOST_MINUTES, 0), table.whole("questions", 1, 20, 0)
    table.end()
    return change
