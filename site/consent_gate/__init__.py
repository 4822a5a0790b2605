"""Consent that the server enforces: what may be stored in a browser or a session is declared, and the rest stopped."""
