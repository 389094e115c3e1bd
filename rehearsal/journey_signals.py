"""What comes from outside: signals that end a rehearsal, and the environment of the user."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# Sent when a terminal closes, a shell or a supervisor ends us; not every system has each.
_ENDING = ("SIGTERM", "SIGHUP", "SIGBREAK")
_SIGNALLED = 128  # and the signal's number, as shells tell it


def _end(number: int, _: FrameType | None) -> None:
    raise SystemExit(_SIGNALLED + number)


@contextmanager
def cleaning_up() -> Iterator[None]:
    """Let signals that end a process raise SystemExit, so that ``with`` blocks are left."""
    with _handled(_ENDING, _end):
        yield


@contextmanager
def deaf() -> Iterator[None]:
    """Ignore Ctrl-C and the other signals: what is being cleaned up must come to its end."""
    with _handled(("SIGINT", *_ENDING), signal.SIG_IGN):
        yield


@contextmanager
def own_environment() -> Iterator[None]:
    """Leave out what leads to the user's AWS and stacks, for the time of the block.

    boto3 reads profile and files even where keys and endpoint are given to it.
    """
    former = dict(os.environ)
    for name in former:
        if name.startswith(("AWS_", "PULUMI_")):
            del os.environ[name]
    nowhere = ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")
    os.environ.update(dict.fromkeys(nowhere, os.devnull))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(former)


@contextmanager
def _handled(names: tuple[str, ...], handler: signal._HANDLER) -> Iterator[None]:
    """Set a handler for the time of the block. Python takes handlers in the main thread alone."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    known = [getattr(signal, name) for name in names if hasattr(signal, name)]
    former = {number: signal.signal(number, handler) for number in known}
    try:
        yield
    finally:
        for number, known_before in former.items():
            signal.signal(number, known_before)
