import uuid
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from notify.lib.ids import deterministic_uuid7, uuid7, uuid7_floor, uuid7_time

MOMENTS = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC))


@given(MOMENTS)
def test_id_is_a_version_7_uuid_that_tells_its_time(moment):
    made = uuid7(moment)
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert abs(uuid7_time(made) - moment) < timedelta(milliseconds=1)


@given(MOMENTS, MOMENTS)
def test_ids_sort_by_time(first, second):
    if abs(first - second) >= timedelta(milliseconds=1):
        assert (uuid7(first) < uuid7(second)) == (first < second)


@given(MOMENTS)
def test_floor_is_the_smallest_id_of_its_moment(moment):
    whole = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert uuid7_floor(whole) <= uuid7(whole)
    assert uuid7_floor(whole) > uuid7(whole - timedelta(milliseconds=1))


def test_ids_of_one_process_are_never_the_same_and_keep_their_order():
    made = [uuid7() for _ in range(5_000)]
    assert len(set(made)) == len(made)
    assert [i.int >> 64 for i in made] == sorted(i.int >> 64 for i in made)


def test_deterministic_id_follows_from_moment_key_and_parts():
    moment = datetime(2026, 11, 23, 12, tzinfo=UTC)
    first = deterministic_uuid7(moment, b"key", "job", 1)
    assert first == deterministic_uuid7(moment, b"key", "job", 1)
    others = {
        deterministic_uuid7(moment, b"key", "job", 2),
        deterministic_uuid7(moment, b"other", "job", 1),
        deterministic_uuid7(moment, b"key", "job1", ""),
    }
    assert len(others | {first}) == 4
    assert (first.version, uuid7_time(first)) == (7, moment)
