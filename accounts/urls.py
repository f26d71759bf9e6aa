"""Where people register, sign in and look after their account. Pages of django-allauth that are not named here do not exist."""

from allauth.account import views as allauth_views
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from accounts.views import first_run, profile, sign_in
from notify.lib.access import public, signed_in

urlpatterns = [
    path("sign-in", public(allauth_views.login), name="account_login"),
    path("two-factor", public(sign_in.two_factor), name="account_confirm_login_code"),
    path("two-factor/by-email", sign_in.code_by_email, name="account_code_by_email"),
    path("two-factor/link/<str:token>", sign_in.code_link, name="account_code_link"),
    path("two-factor/app", public(mfa.authenticate), name="mfa_authenticate"),
    path("prove-email", public(sign_in.prove_email), name="account_prove_email"),
    path("sign-out", public(allauth_views.logout), name="account_logout"),
    path("register", public(allauth_views.signup), name="account_signup"),
    path("registration-continue", public(allauth_views.email_verification_sent), name="account_email_verification_sent"),
    path("verify-email/<str:key>", public(allauth_views.confirm_email), name="account_confirm_email"),
    path("account-inactive", public(allauth_views.account_inactive), name="account_inactive"),
    path("forgot-password", public(allauth_views.password_reset), name="account_reset_password"),
    path("forgot-password/sent", public(allauth_views.password_reset_done), name="account_reset_password_done"),
    path("new-password/done", public(allauth_views.password_reset_from_key_done), name="account_reset_password_from_key_done"),
    path(
        "new-password/<str:uidb36>/<str:key>",
        public(allauth_views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("first-administrator/<str:token>", first_run.first_administrator, name="account_first_administrator"),
    path("confirm-it-is-you", signed_in(allauth_views.reauthenticate), name="account_reauthenticate"),
    path("confirm-it-is-you/app", signed_in(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("confirm-it-is-you/passkey", signed_in(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("your-account", profile.account, name="account"),
    path("your-account/name", profile.name, name="account_change_name"),
    path("your-account/email", profile.email, name="account_email"),
    path("your-account/email/confirm/<str:token>", profile.confirm_email_change, name="account_confirm_email_change"),
    path("your-account/mobile-number", profile.mobile, name="account_change_mobile"),
    path("your-account/mobile-number/confirm", profile.confirm_mobile, name="account_confirm_mobile"),
    path("your-account/mobile-number/delete", profile.remove_mobile, name="account_remove_mobile"),
    path("your-account/password", signed_in(allauth_views.password_change), name="account_change_password"),
    path("your-account/sign-in-method", profile.method, name="account_change_method"),
    path("your-account/sessions", profile.session_list, name="account_sessions"),
    path("your-account/history", profile.history, name="account_history"),
    path("your-account/two-factor", signed_in(mfa.index), name="mfa_index"),
    path("your-account/two-factor/app", signed_in(totp.activate_totp), name="mfa_activate_totp"),
    path("your-account/two-factor/app/remove", signed_in(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("your-account/two-factor/passkeys", signed_in(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("your-account/two-factor/passkeys/add", signed_in(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("your-account/two-factor/passkeys/<int:pk>/rename", signed_in(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("your-account/two-factor/passkeys/<int:pk>/remove", signed_in(profile.remove_passkey), name="mfa_remove_webauthn"),
    path("your-account/two-factor/recovery-codes", signed_in(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "your-account/two-factor/recovery-codes/new",
        signed_in(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "your-account/two-factor/recovery-codes/download",
        signed_in(recovery.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]
