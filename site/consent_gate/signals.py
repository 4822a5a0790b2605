"""What the gates tell whoever listens."""

from django.dispatch import Signal

response_released = Signal(use_caching=True)
"""The gate is done with a request: sent with `request`, and with `response` as it leaves; its class is the sender.

`response` is None where strict mode raises an error in its place. A cookie that a receiver sets or changes is
stopped, and in strict mode (CONSENT_STRICT) an error: nothing judges after it.
Connect to a class of your own where one kind of response is meant: all others cost nothing then.
"""

session_settled = Signal()
"""A response has done with its session, which was saved, or deleted under some key: sent with `request` and `session`.

The session (`gate.sessions.GatedSession`) tells by `loaded`, `saved` and `deleted_keys` what became of it. It is
too late to change it then. A receiver that fails loses nobody their response: Django logs the error
(`django.dispatch`).
"""
