"""The dashboard's pages, one module for each: thin wiring around the modules beside this package."""
