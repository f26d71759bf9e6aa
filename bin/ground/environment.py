"""The ground everything stands on: the Python environment and the secrets of an embedded run. Plain Python, no packages."""

import errno
import fcntl
import hashlib
import os
import re
import secrets
import shutil
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parent.parent.parent
STATE = Path(os.environ.get("NOTIFY_STATE", ROOT / ".notify")).absolute()
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# Held by `bin/run` while it runs; names its port.
RUN_LOCK = STATE / "run.lock"

# Each list of requirements contains the ones after it.
REQUIREMENTS = {
    "dev": ROOT / "requirements" / "dev.txt",
    "embedded": ROOT / "requirements" / "embedded.txt",
}

# Starting is four times quicker with compiled modules, even where somebody has switched these off for the machine.
QUICK = {"PYTHONDONTWRITEBYTECODE": ""}

# What the words of pip, uv and npm mean to somebody who only wanted to start Notify; the first that fits is told.
TELLTALES = [
    (("No space left on device", "os error 28", "ENOSPC"), "the disk is full. Make room (about 2 GB) and run it again."),
    (("Disk quota exceeded", "EDQUOT"), "your disk quota is used up. Make room (about 2 GB) and run it again."),
    (("ensurepip is not available",), "Python’s venv is not installed. On Debian: apt-get install python3-venv."),
    (("No module named pip", "No module named venv"), "pip is not installed. On Debian: apt-get install python3-venv."),
    (
        ("DO NOT MATCH THE HASHES", "Hash mismatch", "EINTEGRITY", "is invalid", "not a zip file", "BadZipFile"),
        "a package arrived damaged, or is not the pinned one. Run it again; if it stays so, a proxy or mirror changes files.",
    ),
    (
        (
            *("NewConnectionError", "ConnectTimeout", "Failed to establish", "Temporary failure in name resolution"),
            *("error sending request", "dns error", "ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "ENETUNREACH"),
            *("Connection refused", "ProxyError", "ReadTimeout", "CERTIFICATE_VERIFY_FAILED", "ECONNRESET"),
        ),
        "it could not be reached from this machine. Check the network, a proxy or a mirror, and run it again.",
    ),
    (
        ("No matching distribution", "no wheels with a matching", "is not a supported wheel"),
        "a package does not exist for this machine or this version of Python, or the package index was not reached.",
    ),
    (("Permission denied", "EACCES"), "this user may not write there. Run it as the user the folder belongs to."),
]

# "django.db.utils.OperationalError: …" and "?: (notify.E001) …" say more than what is printed after them.
NAMED_ERROR = re.compile(r"^[\w.]*(Error|Exception|ImproperlyConfigured): |\([a-z_]+\.E\d+\) |^error: ")


def say(text: str) -> None:
    """One line of progress."""
    print(f"  {text}", flush=True)


def stop(sentence: str) -> NoReturn:
    """End with one clear sentence instead of a traceback."""
    print(f"\n{sentence}", file=sys.stderr, flush=True)
    raise SystemExit(1)


def why(error: OSError) -> str:
    """An error of the operating system in words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full. Make room (about 2 GB) and run it again."
    return f"{(error.strerror or str(error)).lower()}{f' ({error.filename})' if error.filename else ''}."


def command(main: Callable[[], int]) -> NoReturn:
    """Run a command to its end; what the operating system refuses is told in one sentence."""
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        stop(f"This could not go on: {why(error)}")


def explain(output: str) -> str:
    """What went wrong, in one sentence, from what a tool printed: a cause we know, an error by name, or its last line."""
    for words, meaning in TELLTALES:
        if any(word in output for word in words):
            return meaning
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    named = [line for line in lines if NAMED_ERROR.search(line)]
    return (named or lines or ["it said nothing."])[-1]


def run_quietly(command: list[Any], *, what: str, cwd: Path = ROOT, **options: Any) -> str:
    """Run a command without showing its output, which is returned; stops with one sentence if it fails."""
    try:
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, cwd=cwd, check=False, **options)
    except OSError as error:
        stop(f"{what} failed: {why(error)}")
    if done.returncode:
        output = f"{done.stdout}\n{done.stderr}".strip()
        log = STATE / "failure.log"
        try:
            STATE.mkdir(parents=True, exist_ok=True)
            log.write_text(output)
            more = f" What it printed is in {log}."
        except OSError:
            more = ""
        stop(f"{what} failed: {explain(output)}{more}")
    return done.stdout


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Commands that are started at the same moment do this one after the other."""
    STATE.mkdir(parents=True, exist_ok=True)
    with (STATE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes() + sys.version.encode()).hexdigest()


def _is_installed(kind: str) -> bool:
    stamp = VENV / f".installed-{kind}"
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == _fingerprint(REQUIREMENTS[kind])


def ensure_environment(kind: str) -> None:
    """Make `.venv` and install the pinned requirements of a kind (embedded or dev), unless that was done already."""
    if _is_installed(kind):
        return
    with one_at_a_time("install"):
        if not _is_installed(kind):
            _install(kind)


def _make_venv(uv: str | None) -> None:
    say("Making the Python environment in .venv")
    what = "Making the Python environment"
    if find_spec("ensurepip") or not uv:
        run_quietly([sys.executable, "-m", "venv", "--clear", VENV], what=what)
    else:
        run_quietly([uv, "venv", "-q", "--clear", "--python", sys.executable, VENV], what=what)


def _install(kind: str) -> None:
    uv = shutil.which("uv")
    # An environment in which no installation ever finished may be half made.
    if not PYTHON.exists() or not list(VENV.glob(".installed-*")):
        _make_venv(uv)
    source = REQUIREMENTS[kind]
    say(f"Installing {source.read_text().count('==')} pinned packages with {'uv' if uv else 'pip'} (about half a minute)")
    wanted = ["--require-hashes", "-r", source]
    quick = [uv, "pip", "install", "-q", "--python", PYTHON, *wanted]
    # uv does not read pip's settings: where it fails, a mirror may be set up for pip alone.
    if not uv or subprocess.run(quick, capture_output=True, check=False).returncode:
        pip = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-input"]
        run_quietly([*pip, *wanted], what="Installing the packages")
    for each in list(REQUIREMENTS)[list(REQUIREMENTS).index(kind) :]:
        (VENV / f".installed-{each}").write_text(_fingerprint(REQUIREMENTS[each]))


def ensure_secrets(folder: Path) -> dict[str, str]:
    """The secrets of an embedded run, made once and kept in a file only its owner can read."""
    path = folder / "secrets.env"
    with one_at_a_time("secrets"):
        if not path.exists():
            key = urlsafe_b64encode(secrets.token_bytes(32)).decode()
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(f"SECRET_KEY={secrets.token_urlsafe(48)}\nNOTIFY_ENCRYPTION_KEYS={key}\n")
    return dict(line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)


def port_of_the_run() -> str | None:
    """The port of the platform that runs from this folder at this moment, if one does."""
    try:
        with RUN_LOCK.open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return lock.read().strip() or "8000"
    except FileNotFoundError:
        pass
    return None


def settings_environment(addresses: dict[str, str]) -> dict[str, str]:
    """The environment of an embedded run: the operator's own variables win."""
    port = os.environ.get("PORT") or port_of_the_run() or "8000"
    embedded = {
        **ensure_secrets(STATE),
        "NOTIFY_EMBEDDED": "1",
        "NOTIFY_SANDBOX": "1",
        "BASE_URL": f"http://localhost:{port}",
        "CALLBACK_ALLOWED_HOSTS": f"localhost:{port}",
        "PYTHONUNBUFFERED": "1",
    }
    return {**embedded, **os.environ, **addresses, **QUICK}
