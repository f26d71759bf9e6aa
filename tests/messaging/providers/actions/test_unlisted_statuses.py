import pytest

from messaging.providers.actions.unlisted_statuses import count_unlisted
from messaging.providers.models import UnlistedStatus

pytestmark = pytest.mark.django_db


def test_words_are_counted_by_provider():
    count_unlisted([("a", "NEW"), ("b", "NEW"), ("a", "NEW"), ("a", "x" * 300)])
    count_unlisted([("a", "NEW")])
    counted = {(row.provider, row.word): row.count for row in UnlistedStatus.objects.all()}
    assert counted == {("a", "NEW"): 3, ("b", "NEW"): 1, ("a", "x" * 100): 1}
