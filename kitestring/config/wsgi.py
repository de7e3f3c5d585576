"""The server's door to the pages."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kitestring.config.settings")
application = get_wsgi_application()
