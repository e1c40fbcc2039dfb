"""How much an attempt may take: against mistakes, not against malice."""

from __future__ import annotations

from typing import NamedTuple

MIB = 1 << 20


class Limits(NamedTuple):
    """The limits of one run of the tests."""

    seconds: int = 20  # by the clock on the wall
    memory: int = 1024 * MIB  # bytes that all processes of the run hold together
    processes: int = 32  # that a run may start in all
    output: int = 4 * MIB  # bytes printed
    file_size: int = 64 * MIB  # bytes of one file that is written

    @property
    def address_space(self) -> int:
        """Bytes of addresses: stacks of threads and arenas of the allocator take more of them than of memory."""
        return 2 * self.memory
