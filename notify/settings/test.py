"""Settings of the test suite: the same engines, cheaper hashes, nothing leaves the process."""

import os

os.environ.setdefault("SECRET_KEY", "test-secret-key-that-is-long-enough-for-hs256")
os.environ.setdefault("NOTIFY_ENCRYPTION_KEYS", "dGVzdC1rZXktdGVzdC1rZXktdGVzdC1rZXktdGVzdCE=")
os.environ.setdefault("NOTIFY_SANDBOX", "1")

from .base import *  # noqa: F403
from .base import DATABASES, env

DEBUG = False
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Tests run in transactions of one connection; a pool would hold connections open while databases are dropped.
DATABASES["default"]["OPTIONS"].pop("pool", None)
_name = env.str("NOTIFY_TEST_NAME", default="")
DATABASES["default"]["TEST"] = {"NAME": f"test_notify_{_name}" if _name else "test_notify"}
CACHE_SECONDS = 0
