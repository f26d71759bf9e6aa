from django.apps import apps
from django.conf import settings

from tests.helpers.house import LINE


def test_foreign_keys_point_to_the_left():
    """An app holds keys only to what stands to its left; the audit trail's actor is the one declared exception."""
    wrong = []
    for model in apps.get_models():
        app = model._meta.app_label
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if app not in LINE or field.auto_created or target is None or target._meta.app_label not in LINE:
                continue
            if LINE.index(target._meta.app_label) > LINE.index(app):
                wrong.append(f"{model._meta.label}.{field.name} → {target._meta.label}")
    assert wrong == ["audit.AuditEvent.actor → accounts.User"]
    assert settings.AUTH_USER_MODEL == "accounts.User"
