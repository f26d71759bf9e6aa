"""The prices of texts and letters known when the platform was made (reference: service-lifecycle §6.2 and §12).

Staff add later ones in the back office.
"""

from datetime import date
from decimal import Decimal

from django.db import migrations

# Pounds per text message fragment.
SMS = [
    (date(2022, 4, 1), "0.0161"),
    (date(2022, 5, 1), "0.0172"),
    (date(2023, 4, 1), "0.0197"),
    (date(2024, 4, 1), "0.0227"),
    (date(2025, 4, 1), "0.0233"),
    (date(2026, 4, 1), "0.024"),
]

# Pounds per letter of one to five sheets.
LETTERS = [
    ("first", date(2026, 4, 7), ["1.56", "1.61", "1.66", "1.71", "1.76"]),
    ("second", date(2026, 1, 5), ["0.73", "0.77", "0.82", "0.87", "0.91"]),
    ("economy", date(2026, 1, 5), ["0.64", "0.69", "0.73", "0.78", "0.82"]),
    ("europe", date(2026, 5, 3), ["1.80", "1.84", "1.88", "1.92", "1.96"]),
    ("rest-of-world", date(2026, 5, 3), ["1.80", "1.84", "1.88", "1.92", "1.96"]),
]


def add(apps, schema_editor):
    apps.get_model("notifications", "SmsRate").objects.bulk_create(
        apps.get_model("notifications", "SmsRate")(valid_from=day, rate=Decimal(rate)) for day, rate in SMS
    )
    letter_rate = apps.get_model("notifications", "LetterRate")
    letter_rate.objects.bulk_create(
        letter_rate(valid_from=day, postage=postage, sheets=sheets, crown=crown, rate=Decimal(rate))
        for postage, day, rates in LETTERS
        for sheets, rate in enumerate(rates, start=1)
        for crown in (True, False)
    )


def remove(apps, schema_editor):
    apps.get_model("notifications", "SmsRate").objects.all().delete()
    apps.get_model("notifications", "LetterRate").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_partitioned_tables")]

    operations = [migrations.RunPython(add, remove)]
