from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import User
from accounts.sign_in import lockout
from notify.lib import clock
from tests.factories.accounts import UserFactory


@pytest.mark.django_db(transaction=True)
def test_of_many_guesses_at_once_exactly_ten_are_looked_at():
    person = UserFactory()

    def guess(_: int) -> bool:
        try:
            return lockout.take(person.pk, lockout.PASSWORD)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(guess, range(40))) == 10


@pytest.mark.django_db
def test_the_count_starts_again_after_half_an_hour_and_after_a_right_answer():
    person = UserFactory()
    assert [lockout.take(person.pk, lockout.CODE) for _ in range(11)] == [True] * 10 + [False]
    User.objects.filter(pk=person.pk).update(last_failure_at=clock.now() - timedelta(minutes=31))
    assert lockout.take(person.pk, lockout.CODE)
    person.refresh_from_db()
    assert person.failed_codes == 1
    lockout.give_back(person.pk, lockout.CODE)
    assert all(lockout.take(person.pk, lockout.CODE) for _ in range(10))


@pytest.mark.django_db
def test_passwords_and_codes_are_counted_apart():
    person = UserFactory()
    for _ in range(11):
        lockout.take(person.pk, lockout.PASSWORD)
    assert lockout.take(person.pk, lockout.CODE)
