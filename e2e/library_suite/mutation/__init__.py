"""Puts faults into the site, each into a copy of its own, and sees whether the tests notice: `scripts/mutate`."""
