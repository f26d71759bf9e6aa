"""One clear sentence for what can go wrong before anything runs."""

import errno
import io
import sys

import console
import pytest

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
        ("CommandError: The database was made by another version.", "The database was made by another version."),
        ("first\nsomething nobody has met before\n\n", "something nobody has met before"),
        ("", "it said nothing"),
    ],
)
def test_what_a_tool_printed_becomes_one_sentence(output, words):
    sentence = console.explain_output(output)

    assert words in sentence
    assert "\n" not in sentence
    assert "CommandError" not in sentence


def test_a_full_disk_is_named_and_not_its_number():
    assert "the disk is full" in console.explain_os_error(OSError(errno.ENOSPC, "No space left on device"))


def test_a_command_that_fails_ends_with_one_sentence_and_keeps_its_output(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(console, "STATE", tmp_path)

    with pytest.raises(SystemExit) as ended:
        console.run_quietly(["sh", "-c", "echo one; echo two >&2; exit 3"], what="Doing it")

    assert ended.value.code == 1
    assert capsys.readouterr().err.strip() == f"Doing it failed: two What it printed is in {tmp_path / 'failure.log'}."
    assert (tmp_path / "failure.log").read_text() == "one\ntwo"


def test_a_command_that_is_not_there_ends_with_one_sentence(capsys):
    with pytest.raises(SystemExit):
        console.run_quietly(["/no/such/program"], what="Doing it")

    assert capsys.readouterr().err.strip() == "Doing it failed: no such file or directory (/no/such/program)."


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_one_line_that_is_rewritten_on_a_terminal(monkeypatch):
    monkeypatch.setattr(sys, "stdout", terminal := Terminal())

    with console.ProgressLine() as line:
        for text in ("", "1 of 2", "1 of 2", "2 of 2"):
            line.show(text)

    assert terminal.getvalue() == "\r\x1b[2K  1 of 2\r\x1b[2K  2 of 2\n"


def test_progress_is_a_line_now_and_then_in_a_log(capsys, monkeypatch):
    now = iter([0, 9, 10, 10, 19, 20, 20])
    monkeypatch.setattr(console.time, "monotonic", lambda: next(now))

    with console.ProgressLine() as line:
        for text in ("first", "second", "third", "fourth"):
            line.show(text)

    assert capsys.readouterr().out == "  second\n  fourth\n"


def test_progress_is_made_from_what_a_command_has_printed_so_far(monkeypatch):
    monkeypatch.setattr(sys, "stdout", terminal := Terminal())
    seen = []

    def progress(output: str) -> str:
        seen.append(output)
        return output.strip()

    result, output = console.run_with_progress(["sh", "-c", "echo one; sleep 0.6; echo two"], progress)

    assert (result, output) == (0, "one\ntwo")
    assert "one\n" in seen
    assert "  one" in terminal.getvalue()
