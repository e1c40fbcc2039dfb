"""Runs the tests of a problem on an attempt, inside limits, and writes what happens as JSON lines to a pipe.

Started as ``python -I -S -B __main__.py JSON``. Limits come first, then pytest and all that it needs, then the user's code: a
file of the user's can take the place of no module that the tests stand on.
"""

import contextlib
import faulthandler
import importlib.abc
import importlib.util
import json
import os
import resource
import signal
import sys
from typing import Any

_STARTS_PROCESS = {"os.fork", "os.forkpty", "os.posix_spawn", "os.system", "subprocess.Popen"}
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> None:
    """Judge, and end at once: threads that hang are not waited for."""
    job = json.loads(sys.argv[1])
    sys.argv[1:] = []
    sys.path[:] = job["path"]
    _die_with_parent(job["parent"])
    _limit(job)
    report = Report(job["report"])
    faulthandler.register(signal.SIGUSR1, open(job["dump"], "w"), all_threads=True)  # noqa: SIM115 - for good
    sys.meta_path.insert(0, Attempt(job["name"], job["attempt"]))
    sys.path.append(job["folder"])  # last: helper files of the user's are found, and hide nothing
    from flashprep.practice.inside.tests import judge

    _count_processes(job["processes"], report)
    judge(job, report)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(0)


class Report:
    """Writes events to the process that judges; a child that the user's code forks writes nothing."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._pid = os.getpid()
        os.set_inheritable(fd, False)

    def __call__(self, event: str, **facts: Any) -> None:
        """Write one event."""
        if os.getpid() == self._pid:
            line = memoryview((json.dumps({"event": event, **facts}) + "\n").encode())
            with contextlib.suppress(OSError):
                while line:
                    line = line[os.write(self._fd, line) :]


class Attempt(importlib.abc.MetaPathFinder):
    """Finds the module that is judged in the user's file, whatever else is on the path."""

    def __init__(self, name: str, file: str) -> None:
        self._name, self._file = name, file

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Return the user's file for the one name."""
        return importlib.util.spec_from_file_location(name, self._file) if name == self._name else None


def _die_with_parent(parent: int) -> None:
    """End this process when flashprep ends, where the system can do that."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _limit(job: dict[str, Any]) -> None:
    wanted = {
        "RLIMIT_AS": job["address_space"],
        "RLIMIT_CPU": job["seconds"] * 2 + 1,  # for a parent that is gone: the clock on the wall comes first
        "RLIMIT_FSIZE": job["file_size"],
        "RLIMIT_CORE": 0,
        "RLIMIT_NPROC": job["user_processes"],
    }
    for name, value in wanted.items():
        kind: int = getattr(resource, name, -1)
        if value is None or kind < 0:
            continue
        with contextlib.suppress(ValueError, OSError, TypeError):  # a system without it, or that refuses it
            hard = resource.getrlimit(kind)[1]
            soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (soft, soft))


def _count_processes(most: int, report: Report) -> None:
    """Refuse to start more than so many processes in all, counted over everything that is forked from here."""
    tokens, back = os.pipe()  # a pipe is shared by all who are forked; reading a byte takes a token
    os.write(back, b"." * most)
    os.close(back)
    os.set_blocking(tokens, False)

    def watch(event: str, _: Any) -> None:
        if event in _STARTS_PROCESS and not _take(tokens):
            report("processes")
            raise RuntimeError(f"too many processes: a run may start {most}")

    sys.addaudithook(watch)


def _take(tokens: int) -> bool:
    try:
        return bool(os.read(tokens, 1))
    except OSError:
        return False


if __name__ == "__main__":
    main()
