"""Who does things: the type of every action's `by`."""

from django.conf import settings


class Actor:
    """Base of whoever can do something: a person (accounts.User), an API key (services.ApiKey), or the platform itself."""


class System(Actor):
    """The actor of what the platform does by itself."""

    def __str__(self) -> str:
        return str(settings.PLATFORM_NAME)


SYSTEM = System()
