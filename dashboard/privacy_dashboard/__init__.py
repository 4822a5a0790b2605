"""The privacy dashboard: what browser and server hold about a visitor; for developers, a debug-toolbar panel."""
