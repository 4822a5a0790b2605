#!/usr/bin/env python
"""Django's command line for this site: migrations, seeding, `clearsessions`, `runserver` and the rest."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from locallibrary.environment import read_environment


def main() -> None:
    """Run one command, unless the environment is wrong: then say what is."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "locallibrary.settings")
    try:
        # Read here too: Django's own start shows a traceback for some settings errors, and hides others until later.
        read_environment()
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
