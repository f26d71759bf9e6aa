from tests.fixtures.api import (  # noqa: F401 - fixtures
    _fresh_caches,
    api,
    email_template,
    letter_template,
    service,
    sms_template,
    team_api,
    test_api,
)
