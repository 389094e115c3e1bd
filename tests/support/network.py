"""What the guard of tests/conftest.py raises."""

from __future__ import annotations


class NetworkForbiddenError(AssertionError):
    """A test reached for the network. No error of the network: nothing may swallow it."""
