"""Search and the report of usage by organisation in the back office."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from notify.lib import back_office, clock
from organisations import slots
from organisations.access import VIEW
from organisations.models import Organisation


# --- Home page, search, reports ---------------------------------------------------------------------------------------
@back_office.finders.fill
def find_organisations(text: str, user: User) -> Iterator[back_office.Found]:
    """By id, name, or email domain."""
    if not user.has_perm(VIEW):
        return
    wanted = Q(name__icontains=text) | Q(domains__domain__icontains=text)
    if (key := back_office.as_uuid(text)) is not None:
        wanted = Q(pk=key)
    rows = Organisation.objects.filter(wanted).distinct()[:20]
    for organisation in rows:
        address = reverse("admin:organisations_organisation_change", args=[organisation.pk])
        detail = organisation.get_organisation_type_display() + (" – archived" if organisation.archived_at else "")
        yield back_office.Found("Organisation", organisation.name, detail, address)


class YearForm(forms.Form):
    year = forms.IntegerField(
        label="Financial year beginning in April of",
        min_value=2016,
        max_value=2100,
        initial=lambda: clock.financial_year(clock.local_day()),
    )


def _usage_by_organisation(year: int) -> Iterator[tuple[Any, ...]]:
    yield (
        "Organisation ID",
        "Organisation",
        "Type",
        "Service ID",
        "Service",
        "State",
        "Emails",
        "Text message parts",
        "Free allowance",
        "Text messages (£)",
        "Letters",
        "Letters (£)",
        "Billing contact names",
        "Billing contact emails",
        "Billing reference",
        "Purchase order number",
    )
    for organisation in Organisation.objects.active().iterator(chunk_size=500):
        lines = slots.services_of(organisation)
        used = slots.usage_of([line.id for line in lines], year)
        for line in lines:
            use = used[line.id]
            yield (
                str(organisation.pk),
                organisation.name,
                organisation.get_organisation_type_display(),
                str(line.id),
                line.name,
                line.state_label,
                use.emails,
                use.sms_fragments,
                use.sms_free_allowance,
                f"{use.sms_cost:.2f}",
                use.letters,
                f"{use.letter_cost:.2f}",
                organisation.billing_contact_names,
                organisation.billing_contact_emails,
                organisation.billing_reference,
                organisation.purchase_order_number,
            )


back_office.register_report(
    back_office.Report(
        slug="usage-by-organisation",
        title="Usage by organisation",
        description="What each service of each organisation sent in a financial year, what it costs, and who pays.",
        permission=VIEW,
        rows=_usage_by_organisation,
        form=YearForm,
    )
)
