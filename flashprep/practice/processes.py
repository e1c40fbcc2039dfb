"""The processes that a run has started, wherever they have gone, and the end of all of them."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress

import psutil

_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
_SPARE_TASKS = 1024  # that the user's other programs may start meanwhile


def adopt_orphans() -> None:
    """Make processes whose parent has ended our children, where the system can do that: none gets out of sight."""
    if sys.platform == "linux":
        import ctypes

        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def user_limit() -> int | None:
    """Return how many processes (on Linux: threads) the user may have in all, None where the system sets no such limit.

    The limit of the system counts everything that runs under the user's name, so it is what there is now and some more.
    """
    if os.getuid() == 0:
        return None  # root is exempt
    count = 0
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.uids().real == os.getuid():
                count += process.num_threads() if sys.platform == "linux" else 1
    return count + _SPARE_TASKS


class Family:
    """All that descends from a process that we have started, and what leaves it to become our own child."""

    def __init__(self) -> None:
        self._us = psutil.Process()
        self._before = {child.pid for child in self._us.children()}

    def members(self) -> list[psutil.Process]:
        """Return the living processes of the run."""
        found: list[psutil.Process] = []
        with suppress(psutil.Error):
            found = [child for child in self._us.children(recursive=True) if child.pid not in self._before]
        return [process for process in found if _alive(process)]

    def kill(self, group: int) -> None:
        """End all of them, also those that start others while we do."""
        for _ in range(100):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(group, signal.SIGKILL)
            left = self.members()
            if not left:
                break
            for process in left:
                with suppress(psutil.Error):
                    process.kill()
            psutil.wait_procs(left, timeout=0.1)
        self._bury(group)

    def _bury(self, group: int) -> None:
        """Take the exit codes of orphans that we adopted; that of the first process is left to whoever started it."""
        with suppress(psutil.Error):
            for child in self._us.children():
                if child.pid not in self._before and child.pid != group:
                    with suppress(ChildProcessError):
                        os.waitpid(child.pid, os.WNOHANG)


def _alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def resident(members: list[psutil.Process]) -> int:
    """Return the bytes of memory that processes hold together."""
    total = 0
    for process in members:
        with suppress(psutil.Error):
            total += process.memory_info().rss
    return total
