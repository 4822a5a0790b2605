"""The site as Django's own server runs it in development, with what is there alone."""

import html
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path

from locallibrary.environment import CHECKOUT


@contextmanager
def development_server(data: Path, **settings: str) -> Iterator[str]:
    """Start it, and give its address once it says that it serves."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    server = subprocess.Popen(
        [sys.executable, "manage.py", "runserver", "--noreload", "--skip-checks", "127.0.0.1:0"],
        cwd=CHECKOUT / "site",
        env=environment | {"PYTHONUNBUFFERED": "1", "DEBUG": "true", "DATA_DIR": str(data)} | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert server.stdout is not None
    said = []
    try:
        for line in server.stdout:
            said.append(line)
            if found := re.search(r"server at (http://127\.0\.0\.1:\d+)/", line):
                yield found.group(1)
                return
        raise AssertionError("".join(said))
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


def test_a_developer_sees_the_last_responses_without_toolbar_or_assets(tmp_path: Path) -> None:
    # With the session in a cookie no page that is opened here needs a database.
    with development_server(tmp_path, SESSION_ENGINE="signed_cookies") as address:
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        browser.addheaders = [("Origin", address)]

        def text_of(path: str, data: bytes | None = None) -> str:
            with browser.open(address + path, data, timeout=60) as answer:
                return html.unescape(re.sub(r"<[^>]*>", " ", answer.read().decode()))

        text_of("/cookie-check/start/", b"")
        text_of("/about/")
        text_of("/static/locallibrary/site.css")
        text_of("/__debug__/history_sidebar/?request_id=0")
        shown = " ".join(text_of("/privacy/responses/").split())
    assert re.findall(r"(?:GET|POST) \S+ \d+", shown) == [
        "GET /about/ 200",
        "GET /cookie-check/result/ 200",
        "POST /cookie-check/start/ 302",
    ]
    assert re.search(r"sessionid=.{6}…; expires=", shown)
    assert "session key testcookie necessary allowed necessary" in shown
