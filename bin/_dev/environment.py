"""The Python environment in .venv: made and filled from the locked requirements. Plain Python, no packages."""

import fcntl
import hashlib
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from console import print_step, run_quietly, run_with_progress
from paths import PYTHON, ROOT, STATE, VENV

# Each list of requirements contains the ones after it.
REQUIREMENTS = {
    "dev": ROOT / "requirements" / "dev.txt",
    "embedded": ROOT / "requirements" / "embedded.txt",
}

# Starting is four times quicker with compiled modules, even where somebody has switched these off for the machine.
WRITE_BYTECODE = {"PYTHONDONTWRITEBYTECODE": ""}


@contextmanager
def file_lock(name: str) -> Iterator[None]:
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
    with file_lock("install"):
        if not _is_installed(kind):
            _install(kind)


def _uv() -> str | None:
    return None if os.environ.get("NOTIFY_INSTALLER") == "pip" else shutil.which("uv")


def _make_venv(uv: str | None) -> None:
    print_step("Making the Python environment in .venv")
    what = "Making the Python environment"
    if find_spec("ensurepip") or not uv:
        run_quietly([sys.executable, "-m", "venv", "--clear", VENV], what=what)
    else:
        run_quietly([uv, "venv", "-q", "--clear", "--python", sys.executable, VENV], what=what)


def _install(kind: str) -> None:
    uv = _uv()
    # An environment in which no installation ever finished may be half made.
    if not PYTHON.exists() or not list(VENV.glob(".installed-*")):
        _make_venv(uv)
    source = REQUIREMENTS[kind]
    print_step(f"Installing the pinned packages with {'uv' if uv else 'pip'} (about half a minute)")
    wanted = ["--require-hashes", "-r", source]
    # uv does not read pip's settings: where it fails, a mirror may be set up for pip alone.
    if not uv or run_with_progress([uv, "pip", "install", "--python", PYTHON, *wanted], last_line)[0]:
        pip = [PYTHON, "-m", "pip", "install", "--progress-bar=off", "--disable-pip-version-check", "--no-input"]
        run_quietly([*pip, *wanted], what="Installing the packages", progress=_pip_progress(source))
    for each in list(REQUIREMENTS)[list(REQUIREMENTS).index(kind) :]:
        (VENV / f".installed-{each}").write_text(_fingerprint(REQUIREMENTS[each]))


def last_line(output: str) -> str:
    """The last line of an output, which is where uv says what it is at."""
    return output.rstrip().rpartition("\n")[2].strip()


def _pip_progress(source: Path) -> Callable[[str], str]:
    """Makes the line to show from what pip has printed so far, and from what has arrived in the environment."""
    pinned, began = len(re.findall(r"^[\w.-]+.*==", source.read_text(), re.MULTILINE)), time.time()

    def progress(output: str) -> str:
        return installing(output, _installed_since(began)) or fetching(output, pinned)

    return progress


def _installed_since(moment: float) -> int:
    return sum(folder.stat().st_mtime >= moment for folder in VENV.glob("lib/python3*/site-packages/*.dist-info"))


def fetching(output: str, pinned: int) -> str:
    """Which of how many pinned packages pip fetches, from its output; empty before the first.

    Packages that are not for this kind of machine do not count.
    """
    names = re.findall(r"^(?:Collecting|Requirement already satisfied:) ([\w.-]+)", output, re.MULTILINE)
    if not names:
        return ""
    total = pinned - len(re.findall(r"^Ignoring .+: markers ", output, re.MULTILINE))
    return f"Fetching {min(len(set(names)), total)} of {total}: {names[-1]}"


def installing(output: str, done: int) -> str:
    """Which of how many packages pip installs, after so many that are done; empty while it still fetches."""
    found = re.search(r"^Installing collected packages: (.+)$", output, re.MULTILINE)
    if not found:
        return ""
    names = found[1].split(", ")
    return f"Installing {min(done + 1, len(names))} of {len(names)}: {names[min(done, len(names) - 1)]}"
