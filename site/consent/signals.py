"""What the gate tells whoever listens. Nobody does in production."""

from django.dispatch import Signal

response_released = Signal()
"""The gate is done with a request: sent with `request`, and with `response` as it leaves.

`response` is None where strict mode raises an error in its place. A receiver reads: nothing judges after it.
"""
