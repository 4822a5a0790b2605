"""Tests of `scripts/mutate` and of its faults; no browser runs."""
