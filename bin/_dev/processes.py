"""Starting other programs so that none of them is left behind."""

import ctypes
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from paths import ROOT

_PR_SET_PDEATHSIG = 1


def parent_death_signal(number: int) -> Callable[[], None] | None:
    """What a child does at its start so that the kernel ends it when its parent is gone; Linux only."""
    try:
        prctl = ctypes.CDLL(None).prctl
    except (OSError, AttributeError):
        return None
    return lambda: prctl(_PR_SET_PDEATHSIG, number)


def run_in_foreground(command: list[Any], environment: dict[str, str], cwd: Path = ROOT) -> int:
    """Run a program in the foreground and return its result, as a shell would; what interrupts us is for it to answer."""
    with subprocess.Popen(
        list(map(str, command)), cwd=cwd, env=environment, preexec_fn=parent_death_signal(signal.SIGTERM)
    ) as process:

        def forward(number: int, frame: FrameType | None) -> None:
            process.send_signal(number)

        # A terminal sends Ctrl-C to both of us.
        before = [signal.signal(signal.SIGINT, lambda number, frame: None), signal.signal(signal.SIGTERM, forward)]
        try:
            result = process.wait()
            return 128 - result if result < 0 else result
        finally:
            signal.signal(signal.SIGINT, before[0])
            signal.signal(signal.SIGTERM, before[1])
