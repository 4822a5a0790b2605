"""Loads the browser harness, its evidence, and the fixtures for this site, for every test below this folder."""

pytest_plugins = [
    "cookie_harness.plugin",
    "cookie_evidence.plugin",
    "cookie_harness.scheduler",
    "library_suite.fixtures",
    "library_suite.promises",
    "library_suite.smoke",
]
