"""How many messages a second the API accepts: `python benchmarks/accept_throughput.py [--seconds 5] [--clients 8]`.

Puts load on a server that is running (`bin/run`) and prints requests per second, latencies, and the CPU time that a
request costs the web processes and PostgreSQL, read from /proc. The messages are real ones, sent with a test key of the
demonstration unless --api-key and --template-id name others. --bulk ROWS sends that many messages in each request.
"""

import argparse
import base64
import hashlib
import hmac
import http.client
import json
import os
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Target:
    """Where to send, as whom, and what."""

    url: str
    service_id: str
    secret: str
    bulk: int
    template_id: str = ""
    names: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> "Target":
        key = arguments.api_key or demonstration_key()
        target = cls(arguments.url.rstrip("/"), key[-73:-37], key[-36:], arguments.bulk)
        target.template_id, target.names = target.text_template(arguments.template_id)
        return target

    def text_template(self, wanted: str | None) -> tuple[str, list[str]]:
        """The id and the placeholders of a text message template: the one asked for, or the service's first."""
        request = urllib.request.Request(
            f"{self.url}/v2/templates?type=sms", headers={"Authorization": f"Bearer {self.token()}"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            templates = json.load(answer)["templates"]
        for template in templates:
            if wanted in (None, template["id"]):
                return template["id"], list(template["personalisation"])
        sys.exit("The service has no such text message template.")

    def token(self) -> str:
        """A token as clients make it; good for thirty seconds."""
        parts = ({"typ": "JWT", "alg": "HS256"}, {"iss": self.service_id, "iat": int(time.time())})
        text = b".".join(_base64(json.dumps(part).encode()) for part in parts)
        signature = hmac.new(self.secret.encode(), text, hashlib.sha256).digest()
        return f"{text.decode()}.{_base64(signature).decode()}"

    def request(self, number: int) -> tuple[str, bytes]:
        """The path and body of one request."""
        if not self.bulk:
            return "/v2/notifications/sms", json.dumps({"template_id": self.template_id, **self.row(number)}).encode()
        rows = [self.row(number * self.bulk + n) for n in range(self.bulk)]
        return "/v2/notifications/bulk", json.dumps({"template_id": self.template_id, "notifications": rows}).encode()

    def row(self, number: int) -> dict[str, object]:
        """One recipient with values for every placeholder."""
        values = dict.fromkeys(self.names, f"value {number}")
        return {"phone_number": f"0770090{number % 1000 + 1000:04d}", "personalisation": values}


@dataclass
class Results:
    """What the clients saw."""

    seconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    first_error: str = ""


def _base64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def demonstration_key() -> str:
    """A test key of the demonstration."""
    told = subprocess.run([ROOT / "bin" / "manage", "demo", "--json"], capture_output=True, text=True, check=True)
    for service in json.loads(told.stdout)["services"]:
        if key := service["api_keys"].get("test"):
            return str(key)
    sys.exit("The demonstration has no test key.")


def client(target: Target, until: float, results: Results, offset: int) -> None:
    """One client with one connection that sends until its time is up."""
    where = urlsplit(target.url)
    connection = http.client.HTTPConnection(where.hostname or "localhost", where.port or 80, timeout=30)
    token, signed, number = target.token(), time.monotonic(), offset
    while time.monotonic() < until:
        if time.monotonic() - signed > 10:
            token, signed = target.token(), time.monotonic()
        path, body = target.request(number)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        started = time.perf_counter()
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        results.seconds.append(time.perf_counter() - started)
        results.statuses[answer.status] = results.statuses.get(answer.status, 0) + 1
        if answer.status != 201 and not results.first_error:
            results.first_error = content.decode(errors="replace")[:300]
        number += 1
    connection.close()


def cpu_seconds(word: str) -> float:
    """CPU time so far of every process whose command line has a word in it, ended children included."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if word in command and "accept_throughput" not in command:
            total += sum(map(int, fields[11:15]))
    return total / TICKS


def load(target: Target, clients: int, seconds: float) -> tuple[list[Results], float]:
    """Send with so many clients for so long; returns what each saw, and the time it took."""
    results = [Results() for _ in range(clients)]
    started = time.monotonic()
    threads = [
        threading.Thread(target=client, args=(target, started + seconds, each, n * 1_000_000)) for n, each in enumerate(results)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results, time.monotonic() - started


def report(results: list[Results], seconds: float, web: float, database: float, bulk: int) -> int:
    """Print the figures; 1 if anything but a 201 came back."""
    times = sorted(1000 * each for result in results for each in result.seconds)
    statuses: dict[int, int] = {}
    for result in results:
        for status, count in result.statuses.items():
            statuses[status] = statuses.get(status, 0) + count
    if len(times) < 2:
        print("Too few answers to say anything.")
        return 1
    cuts = statistics.quantiles(times, n=100)
    print(f"requests          {len(times)} in {seconds:.1f} s: {len(times) / seconds:.0f}/s, answers {statuses}")
    if bulk:
        print(f"messages          {len(times) * bulk / seconds:.0f}/s")
    print(f"latency           p50 {cuts[49]:.1f} ms, p95 {cuts[94]:.1f} ms, p99 {cuts[98]:.1f} ms, worst {times[-1]:.1f} ms")
    print(f"CPU per request   web {1000 * web / len(times):.2f} ms, PostgreSQL {1000 * database / len(times):.2f} ms")
    errors = [result.first_error for result in results if result.first_error]
    if errors:
        print(f"first refusal     {errors[0]}")
    return int(set(statuses) != {201})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--api-key", help="name-service-secret, as it was shown; a test key of the demonstration if absent")
    parser.add_argument("--template-id")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--bulk", type=int, default=0, help="messages in each request; 0: one, by the usual endpoint")
    parser.add_argument("--web", default="granian", help="what the web processes' command lines have in them")
    parser.add_argument("--database", default="postgres", help="the same for PostgreSQL")
    arguments = parser.parse_args()
    target = Target.of(arguments)
    load(target, arguments.clients, 0.5)  # caches and connections
    before = cpu_seconds(arguments.web), cpu_seconds(arguments.database)
    results, seconds = load(target, arguments.clients, arguments.seconds)
    after = cpu_seconds(arguments.web), cpu_seconds(arguments.database)
    return report(results, seconds, after[0] - before[0], after[1] - before[1], arguments.bulk)


if __name__ == "__main__":
    sys.exit(main())
