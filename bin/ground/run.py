"""`bin/run`: the whole platform on one machine, from nothing, until Ctrl-C."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import FrameType

from embedded import Services, dies_with_parent
from environment import PYTHON, ROOT, STATE, ensure_environment, require_python, run_quietly, say, stop
from frontend import ensure_frontend

from manage import settings_environment

READY_SECONDS = 60
STOP_SECONDS = 20
QUEUES = "platform,send,jobs,callbacks,periodic,default"


def chosen_port() -> int:
    """PORT, or 8000; stops if it is no port or if something listens there already."""
    asked = os.environ.get("PORT", "8000")
    if not asked.isdigit() or not 1 <= int(asked) <= 65_535:
        stop(f"PORT must be a number from 1 to 65535, and it is ‘{asked}’.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(asked)))
        except PermissionError:
            stop(f"Port {asked} needs more rights than you have: choose one above 1023, like PORT=8001 bin/run.")
        except OSError:
            stop(f"Port {asked} is taken: stop what uses it, or choose another one, like PORT=8001 bin/run.")
    return int(asked)


def prepare(environment: dict[str, str]) -> dict[str, object]:
    """Bring the database up to date and load the demonstration once; returns the demonstration's facts."""
    say("Bringing the database up to date")
    run_quietly(
        [PYTHON, "manage.py", "migrate", "--no-input"], what="Bringing the database up to date", env=environment
    )
    run_quietly([PYTHON, "manage.py", "collectstatic", "--no-input"], what="Collecting static files", env=environment)
    say("Loading the demonstration (once)")
    run_quietly([PYTHON, "manage.py", "demo", "--load"], what="Loading the demonstration", env=environment)
    facts = subprocess.run(
        [str(PYTHON), "manage.py", "demo", "--json"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
        check=True,
    )
    return json.loads(facts.stdout)  # type: ignore[no-any-return]


def start(name: str, command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start one of the platform's processes; its output goes to a log beside the data."""
    log = (STATE / f"{name}.log").open("ab")
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


def start_platform(port: int, environment: dict[str, str]) -> dict[str, subprocess.Popen[bytes]]:
    """The web server, and one worker that also keeps the clock."""
    bin_folder = PYTHON.parent
    host = os.environ.get("HOST", "127.0.0.1")
    return {
        "web": start(
            "web",
            [
                *(str(bin_folder / "granian"), "--interface", "wsgi", "--host", host, "--port", str(port)),
                *("--workers", "2", "--blocking-threads", "8", "--no-access-log", "--backlog", "1024"),
                "notify.wsgi:application",
            ],
            environment,
        ),
        "worker": start(
            "worker",
            [
                *(str(bin_folder / "celery"), "-A", "notify", "worker", "-B", "-Q", QUEUES, "--loglevel=WARNING"),
                *("--pool=threads", "--concurrency=8", "-s", str(STATE / "beat-schedule")),
            ],
            environment,
        ),
    }


def wait_until_it_answers(port: int, processes: dict[str, subprocess.Popen[bytes]]) -> None:
    """Wait for the first page."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        check_alive(processes)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except urllib.error.HTTPError as error:
            if error.code < 500:
                return
        except OSError:
            pass
        time.sleep(0.2)
    stop(f"The web server did not answer within {READY_SECONDS} seconds; its log is {STATE / 'web.log'}.")


def check_alive(processes: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, process in processes.items():
        if process.poll() is not None:
            log = STATE / f"{name}.log"
            last = log.read_text(errors="replace").strip().splitlines()[-1:] or ["no output"]
            stop(f"The {name} process ended by itself: {last[0]} (the whole log is {log})")


def tell(facts: dict[str, object], seconds: float) -> None:
    """What to open, who to be, and what to try."""
    base_url = facts["base_url"]
    people = facts["people"]
    print(f"\nNotify is running at {base_url}  (ready in {seconds:.0f} s; Ctrl-C stops it)\n")
    print("Sign in as")
    assert isinstance(people, list)
    for person in people:
        print(f"  {person['email']:<34} password {person['password']:<28} {person['role']}")
    print(f"\nCodes and every message that would have been sent are shown at {base_url}/sandbox")
    print("\nTry")
    print(f"  the dashboard of a live service   {base_url}/your-services")
    print(f"  the back office                   {base_url}/admin/")
    print("  the API, with the official client bin/manage demo --json   (keys and template ids)")
    print(f"  the API’s description             {base_url}/api/docs\n", flush=True)


def stop_platform(processes: dict[str, subprocess.Popen[bytes]]) -> None:
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


def main() -> int:
    require_python()
    began = time.monotonic()
    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)
    port = chosen_port()
    print("Starting Notify", flush=True)
    processes: dict[str, subprocess.Popen[bytes]] = {}
    services: Services | None = None
    try:
        ensure_environment("embedded")
        ensure_frontend()
        say("Starting PostgreSQL and Valkey")
        services = Services(STATE)
        environment = settings_environment(services.start())
        facts = prepare(environment)
        say("Starting the web server and the worker")
        processes = start_platform(port, environment)
        wait_until_it_answers(port, processes)
        tell(facts, time.monotonic() - began)
        while True:
            check_alive(processes)
            time.sleep(1)
    except KeyboardInterrupt:
        print("\nStopping Notify", flush=True)
        return 0
    except OSError as error:
        stop(f"Notify could not start: {error.strerror or error} ({getattr(error, 'filename', '') or ROOT}).")
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        stop_platform(processes)
        if services:
            services.stop()


if __name__ == "__main__":
    sys.exit(main())
