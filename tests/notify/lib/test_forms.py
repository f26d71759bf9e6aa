import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils.html import format_html

from notify.lib.forms import kind_of
from notify.views.styleguide import EveryField


class NameForm(forms.Form):
    name = forms.CharField(label="Your <name>", help_text="As on your <badge>")


class ChannelForm(forms.Form):
    option_hints = {"channel": {"sms": "Up to <918> characters"}}
    channel = forms.ChoiceField(choices=[("email", "Email"), ("sms", "Text")], widget=forms.RadioSelect)


def flat(form):
    """A form's HTML on one line: its templates lay attributes out over several."""
    return " ".join(str(form).split()).replace(" >", ">")


@pytest.mark.parametrize(
    ("widget", "kind"),
    [
        (forms.TextInput(), "input"),
        (forms.PasswordInput(), "input"),
        (forms.HiddenInput(), "hidden"),
        (forms.Textarea(), "textarea"),
        (forms.Select(), "select"),
        (forms.RadioSelect(), "radios"),
        (forms.CheckboxSelectMultiple(), "checkboxes"),
        (forms.CheckboxInput(), "checkbox"),
        (forms.FileInput(), "file"),
    ],
)
def test_each_widget_has_a_component(widget, kind):
    assert kind_of(widget) == kind


def test_a_field_has_its_label_hint_and_classes():
    html = flat(NameForm())

    assert '<label class="govuk-label" for="id_name">Your &lt;name&gt;</label>' in html
    assert '<div class="govuk-hint" id="id_name_hint">As on your &lt;badge&gt;</div>' in html
    assert 'class="govuk-input"' in html
    assert 'aria-describedby="id_name_hint"' in html


def test_a_hint_that_is_marked_as_safe_may_have_a_link():
    form = NameForm()
    form.fields["name"].help_text = format_html('<a href="{}">Help</a>', "/help")

    assert '<a href="/help">Help</a>' in str(form)


def test_a_refused_field_says_so_beside_itself_and_to_screen_readers():
    html = str(NameForm({}))

    assert "govuk-form-group--error" in html
    assert 'class="govuk-input govuk-input--error"' in html
    assert 'aria-describedby="id_name_hint id_name_error"' in html
    assert '<p class="govuk-error-message" id="id_name_error">' in html


def test_what_somebody_typed_is_escaped():
    assert "<script>" not in str(NameForm({"name": '"><script>alert(1)</script>'}))


def test_an_option_has_its_hint_and_the_chosen_one_is_checked():
    html = flat(ChannelForm({"channel": "sms"}))

    assert 'value="sms" checked aria-describedby="id_channel_1_hint"' in html
    assert 'id="id_channel_1_hint">Up to &lt;918&gt; characters</div>' in html
    assert 'value="email">' in html


def test_every_error_links_to_something_that_takes_the_focus():
    form = EveryField({})

    summary = render_to_string("components/error_summary.html", {"form": form})
    page = str(form)
    targets = [f"id_{name}_0" if name in ("channel", "channels") else f"id_{name}" for name in form.fields]
    assert [target for target in targets if f'href="#{target}"' not in summary] == []
    assert [target for target in targets if f'id="{target}"' not in page] == []


def test_a_form_without_errors_has_no_summary():
    assert render_to_string("components/error_summary.html", {"form": NameForm({"name": "Ann"})}).strip() == ""
