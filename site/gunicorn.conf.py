"""How gunicorn serves the site. Options on its command line outrank these."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured

from locallibrary.environment import read_environment
from locallibrary.memory import give_back_large_blocks

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "locallibrary.settings")

try:
    workers = read_environment().server_processes
except ImproperlyConfigured as error:
    # One sentence instead of the tracebacks of every worker process.
    sys.exit(str(error))

wsgi_app = "locallibrary.wsgi"
# Connections that browsers open ahead of need, and requests that never end, wait without holding anything up
# (`server_worker`). So no threads are needed, which cost more than they bring: docs/benchmarks.md has the figures.
worker_class = "locallibrary.server_worker.WholeRequestWorker"
threads = 1
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
