"""How people sign in: django-allauth on our own addresses and with our own messages."""

ACCOUNT_ADAPTER = "accounts.sign_in.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "accounts.forms.sign_in.RegistrationForm",
    "login": "accounts.forms.sign_in.SignInForm",
    "confirm_login_code": "accounts.forms.sign_in.CodeForm",
    "reset_password": "accounts.forms.sign_in.ForgottenPasswordForm",
    "reset_password_from_key": "accounts.forms.sign_in.NewPasswordForm",
    "change_password": "accounts.forms.sign_in.ChangePasswordForm",
    "reauthenticate": "accounts.forms.sign_in.ProveWithPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = False
# A link that a scanner opens shows a page with a button; only the button uses it up.
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 1 / 24
# The browser that registered goes on to its second factor; any other one signs in.
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = False
ACCOUNT_LOGIN_BY_CODE_REQUIRED = {"password"}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 10
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = {"numeric": True, "length": 5, "dashed": False}
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 5, "dashed": False}
ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = ACCOUNT_LOGIN_BY_CODE_FORMAT
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 1800
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "allauth.account.forms.EmailAwarePasswordResetTokenGenerator"
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    # Ten guesses for each account are counted in PostgreSQL (accounts.sign_in.lockout).
    "login_failed": "50/10m/ip",
    "signup": "20/h/ip",
    "confirm_email": "1/30s/key",
    "reset_password": "20/10m/ip,5/10m/key",
    "request_login_code": "20/m/ip,5/10m/key",
}
# Seconds: 20 hours, whatever a person does (reliability §3.7).
SESSION_COOKIE_AGE = 20 * 3600
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
# accounts.sign_in.sessions notes activity once a minute instead of at every request.
USERSESSIONS_TRACK_ACTIVITY = False
MFA_ADAPTER = "accounts.sign_in.adapter.MfaAdapter"
MFA_RECOVERY_CODE_COUNT = 10
MFA_FORMS = {
    "authenticate": "accounts.forms.second_factors.AuthenticatorForm",
    "reauthenticate": "accounts.forms.second_factors.ProveWithAuthenticatorForm",
    "activate_totp": "accounts.forms.second_factors.ActivateAppForm",
    "add_webauthn": "accounts.forms.second_factors.AddPasskeyForm",
    "authenticate_webauthn": "accounts.forms.second_factors.UsePasskeyForm",
    "reauthenticate_webauthn": "accounts.forms.second_factors.ProveWithPasskeyForm",
    "edit_webauthn": "accounts.forms.second_factors.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_TOTP_TOLERANCE = 1
# Links in emails and passkeys are for this site alone.
PASSWORD_RESET_TIMEOUT = 3600

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["name", "email"]},
    },
    {"NAME": "accounts.validators.LongestPassword"},
    {"NAME": "accounts.validators.PlatformWords"},
    {"NAME": "accounts.validators.BreachList"},
]
