"""Runs the tests of a problem on a file in a process of its own, within limits, and says what became of it."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from flashprep.practice import verdict as v
from flashprep.practice.limits import Limits
from flashprep.practice.processes import Family, adopt_orphans, resident, user_limit

_INSIDE = Path(__file__).parent / "inside" / "__main__.py"
# What a program needs to find other programs, its language and its time zone: nothing here is a secret.
_PASSED_ON = ("PATH", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TZ", "TERM", "SYSTEMROOT", "LD_LIBRARY_PATH")
_SHOWN = 8_000  # characters of what was printed
_LOOK_S = (0.02, 0.2)  # between two looks at the processes: at first, and when a run takes long
_DUMP_S = 0.5  # to write where the threads stand


class _Fault(NamedTuple):
    outcome: str
    detail: str


class _Run:
    """One run under way: what it said so far."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.began = time.monotonic()
        self.total = self.passed = 0
        self.test = ""
        self.final: dict[str, Any] | None = None
        self.counted_out = False
        self.printed = bytearray()
        self.written = 0
        self._line = b""

    def hear(self, data: bytes) -> None:
        """Take in what the process reported."""
        *lines, self._line = (self._line + data).split(b"\n")
        for line in lines:
            with suppress(ValueError, KeyError, TypeError):
                self._take(json.loads(line))

    def _take(self, event: dict[str, Any]) -> None:
        match event["event"]:
            case "collected":
                self.total = int(event["tests"])
            case "test":
                self.test = str(event["name"])
            case "passed":
                self.passed = int(event["passed"])
            case "processes":
                self.counted_out = True
            case _ if self.final is None:
                self.final = event

    def see(self, data: bytes) -> None:
        """Take in what the attempt printed."""
        self.written += len(data)
        if len(self.printed) < _SHOWN:
            self.printed += data[: _SHOWN - len(self.printed)]

    def fault(self, family: Family) -> _Fault | None:
        """Say which limit is passed, if one is."""
        limits = self.limits
        if self.written > limits.output:
            return _Fault(v.OUTPUT, f"more than {limits.output >> 20} MiB were printed")
        if time.monotonic() - self.began > limits.seconds:
            return _Fault(v.TIMED_OUT, f"no end after {limits.seconds} s")
        members = family.members()
        if len(members) > limits.processes + 1:
            return _Fault(v.PROCESSES, f"more than {limits.processes} processes")
        if resident(members) > limits.memory:
            return _Fault(v.MEMORY, f"more than {limits.memory >> 20} MiB")
        return None


def judge(name: str, attempt: Path, tests: Path, limits: Limits | None = None) -> v.Verdict:
    """Judge ``attempt``, as the module ``name``, by the tests of the file ``tests``; no process of it is left afterwards."""
    limits = limits or Limits()
    for file in (attempt, tests):
        if not file.is_file():
            return v.Verdict(v.UNJUDGED, detail=f"there is no file {file}")
    adopt_orphans()
    family = Family()
    with tempfile.TemporaryDirectory(prefix="flashprep-", ignore_cleanup_errors=True) as temporary:
        run = _Run(limits)
        with _process(name, attempt, tests, Path(temporary), limits) as (process, heard, seen):
            try:
                fault = _follow(run, process, family, heard, seen)
                where = _where(process, Path(temporary), attempt) if fault and fault.outcome == v.TIMED_OUT else 0
            finally:
                family.kill(process.pid)
                process.wait()
            _drain(heard, run.hear)
            _drain(seen, run.see)
        return _verdict(run, fault, process.returncode, where)


@contextmanager
def _process(
    name: str, attempt: Path, tests: Path, temporary: Path, limits: Limits
) -> Iterator[tuple[subprocess.Popen[bytes], int, int]]:
    """Start the process; yield it with the descriptors on which it reports and prints."""
    heard, report = os.pipe()
    seen, printed = os.pipe()
    job = {
        "name": name,
        "attempt": str(attempt.resolve()),
        "tests": str(tests.resolve()),
        "folder": str(attempt.resolve().parent),
        "temporary": str(temporary.resolve()),
        "dump": str(temporary / "stacks"),
        "parent": os.getpid(),
        "path": [os.path.abspath(entry) for entry in sys.path if entry],  # noqa: PTH100 - the working folder is no part of it
        "report": report,
        "address_space": limits.address_space,
        "user_processes": user_limit(),
        **limits._asdict(),
    }
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment |= {
        "HOME": str(temporary),
        "TMPDIR": str(temporary),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "MALLOC_ARENA_MAX": "2",  # each arena takes 64 MiB of addresses
    }
    try:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", str(_INSIDE), json.dumps(job)],
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=printed,
            cwd=attempt.resolve().parent,
            env=environment,
            pass_fds=(report,),
            start_new_session=True,
        )
    finally:
        os.close(report)
        os.close(printed)
    try:
        for fd in (heard, seen):
            os.set_blocking(fd, False)
        yield process, heard, seen
    finally:
        os.close(heard)
        os.close(seen)


