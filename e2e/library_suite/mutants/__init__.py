"""Changes the code in small ways that nobody chose, and sees whether the unit tests notice: `scripts/mutants`."""
