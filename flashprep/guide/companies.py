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


class Company(NamedTuple):
    """What is known of a company's interviews."""

    name: str
    title: str
    note: str
    leaves_out: tuple[str, ...]  # tags of cards that do not matter here
    levels: dict[str, str]  # level: what it expects
    loop: tuple[str, ...]  # the rounds of an onsite, in their order
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


def names() -> list[str]:
    """Return the names of all companies."""
    return list(files.find("companies"))


def known(name: str) -> Company | None:
    """Read a company, None where there is no file of it any more."""
    return load(name) if name in names() else None


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
        table.words("loop", MOCKED),
        {key: _change(table, key, inner) for key, inner in table.named("rounds").items()},
    )
    table.end()
    if not found.loop:
        raise table.wrong("loop", f"a loop needs rounds, such as {', '.join(MOCKED)}")
    return found


def _change(around: Table, name: str, table: Table) -> tuple[int, int]:
    if name not in MOCKED:
        raise around.wrong("rounds", f"there is no round '{name}'; it takes {', '.join(MOCKED)}")
    change = table.whole("minutes", 5, MOST_MINUTES, 0), table.whole("questions", 1, 20, 0)
    table.end()
    return change
