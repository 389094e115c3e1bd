"""The journey on loopback, with no account and no network: ``python -m rehearsal``."""
