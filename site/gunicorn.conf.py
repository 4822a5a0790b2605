"""How gunicorn serves the site. Options on its command line outrank these.

The number of processes is the environment variable WEB_CONCURRENCY, which gunicorn reads itself.
"""

import os
import sys

from django.core.exceptions import ImproperlyConfigured

from locallibrary.environment import read_environment
from locallibrary.memory import give_back_large_blocks

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "locallibrary.settings")

try:
    read_environment()
except ImproperlyConfigured as error:
    # One sentence instead of the tracebacks of every worker process.
    sys.exit(str(error))

wsgi_app = "locallibrary.wsgi"
# Threads, because browsers open connections ahead of need: one that stays silent would hold a plain sync worker.
worker_class = "gthread"
threads = 8
# gunicorn's control interface is one socket in the home folder, over which parallel servers would stumble.
control_socket_disable = True
# Neither addresses nor user agents are written anywhere: not in an access log, and not in what gunicorn says of errors.
accesslog = None
logger_class = "locallibrary.server_log.ServerLog"
# Else a header of the sender's (SCRIPT_NAME) makes a bare 500, if a proxy on this machine lets it through.
forwarder_headers = ""


def post_fork(server: object, worker: object) -> None:
    """gunicorn calls this in each new worker."""
    give_back_large_blocks()
