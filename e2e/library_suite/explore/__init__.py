"""A browser with a window, for a person, and what leaves and enters its jar, in the terminal: `scripts/explore`."""
