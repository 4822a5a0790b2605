"""Do the verdicts hold on a busy machine, and at a slow site? Runs the browser suite again and again, and compares.

`loads` says what is put on each round, `busy_core` and `late_responses` put it there, `rounds` runs and compares,
`report` writes it down; `scripts/steady` calls `python -m library_suite.steady`.
"""
