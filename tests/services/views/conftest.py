import pytest


@pytest.fixture
def browser(manager, client_for):
    """The manager's browser."""
    return client_for(manager)
