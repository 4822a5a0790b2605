"""The gate: all that stops, mends, hides or erases a cookie or a session key."""
