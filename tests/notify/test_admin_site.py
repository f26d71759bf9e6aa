import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audit.models import AuditEvent
from branding.models import EmailBrand
from notify.lib import back_office
from notify.lib.charts import bar_chart
from organisations.models import Notice, Organisation
from tests.branding.test_logos import png, svg
from tests.factories.accounts import UserFactory
from tests.factories.branding import EmailBrandFactory, LetterBrandFactory
from tests.factories.organisations import DomainFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
HOME = "/admin/"


def test_people_who_are_not_signed_in_go_to_the_normal_sign_in():
    response = Client().get(reverse("admin:index"))
    assert response.status_code == 302
    assert response.url.startswith("/admin/login/") or "sign-in" in response.url


@pytest.mark.parametrize("marks", [{}, {"is_staff": True}])
def test_nobody_enters_without_a_group(sign_in, marks):
    response = sign_in(UserFactory(**marks)).get(HOME, follow=True)
    assert response.status_code == 403


def test_superusers_and_staff_in_a_group_enter(sign_in, support_person):
    assert sign_in(support_person).get(HOME).status_code == 200
    assert sign_in(UserFactory(is_staff=True, is_superuser=True)).get(HOME).status_code == 200


def test_the_home_page_shows_what_waits_and_how_the_platform_is(sign_in, platform_admin, monkeypatch):
    monkeypatch.setattr(back_office, "waiting_readers", [lambda user: [back_office.Waiting("Go-live requests", 7, "/x")]])
    monkeypatch.setattr(
        back_office, "figure_readers", [lambda: [back_office.Figure("Oldest message", "3 s", "bad")], lambda: 1 / 0]
    )
    monkeypatch.setattr(
        back_office, "chart_readers", [lambda: [bar_chart("Messages", [("Mon", 10), ("Tue", 25)], unit="messages")]]
    )
    text = sign_in(platform_admin).get(HOME).content.decode()
    assert "Go-live requests" in text
    assert "Needs attention." in text
    assert 'role="img"' in text
    assert "style=" not in text.split('<div class="home">')[1]


def test_every_list_opens_with_few_questions(sign_in, django_assert_max_num_queries):
    client = sign_in(UserFactory(is_staff=True, is_superuser=True))
    for _ in range(3):
        OrganisationFactory()
        EmailBrandFactory()
        LetterBrandFactory()
    client.get(HOME)
    for model in admin.site._registry:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200, address
        assert client.get(address, {"q": "3f0f6a3c-0000-7000-8000-000000000000"}).status_code in (200, 302), address


@pytest.mark.parametrize("text", ["", "Example", "exa%", "'; --", "\x00", "3f0f6a3c-0000-7000-8000-000000000000"])
def test_the_search_box_takes_anything(sign_in, support_person, text):
    assert sign_in(support_person).get(reverse("admin:find"), {"q": text}).status_code == 200


def test_a_single_hit_leads_straight_to_its_page(sign_in, support_person):
    organisation = DomainFactory(domain="council.example").organisation
    page = reverse("admin:organisations_organisation_change", args=[organisation.pk])
    for text in ("council.example", organisation.name, str(organisation.pk)):
        assert sign_in(support_person).get(reverse("admin:find"), {"q": text}).headers["Location"] == page


# --- Buttons ----------------------------------------------------------------------------------------------------------
def do(organisation, slug):
    return reverse("admin:organisations_organisation_do", args=[organisation.pk, slug])


def test_a_button_runs_the_action_as_the_person(sign_in, platform_admin):
    organisation = OrganisationFactory()
    client = sign_in(platform_admin)
    assert client.get(do(organisation, "domains")).status_code == 200
    response = client.post(do(organisation, "domains"), {"domains": "a.gov.uk\nb.gov.uk"})
    assert response.headers["Location"] == reverse("admin:organisations_organisation_change", args=[organisation.pk])
    assert [str(domain) for domain in organisation.domains.all()] == ["a.gov.uk", "b.gov.uk"]
    assert AuditEvent.objects.get().actor == platform_admin


def test_what_an_action_refuses_stands_in_the_form(sign_in, platform_admin):
    organisation = OrganisationFactory()
    response = sign_in(platform_admin).post(do(organisation, "domains"), {"domains": "me@a.gov.uk"})
    assert response.status_code == 422
    assert "without the ‘@’" in response.content.decode()
    assert not AuditEvent.objects.exists()


