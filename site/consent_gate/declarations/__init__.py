"""Declaring: what is stored, what for, for how long; and the fingerprints by which a change is noticed."""
