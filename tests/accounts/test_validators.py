import hashlib

import pytest
from django.core.exceptions import ValidationError

from accounts.validators import BreachList


def test_a_breached_password_is_found_wherever_it_stands(tmp_path, settings):
    known = [f"password-{n}" for n in range(500)]
    lines = sorted(hashlib.sha1(word.encode()).hexdigest().upper() for word in known)
    path = tmp_path / "breached.txt"
    path.write_text("".join(f"{line}:{n}\n" for n, line in enumerate(lines)))
    settings.PASSWORD_BREACH_FILE = str(path)
    for word in known:
        with pytest.raises(ValidationError, match="known to attackers"):
            BreachList().validate(word)
    for n in range(500):
        BreachList().validate(f"unknown-{n}")


def test_without_a_file_nothing_is_refused(settings):
    settings.PASSWORD_BREACH_FILE = ""
    BreachList().validate("password")
