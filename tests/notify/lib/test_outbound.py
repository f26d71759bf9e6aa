import http.server
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from notify.lib import outbound
from notify.lib.outbound import OutboundFailed, OutboundRefused, check_url, is_ordinary_address, post

HOST = "hook.example.test"

HOSTILE_ADDRESSES = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.1.1",
    "100.100.100.200", "192.0.0.9", "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "168.63.129.16", "::", "::1",
    "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1",
    "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "3fff::1", "5f00::1", "100::1",
]  # fmt: skip


class Receiver(http.server.BaseHTTPRequestHandler):
    seen: list[tuple[str, str]] = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.seen.append((self.headers["host"], self.path, body))
        getattr(self, f"answer_{self.path.strip('/').replace('-', '_')}", self.answer_ok)()

    def answer_ok(self):
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def answer_redirect(self):
        self.send_response(302)
        self.send_header("Location", "http://169.254.169.254/latest/meta-data")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def answer_endless(self):
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" * 4096)
        except OSError:
            pass

    def answer_drip(self):
        self.send_response(200)
        self.end_headers()
        self.drip()

    def answer_drip_headers(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        self.drip()

    def drip(self):
        try:
            for _ in range(100):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.1)
        except OSError:
            pass

    def answer_hang(self):
        time.sleep(3)

    def log_message(self, *args):
        pass


def make_certificate(directory):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_path, key_path = directory / "certificate.pem", directory / "key.pem"
    certificate_path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return str(certificate_path), str(key_path)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    certificate, key = make_certificate(tmp_path_factory.mktemp("tls"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    httpd.daemon_threads = True
    httpd.socket = context.wrap_socket(httpd.socket, server_side=True)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    httpd.certificate = certificate
    yield httpd
    httpd.shutdown()
    httpd.server_close()


@pytest.fixture
def names(monkeypatch):
    """Name → addresses; a list of lists answers differently each time."""
    known = {}
    asked = []
    real = socket.getaddrinfo

    def lookup(host, port, *args, **kwargs):
        asked.append(host)
        if host not in known:
            return real(host, port, *args, **kwargs)
        addresses = known[host]
        if isinstance(addresses[0], list):
            addresses = addresses.pop(0) if len(addresses) > 1 else addresses[0]
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (a, port, 0, 0))
            if ":" in a
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port))
            for a in addresses
        ]

    monkeypatch.setattr(outbound.socket, "getaddrinfo", lookup)
    known["asked"] = asked
    return known


@pytest.fixture
def opened(server, settings, names):
    """The local receiver as an installation would open it for development; returns its base URL."""
    Receiver.seen.clear()
    names[HOST] = ["127.0.0.1"]
    settings.CALLBACK_ALLOWED_HOSTS = [f"{HOST}:{server.server_port}"]
    settings.CALLBACK_CA_FILE = server.certificate
    return f"https://{HOST}:{server.server_port}"


@pytest.mark.parametrize("address", HOSTILE_ADDRESSES)
def test_an_address_that_leads_inside_is_not_ordinary(address):
    assert is_ordinary_address(address) is False


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:2800:220:1::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_a_public_address_is_ordinary(address):
    assert is_ordinary_address(address) is True


def test_the_operators_own_networks_are_refused(settings):
    settings.CALLBACK_REFUSED_NETWORKS = ["93.184.0.0/16"]
    assert is_ordinary_address("93.184.216.34") is False


@pytest.mark.parametrize("address", HOSTILE_ADDRESSES)
def test_a_name_with_a_hostile_address_is_refused_before_anything_is_sent(address, names):
    names["evil.example.test"] = [address]
    with pytest.raises(OutboundRefused, match="private or reserved"):
        post("https://evil.example.test/x", b"{}", {})


