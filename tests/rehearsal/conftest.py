"""The engine, as the tests of infra have it."""

from tests.infra.conftest import engine

__all__ = ["engine"]
