"""How much a page asks the database."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def queries(browser: Client, address: str) -> int:
    """How many queries a page takes that opens."""
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(address).status_code == 200
    return len(captured)


def at_one_and_three(browser: Client, address: str, add: Callable[[], Any]) -> tuple[int, int]:
    """The queries of a list with one row and with three."""
    add()
    browser.get(address)  # content types and the session are read once
    one = queries(browser, address)
    add()
    add()
    return one, queries(browser, address)
