"""Receipts: the record of a choice that both sides keep, and the words that the visitor was shown."""
