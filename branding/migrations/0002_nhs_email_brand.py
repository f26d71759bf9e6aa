"""The brand NHS bodies start with: words and the colour; a logo can be uploaded in the back office."""

from django.db import migrations


def add(apps, schema_editor):
    EmailBrand = apps.get_model("branding", "EmailBrand")
    EmailBrand.objects.get_or_create(name="NHS", defaults={"style": "org", "text": "NHS", "colour": "#005eb8"})


class Migration(migrations.Migration):
    dependencies = [("branding", "0001_initial")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