def test_one_hostile_address_among_public_ones_refuses_the_name(names):
    names["mixed.example.test"] = ["8.8.8.8", "10.0.0.1"]
    with pytest.raises(OutboundRefused):
        post("https://mixed.example.test/x", b"{}", {})


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "//example.com/",
        "example.com",
        "https://localhost/",
        "https://intranet/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://example.com./",
        "https://exa mple.com/",
        "https://example.com\\@127.0.0.1/",
        "https://example.com/\r\nX: y",
        "https://example.com/\x00",
        "https://",
        "https:///x",
        "https://[::1",
        "https://example.com:99999/",
        "https://example.com/" + "x" * 2_100,
    ],
)
def test_a_url_of_the_wrong_shape_is_refused(url):
    with pytest.raises(OutboundRefused):
        check_url(url)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "0x7f.1", "0177.0.0.1", "127.1", "user@127.0.0.1", "[::ffff:7f00:1]"])
def test_an_address_written_into_the_url_is_vetted_like_any_other(host):
    with pytest.raises(OutboundRefused):
        post(f"https://{host}/", b"{}", {})


def test_a_delivered_request_carries_the_name_and_the_answer_comes_back(opened):
    answer = post(f"{opened}/x?y=1", b'{"a": 1}', {"Content-Type": "application/json"})
    assert (answer.status, answer.body, answer.cut) == (200, b"ok", False)
    assert Receiver.seen == [(opened.removeprefix("https://"), "/x?y=1", b'{"a": 1}')]


def test_dns_rebinding_meets_only_the_address_that_was_checked(server, settings, names):
    names["rebind.example.test"] = [["192.0.2.55"], ["127.0.0.1"]]
    settings.CALLBACK_ALLOWED_HOSTS = []
    with pytest.raises(OutboundRefused):
        post(f"https://rebind.example.test:{server.server_port}/", b"{}", {})
    names["rebind.example.test"] = [["127.0.0.1"], ["8.8.8.8"]]
    settings.CALLBACK_ALLOWED_HOSTS = [f"rebind.example.test:{server.server_port}"]
    settings.CALLBACK_CA_FILE = server.certificate
    with pytest.raises(OutboundFailed, match="certificate"):
        post(f"https://rebind.example.test:{server.server_port}/", b"{}", {})
    assert names["asked"] == ["rebind.example.test", "rebind.example.test"]


def test_another_port_of_an_opened_host_stays_closed(opened):
    with pytest.raises(OutboundRefused):
        post(f"https://{HOST}:1/", b"{}", {})


def test_plain_http_is_for_opened_hosts_only(settings):
    settings.CALLBACK_ALLOWED_HOSTS = ["localhost:8000"]
    assert check_url("http://localhost:8000/x").opened is True
    with pytest.raises(OutboundRefused):
        check_url("http://localhost:8001/x")


def test_a_redirect_is_an_answer_and_is_not_followed(opened):
    assert post(f"{opened}/redirect", b"{}", {}).status == 302
    assert len(Receiver.seen) == 1


def test_a_certificate_nobody_trusts_is_not_accepted(opened, settings):
    settings.CALLBACK_CA_FILE = ""
    with pytest.raises(OutboundFailed, match="certificate"):
        post(f"{opened}/x", b"{}", {})


def test_an_endless_answer_is_cut_at_the_cap(opened):
    answer = post(f"{opened}/endless", b"{}", {})
    assert (answer.status, len(answer.body), answer.cut) == (200, outbound.RESPONSE_CAP, True)


def test_a_dripping_body_is_cut_at_the_deadline(opened):
    started = time.monotonic()
    answer = post(f"{opened}/drip", b"{}", {}, deadline=0.5)
    assert (answer.status, answer.cut) == (200, True)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("path", ["hang", "drip-headers"])
def test_a_receiver_that_never_answers_fails_at_the_deadline(opened, path):
    started = time.monotonic()
    with pytest.raises(OutboundFailed, match="in time"):
        post(f"{opened}/{path}", b"{}", {}, deadline=0.5)
    assert time.monotonic() - started < 2


def test_a_refused_connection_is_a_failure(settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.CALLBACK_ALLOWED_HOSTS = [f"127.0.0.1:{port}"]
    with pytest.raises(OutboundFailed, match="refused"):
        post(f"https://127.0.0.1:{port}/", b"{}", {})
