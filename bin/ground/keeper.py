"""Keeping the embedded servers: they run while any command uses them, and no longer.

Each server has a folder with three lock files. A command that uses the server holds `users.lock` together with the
others. A small process of its own, the keeper, is the server's parent and waits to have `users.lock` alone: the kernel
gives it that when the last user is gone, however it went. `keeper.lock` is held while a keeper lives, and `start.lock`
lets one command at a time look for a keeper or start one.
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

from embedded import READY_SECONDS, Postgres, Valkey
from environment import ROOT, stop, why

SERVERS: dict[str, type[Postgres] | type[Valkey]] = {"postgres": Postgres, "valkey": Valkey}
READY = "ready"


def _try(lock: IO[str], how: int) -> bool:
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lock(folder: Path, name: str) -> IO[str]:
    return (folder / f"{name}.lock").open("a")


def _has_keeper(folder: Path) -> bool:
    with _lock(folder, "keeper") as lock:
        return not _try(lock, fcntl.LOCK_SH)


def _note(folder: Path) -> dict[str, Any]:
    """What the keeper wrote down: its process and the server's address."""
    return json.loads((folder / "keeper.json").read_text())  # type: ignore[no-any-return]


def _start_keeper(kind: str, folder: Path, *, fast: bool) -> None:
    with (folder / "keeper.log").open("wb") as log:
        keeper = subprocess.Popen(
            [sys.executable, str(Path(__file__)), kind, str(folder), "fast" if fast else "safe"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=ROOT,
            start_new_session=True,
            text=True,
        )
    assert keeper.stdout
    if keeper.stdout.readline().strip() != READY:
        keeper.wait()
        stop((folder / "keeper.log").read_text().strip() or f"The embedded {SERVERS[kind].name} did not start.")


def _wait_for_the_end(users: IO[str], folder: Path) -> None:
    """After leaving: where nobody else uses the server, wait until it has stopped."""
    deadline = time.monotonic() + READY_SECONDS
    while _has_keeper(folder) and time.monotonic() < deadline:
        if _try(users, fcntl.LOCK_SH) and not _try(users, fcntl.LOCK_EX):
            return  # others are still there
        fcntl.flock(users, fcntl.LOCK_UN)
        time.sleep(0.02)


@contextmanager
def _used(kind: str, folder: Path, *, fast: bool) -> Iterator[str]:
    """The address of a server for as long as the block runs: joined, or started."""
    with _lock(folder, "users") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        with _lock(folder, "start") as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            if not _has_keeper(folder):
                _start_keeper(kind, folder, fast=fast)
        try:
            yield _note(folder)["url"]
        finally:
            if not os.environ.get("NOTIFY_KEEP_SERVICES"):
                if _has_keeper(folder):
                    os.kill(_note(folder)["pid"], signal.SIGTERM)
                fcntl.flock(users, fcntl.LOCK_UN)
                _wait_for_the_end(users, folder)


@contextmanager
def services(home: Path, *, fast: bool = False) -> Iterator[dict[str, str]]:
    """Addresses of the embedded servers while the block runs, by variable; none for those the operator has named."""
    addresses = {}
    with ExitStack() as stack:
        for kind, server in SERVERS.items():
            if not os.environ.get(server.variable):
                folder = home / kind
                try:
                    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                    addresses[server.variable] = stack.enter_context(_used(kind, folder, fast=fast))
                except OSError as error:
                    stop(f"The embedded {server.name} did not start: {why(error)}")
        yield addresses


def ended(home: Path, addresses: dict[str, str]) -> str | None:
    """The name of an embedded server in use that has gone, if any."""
    for kind, server in SERVERS.items():
        if server.variable in addresses and not _has_keeper(home / kind):
            return server.name
    return None


class ServerEndedError(Exception):
    """The server ended by itself."""


def _server_ended(number: int, frame: FrameType | None) -> None:
    raise ServerEndedError


def keep(kind: str, folder: Path, *, fast: bool) -> None:
    """Be the parent of one server until its last user has gone or the server ends by itself.

    With NOTIFY_KEEP_SERVICES the server outlives its users, until one without that variable has come and gone.
    """
    kept = {"on": bool(os.environ.get("NOTIFY_KEEP_SERVICES"))}
    with _lock(folder, "keeper") as alive:
        if not _try(alive, fcntl.LOCK_EX):
            stop(f"The embedded {SERVERS[kind].name} is kept by another process already.")
        server = SERVERS[kind](folder, fast=fast)
        signal.signal(signal.SIGTERM, lambda number, frame: kept.update(on=False))
        try:
            server.start()
            signal.signal(signal.SIGCHLD, _server_ended)
            note = folder / "keeper.json"
            note.touch(0o600)
            note.write_text(json.dumps({"pid": os.getpid(), "url": server.url}))
            print(READY, flush=True)
            with open(os.devnull, "w") as nowhere:
                os.dup2(nowhere.fileno(), sys.stdout.fileno())
            while kept["on"]:
                time.sleep(1)
            # Nobody can join while this is held, so nobody joins a server that is about to stop.
            with _lock(folder, "users") as users:
                fcntl.flock(users, fcntl.LOCK_EX)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                server.stop()
        except ServerEndedError:
            pass
        except OSError as error:
            stop(f"The embedded {server.name} cannot be run: {why(error)}")
        finally:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            server.stop()


if __name__ == "__main__":
    keep(sys.argv[1], Path(sys.argv[2]), fast=sys.argv[3] == "fast")
