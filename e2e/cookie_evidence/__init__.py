"""What a run leaves for a sceptic: one page with a row for each promise and a column for each kind of browser.

Load `cookie_evidence.plugin` with ``pytest_plugins``; it loads the harness, whose hooks it listens to. It offers

* ``--evidence FOLDER``: writes the page there, and a JSON document (`schema.json` beside this file);
* ``--evidence-complete``: lets a run fail in which a promise was not looked at;
* ``--evidence-single-file``: puts everything into the page, instead of into files beside it;
* ``@pytest.mark.promise("V1")``: names the promises that a test shows; `read_promises` reads the list of them;
* the hooks `pytest_evidence_subject`, which names the site under test, and `pytest_evidence_facts`;
* `FACTS`: where a fixture puts what it learns of the running site, in the configuration's stash.

`observer` looks into the browsers of one test, `matrix` judges, `document` and `page` write it down, `plugin` wires;
`python -m cookie_evidence merge` makes one report of those of several runs, and
`diff` names what changed between two.
"""

from cookie_evidence.hooks import FACTS, Subject
from cookie_evidence.promises import Promise, PromiseGroup, SessionLifetime, read_promises

__all__ = ["FACTS", "Promise", "PromiseGroup", "SessionLifetime", "Subject", "read_promises"]
