import pytest

from callbacks.enums import DeliveryState
from callbacks.models import CallbackDelivery
from messaging.enums import Status
from messaging.notifications.actions.status import Move, move
from messaging.notifications.models import Notification
from messaging.notifications.queries import activity
from notify.lib import clock
from tests.factories.notifications import send_one
from tests.factories.services import LiveServiceFactory
from tests.helpers.callbacks import make_endpoint

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": DeliveryState.DELIVERED, "attempts": 1}, "Your system was told ‘delivered’"),
        ({"state": DeliveryState.FAILED, "attempts": 9}, "Your system could not be told ‘delivered’ after 9 tries"),
        (
            {"state": DeliveryState.WAITING, "finished_at": None, "last_problem": "no answer"},
            "Your system is being told ‘delivered’ (no answer)",
        ),
    ],
)
def test_timeline_of_a_message_says_what_the_services_system_was_told(fields, words):
    endpoint = make_endpoint(LiveServiceFactory())
    accepted = send_one(endpoint.service)
    move([Move(accepted.id, Status.DELIVERED)])
    CallbackDelivery.objects.update(**({"finished_at": clock.now()} | fields))
    timeline = activity.timeline(Notification.objects.get())
    assert timeline[-1].text == words
    assert [moment.at for moment in timeline] == sorted(moment.at for moment in timeline)


def test_message_of_a_service_without_callbacks_has_none_in_its_timeline():
    accepted = send_one(LiveServiceFactory())
    move([Move(accepted.id, Status.DELIVERED)])
    assert not any("Your system" in moment.text for moment in activity.timeline(Notification.objects.get())[1:])