def _follow(run: _Run, process: subprocess.Popen[bytes], family: Family, heard: int, seen: int) -> _Fault | None:
    """Read what the process says until it has said all, has ended, or has passed a limit."""
    with selectors.DefaultSelector() as selector:
        selector.register(heard, selectors.EVENT_READ, run.hear)
        selector.register(seen, selectors.EVENT_READ, run.see)
        pause, look = _LOOK_S[0], 0.0
        while run.final is None and process.poll() is None:
            for key, _ in selector.select(pause):
                data = _read(key.fd)
                if data == b"":
                    selector.unregister(key.fd)
                elif data:
                    key.data(data)
            if run.written > run.limits.output or time.monotonic() >= look:
                fault = run.fault(family)
                if fault:
                    return fault
                look, pause = time.monotonic() + pause, min(2 * pause, _LOOK_S[1])
            if not selector.get_map():
                time.sleep(pause)
    return None


def _read(fd: int) -> bytes | None:
    """Read what there is; None for nothing yet, b"" at the end."""
    try:
        return os.read(fd, 1 << 16)
    except BlockingIOError:
        return None


def _drain(fd: int, take: Any) -> None:
    """Read what is left in a pipe; nobody writes to it any more."""
    while data := _read(fd):
        take(data)


def _where(process: subprocess.Popen[bytes], temporary: Path, attempt: Path) -> int:
    """Ask a process that hangs in which line of the attempt it is; 0 where it is in none."""
    stacks = temporary / "stacks"
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGUSR1)
    until = time.monotonic() + _DUMP_S
    text = ""
    while time.monotonic() < until and "(most recent call first)" not in text.rpartition("Current thread")[2]:
        time.sleep(0.02)
        with suppress(OSError):
            text = stacks.read_text(encoding="utf-8", errors="replace")
    mark = f'File "{attempt.resolve()}", line '
    lines = [line.partition(mark)[2].partition(" ")[0] for line in text.split("\n") if mark in line]
    # The thread that runs the tests comes last; what it stands in comes first.
    current = text.rpartition("Current thread")[2]
    here = [line.partition(mark)[2].partition(" ")[0] for line in current.split("\n") if mark in line]
    chosen = (here or lines or ["0"])[0].rstrip(",")
    return int(chosen) if chosen.isdigit() else 0


def _verdict(run: _Run, fault: _Fault | None, code: int | None, where: int) -> v.Verdict:
    seconds = time.monotonic() - run.began
    facts: dict[str, Any] = {
        "passed": run.passed,
        "total": run.total,
        "seconds": seconds,
        "printed": run.printed.decode("utf-8", "replace"),
    }
    event = run.final or {}
    if run.counted_out:
        return v.Verdict(v.PROCESSES, detail=f"more than {run.limits.processes} processes were started", **facts)
    if fault:
        during = f", in {run.test}" if run.test else ""
        return v.Verdict(fault.outcome, detail=f"{fault.detail}{during}", line=where, **facts)
    match event.get("event"):
        case "end" if run.passed == run.total > 0:
            return v.Verdict(v.PASSED, **facts)
        case "failed":
            fields = {name: event[name] for name in v.Case._fields}
            case = v.Case(**{**fields, "input": tuple(event["input"])})
            outcome = v.MEMORY if event["memory"] else v.FAILED
            detail = f"more than {run.limits.memory >> 20} MiB" if event["memory"] else ""
            return v.Verdict(outcome, case=case, line=case.at, detail=detail, **facts)
        case "syntax":
            pointer = f"\n{event['text']}\n{' ' * (event['column'] - 1)}^" if event["text"] else ""
            return v.Verdict(v.SYNTAX, detail=f"{event['message']}{pointer}", line=event["line"], **facts)
        case "missing":
            return v.Verdict(
                v.FAILED,
                detail=f"your file has no {event['name']}: the tests import it, as the starter has it",
                **facts,
            )
        case "stopped":
            return v.Verdict(v.STOPPED, detail=f"the run was ended by {event['message']}", line=event["line"], **facts)
        case "broken":
            at = f"line {event['line']}: " if event["line"] else ""
            return v.Verdict(v.UNJUDGED, detail=f"the tests cannot be used: {at}{event['message']}", **facts)
    return v.Verdict(v.STOPPED, detail=_ended(code, run.test), **facts)


def _ended(code: int | None, test: str) -> str:
    during = f" in {test}" if test else ""
    if code is not None and code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        return f"the process crashed with {name}{during}"
    return f"the process ended by itself{during}, with exit code {code}"
