"""The three visit counters and the cookie check."""
