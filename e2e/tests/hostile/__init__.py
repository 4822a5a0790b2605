"""Tests of `scripts/hostile`; no browser runs."""
