"""Everything the platform can be told, read from the environment (docs/self-hosting.md lists each one)."""

from datetime import timedelta
from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent.parent

# FileAwareEnv also reads a secret from the file named by NAME_FILE.
env = environ.FileAwareEnv()

# --- The installation -------------------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
EMBEDDED = env.bool("NOTIFY_EMBEDDED", default=False)
# An embedded run has people and services to try things with; without them it starts as a self-hoster would.
DEMONSTRATION = env.bool("NOTIFY_DEMONSTRATION", default=True)
SANDBOX = env.bool("NOTIFY_SANDBOX", default=False)
# The sandbox shows people's messages to anybody who can open its page, so a production has to be told twice.
SANDBOX_IN_PRODUCTION = env.bool("NOTIFY_SANDBOX_IN_PRODUCTION", default=False)
SECRET_KEY = env.str("SECRET_KEY")
# Comma-separated Fernet keys, newest first; older ones only decrypt.
ENCRYPTION_KEYS = env.list("NOTIFY_ENCRYPTION_KEYS")
BASE_URL = env.str("BASE_URL", default="http://localhost:8000").rstrip("/")
# Where API clients send requests: the same server, unless a proxy gives the API a name of its own.
API_BASE_URL = env.str("API_BASE_URL", default=BASE_URL).rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[BASE_URL])
HTTPS = BASE_URL.startswith("https://")

# --- The platform's name and look -------------------------------------------------------------------------------------
PLATFORM_NAME = env.str("PLATFORM_NAME", default="Notify")
PLATFORM_COLOUR = env.str("PLATFORM_COLOUR", default="#1d70b8")
SUPPORT_EMAIL = env.str("SUPPORT_EMAIL", default="support@notify.example")
SUPPORT_URL = env.str("SUPPORT_URL", default="")

# --- Applications -----------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "notify.apps.NotifyConfig",
    "audit",
    "accounts",
    "branding",
    "organisations",
    "services",
    "messaging.message_templates",
    "messaging.providers",
    "messaging.notifications",
    "messaging.letters",
    "messaging.jobs",
    "messaging.inbound",
    *(["messaging.sandbox"] if SANDBOX else []),
    "callbacks",
    "dashboard",
    "notify.apps.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "django_cotton.apps.SimpleAppConfig",
    "guardian",
    "pgtrigger",
    "rest_framework",
    "drf_spectacular",
    "anymail",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "services.views.middleware.SupportSessionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.sign_in.middleware.SignedInMiddleware",
]

ROOT_URLCONF = "notify.urls"
WSGI_APPLICATION = "notify.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            # Cotton reads templates first, so that <c-…> is a component; cached, so that it does so once.
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                ),
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "notify.lib.context.platform",
            ],
        },
    },
]
FORM_RENDERER = "notify.lib.forms.FormRenderer"
COTTON_DIR = "components"
# A component knows what it is given and what every page knows, and nothing of the page it stands on.
COTTON_ISOLATE_BY_DEFAULT = True

# --- Database and broker ----------------------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"].setdefault("OPTIONS", {})
# A pool per process; a request waits at most this many seconds for a connection instead of psycopg's 30.
DATABASES["default"]["OPTIONS"]["pool"] = {
    "min_size": 1,
    "max_size": env.int("DATABASE_POOL_SIZE", default=10),
    "timeout": 5,
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

# --- Celery: wakes workers --------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
# Only tests run tasks in the process that asks for them.
CELERY_TASK_ALWAYS_EAGER = False
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"accounts.*": {"queue": "platform"}}  # codes and links never wait behind a service's messages
CELERY_TASK_SERIALIZER = "json"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "socket_timeout": 5, "socket_connect_timeout": 2}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "UTC"
# Apps name what runs by the clock in `BEAT` of <app>/tasks.py; notify/celery.py collects it.

# --- People -----------------------------------------------------------------------------------------------------------
# Email domains whose people may register, besides those of the built-in list and of organisations.
PUBLIC_SECTOR_DOMAINS = env.list("PUBLIC_SECTOR_DOMAINS", default=[])
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/your-services"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
from .accounts import *  # noqa: E402, F403

# guardian: no row for the anonymous user, see docs/architecture.md
ANONYMOUS_USER_NAME = None
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# A sorted file of SHA-1 of breached passwords; empty to check none (accounts.validators).
PASSWORD_BREACH_FILE = env.str("PASSWORD_BREACH_FILE", default="")
# With the prefix, browsers take the cookie from this host over https only.
SESSION_COOKIE_NAME = "__Host-notify" if HTTPS else "notify_session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
# Rate limits and histories name the address the proxy saw, not the proxy’s own.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE_PROXY_SSL_HEADER else 0
X_FRAME_OPTIONS = "SAMEORIGIN"