def test_people_who_only_read_see_no_buttons_and_cannot_press_them(sign_in, support_person, platform_admin):
    organisation = OrganisationFactory()
    page = reverse("admin:organisations_organisation_change", args=[organisation.pk])
    assert "action-button" not in sign_in(support_person).get(page).content.decode().split('id="content"')[1]
    assert "Change settings" in sign_in(platform_admin).get(page).content.decode()
    for method in ("get", "post"):
        assert getattr(sign_in(support_person), method)(do(organisation, "domains"), {"domains": ""}).status_code == 403


def test_a_button_that_does_not_exist_is_not_found(sign_in, platform_admin):
    client = sign_in(platform_admin)
    organisation = OrganisationFactory()
    assert client.get(do(organisation, "explode")).status_code == 404
    organisation.delete()
    assert client.get(do(organisation, "domains")).status_code == 404


def test_nothing_is_edited_or_deleted_by_django_itself(sign_in, platform_admin):
    organisation = OrganisationFactory(name="Before")
    client = sign_in(platform_admin)
    page = reverse("admin:organisations_organisation_change", args=[organisation.pk])
    assert client.post(page, {"name": "After"}).status_code == 403
    assert (
        client.post(reverse("admin:organisations_organisation_delete", args=[organisation.pk]), {"post": "yes"}).status_code
        == 403
    )
    assert client.get(reverse("admin:organisations_organisation_add")).status_code == 403
    organisation.refresh_from_db()
    assert organisation.name == "Before"


def test_new_things_are_added_from_the_list(sign_in, platform_admin):
    data = {"name": "Ministry of Tests", "organisation_type": "central", "crown": "yes"}
    response = sign_in(platform_admin).post(reverse("admin:organisations_organisation_do_new", args=["add"]), data)
    made = Organisation.objects.get(name="Ministry of Tests")
    assert response.headers["Location"] == reverse("admin:organisations_organisation_change", args=[made.pk])


def test_a_notice_is_published_to_everybody(sign_in, platform_admin):
    data = {"text": "Planned work", "kind": "information"}
    assert sign_in(platform_admin).post(reverse("admin:organisations_notice_do_new", args=["publish"]), data).status_code == 302
    assert Notice.objects.showing().get().created_by == platform_admin


def test_designers_change_brands_and_nothing_else(sign_in, designer):
    client = sign_in(designer)
    data = {"name": "Agency", "style": "org", "text": "Agency", "colour": "#1d70b8"}
    assert client.post(reverse("admin:branding_emailbrand_do_new", args=["add"]), data).status_code == 302
    assert client.get(reverse("admin:organisations_organisation_do_new", args=["add"])).status_code == 403


# --- Reports ----------------------------------------------------------------------------------------------------------
def test_reports_are_offered_and_downloaded(sign_in, support_person):
    client = sign_in(support_person)
    assert "Usage by organisation" in client.get(reverse("admin:reports")).content.decode()
    address = reverse("admin:report", args=["usage-by-organisation"])
    assert client.get(address).status_code == 200
    response = client.get(address, {"year": "2026"})
    assert response.headers["Content-Disposition"] == 'attachment; filename="usage-by-organisation.csv"'
    assert client.get(address, {"year": "soon"}).status_code == 422
    assert client.get(reverse("admin:report", args=["nothing"])).status_code == 404


def test_a_brand_is_made_with_a_logo_and_a_bad_one_is_refused(sign_in, designer):
    address = reverse("admin:branding_emailbrand_do_new", args=["add"])
    client = sign_in(designer)
    data = {"name": "Agency", "style": "org", "alt_text": "Agency"}
    bad = client.post(address, data | {"logo": SimpleUploadedFile("logo.svg", svg("<script/>"))})
    assert bad.status_code == 422
    assert "contains a script" in bad.content.decode()
    assert not EmailBrand.objects.filter(name="Agency").exists()
    assert client.post(address, data | {"logo": SimpleUploadedFile("logo.png", png())}).status_code == 302
    brand = EmailBrand.objects.get(name="Agency")
    page = client.get(reverse("admin:branding_emailbrand_change", args=[brand.pk])).content.decode()
    assert brand.logo_url.split("/", 3)[3] in page
