import os
import signal
import subprocess
import sys
import time

from tests.bin.conftest import DEV

CALLER = f"""
import os, sys
sys.path.insert(0, {str(DEV)!r})
from processes import run_in_foreground
sys.exit(run_in_foreground([sys.executable, "-c", sys.argv[1]], dict(os.environ)))
"""
WAITS = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
ANSWERS = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *args: sys.exit(7))
print("up", flush=True)
time.sleep(60)
"""


def caller(program: str) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen([sys.executable, "-c", CALLER, program], stdout=subprocess.PIPE, text=True)
    return process, process.stdout.readline().strip()


def is_gone(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def test_the_result_of_the_program_is_ours():
    done = subprocess.run([sys.executable, "-c", CALLER, "raise SystemExit(5)"])

    assert done.returncode == 5


def test_the_program_answers_what_would_end_us():
    process, _ = caller(ANSWERS)

    process.terminate()

    assert process.wait(10) == 7


def test_an_interruption_is_left_to_the_program():
    process, pid = caller(WAITS)

    process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    assert process.poll() is None

    os.kill(int(pid), signal.SIGINT)
    assert process.wait(10) != 0


def test_the_program_does_not_outlive_us():
    process, pid = caller(WAITS)

    process.kill()
    process.wait()

    assert is_gone(int(pid))
