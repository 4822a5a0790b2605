"""gunicorn's log, by the rules of the site's own."""

import sys
from typing import Any

from gunicorn.config import Config
from gunicorn.glogging import Logger

from locallibrary.error_log import LINE, ErrorFormatter


class ServerLog(Logger):  # type: ignore[misc]
    """Writes what gunicorn writes, without addresses, queries and exceptions' messages."""

    def setup(self, cfg: Config) -> None:
        """Set up as gunicorn does, which also happens when it reads its settings again."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(ErrorFormatter(LINE))

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Leave out who sent what is no HTTP: nobody here can do anything about it."""
        if not msg.startswith("Invalid request from ip="):
            super().warning(msg, *args, **kwargs)

    def exception(self, msg: object, *args: Any, **kwargs: Any) -> None:
        """Leave out what is no error: nobody took the answer (`server_worker.LONGEST_SEND`), or the server is to end.

        gunicorn's quick end, SIGQUIT, breaks off the answers that are under way (gunicorn.workers.base, handle_quit).
        """
        match sys.exc_info()[1]:
            case BlockingIOError() | SystemExit(code=0):
                return
        super().exception(msg, *args, **kwargs)
