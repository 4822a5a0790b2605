"""Small local sites with known truth: what an audit of cookies has to find on each, and what it must leave alone.

`sites/NAME.toml` says what a site leaves in a browser, when and how, and the findings that are true of it.
`python -m cookie_corpus serve NAME` serves one; `python -m cookie_corpus prove NAME …` sends a visitor who looks into
the server's log and the browser's stores, without the audit, whether a site does what its table says.
"""
