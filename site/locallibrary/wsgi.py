"""The entry point for WSGI servers: `cd site && python -m gunicorn`."""

import os

import django

from locallibrary.handler import Handler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "locallibrary.settings")
django.setup(set_prefix=False)  # as `get_wsgi_application` does
application = Handler()
