"""The settings of an embedded run: secrets of its own, and the port it answers at."""

import fcntl
import os
import secrets
from base64 import urlsafe_b64encode
from pathlib import Path

from environment import WRITE_BYTECODE, file_lock
from paths import STATE

# Held by `bin/run` while it runs; names its port.
RUN_LOCK = STATE / "run.lock"


def ensure_secrets(folder: Path) -> dict[str, str]:
    """The secrets of an embedded run, made once and kept in a file only its owner can read."""
    path = folder / "secrets.env"
    with file_lock("secrets"):
        if not path.exists():
            key = urlsafe_b64encode(secrets.token_bytes(32)).decode()
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(f"SECRET_KEY={secrets.token_urlsafe(48)}\nNOTIFY_ENCRYPTION_KEYS={key}\n")
    return dict(line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)


def running_port() -> str | None:
    """The port of the platform that runs from this folder at this moment, if one does."""
    try:
        with RUN_LOCK.open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return lock.read().strip() or "8000"
    except FileNotFoundError:
        pass
    return None


def settings_environment(addresses: dict[str, str]) -> dict[str, str]:
    """The environment of an embedded run: the operator's own variables win."""
    port = os.environ.get("PORT") or running_port() or "8000"
    embedded = {
        **ensure_secrets(STATE),
        "NOTIFY_EMBEDDED": "1",
        "NOTIFY_SANDBOX": "1",
        "BASE_URL": f"http://localhost:{port}",
        "CALLBACK_ALLOWED_HOSTS": f"localhost:{port}",
        "PYTHONUNBUFFERED": "1",
    }
    return {**embedded, **os.environ, **addresses, **WRITE_BYTECODE}
