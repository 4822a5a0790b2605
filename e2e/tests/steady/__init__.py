"""The harness is honest: run these first, as every other test leans on them."""
