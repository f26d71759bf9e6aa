"""Adding, changing and removing callbacks: who may, what is written, what is refused."""

from unittest.mock import ANY

from callbacks.actions import endpoints
from notify.lib import clock
from tests.factories.callbacks import EndpointFactory
from tests.helpers.cast import TEAM, ServiceCast
from tests.helpers.verbs import Verb, call, suite_of


def words(**fields):
    return {"kind": "delivery_status", "url": "https://hooks.department.gov.uk/a", "bearer_token": "a-token-of-theirs"} | fields


def there(cast, **fields):
    return EndpointFactory(service=cast.service, **fields)


def ten(cast):
    for _ in range(10):
        there(cast)
    return call(cast.service, **words())


def again(cast):
    return call(there(cast), url=there(cast).url)


SAME = "This URL already gets these callbacks"
VERBS = [
    Verb(
        endpoints.add_endpoint,
        lambda cast: call(cast.service, **words(statuses=["delivered"], key_types=["normal"])),
        TEAM,
        {"+CallbackEndpoint": 1, "history": ["callback.added"]},
        refused={
            SAME: lambda cast: call(cast.service, **words(url=there(cast).url)),
            "There is no callback of the kind ‘fax’": lambda cast: call(cast.service, **words(kind="fax")),
            "Callbacks are not sent for created": lambda cast: call(cast.service, **words(statuses=["created"])),
            "There is no key type gold": lambda cast: call(cast.service, **words(key_types=["gold"])),
            "You cannot have more than 10 callbacks of one kind": ten,
        },
    ),
    Verb(
        endpoints.change_endpoint,
        lambda cast: call(
            there(cast, failures=3, failing_since=clock.now()),
            url="https://hooks.department.gov.uk/b",
            bearer_token="another-token-of-theirs",
        ),
        TEAM,
        {
            "CallbackEndpoint.bearer_token": ANY,
            "CallbackEndpoint.failing_since": None,
            "CallbackEndpoint.failures": 0,
            "CallbackEndpoint.signing_secret": ANY,
            "CallbackEndpoint.url": "https://hooks.department.gov.uk/b",
            "history": ["callback.changed"],
        },
        refused={SAME: again},
    ),
    Verb(
        endpoints.remove_endpoint,
        lambda cast: call(there(cast)),
        TEAM,
        {"-CallbackEndpoint": 1, "history": ["callback.removed"]},
    ),
    Verb(
        endpoints.change_secret,
        lambda cast: call(there(cast)),
        TEAM,
        {
            "CallbackEndpoint.previous_secret": ANY,
            "CallbackEndpoint.previous_secret_until": ANY,
            "CallbackEndpoint.signing_secret": ANY,
            "history": ["callback.secret_changed"],
        },
    ),
]
test_allowed, test_forbidden, test_refused, test_atomic = suite_of(ServiceCast, VERBS)
