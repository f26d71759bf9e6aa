"""The ground everything stands on: the Python environment and the secrets of an embedded run. Plain Python, no packages."""

import hashlib
import os
import secrets
import shutil
import subprocess
import sys
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent.parent
STATE = Path(os.environ.get("NOTIFY_STATE", ROOT / ".notify"))
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST_PYTHON = (3, 11)

# Each list of requirements contains the ones after it.
REQUIREMENTS = {
    "dev": ROOT / "requirements" / "dev.txt",
    "embedded": ROOT / "requirements" / "embedded.txt",
}


def say(text: str) -> None:
    """One line of progress."""
    print(f"  {text}", flush=True)


def stop(sentence: str) -> NoReturn:
    """End with one clear sentence instead of a traceback."""
    print(f"\n{sentence}", file=sys.stderr, flush=True)
    raise SystemExit(1)


def require_python() -> None:
    """Refuse a Python that is too old."""
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:2]))
        stop(f"Notify needs Python {'.'.join(map(str, OLDEST_PYTHON))} or newer, and this is Python {found}.")


def run_quietly(command: list[str | Path], *, what: str, cwd: Path | None = None, env: dict[str, str] | None = None) -> None:
    """Run a command without showing its output; stops with one sentence and its last words if it fails."""
    try:
        done = subprocess.run(
            [str(part) for part in command], capture_output=True, text=True, cwd=cwd or ROOT, env=env, check=False
        )
    except OSError as error:
        stop(f"{what} failed: {error.strerror or error}.")
    if done.returncode:
        output = f"{done.stdout}\n{done.stderr}".strip()
        log = STATE / "failure.log"
        try:
            STATE.mkdir(parents=True, exist_ok=True)
            log.write_text(output)
            more = f" All of its output is in {log}."
        except OSError:
            more = ""
        if "No space left on device" in output:
            stop(f"{what} failed because the disk is full. Make room (about 2 GB) and run the command again.")
        last = next((line.strip() for line in reversed(output.splitlines()) if line.strip()), "no output")
        stop(f"{what} failed: {last}{more}")


def ensure_environment(kind: str) -> None:
    """Make `.venv` and install the pinned requirements of a kind (embedded or dev), unless that was done already."""
    require_python()
    source = REQUIREMENTS[kind]
    fingerprint = hashlib.sha256(source.read_bytes() + sys.version.encode()).hexdigest()
    stamp = VENV / f".installed-{kind}"
    if stamp.exists() and stamp.read_text() == fingerprint and PYTHON.exists():
        return
    if not PYTHON.exists():
        say("Making the Python environment in .venv")
        run_quietly(
            [sys.executable, "-m", "venv", VENV],
            what="Making the Python environment (on Debian: apt-get install python3-venv)",
        )
    say("Installing the pinned packages (once, about half a minute)")
    uv = shutil.which("uv")
    if uv:
        command: list[str | Path] = [uv, "pip", "install", "-q", "--python", PYTHON, "--require-hashes", "-r", source]
    else:
        command = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", source]
    run_quietly(command, what="Installing the packages")
    for each, path in list(REQUIREMENTS.items())[list(REQUIREMENTS).index(kind) :]:
        done = hashlib.sha256(path.read_bytes() + sys.version.encode()).hexdigest()
        (VENV / f".installed-{each}").write_text(done)


def ensure_secrets(folder: Path) -> dict[str, str]:
    """The secrets of an embedded run, made once and kept in a file only its owner can read."""
    path = folder / "secrets.env"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        key = urlsafe_b64encode(secrets.token_bytes(32)).decode()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(f"SECRET_KEY={secrets.token_urlsafe(48)}\nNOTIFY_ENCRYPTION_KEYS={key}\n")
    lines = [line.split("=", 1) for line in path.read_text().splitlines() if "=" in line]
    return {name: value for name, value in lines}
