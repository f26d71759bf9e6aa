"""The dispatcher with real sockets and threads against receivers that misbehave in every known way."""

import http.server
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection

from callbacks.actions import deliver, outbox
from callbacks.enums import DeliveryState
from callbacks.models import CallbackAttempt, CallbackDelivery, CallbackEndpoint
from notify.lib import clock, outbound
from tests.helpers.api import make_service
from tests.helpers.callbacks import make_change, make_endpoint

pytestmark = pytest.mark.django_db(transaction=True)


class Receiver(http.server.BaseHTTPRequestHandler):
    seen: list[str] = []
    together: dict[str, int] = {}
    most: dict[str, int] = {}
    lock = threading.Lock()

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        with self.lock:
            self.seen.append(self.path)
            self.together[self.path] = self.together.get(self.path, 0) + 1
            self.most[self.path] = max(self.most.get(self.path, 0), self.together[self.path])
        try:
            getattr(self, self.path.strip("/"))()
        except OSError:
            pass  # the caller had enough
        finally:
            with self.lock:
                self.together[self.path] -= 1

    def answer(self, status, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def ok(self):
        time.sleep(0.05)
        self.answer(200)

    def error(self):
        self.answer(500)

    def late(self):
        time.sleep(3)
        self.answer(200)

    def redirect(self):
        self.answer(307, Location="/ok")

    def endless(self):
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(b"x" * 65536)

    def rude(self):
        self.connection.close()

    def log_message(self, *args):
        pass


@pytest.fixture(autouse=True)
def _empty_partitions():
    """Django's flush leaves unmanaged tables alone."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE notifications_notificationcontent")


@pytest.fixture
def base(settings, monkeypatch):
    Receiver.seen.clear()
    Receiver.together.clear()
    Receiver.most.clear()
    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    httpd.daemon_threads = True
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    settings.CALLBACK_ALLOWED_HOSTS = [f"127.0.0.1:{httpd.server_port}"]
    real = outbound.post
    monkeypatch.setattr(outbound, "post", lambda url, body, headers: real(url, body, headers, deadline=1.0))
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    httpd.server_close()


def states(endpoint):
    return list(CallbackDelivery.objects.filter(endpoint=endpoint).values_list("state", flat=True))


@pytest.mark.parametrize(
    ("path", "state", "code", "problem"),
    [
        ("late", DeliveryState.WAITING, None, "There was no answer in time"),
        ("redirect", DeliveryState.WAITING, 307, ""),
        ("rude", DeliveryState.WAITING, None, "The connection broke before there was an answer"),
        ("error", DeliveryState.WAITING, 500, ""),
        ("endless", DeliveryState.DELIVERED, 200, ""),
    ],
)
def test_a_receiver_that_misbehaves_does_no_harm_and_loses_nothing(base, path, state, code, problem):
    service = make_service()
    endpoint = make_endpoint(service, f"{base}/{path}")
    outbox.tell_statuses([make_change(service)])
    started = time.monotonic()
    assert deliver.deliver_due(seconds=5) == (1, False)
    assert time.monotonic() - started < 3
    delivery = CallbackDelivery.objects.get(endpoint=endpoint)
    assert (delivery.state, delivery.last_status_code, delivery.last_problem) == (state, code, problem)
    assert Receiver.seen == [f"/{path}"]


def test_an_internal_address_is_never_called(settings, base):
    settings.CALLBACK_ALLOWED_HOSTS = []
    service = make_service()
    make_endpoint(service, base.replace("http://", "https://") + "/ok")
    outbox.tell_statuses([make_change(service)])
    deliver.deliver_due(seconds=5)
    assert Receiver.seen == []
    assert CallbackAttempt.objects.get().problem == "The host has a private or reserved address"


def test_dead_receivers_delay_nobody_else_and_four_calls_at_once_are_the_most(base):
    service = make_service()
    good = make_endpoint(service, f"{base}/ok")
    dead = [make_endpoint(make_service(f"Dead {n}"), f"{base}/late") for n in range(3)]
    outbox.tell_statuses([make_change(e.service) for e in dead for _ in range(10)])
    outbox.tell_statuses([make_change(service) for _ in range(40)])
    started = time.monotonic()
    finished = []

    def watch():
        while time.monotonic() - started < 8:
            if states(good).count(DeliveryState.DELIVERED) == 40:
                finished.append(time.monotonic() - started)
                break
            time.sleep(0.05)
        connection.close()

    watcher = threading.Thread(target=watch)
    watcher.start()
    deliver.deliver_due(seconds=6)
    watcher.join()
    assert finished
    assert finished[0] < 6
    assert Receiver.most["/ok"] <= 4
    # Four at first, then one at a time, and from five failures on a rest.
    for endpoint in dead:
        endpoint.refresh_from_db()
        assert endpoint.rest_until > clock.now()
        assert len(CallbackAttempt.objects.filter(delivery__endpoint=endpoint)) <= 6


def test_two_workers_never_post_the_same_callback_twice(base):
    service = make_service()
    endpoint = make_endpoint(service, f"{base}/ok")
    outbox.tell_statuses([make_change(service) for _ in range(40)])

    def work():
        deliver.deliver_due(seconds=10)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert states(endpoint) == [DeliveryState.DELIVERED] * 40
    assert len(Receiver.seen) == 40
    assert Receiver.most["/ok"] <= 4


def test_an_endpoint_removed_while_its_callback_is_on_the_way_stops_nothing(base):
    service = make_service()
    endpoint = make_endpoint(service, f"{base}/ok")
    outbox.tell_statuses([make_change(service)])
    token = deliver.uuid4()
    claimed = deliver.claim(token, limit=5)
    CallbackEndpoint.objects.filter(pk=endpoint.pk).delete()
    deliver.finish([deliver.post(row) for row in claimed], token)
    assert not CallbackDelivery.objects.exists()


def test_callbacks_that_a_lost_worker_held_are_found_again(base):
    service = make_service()
    make_endpoint(service, f"{base}/ok")
    outbox.tell_statuses([make_change(service)])
    deliver.claim(deliver.uuid4(), limit=5)
    assert deliver.anything_due() is False
    CallbackDelivery.objects.update(lease_until=clock.now() - timedelta(hours=1))
    assert deliver.expire_leases() == 1
    assert deliver.anything_due() is True
    assert deliver.deliver_due(seconds=5) == (1, False)
