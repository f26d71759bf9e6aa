"""A process of the platform starts again when it dies, and takes its children with it: real processes, real kills."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import platform_process
import pytest
from platform_process import PlatformProcess

from tests.bin.conftest import DEV

# Writes down its own number and its child's, and waits.
PARENT = "sleep 300 & echo $$ $! >> {pids}; wait"
SUPERVISOR = """
import os, sys, time
sys.path.insert(0, {dev!r})
from platform_process import PlatformProcess
PlatformProcess("web", ["sh", "-c", {program!r}], dict(os.environ))
time.sleep(300)
"""


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(condition: Callable[[], object], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(condition())


@pytest.fixture
def start(home, monkeypatch) -> Iterator[Callable[[str], PlatformProcess]]:
    """Starts a shell program as a process of the platform, with its log in `home`."""
    monkeypatch.setattr(platform_process, "STATE", home)
    started = []

    def make(program: str) -> PlatformProcess:
        started.append(PlatformProcess("web", ["sh", "-c", program], dict(os.environ)))
        return started[-1]

    yield make
    platform_process.stop_all(started)


def pids_in(home: Path, *, starts: int) -> list[int]:
    """The parent and its child of the last start, as soon as there have been so many."""
    file = home / "pids"
    assert wait_until(lambda: file.exists() and len(file.read_text().splitlines()) == starts)
    return [int(word) for word in file.read_text().splitlines()[-1].split()]


def test_a_process_that_is_killed_starts_again_without_its_old_children(home, start, capsys):
    process = start(PARENT.format(pids=home / "pids"))
    first = pids_in(home, starts=1)

    os.kill(first[0], signal.SIGKILL)
    assert wait_until(process.explain_end)
    process.restart_if_ended()
    assert wait_until(lambda: not any(map(is_running, first)))
    assert wait_until(lambda: process.restart_if_ended() or not process.explain_end())

    assert all(map(is_running, pids_in(home, starts=2)))
    assert capsys.readouterr().out.splitlines() == [
        "  The web process was ended from outside, by SIGKILL. It starts again in 1 s.",
        "  The web process has started again.",
    ]


def test_the_wait_before_a_start_doubles_until_the_process_has_run_for_a_while(start, capsys, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(platform_process.time, "monotonic", lambda: now[0])
    process = start("echo it is broken; exit 3")

    for lived in (0, 0, 0, 0, 0, 0, 61):
        now[0] += lived
        process.process.wait()
        process.restart_if_ended()
        now[0] = process.restart_at
        process.restart_if_ended()

    ends = [line for line in capsys.readouterr().out.splitlines() if "ended" in line]
    assert [line.rpartition(" in ")[2] for line in ends] == ["1 s.", "2 s.", "4 s.", "8 s.", "16 s.", "30 s.", "1 s."]
    assert "The web process ended by itself: it is broken (All of it: " in ends[0]


def test_only_the_last_start_is_explained_and_the_log_keeps_all(home, start):
    process = start(f"if [ -e {home}/again ]; then echo second; else touch {home}/again; echo first; fi; exit 1")
    process.process.wait()
    process._start()
    process.process.wait()

    assert "by itself: second (" in process.explain_end()
    assert (home / "web.log").read_text() == "first\nsecond\n"


def test_what_does_not_stop_when_asked_is_killed_with_its_children(home, start, monkeypatch):
    monkeypatch.setattr(platform_process, "STOP_SECONDS", 0.3)
    process = start(f"trap '' TERM; {PARENT.format(pids=home / 'pids')}; sleep 300")
    pids = pids_in(home, starts=1)

    platform_process.stop_all([process])

    assert process.process.returncode == -signal.SIGKILL
    assert wait_until(lambda: not any(map(is_running, pids)))


def test_children_that_their_parent_left_behind_are_stopped(home, start):
    process = start(f"sleep 300 & echo $$ $! >> {home / 'pids'}")
    parent, child = pids_in(home, starts=1)
    assert wait_until(lambda: not is_running(parent))
    assert is_running(child)

    platform_process.stop_all([process])

    assert wait_until(lambda: not is_running(child))


def test_a_process_is_asked_to_end_when_whoever_started_it_is_killed(home):
    program = f"trap 'kill $!; exit' TERM; {PARENT.format(pids=home / 'pids')}"
    code = SUPERVISOR.format(dev=str(DEV), program=program)
    supervisor = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "NOTIFY_STATE": str(home)})
    pids = pids_in(home, starts=1)

    supervisor.kill()
    supervisor.wait()

    assert wait_until(lambda: not any(map(is_running, pids)))
