"""The processes of a running platform: started, started again when they end by themselves, and stopped without a trace."""

import os
import signal
import subprocess
import time
from contextlib import suppress

from console import explain_output, print_step
from paths import ROOT, STATE
from processes import parent_death_signal

STOP_SECONDS = 20
# The wait before the next start doubles up to this, and begins anew after a process has run for a while.
MAX_BACKOFF_SECONDS = 30
STABLE_SECONDS = 60


class PlatformProcess:
    """One process and its children, which are a process group of their own; its output goes to a log beside the data."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        self.name, self.command, self.environment = name, command, environment
        self.log = STATE / f"{name}.log"
        self.failures = 0
        self.restart_at: float | None = None
        self.log.write_bytes(b"")
        self._start()

    def _start(self) -> None:
        self.started_at, self.restart_at = time.monotonic(), None
        with self.log.open("ab") as log:
            self.log_position = log.tell()
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env=self.environment,
                start_new_session=True,
                preexec_fn=parent_death_signal(signal.SIGTERM),
            )

    def explain_end(self) -> str:
        """How the process ended, in one sentence; empty while it runs."""
        result = self.process.poll()
        if result is None:
            return ""
        if result < 0:
            return f"The {self.name} process was ended from outside, by {signal.Signals(-result).name}."
        with self.log.open(errors="replace") as log:
            log.seek(self.log_position)
            return f"The {self.name} process ended by itself: {explain_output(log.read())} (All of it: {self.log})"

    def restart_if_ended(self) -> None:
        """Start the process again some time after it has ended; call it every second or so."""
        now = time.monotonic()
        if self.restart_at is None and (how := self.explain_end()):
            # Its children hold the port and the broker's messages.
            self._kill_group()
            self.failures = 1 if now - self.started_at > STABLE_SECONDS else self.failures + 1
            delay = min(2 ** (self.failures - 1), MAX_BACKOFF_SECONDS)
            self.restart_at = now + delay
            print_step(f"{how} It starts again in {delay} s.")
        elif self.restart_at is not None and now >= self.restart_at:
            self._start()
            print_step(f"The {self.name} process has started again.")

    def terminate(self) -> None:
        """Ask the process to end."""
        if self.process.poll() is None:
            self.process.terminate()

    def wait(self, deadline: float) -> None:
        """Wait until the process has ended; what is left of it and its children by the deadline is killed."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(deadline - time.monotonic(), 0.1))
        self._kill_group()
        self.process.wait()

    def _kill_group(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def stop_all(processes: list[PlatformProcess]) -> None:
    """Stop processes side by side, with all their children."""
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes:
        process.wait(deadline)
