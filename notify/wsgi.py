"""The web server's way in."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "notify.settings.base")
application = get_wsgi_application()

from notify.checks import refuse_bad_settings  # noqa: E402 - settings must be read first

refuse_bad_settings()
