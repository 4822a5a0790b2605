"""What a run uses of the processors, and who uses it."""

import subprocess
import sys
from pathlib import Path

import pytest

from library_suite.processor_time import kind_of

pytestmark = pytest.mark.promise("H12")

BUSY = "import time\nwhile time.process_time() < 0.4: pass"
# In a process of its own, as whoever measures may have no other children; the busy one outlives its parent.
MEASURED = f"""
import subprocess
import sys
from pathlib import Path
from library_suite.processor_time import measure
parent = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', sys.argv[1]])"
used = measure([sys.executable, "-c", parent, {BUSY!r}], Path())
print(used.code, used.processor >= 0.4, set(used.kinds))
"""


def test_what_a_process_left_running_is_counted_too() -> None:
    e2e = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", MEASURED], cwd=e2e, capture_output=True, text=True, check=False)
    assert done.stdout == "0 True {'the rest'}\n", done.stderr


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        ("/usr/lib/firefox-esr/firefox-esr -profile a", ("Firefox", True)),
        ("/usr/lib/firefox-esr/firefox-esr -contentproc tab", ("Firefox", False)),
        ("/usr/lib/chromium/chromium --headless", ("Chromium", True)),
        ("/usr/lib/chromium/chromium --type=renderer", ("Chromium", False)),
        ("python -m gunicorn --bind fd://3", ("servers", True)),
        ("python -m pytest e2e", ("tests", True)),
        ("node cli.js run-driver", ("Playwright's driver", True)),
        ("python manage.py migrate", ("the rest", True)),
    ],
)
def test_each_process_is_named_by_its_kind(command: str, kind: tuple[str, bool]) -> None:
    assert kind_of(command.split()) == kind
    assert kind_of([command]) == kind, "a browser gives its own processes their whole line as one word"
