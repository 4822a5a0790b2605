"""What stops an exploration."""


class ExploreError(RuntimeError):
    """The exploration can't begin, or can't go on; the message is one sentence for the person at the terminal."""
