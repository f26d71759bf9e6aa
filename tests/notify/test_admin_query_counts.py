"""Every list of the back office takes as many queries for three rows as for one."""

import pytest
from django.contrib import admin
from django.urls import reverse

from tests.architecture.test_factories import factories
from tests.factories.accounts import UserFactory
from tests.helpers.queries import at_one_and_three

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_list_of_the_back_office(model, client_for):
    made_by = next(factory for factory in factories() if factory._meta.model is model)
    browser = client_for(UserFactory(is_staff=True, is_superuser=True))
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    one, three = at_one_and_three(browser, address, made_by)
    assert three == one
