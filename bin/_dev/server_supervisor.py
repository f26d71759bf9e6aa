"""Supervising the embedded servers: they run while any command uses them, and no longer.

Each server has a folder with three lock files. A command that uses the server holds `users.lock` together with the
others. A small process of its own, the supervisor, is the server's parent and waits to have `users.lock` alone: the kernel
gives it that when the last user is gone, however it went. `supervisor.lock` is held while a supervisor lives, and `start.lock`
lets one command at a time look for a supervisor or start one.
"""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import IO, Any

from console import exit_with, explain_os_error
from embedded import READY_SECONDS, Postgres, Valkey
from paths import ROOT

SERVERS: dict[str, type[Postgres] | type[Valkey]] = {"postgres": Postgres, "valkey": Valkey}
READY = "ready"


def _try_lock(lock: IO[str], how: int) -> bool:
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _open_lock(folder: Path, name: str) -> IO[str]:
    return (folder / f"{name}.lock").open("a")


def _is_supervised(folder: Path) -> bool:
    with _open_lock(folder, "supervisor") as lock:
        return not _try_lock(lock, fcntl.LOCK_SH)


def _read_status(folder: Path) -> dict[str, Any]:
    """What the supervisor wrote down: its process and the server's address."""
    return json.loads((folder / "server.json").read_text())  # type: ignore[no-any-return]


def _start_supervisor(kind: str, folder: Path, *, fast: bool) -> None:
    with (folder / "supervisor.log").open("wb") as log:
        supervisor = subprocess.Popen(
            [sys.executable, str(Path(__file__)), kind, str(folder), "fast" if fast else "safe"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=ROOT,
            start_new_session=True,
            text=True,
        )
    assert supervisor.stdout
    if supervisor.stdout.readline().strip() != READY:
        supervisor.wait()
        exit_with((folder / "supervisor.log").read_text().strip() or f"The embedded {SERVERS[kind].name} did not start.")


def _wait_until_stopped(users: IO[str], folder: Path) -> None:
    """After leaving: where nobody else uses the server, wait until it has stopped."""
    deadline = time.monotonic() + READY_SECONDS
    while _is_supervised(folder) and time.monotonic() < deadline:
        if _try_lock(users, fcntl.LOCK_SH) and not _try_lock(users, fcntl.LOCK_EX):
            return  # others are still there
        fcntl.flock(users, fcntl.LOCK_UN)
        time.sleep(0.02)


@contextmanager
def _server_in_use(kind: str, folder: Path, *, fast: bool) -> Iterator[str]:
    """The address of a server for as long as the block runs: joined, or started."""
    with _open_lock(folder, "users") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        with _open_lock(folder, "start") as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            if not _is_supervised(folder):
                _start_supervisor(kind, folder, fast=fast)
        try:
            yield _read_status(folder)["url"]
        finally:
            if not os.environ.get("NOTIFY_KEEP_SERVICES"):
                if _is_supervised(folder):
                    os.kill(_read_status(folder)["pid"], signal.SIGTERM)
                fcntl.flock(users, fcntl.LOCK_UN)
                _wait_until_stopped(users, folder)


@contextmanager
def embedded_servers(home: Path, *, fast: bool = False) -> Iterator[dict[str, str]]:
    """Addresses of the embedded servers while the block runs, by variable; none for those the operator has named."""
    addresses = {}
    with ExitStack() as stack:
        for kind, server in SERVERS.items():
            if not os.environ.get(server.variable):
                folder = home / kind
                try:
                    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                    addresses[server.variable] = stack.enter_context(_server_in_use(kind, folder, fast=fast))
                except OSError as error:
                    exit_with(f"The embedded {server.name} did not start: {explain_os_error(error)}")
        yield addresses


def stopped_server(home: Path, addresses: dict[str, str]) -> str | None:
    """The name of an embedded server in use that has gone, if any."""
    for kind, server in SERVERS.items():
        if server.variable in addresses and not _is_supervised(home / kind):
            return server.name
    return None


class ServerStoppedError(Exception):
    """The server ended by itself."""


def _on_server_stopped(number: int, frame: FrameType | None) -> None:
    raise ServerStoppedError


def supervise(kind: str, folder: Path, *, fast: bool) -> None:
    """Be the parent of one server until its last user has gone or the server ends by itself.

    With NOTIFY_KEEP_SERVICES the server outlives its users, until one without that variable has come and gone.
    """
    outlives_users = {"on": bool(os.environ.get("NOTIFY_KEEP_SERVICES"))}
    with _open_lock(folder, "supervisor") as alive:
        if not _try_lock(alive, fcntl.LOCK_EX):
            exit_with(f"The embedded {SERVERS[kind].name} is supervised by another process already.")
        server = SERVERS[kind](folder, fast=fast)
        signal.signal(signal.SIGTERM, lambda number, frame: outlives_users.update(on=False))
        try:
            server.start()
            signal.signal(signal.SIGCHLD, _on_server_stopped)
            status = folder / "server.json"
            status.touch(0o600)
            status.write_text(json.dumps({"pid": os.getpid(), "url": server.url}))
            print(READY, flush=True)
            with open(os.devnull, "w") as nowhere:
                os.dup2(nowhere.fileno(), sys.stdout.fileno())
            while outlives_users["on"]:
                time.sleep(1)
            # Nobody can join while this is held, so nobody joins a server that is about to stop.
            with _open_lock(folder, "users") as users:
                fcntl.flock(users, fcntl.LOCK_EX)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                server.stop()
        except ServerStoppedError:
            pass
        except OSError as error:
            exit_with(f"The embedded {server.name} cannot be run: {explain_os_error(error)}")
        finally:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            server.stop()


if __name__ == "__main__":
    supervise(sys.argv[1], Path(sys.argv[2]), fast=sys.argv[3] == "fast")
