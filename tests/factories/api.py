"""The old place of tests.helpers.api, for the tests of messaging until they are moved with their modules."""

from tests.helpers.api import PERSON, Api, error, make_key, make_service, make_template, token

__all__ = ["PERSON", "Api", "error", "make_key", "make_service", "make_template", "token"]
