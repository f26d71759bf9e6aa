"""The unmodified official Node client against a server on a socket, where Node is installed."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.helpers.api import make_key, make_service, make_template

CLIENT = "notifications-node-client@8.4.0"
FOLDER = settings.BASE_DIR / ".notify" / "clients" / "node"


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The client from the npm registry, installed once and kept beside the other downloads."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("Node and npm are not installed")
    modules = FOLDER / "node_modules"
    if not (modules / "notifications-node-client").exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        install = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(FOLDER), CLIENT]
        try:
            subprocess.run(install, check=True, capture_output=True, timeout=120)
        except (subprocess.SubprocessError, OSError) as error:
            pytest.skip(f"the npm registry could not be reached: {error}")
    return Path(modules)


@pytest.mark.django_db(transaction=True)
def test_the_node_client_sends_and_reads(node_modules: Path, live_server: Any) -> None:
    service = make_service()
    key = make_key(service)
    templates = [str(make_template(service, channel).pk) for channel in ("sms", "email", "letter")]
    script = Path(__file__).with_name("node_client.js")
    arguments = ["node", str(script), live_server.url, f"k-{service.pk}-{key.secret}", *templates]
    environment = {**os.environ, "NODE_PATH": str(node_modules)}
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {
        "text": [201, "Hi Sam"],
        "email": [201, "Hello Sam"],
        "letter": [201, "Hi Sam"],
        "printed": "%PDF-",
        "readyMade": ["r-2", "first"],
        "one": [True, "07700900123"],
        "page": ["r-1"],
        "templates": [True],
        "version": 1,
        "preview": "Hi Sam",
        "received": [],
        "upload": "a.csv",
        "refusal": [
            400,
            [{"error": "ValidationError", "message": "phone_number Must not contain letters or symbols"}],
        ],
    }
