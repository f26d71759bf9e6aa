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

from console import exit_with, explain_output, print_step, run_main
from embedded_settings import RUN_LOCK, running_port, settings_environment
from environment import ensure_environment
from frontend import ensure_frontend
from paths import PYTHON, ROOT, STATE
from platform_process import PlatformProcess, stop_all
from processes import parent_death_signal
from server_supervisor import embedded_servers, stopped_server

READY_SECONDS = 60


def chosen_port() -> int:
    """PORT, or 8000; exits if it is no port or if something listens there already."""
    asked = os.environ.get("PORT", "8000")
    if not asked.isdecimal() or not 1 <= int(asked) <= 65_535:
        exit_with(f"PORT must be a number from 1 to 65535, and it is ‘{asked}’.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host(), int(asked)))
        except PermissionError:
            exit_with(f"Port {asked} needs more rights than you have: choose one above 1023, like PORT=8001 bin/run.")
        except socket.gaierror:
            exit_with(f"HOST must be an address of this machine, and it is ‘{host()}’.")
        except OSError:
            exit_with(f"Port {asked} is taken: stop what uses it, or choose another one, like PORT=8001 bin/run.")
    return int(asked)


def host() -> str:
    """Where the web server listens: this machine alone, unless HOST says otherwise."""
    return os.environ.get("HOST", "127.0.0.1")


@contextmanager
def single_instance() -> Iterator[IO[str]]:
    """One run per folder: a second one would work on the same data. Gives the file that names the port."""
    STATE.mkdir(parents=True, exist_ok=True)
    if port := running_port():
        exit_with(f"Notify is running from this folder already, at http://localhost:{port}.")
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
        preexec_fn=parent_death_signal(signal.SIGTERM),
    ) as process:
        assert process.stdout
        for line in process.stdout:
            if line.startswith("{"):
                found: dict[str, Any] = json.loads(line)
            else:
                print_step(line.strip())
    if process.returncode:
        log = STATE / "prepare.log"
        exit_with(f"Setting up the database and the demonstration failed: {explain_output(log.read_text())} (All of it: {log})")
    return found


def start_platform(port: int, queues: list[str], environment: dict[str, str]) -> list[PlatformProcess]:
    """The web server, a worker for every queue, and the clock that says when periodic tasks are due."""
    folder = PYTHON.parent
    celery = [str(folder / "celery"), "-A", "notify"]
    commands = {
        "web": [
            *(str(folder / "granian"), "--interface", "wsgi", "--host", host(), "--port", str(port)),
            *("--workers", "2", "--blocking-threads", "8", "--no-access-log", "--backlog", "1024"),
            "notify.wsgi:application",
        ],
        "worker": [*celery, "worker", "-Q", ",".join(queues), "--loglevel=WARNING", "--pool=threads", "--concurrency=8"],
        # Without a pidfile: one that a killed clock left behind would keep the next one from starting.
        "beat": [*celery, "beat", "--loglevel=WARNING", "-s", str(STATE / "beat-schedule"), "--pidfile="],
    }
    return [PlatformProcess(name, command, environment) for name, command in commands.items()]


def wait_until_it_answers(port: int, processes: list[PlatformProcess]) -> None:
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
    exit_with(f"The web server did not answer within {READY_SECONDS} seconds; its log is {STATE / 'web.log'}.")


def check_alive(processes: list[PlatformProcess]) -> None:
    """Exit with one sentence when a process has ended while the platform starts: it would not go better the next time."""
    for process in processes:
        if how := process.explain_end():
            exit_with(how)


def print_welcome(ready: dict[str, Any], port: int, seconds: float) -> None:
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


def interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def serve(port: int, began: float) -> None:
    """Start everything and stay until somebody interrupts; what ends by itself starts again, but for the embedded servers."""
    ensure_environment("embedded")
    ensure_frontend()
    print_step("Starting PostgreSQL and Valkey")
    with embedded_servers(STATE) as addresses:
        environment = settings_environment(addresses)
        ready = prepare(environment)
        print_step("Starting the web server, the worker and the clock")
        processes = start_platform(port, ready["queues"], environment)
        try:
            wait_until_it_answers(port, processes)
            print_welcome(ready, port, time.monotonic() - began)
            while True:
                for process in processes:
                    process.restart_if_ended()
                if name := stopped_server(STATE, addresses):
                    exit_with(f"The embedded {name} ended by itself; its log is in {STATE}.")
                time.sleep(1)
        finally:
            # One Ctrl-C is enough; more of them must not leave anything behind.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            stop_all(processes)


def main() -> int:
    began = time.monotonic()
    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)
    try:
        with single_instance() as lock:
            port = chosen_port()
            print(port, file=lock, flush=True)
            print("Starting Notify", flush=True)
            serve(port, began)
    except KeyboardInterrupt:
        print("\nNotify has stopped", flush=True)
    return 0


if __name__ == "__main__":
    run_main(main)
