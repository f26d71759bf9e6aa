"""The embedded servers live while somebody uses them: real servers, real processes, real kills."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import embedded
import psycopg
import pytest
import redis
import server_supervisor

from tests.bin.conftest import DEV

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("servers")]

USER = """
import sys, time
sys.path.insert(0, {dev!r})
from pathlib import Path
from server_supervisor import embedded_servers
with embedded_servers(Path({home!r}), fast=True) as addresses:
    print(addresses["DATABASE_URL"], flush=True)
    time.sleep(60)
"""


def connect(url: str, **changes: str) -> psycopg.Connection:
    parts = urlsplit(url.replace("@//", "@/"))
    folder, database = parts.path.rsplit("/", 1)
    wanted = {"host": folder, "dbname": database, "user": parts.username, "password": parts.password}
    return psycopg.connect(**{**wanted, **changes}, connect_timeout=5)


def another_user(home: Path) -> subprocess.Popen[str]:
    """Another command that uses the servers, and is ready."""
    program = USER.format(dev=str(DEV), home=str(home))
    user = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert user.stdout.readline().startswith("postgres://")
    return user


def wait_until(condition, seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def is_supervised(home: Path) -> bool:
    return server_supervisor.stopped_server(home, {"DATABASE_URL": "", "REDIS_URL": ""}) is None


def processes_in(home: Path) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes()
        except OSError:
            continue
        if str(home).encode() in words:
            found.append(words.replace(b"\0", b" ").decode())
    return found


def test_servers_run_for_the_length_of_the_block_and_keep_their_data(home):
    with server_supervisor.embedded_servers(home, fast=True) as addresses:
        with connect(addresses["DATABASE_URL"]) as connection:
            connection.execute("CREATE TABLE kept (word text)")
            connection.execute("INSERT INTO kept VALUES ('here')")
        assert redis.Redis.from_url(addresses["REDIS_URL"]).ping()

    assert wait_until(lambda: processes_in(home) == [])
    with server_supervisor.embedded_servers(home, fast=True) as addresses, connect(addresses["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("here",)]


def test_postgres_wants_the_password_and_listens_nowhere(home):
    with server_supervisor.embedded_servers(home, fast=True) as addresses:
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            connect(addresses["DATABASE_URL"], password="wrong")
        with connect(addresses["DATABASE_URL"]) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
            assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
            assert int(connection.execute("SHOW max_connections").fetchone()[0]) >= 200


def test_only_the_owner_can_open_what_is_supervised(home):
    with server_supervisor.embedded_servers(home, fast=True):
        for folder in ("postgres", "valkey"):
            assert (home / folder).stat().st_mode & 0o077 == 0
        assert (home / "postgres" / "password").stat().st_mode & 0o077 == 0


def test_a_second_user_joins_and_the_last_one_to_leave_ends_it(home):
    with server_supervisor.embedded_servers(home, fast=True) as addresses:
        other = another_user(home)
        with connect(addresses["DATABASE_URL"]) as connection:
            began = connection.execute("SELECT pg_postmaster_start_time()").fetchone()
    assert is_supervised(home)
    with server_supervisor.embedded_servers(home, fast=True) as again, connect(again["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT pg_postmaster_start_time()").fetchone() == began

    other.terminate()
    other.wait()
    assert wait_until(lambda: processes_in(home) == [])


def test_nothing_is_left_when_the_user_is_killed(home):
    user = another_user(home)

    user.send_signal(signal.SIGKILL)
    user.wait()

    assert wait_until(lambda: processes_in(home) == [])


def test_nothing_is_left_when_the_supervisors_are_killed_and_the_next_run_starts_again(home):
    user = another_user(home)
    for name in ("postgres", "valkey"):
        os.kill(server_supervisor._read_status(home / name)["pid"], signal.SIGKILL)
    assert wait_until(lambda: not is_supervised(home))
    user.kill()
    user.wait()

    with server_supervisor.embedded_servers(home, fast=True) as addresses, connect(addresses["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert wait_until(lambda: processes_in(home) == [])


def test_a_server_that_ends_by_itself_is_noticed_by_name(home):
    with server_supervisor.embedded_servers(home, fast=True) as addresses:
        assert server_supervisor.stopped_server(home, addresses) is None
        redis.Redis.from_url(addresses["REDIS_URL"]).shutdown(nosave=True)

        assert wait_until(lambda: server_supervisor.stopped_server(home, addresses) == "Valkey")


def test_servers_of_the_operator_are_used_instead(home, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://theirs")
    monkeypatch.setenv("REDIS_URL", "redis://theirs")

    with server_supervisor.embedded_servers(home) as addresses:
        assert addresses == {}
    assert list(home.iterdir()) == []


def test_servers_can_be_kept_between_runs_until_a_run_does_not_ask_for_it(home, monkeypatch):
    monkeypatch.setenv("NOTIFY_KEEP_SERVICES", "1")
    with server_supervisor.embedded_servers(home, fast=True):
        pass
    assert is_supervised(home)

    monkeypatch.delenv("NOTIFY_KEEP_SERVICES")
    with server_supervisor.embedded_servers(home, fast=True):
        pass
    assert wait_until(lambda: processes_in(home) == [])


def test_a_folder_that_is_too_deep_for_a_socket_still_works(home):
    deep = home / ("a-very-long-name-" * 5)
    deep.mkdir(mode=0o755)
    with server_supervisor.embedded_servers(deep, fast=True) as addresses:
        with connect(addresses["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert redis.Redis.from_url(addresses["REDIS_URL"]).ping()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's data is in another folder")
def test_deleting_the_folder_deletes_the_data_that_root_keeps_elsewhere(home, monkeypatch):
    elsewhere = home / "elsewhere"
    inside = home / "inside"
    inside.mkdir(mode=0o700)
    monkeypatch.setattr(embedded, "ROOT_USER_FOLDER", elsewhere)
    data = embedded.Postgres(inside / "postgres").home
    assert data.parent == elsewhere
    (data / "kept").touch()

    embedded.Postgres(inside / "postgres")
    assert (data / "kept").exists()

    shutil.rmtree(inside / "postgres")
    embedded.Postgres(inside / "postgres")
    assert not (data / "kept").exists()
