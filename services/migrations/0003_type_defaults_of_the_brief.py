"""The settings table as the brief has it: ten international texts in trial, nothing at all in trial for GP surgeries."""

from django.db import migrations

# Free text message fragments of the financial year 2026 (reference: service-lifecycle §6.1).
FREE_TEXTS = {
    "central": 20_000,
    "nhs_central": 20_000,
    "local": 10_000,
    "nhs_local": 10_000,
    "emergency_service": 10_000,
    "school_or_college": 5_000,
    "other": 5_000,
    "nhs_gp": 0,
}


def add(apps, schema_editor):
    type_defaults = apps.get_model("services", "TypeDefaults")
    for organisation_type, free in FREE_TEXTS.items():
        zero = {f"trial_{channel}": 0 for channel in ("email", "sms", "letter", "international_sms")}
        type_defaults.objects.update_or_create(
            organisation_type=organisation_type,
            defaults={"free_sms_fragments": free} | (zero if organisation_type == "nhs_gp" else {}),
        )


def remove(apps, schema_editor):
    apps.get_model("services", "TypeDefaults").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("services", "0002_allowances_and_approval")]

    operations = [migrations.RunPython(add, remove)]
