"""The session workbench: what a visitor can do to their own session, with the Python that does it and what came of it.

The actions are those of MDN's Django tutorial, part 7, and of Django's documentation on sessions.
"""
