"""One clear sentence for what can go wrong before anything runs."""

import errno
import subprocess

import environment
import pytest

from tests.bin.conftest import GROUND

PIP_HASH = """ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated the package
    amqp==5.4.2 from https://index.example/amqp.whl:
        Expected sha256 9362660c
             Got        5f70bf18"""
PIP_OFFLINE = """WARNING: Retrying after connection broken by 'NewConnectionError: Failed to establish a new connection'
ERROR: Could not find a version that satisfies the requirement amqp==5.4.2 (from versions: none)
ERROR: No matching distribution found for amqp==5.4.2"""


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        (PIP_HASH, "a package arrived damaged"),
        ("ERROR: Wheel 'django' located at /tmp/django.whl is invalid.", "a package arrived damaged"),
        (PIP_OFFLINE, "could not be reached"),
        ("npm error code ECONNREFUSED\nnpm error syscall connect", "could not be reached"),
        ("npm error code ENOTFOUND\nnpm error network", "could not be reached"),
        ("npm error code EINTEGRITY", "a package arrived damaged"),
        ("The virtual environment was not created because ensurepip is not available.", "apt-get install python3-venv"),
        ("ERROR: No matching distribution found for nosuch==1", "does not exist for this machine"),
        ("PermissionError: [Errno 13] Permission denied: '/srv/notify/.venv'", "may not write there"),
        ("ERRORS:\n?: (notify.E001) The sandbox is on.\n\tHINT: no\n\n1 issue", "?: (notify.E001) The sandbox is on."),
        ("Traceback\ndjango.db.utils.OperationalError: gone\n[INFO] see ya!", "django.db.utils.OperationalError: gone"),
        ("first\nsomething nobody has met before\n\n", "something nobody has met before"),
        ("", "it said nothing"),
    ],
)
def test_what_a_tool_printed_becomes_one_sentence(output, words):
    sentence = environment.explain(output)

    assert words in sentence
    assert "\n" not in sentence


def test_a_full_disk_is_named_and_not_its_number():
    assert "the disk is full" in environment.why(OSError(errno.ENOSPC, "No space left on device"))


def test_a_command_that_fails_ends_with_one_sentence_and_keeps_its_output(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "STATE", tmp_path)

    with pytest.raises(SystemExit) as ended:
        environment.run_quietly(["sh", "-c", "echo one; echo two >&2; exit 3"], what="Doing it")

    assert ended.value.code == 1
    assert capsys.readouterr().err.strip() == f"Doing it failed: two What it printed is in {tmp_path / 'failure.log'}."
    assert (tmp_path / "failure.log").read_text() == "one\n\ntwo"


def test_a_command_that_is_not_there_ends_with_one_sentence(capsys):
    with pytest.raises(SystemExit):
        environment.run_quietly(["/no/such/program"], what="Doing it")

    assert capsys.readouterr().err.strip() == "Doing it failed: no such file or directory (/no/such/program)."


def test_secrets_are_made_once_and_are_the_owners(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "STATE", tmp_path)
    first = environment.ensure_secrets(tmp_path)

    assert sorted(first) == ["NOTIFY_ENCRYPTION_KEYS", "SECRET_KEY"]
    assert environment.ensure_secrets(tmp_path) == first
    assert (tmp_path / "secrets.env").stat().st_mode & 0o777 == 0o600


def test_a_variable_of_the_operator_wins(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "STATE", tmp_path)
    monkeypatch.setenv("BASE_URL", "https://notify.example")
    monkeypatch.setenv("PORT", "8123")
    monkeypatch.delenv("CALLBACK_ALLOWED_HOSTS", raising=False)

    found = environment.settings_environment({"DATABASE_URL": "postgres://embedded"})

    assert found["BASE_URL"] == "https://notify.example"
    assert found["CALLBACK_ALLOWED_HOSTS"] == "localhost:8123"
    assert found["DATABASE_URL"] == "postgres://embedded"


@pytest.mark.parametrize("command", ["run", "test", "manage", "check"])
def test_a_python_that_is_too_old_is_named(command, tmp_path):
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && echo Python 3.9.2 && exit 0\nexit 1\n')
    old.chmod(0o755)

    done = subprocess.run(
        [GROUND.parent / command], capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", "NOTIFY_PYTHON": str(old)}
    )

    assert done.returncode == 1
    assert done.stderr.startswith("Notify needs Python 3.11 or newer, and this machine has Python 3.9.2.")
    assert done.stdout == ""
