from decimal import Decimal

import pytest

from messaging.notifications.actions import outcomes
from messaging.notifications.actions.compose import Composed
from messaging.notifications.models import Notification
from messaging.notifications.queries.pricing import sms_rate
from notify.lib import clock

pytestmark = pytest.mark.django_db


def test_texts_cost_by_fragment_and_country_and_letters_bring_their_price():
    composed = Composed(outgoing=None, units=3, cost=Decimal("1.25"))
    text = Notification(channel="sms", rate_multiplier=Decimal(2))
    assert outcomes.cost_of(text, composed) == 6 * sms_rate(clock.local_day())
    assert outcomes.cost_of(Notification(channel="letter"), composed) == Decimal("1.25")
