"""What others do at the same moment, on a connection of their own; for tests that commit (`transaction=True`)."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connection


def elsewhere(act: Callable[[], Any]) -> Any:
    """What an act answers on another connection, which sees only what is committed."""

    def run() -> Any:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


@contextmanager
def quicker(statement: str, act: Callable[[], Any]) -> Iterator[None]:
    """Somebody acts elsewhere right before our first statement that starts like this."""
    waiting = [act]

    def execute_after(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if waiting and sql.startswith(statement):
            elsewhere(waiting.pop())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(execute_after):
        yield
    assert not waiting, f"nothing like {statement} was executed"
