"""Where people register, sign in and look after their account."""

from allauth.account import views as allauth_views
from django.urls import include, path

from accounts.views import profile
from notify.lib.access import public, signed_in

urlpatterns = [
    path("sign-in", public(allauth_views.login), name="account_login"),
    path("two-factor", public(allauth_views.confirm_login_code), name="account_confirm_login_code"),
    path("sign-out", public(allauth_views.logout), name="account_logout"),
    path("register", public(allauth_views.signup), name="account_signup"),
    path(
        "registration-continue", public(allauth_views.email_verification_sent), name="account_email_verification_sent"
    ),
    path("verify-email/<str:key>", public(allauth_views.confirm_email), name="account_confirm_email"),
    path("account-inactive", public(allauth_views.account_inactive), name="account_inactive"),
    path("forgot-password", public(allauth_views.password_reset), name="account_reset_password"),
    path("forgot-password/sent", public(allauth_views.password_reset_done), name="account_reset_password_done"),
    path(
        "new-password/<str:uidb36>/<str:key>",
        public(allauth_views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "new-password/done",
        public(allauth_views.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("confirm-it-is-you", signed_in(allauth_views.reauthenticate), name="account_reauthenticate"),
    path("your-account", profile.account, name="account"),
    path("your-account/password", signed_in(allauth_views.password_change), name="account_change_password"),
    path("your-account/email", signed_in(allauth_views.email), name="account_email"),
    path("your-account/two-factor/", include("allauth.mfa.urls")),
    path("your-account/sessions/", include("allauth.usersessions.urls")),
]
