"""Settings of the test suite: the same engines, cheaper hashes, nothing leaves the process."""

import os
from zlib import crc32

os.environ.setdefault("SECRET_KEY", "test-secret-key-that-is-long-enough-for-hs256")
os.environ.setdefault("NOTIFY_ENCRYPTION_KEYS", "dGVzdC1rZXktdGVzdC1rZXktdGVzdC1rZXktdGVzdCE=")
os.environ.setdefault("NOTIFY_SANDBOX", "1")
os.environ.setdefault("NOTIFY_SANDBOX_IN_PRODUCTION", "1")

from .base import *  # noqa: F403
from .base import CELERY_BROKER_URL, DATABASES, REDIS_URL, env

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
# Every process of every run has a Valkey database of its own, so that none sees another's rings, rates and pages.
_process = f"{_name}-{env.str('PYTEST_XDIST_WORKER', default='')}"
_number = crc32(_process.encode()) % env.int("NOTIFY_TEST_VALKEY_DATABASES", default=1)
REDIS_URL = REDIS_URL.replace("?db=0", f"?db={_number}")
CELERY_BROKER_URL = CELERY_BROKER_URL.replace("?virtual_host=0", f"?virtual_host={_number}")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
CACHE_SECONDS = 0
# The tests talk to no network, so they need no HTTPS.
SILENCED_SYSTEM_CHECKS = ["notify.W001"]
