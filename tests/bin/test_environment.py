"""What every command needs before it can do anything: a Python that is new enough, and packages."""

import subprocess

import environment
import pytest

from tests.bin.conftest import DEV

PIP_FETCHES = """Ignoring colorama: markers 'sys_platform == "win32"' don't match your environment
Requirement already satisfied: amqp==5.4.2 in ./lib (from -r dev.txt (line 1)) (5.4.2)
Collecting coverage[toml]==7.17.4 (from -r dev.txt (line 4))
  Using cached coverage-7.17.4.whl (218 kB)
Collecting cryptography==50.0.2 (from -r dev.txt (line 356))
"""
PIP_INSTALLS = f"{PIP_FETCHES}Installing collected packages: vine, coverage, cryptography\n"


def test_progress_says_which_package_of_how_many_is_fetched():
    assert environment.fetching("", 93) == ""
    assert environment.fetching(PIP_FETCHES, 93) == "Fetching 3 of 92: cryptography"


def test_progress_says_which_package_of_how_many_is_installed():
    assert environment.installing(PIP_FETCHES, 0) == ""
    assert environment.installing(PIP_INSTALLS, 0) == "Installing 1 of 3: vine"
    assert environment.installing(PIP_INSTALLS, 2) == "Installing 3 of 3: cryptography"
    assert environment.installing(PIP_INSTALLS, 3) == "Installing 3 of 3: cryptography"


def test_uv_can_be_left_out(monkeypatch):
    monkeypatch.delenv("NOTIFY_INSTALLER", raising=False)
    monkeypatch.setattr(environment.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert environment._uv() == "/usr/bin/uv"

    monkeypatch.setenv("NOTIFY_INSTALLER", "pip")
    assert environment._uv() is None


@pytest.mark.parametrize("command", ["run", "test", "manage", "check"])
def test_a_python_that_is_too_old_is_named(command, tmp_path):
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && echo Python 3.9.2 && exit 0\nexit 1\n')
    old.chmod(0o755)

    done = subprocess.run(
        [DEV.parent / command], capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", "NOTIFY_PYTHON": str(old)}
    )

    assert done.returncode == 1
    assert done.stderr.startswith("Notify needs Python 3.11 or newer, and this machine has Python 3.9.2.")
    assert done.stdout == ""
