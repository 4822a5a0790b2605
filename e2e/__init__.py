"""The browser suite: a black box around the running site."""
