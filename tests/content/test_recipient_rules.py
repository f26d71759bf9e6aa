"""Phone numbers, addresses and values beyond the conformance cases."""

import random

import phonenumbers
import pytest

from content import (
    InvalidRecipient,
    PostalAddress,
    comparable_recipient,
    parse_email_address,
    parse_phone,
    sanitise_content_for,
)
from content.countries import find_country
from content.phones import normalise_uk_mobile


def refusal(raw, **allowed):
    with pytest.raises(InvalidRecipient) as refused:
        parse_phone(raw, **allowed)
    return refused.value.code


def test_the_fast_way_agrees_with_the_library_about_uk_mobiles():
    numbers = random.Random(7)
    for _ in range(3000):
        raw = f"07{numbers.randrange(10**9):09}"
        number = phonenumbers.parse(raw, "GB")
        is_mobile = (
            phonenumbers.is_valid_number(number)
            and phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
            and phonenumbers.region_code_for_number(number) == "GB"
        ) or raw.startswith("07700")
        assert (normalise_uk_mobile(raw) is not None) == is_mobile, raw


@pytest.mark.parametrize(
    "raw", ["7700900123", "(07700) 900-123", "00447700900123", "\u200b07700\u00a0900123", "+44 (0)7700 900123"]
)
def test_a_uk_mobile_however_it_is_written(raw):
    assert parse_phone(raw).normalised == "447700900123"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("077123456789", "too_long"),
        ("0770090012", "invalid_number"),
        ("+337700900123", "too_long"),
        ("07700900123x", "unknown_character"),
        ("٠٧٧٠٠٩٠٠١٢٣", "unknown_character"),
        ("9" * 5000, "invalid_number"),
    ],
)
def test_refuses_numbers_even_where_texts_abroad_are_allowed(raw, code):
    assert refusal(raw, international_allowed=True, landlines_allowed=True) == code


def test_permissions_decide_about_landlines_and_other_countries():
    assert refusal("020 7946 0991") == "not_a_uk_mobile"
    assert refusal("+33612345678") == "not_a_uk_mobile"
    assert parse_phone("020 7946 0991", landlines_allowed=True).is_landline
    assert parse_phone("+33612345678", international_allowed=True).rate_multiplier == 2


def test_crown_dependencies_need_no_permission_and_cost_twice_as_much():
    number = parse_phone("+447797292290")
    assert (number.is_crown_dependency, number.rate_multiplier) == (True, 2)


@pytest.mark.parametrize(
    ("recipient", "comparable"),
    [("+44 7700 900123", "+447700900123"), (" A@B.uk ", "a@b.uk"), ("Somebody", "somebody")],
)
def test_one_form_per_recipient(recipient, comparable):
    assert comparable_recipient(recipient) == comparable


@pytest.mark.parametrize(
    "address", ["a@" + "b" * 64 + ".uk", "a@" + "b." * 127 + "uk", "a b@c.uk", "a@b.c", "a@b@c.uk", "a@b_c.uk"]
)
def test_refuses_email_addresses(address):
    with pytest.raises(InvalidRecipient, match="Not a valid email address"):
        parse_email_address(address)


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("deutschland", "Germany"),
        ("The Netherlands", "Netherlands"),
        ("COTE D'IVOIRE", "Ivory Coast"),
        ("yr Almaen", "Germany"),
        ("Cymru", "United Kingdom"),
        ("Trinidad & Tobago", "Trinidad and Tobago"),
        ("U.S.A.", "United States"),
        ("Curacao", "Curaçao"),
        ("Narnia", None),
        ("France 75001", None),
        ("", None),
    ],
)
def test_finds_countries_however_they_are_written(name, country):
    assert find_country(name) == country


def test_an_address_may_be_one_text():
    address = PostalAddress.parse("A. Name\n1 Street,\n\n  Ely \ncb7  4ah")
    assert (address.lines, address.error) == (("A. Name", "1 Street", "Ely", "CB7 4AH"), None)


def test_sanitises_only_what_is_named_and_says_what_changed():
    values = {"Name": "see evil.com/x", "other": "a.b", "list": ["*a", None, "b"], "number": 1.5, "none": None, "ok": "fine"}
    result, changed = sanitise_content_for(values, ["name", "LIST", "number", "none", "ok", 5, "unknown"])
    assert result == values | {"Name": "see ", "list": ["\\*a", "b"], "number": "1\\.5"}
    assert changed == {
        "Name": {"unsanitised": "see evil.com/x", "sanitised": "see "},
        "list": {"unsanitised": "*a, b", "sanitised": "\\*a, b"},
        "number": {"unsanitised": "1.5", "sanitised": "1\\.5"},
    }
