"""Loads the browser harness, and the fixtures for this site, for every test below this folder."""

pytest_plugins = ["e2e.harness.plugin", "e2e.harness.scheduling", "e2e.library.fixtures", "e2e.library.promises"]
