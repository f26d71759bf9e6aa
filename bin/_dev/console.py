"""What the commands print: steps, progress, and one clear sentence where something fails. Plain Python, no packages."""

import errno
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn

from paths import ROOT, STATE

# What the words of pip, uv and npm mean to somebody who only wanted to start Notify; the first that fits is told.
KNOWN_CAUSES = [
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

POLL_SECONDS = 0.2
# A log keeps every line, so it gets one only now and then.
LOG_SECONDS = 10


def print_step(text: str) -> None:
    """One line about what happens next."""
    print(f"  {text}", flush=True)


def exit_with(sentence: str) -> NoReturn:
    """End with one clear sentence instead of a traceback."""
    print(f"\n{sentence}", file=sys.stderr, flush=True)
    raise SystemExit(1)


def explain_os_error(error: OSError) -> str:
    """An error of the operating system in words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full. Make room (about 2 GB) and run it again."
    return f"{(error.strerror or str(error)).lower()}{f' ({error.filename})' if error.filename else ''}."


def explain_output(output: str) -> str:
    """What went wrong, in one sentence, from what a tool printed: a cause we know, an error by name, or its last line."""
    for words, meaning in KNOWN_CAUSES:
        if any(word in output for word in words):
            return meaning
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    named = [line for line in lines if NAMED_ERROR.search(line)]
    return (named or lines or ["it said nothing."])[-1].removeprefix("CommandError: ")


def run_main(main: Callable[[], int]) -> NoReturn:
    """Run a command to its end; what the operating system refuses is told in one sentence."""
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        exit_with(f"This could not go on: {explain_os_error(error)}")


class ProgressLine:
    """A line that is rewritten on a terminal; anywhere else a line every LOG_SECONDS."""

    def __init__(self) -> None:
        self.on_terminal = sys.stdout.isatty()
        self.shown = ""
        self.shown_at = time.monotonic()

    def __enter__(self) -> "ProgressLine":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.on_terminal and self.shown:
            print(flush=True)

    def show(self, text: str) -> None:
        """Show a text, unless it is empty or the one that is shown."""
        if not text or text == self.shown:
            return
        if self.on_terminal:
            width = shutil.get_terminal_size().columns - 3
            print(f"\r\x1b[2K  {text[:width]}", end="", flush=True)
        elif time.monotonic() - self.shown_at >= LOG_SECONDS:
            print_step(text)
        else:
            return
        self.shown, self.shown_at = text, time.monotonic()


def run_quietly(
    command: list[Any], *, what: str, cwd: Path = ROOT, progress: Callable[[str], str] | None = None, **options: Any
) -> None:
    """Run a command without showing its output; ends with one sentence if it fails.

    `progress` makes a line to show from what the command has printed so far.
    """
    try:
        result, output = run_with_progress(command, progress, cwd=cwd, **options)
    except OSError as error:
        exit_with(f"{what} failed: {explain_os_error(error)}")
    if result:
        exit_with(f"{what} failed: {explain_output(output)}{_keep(output)}")


def run_with_progress(command: list[Any], progress: Callable[[str], str] | None, **options: Any) -> tuple[int, str]:
    """Run a command without showing its output; returns its result and its output."""
    with tempfile.NamedTemporaryFile() as file, ProgressLine() as line:
        printed = Path(file.name)
        with subprocess.Popen(list(map(str, command)), stdout=file, stderr=subprocess.STDOUT, **options) as process:
            try:
                while progress and process.poll() is None:
                    line.show(progress(printed.read_text(errors="replace")))
                    time.sleep(POLL_SECONDS)
                process.wait()
            except BaseException:
                process.kill()
                raise
        return process.returncode, printed.read_text(errors="replace").strip()


def _keep(output: str) -> str:
    """Keep what a command printed in a file; returns words about where, or none where it could not be written."""
    log = STATE / "failure.log"
    try:
        STATE.mkdir(parents=True, exist_ok=True)
        log.write_text(output)
    except OSError:
        return ""
    return f" What it printed is in {log}."
