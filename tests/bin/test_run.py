"""`bin/run` refuses what cannot work, in one sentence, before it has started anything; and it keeps the platform running."""

import fcntl
import os
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from tests.bin.conftest import DEV


def refused(home, port: str) -> str:
    """What `bin/run` says on this port; it must not get far enough to make anything."""
    done = subprocess.run(
        [DEV.parent / "run"],
        capture_output=True,
        text=True,
        timeout=30,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "PORT": port, "NOTIFY_STATE": str(home)},
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert [path.name for path in home.iterdir() if path.name != "run.lock"] == []
    return done.stderr.strip()


def test_a_taken_port_is_named(home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        said = refused(home, str(port))

    assert said == f"Port {port} is taken: stop what uses it, or choose another one, like PORT=8001 bin/run."


@pytest.mark.parametrize("port", ["x", "0", "65536", "-1", "8000.5", "²"])
def test_what_is_no_port_is_refused(home, port):
    assert refused(home, port) == f"PORT must be a number from 1 to 65535, and it is ‘{port}’."


def test_a_second_run_from_the_same_folder_is_told_where_the_first_is(home):
    with (home / "run.lock").open("w") as lock:
        print(8042, file=lock, flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)

        assert refused(home, "8043") == "Notify is running from this folder already, at http://localhost:8042."


def processes_of(home: Path) -> dict[int, str]:
    """Everything that was started for this folder, with its command."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"NOTIFY_STATE={home}\0".encode() in (folder / "environ").read_bytes():
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
    return found


def process_of(home: Path, words: str) -> int:
    """The first process whose command has these words: a parent, where children have the same command."""
    return min(pid for pid, command in processes_of(home).items() if words in command)


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def wait_until(condition, seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.1)
    return condition()


@pytest.mark.slow
@pytest.mark.xdist_group("servers")
def test_what_is_killed_starts_again_and_nothing_outlives_a_run_that_is_killed(home):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "NOTIFY_PYTHON", "NOTIFY_PG_BIN") if name in os.environ}
    environment = {**inherited, "PORT": str(port), "NOTIFY_STATE": str(home), "NOTIFY_DEMONSTRATION": "0"}
    log = home / "printed"
    with log.open("w") as printed:
        run = subprocess.Popen([DEV.parent / "run"], stdout=printed, stderr=printed, env=environment)
    try:
        assert wait_until(lambda: "Notify is running at" in log.read_text()), log.read_text()
        for words in ("/granian ", " worker ", " beat "):
            os.kill(process_of(home, words), signal.SIGKILL)
        assert wait_until(lambda: log.read_text().count("has started again") == 3), log.read_text()
        assert wait_until(lambda: answers(port))
        for name in ("web", "worker", "beat"):
            assert f"The {name} process was ended from outside, by SIGKILL. It starts again in 1 s." in log.read_text()
    finally:
        run.kill()
        run.wait()
    assert wait_until(lambda: processes_of(home) == {}), processes_of(home)
