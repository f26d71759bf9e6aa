"""`bin/run`: the whole platform on one machine, from nothing, until Ctrl-C."""

import fcntl
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import IO, Any

from environment import (
    PYTHON,
    ROOT,
    RUN_LOCK,
    STATE,
    command,
    ensure_environment,
    explain,
    port_of_the_run,
    say,
    settings_environment,
    stop,
)
from frontend import ensure_frontend
from keeper import ended, services
from processes import dies_with_parent

READY_SECONDS = 60
STOP_SECONDS = 20
Processes = dict[str, "subprocess.Popen[bytes]"]


def chosen_port() -> int:
    """PORT, or 8000; stops if it is no port or if something listens there already."""
    asked = os.environ.get("PORT", "8000")
    if not asked.isdecimal() or not 1 <= int(asked) <= 65_535:
        stop(f"PORT must be a number from 1 to 65535, and it is ‘{asked}’.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host(), int(asked)))
        except PermissionError:
            stop(f"Port {asked} needs more rights than you have: choose one above 1023, like PORT=8001 bin/run.")
        except socket.gaierror:
            stop(f"HOST must be an address of this machine, and it is ‘{host()}’.")
        except OSError:
            stop(f"Port {asked} is taken: stop what uses it, or choose another one, like PORT=8001 bin/run.")
    return int(asked)


def host() -> str:
    """Where the web server listens: this machine alone, unless HOST says otherwise."""
    return os.environ.get("HOST", "127.0.0.1")


@contextmanager
def alone() -> Iterator[IO[str]]:
    """One run per folder: a second one would work on the same data. Gives the file that names the port."""
    STATE.mkdir(parents=True, exist_ok=True)
    if port := port_of_the_run():
        stop(f"Notify is running from this folder already, at http://localhost:{port}.")
    with RUN_LOCK.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.truncate(0)
        yield lock


def prepare(environment: dict[str, str]) -> dict[str, Any]:
    """Bring the database up to date and load the demonstration once; returns the queues and the demonstration's facts."""
    with subprocess.Popen(
        [str(PYTHON), "manage.py", "prepare"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=(STATE / "prepare.log").open("wb"),
        cwd=ROOT,
        env=environment,
        text=True,
        start_new_session=True,
        preexec_fn=dies_with_parent(signal.SIGTERM),
    ) as process:
        assert process.stdout
        for line in process.stdout:
            if line.startswith("{"):
                found: dict[str, Any] = json.loads(line)
            else:
                say(line.strip())
    if process.returncode:
        log = STATE / "prepare.log"
        stop(f"Setting up the database and the demonstration failed: {explain(log.read_text())} (All of it: {log})")
    return found


def start(name: str, command: list[str], environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    """Start one of the platform's processes; its output goes to a log beside the data."""
    with (STATE / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=ROOT,
            env=environment,
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGTERM),
        )


def start_platform(port: int, queues: list[str], environment: dict[str, str]) -> Processes:
    """The web server, and one worker that also keeps the clock."""
    folder = PYTHON.parent
    web = [
        *(str(folder / "granian"), "--interface", "wsgi", "--host", host(), "--port", str(port)),
        *("--workers", "2", "--blocking-threads", "8", "--no-access-log", "--backlog", "1024"),
        "notify.wsgi:application",
    ]
    worker = [
        *(str(folder / "celery"), "-A", "notify", "worker", "-B", "-Q", ",".join(queues), "--loglevel=WARNING"),
        *("--pool=threads", "--concurrency=8", "-s", str(STATE / "beat-schedule")),
    ]
    return {"web": start("web", web, environment), "worker": start("worker", worker, environment)}


def wait_until_it_answers(port: int, processes: Processes) -> None:
    """Wait for the first page."""
    deadline = time.monotonic() + READY_SECONDS
    address = "127.0.0.1" if host() in ("0.0.0.0", "127.0.0.1") else host()
    while time.monotonic() < deadline:
        check_alive(processes)
        try:
            with urllib.request.urlopen(f"http://{address}:{port}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except urllib.error.HTTPError as error:
            if error.code < 500:
                return
        except OSError:
            pass
        time.sleep(0.1)
    stop(f"The web server did not answer within {READY_SECONDS} seconds; its log is {STATE / 'web.log'}.")


def check_alive(processes: Processes) -> None:
    """Stop with one sentence when a process has ended by itself."""
    for name, process in processes.items():
        result = process.poll()
        if result is not None and result < 0:
            stop(f"The {name} process was ended from outside, by {signal.Signals(-result).name}.")
        if result is not None:
            log = STATE / f"{name}.log"
            stop(f"The {name} process ended by itself: {explain(log.read_text(errors='replace'))} (All of it: {log})")


def tell(ready: dict[str, Any], port: int, seconds: float) -> None:
    """What to open, who to be, and what to try."""
    facts = ready["demonstration"]
    base_url = facts["base_url"] if facts else f"http://localhost:{port}"
    print(f"\nNotify is running at {base_url}  (ready in {seconds:.0f} s; Ctrl-C stops it)")
    if facts:
        print("\nSign in as")
        for person in facts["people"]:
            print(f"  {person['email']:<34} password {person['password']:<24} {person['role']}")
    else:
        print(f"\n{ready['administrator']}")
    print(f"\nThe code it asks for, and every message that would have been sent: {base_url}/sandbox")
    print("\nTry")
    print(f"  a service’s dashboard        {base_url}/your-services")
    print(f"  the back office              {base_url}/admin/")
    print(f"  the API’s description        {base_url}/api/docs")
    print("  API keys and template ids    bin/manage demo --json\n", flush=True)


def stop_platform(processes: Processes) -> None:
    """Ask every process to end, and end those that do not."""
    for process in processes.values():
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes.values():
        try:
            process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def serve(port: int, began: float) -> None:
    """Start everything and stay until somebody interrupts or something ends by itself."""
    ensure_environment("embedded")
    ensure_frontend()
    say("Starting PostgreSQL and Valkey")
    with services(STATE) as addresses:
        environment = settings_environment(addresses)
        ready = prepare(environment)
        say("Starting the web server and the worker")
        processes = start_platform(port, ready["queues"], environment)
        try:
            wait_until_it_answers(port, processes)
            tell(ready, port, time.monotonic() - began)
            while True:
                check_alive(processes)
                if name := ended(STATE, addresses):
                    stop(f"The embedded {name} ended by itself; its log is in {STATE}.")
                time.sleep(1)
        finally:
            # One Ctrl-C is enough; more of them must not leave anything behind.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            stop_platform(processes)


def main() -> int:
    began = time.monotonic()
    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)
    try:
        with alone() as lock:
            port = chosen_port()
            print(port, file=lock, flush=True)
            print("Starting Notify", flush=True)
            serve(port, began)
    except KeyboardInterrupt:
        print("\nNotify has stopped", flush=True)
    return 0


if __name__ == "__main__":
    command(main)
