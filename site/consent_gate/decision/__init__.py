"""Deciding: from the visitor's answers to what may be stored now. Pure, but for the key that signs the answers."""
