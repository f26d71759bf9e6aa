import pytest

from organisations import rules


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        ("a@Example.GOV.UK", ["example.gov.uk", "gov.uk"]),
        ("a@mail.team.example.gov.uk", ["mail.team.example.gov.uk", "team.example.gov.uk", "example.gov.uk", "gov.uk"]),
        ("a@hmrc.gsi.gov.uk", ["hmrc.gov.uk", "gov.uk"]),
        ("not an address", []),
        ("", []),
    ],
)
def test_domains_of_an_address_go_from_the_longest_to_the_shortest(email, expected):
    assert rules.domains_of(email) == expected


@pytest.mark.parametrize("domain", ["example.gov.uk", "a-b.example.org", "xn--bcher-kva.example"])
def test_a_domain_can_be_registered(domain):
    assert rules.domain_problem(domain) == ""


@pytest.mark.parametrize(
    "domain",
    ["", "uk", "a@b.gov.uk", "gov.uk", "nhs.uk", "trust.nhs.uk", "nhs.net", "gmail.com", "-a.gov.uk", "a..gov.uk", "a b.uk",
     "1.2.3.4", "x" * 64 + ".uk", "é.gov.uk"],
)  # fmt: skip
def test_a_domain_that_is_malformed_or_shared_cannot_be_registered(domain):
    assert rules.domain_problem(domain) != ""


@pytest.mark.parametrize(
    ("organisation_type", "expected"),
    [
        ("central", None),
        ("other", None),
        ("nhs_central", True),
        ("local", False),
        ("nhs_gp", False),
        ("school_or_college", False),
    ],
)
def test_some_types_say_whether_a_body_is_part_of_the_crown(organisation_type, expected):
    assert rules.crown_for_type(organisation_type) is expected


@pytest.mark.parametrize(
    ("name", "good"), [("HM", True), ("7 Up", True), ("A", False), ("!!", False), ("", False), ("x" * 256, False)]
)
def test_a_name_needs_two_letters_or_digits_and_255_characters_at_most(name, good):
    assert (rules.name_problem(name) == "") is good
