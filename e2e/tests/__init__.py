"""The scenarios, in real browsers."""
