"""The locks name every extra that is asked for: pip in hash mode refuses a package with an extra that is not locked."""

import re
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "requirements"
LOCKS = {"runtime": ROOT / "requirements.txt", **{name: FOLDER / f"{name}.txt" for name in ("embedded", "test", "dev")}}


def asked(name: str) -> list[Requirement]:
    """What a file of requirements asks for, with the files it includes."""
    lines = [line.split(" #")[0].strip() for line in (FOLDER / f"{name}.in").read_text().splitlines()]
    own = [Requirement(line) for line in lines if line and not line.startswith(("#", "-r"))]
    return own + [each for line in lines if line.startswith("-r ") for each in asked(line[3:].removesuffix(".in"))]


def locked_extras(name: str) -> dict[str, set[str]]:
    """Every locked package with its extras."""
    lines = re.findall(r"^[a-z].*?(?= \\$)", LOCKS[name].read_text(), re.MULTILINE)
    return {canonicalize_name(each.name): each.extras for each in map(Requirement, lines)}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_keeps_the_extras_that_its_source_asks_for(name):
    locked = locked_extras(name)

    assert [str(each) for each in asked(name) if not each.extras <= locked[canonicalize_name(each.name)]] == []


def test_the_lock_keeps_the_extras_that_installed_packages_ask_of_each_other():
    locked = locked_extras("dev")
    wanted = [
        (distribution.name, each)
        for distribution in distributions()
        if canonicalize_name(distribution.name) in locked
        for each in map(Requirement, distribution.requires or [])
        if each.extras and (each.marker is None or each.marker.evaluate({"extra": ""}))
    ]

    assert wanted
    assert [(by, str(each)) for by, each in wanted if not each.extras <= locked[canonicalize_name(each.name)]] == []
