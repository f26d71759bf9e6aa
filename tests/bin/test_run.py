"""`bin/run` refuses what cannot work, in one sentence, before it has started anything."""

import fcntl
import socket
import subprocess

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
