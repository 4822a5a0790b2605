from consent_gate.tests.fixtures import engine

__all__ = ["engine"]