# --- Language and time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
# Stored in UTC, shown in the local time of the body that runs the platform.
TIME_ZONE = env.str("NOTIFY_TIME_ZONE", default="Europe/London")

# --- Files ------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / ".notify" / "static")))
STATICFILES_DIRS = [BASE_DIR / "notify" / "static_built", BASE_DIR / "notify" / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(BASE_DIR / ".notify" / "media")))
STORAGES = {
    "default": {"BACKEND": env.str("FILE_STORAGE", default="django.core.files.storage.FileSystemStorage")},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

# --- REST framework ---------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "notify.lib.api.openapi.ApiSchema",
    "UNAUTHENTICATED_USER": None,
    "EXCEPTION_HANDLER": "notify.lib.api.exception_handler.exception_handler",
}
SPECTACULAR_SETTINGS = {
    "TITLE": f"{PLATFORM_NAME} API",
    "VERSION": "2",
    "OAS_VERSION": "3.1.1",
    "DESCRIPTION": "Send emails, text messages and letters, and manage the service that sends them.",
    "SERVERS": [{"url": API_BASE_URL}],
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/(v2|api)",
    "POSTPROCESSING_HOOKS": [],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENABLE_LIST_MECHANICS_ON_NON_2XX": False,
}

# --- Content security -------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "frame-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    },
}

# --- Messages ---------------------------------------------------------------------------------------------------------
EMAIL_DOMAIN = env.str("EMAIL_DOMAIN", default="notify.example")
# Who the platform’s own emails are from.
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"{PLATFORM_NAME} <noreply@{EMAIL_DOMAIN}>")
DEFAULT_SMS_SENDER = env.str("DEFAULT_SMS_SENDER", default="NOTIFY")
# Daily limits, checklists and allowances by organisation type are rows of services.TypeDefaults, which staff can change.

# Every provider by name; an installation adds its own as a JSON object of name and dotted path.
PROVIDERS = {
    "sandbox": "messaging.sandbox.provider.Sandbox",
    "django": "messaging.providers.backends.django_email.DjangoEmail",
    "http-sms": "messaging.providers.backends.http_sms.HttpSms",
    **env.json("MORE_PROVIDERS", default={}),
}
SMS_PROVIDERS = env.list("SMS_PROVIDERS", default=["sandbox"] if SANDBOX else [])
EMAIL_PROVIDERS = env.list("EMAIL_PROVIDERS", default=["sandbox"] if SANDBOX else ["django"])
LETTER_PROVIDERS = env.list("LETTER_PROVIDERS", default=["sandbox"] if SANDBOX else [])
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="smtp://localhost:25")
# In the sandbox nothing leaves the building unless a mail server is named.
EMAIL_BACKEND = env.str(
    "EMAIL_BACKEND",
    default="messaging.sandbox.email_backend.SandboxEmailBackend"
    if SANDBOX and "EMAIL_URL" not in env.ENVIRON
    else EMAIL_CONFIG["EMAIL_BACKEND"],
)
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST", "localhost")
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 10
ANYMAIL = env.json("ANYMAIL", default={})
HTTP_SMS = env.json("HTTP_SMS", default={})
# Hosts that callbacks may reach although they are on a private network: "host:port", for local development only.
CALLBACK_ALLOWED_HOSTS = env.list("CALLBACK_ALLOWED_HOSTS", default=[])
# How many workers may post callbacks at once; each keeps up to 64 calls going.
CALLBACK_DISPATCHERS = env.int("CALLBACK_DISPATCHERS", default=2)
# Networks that callbacks may never reach, besides the private and reserved ones.
CALLBACK_REFUSED_NETWORKS = env.list("CALLBACK_REFUSED_NETWORKS", default=[])
# Certificates to trust instead of the system's, where services use an authority of their own.
CALLBACK_CA_FILE = env.str("CALLBACK_CA_FILE", default="")

# How long a message stays readable where a service has no setting of its own, and how far ahead partitions are made.
DEFAULT_RETENTION_DAYS = 7
MAX_RETENTION_DAYS = 90
PARTITION_DAYS_AHEAD = 7
# How long a process trusts what it read of a service, a template or a key.
CACHE_SECONDS = env.float("CACHE_SECONDS", default=2.0)
IDEMPOTENCY_LIFETIME = timedelta(hours=24)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
