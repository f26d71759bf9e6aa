import pytest

from messaging.notifications import tasks
from messaging.notifications.enums import Lane


@pytest.fixture
def rings(monkeypatch):
    found = []
    monkeypatch.setattr(tasks, "wake", found.append)
    return found


def test_only_so_many_threads_of_a_process_send_and_some_leave_bulk_alone(monkeypatch, rings):
    """Each dispatcher starts the next from within, as threads would that are all at work."""
    sending = []

    def send(upto):
        sending.append(upto)
        tasks.dispatch()
        return False

    monkeypatch.setattr(tasks, "_send_for_a_while", send)
    tasks.dispatch()
    assert sending == [Lane.TEST, Lane.TEST, Lane.NORMAL, Lane.URGENT]
    sending.clear()
    tasks.dispatch()
    assert len(sending) == len(tasks.PLACES)
    assert rings == []


def test_a_place_is_given_back_when_its_dispatcher_breaks(monkeypatch, rings):
    monkeypatch.setattr(tasks, "_send_for_a_while", lambda upto: 1 / 0)
    for _ in range(len(tasks.PLACES) + 1):
        with pytest.raises(ZeroDivisionError):
            tasks.dispatch()


def test_a_dispatcher_takes_the_lanes_of_its_place_and_wakes_a_successor(monkeypatch, settings, rings):
    settings.CELERY_TASK_ALWAYS_EAGER = False
    monkeypatch.setattr(tasks, "DISPATCH_SECONDS", 0.05)
    asked = []
    monkeypatch.setattr(tasks, "send_due", lambda *, turn, upto: asked.append((turn, upto)) or 1)
    tasks.dispatch()
    assert asked[:2] == [(0, Lane.TEST), (1, Lane.TEST)]
    assert rings == [tasks.DISPATCH]


@pytest.mark.parametrize(
    ("upto", "due", "successor"), [(Lane.URGENT, True, True), (Lane.URGENT, False, False), (Lane.TEST, True, False)]
)
def test_a_dispatcher_that_leaves_bulk_alone_wakes_one_for_it_if_a_place_is_free(
    monkeypatch, settings, rings, upto, due, successor
):
    settings.CELERY_TASK_ALWAYS_EAGER = False
    monkeypatch.setattr(tasks, "LINGER_SECONDS", 0.01)
    monkeypatch.setattr(tasks, "send_due", lambda **kwargs: 0)
    monkeypatch.setattr(tasks.claims, "due", lambda: due)
    assert tasks._send_for_a_while(upto) is successor
