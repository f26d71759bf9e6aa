"""The commands' own modules, which are plain Python beside the project, and folders for servers to live in."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

DEV = Path(__file__).resolve().parent.parent.parent / "bin" / "_dev"
sys.path.append(str(DEV))


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A short path, because sockets need one, that an unprivileged server can reach; no servers of the operator's own."""
    for name in ("DATABASE_URL", "REDIS_URL", "NOTIFY_KEEP_SERVICES"):
        monkeypatch.delenv(name, raising=False)
    folder = Path(tempfile.mkdtemp(prefix="notify-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
