"""The harness is honest: run these first, as every other scenario leans on them."""
