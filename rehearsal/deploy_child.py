"""Runs a command that ends with its parent: python -m rehearsal.deploy_child COMMAND ARGUMENT…

The command and all that it starts form a group of their own. When standard input closes, which it
does however the parent ended, the command is interrupted; what is left after GRACE seconds, and
what the command leaves behind at its end, is killed. The exit code is the command's.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

# Seconds. An interrupted engine lets running operations end, gives its program 5 s, and unlocks its
# state: killed before that, it would leave the lock behind.
GRACE = 12.0
_SIGNALLED = 128  # and the signal's number, as shells tell it


def main(arguments: Sequence[str]) -> int:
    """Run the command to its end, or to that of the parent."""
    # A terminal's Ctrl-C reaches us as well, at any moment: the pipe alone tells when to end. A
    # handler, not SIG_IGN, which the command would inherit.
    signal.signal(signal.SIGINT, lambda _signal, _frame: None)
    child = start(arguments)
    threading.Thread(target=_until_eof, args=(child,), daemon=True).start()
    code = child.wait()
    kill_group(child)
    return code if code >= 0 else _SIGNALLED - code


def start(arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a command in a group of its own."""
    if sys.platform == "win32":
        return subprocess.Popen(  # noqa: S603 - what the parent asks for
            arguments,
            stdin=subprocess.DEVNULL,
            creationflags=subprocess.CREATE_NEW_PROCESS_GROUP,
        )
    return subprocess.Popen(  # noqa: S603 - what the parent asks for
        arguments, stdin=subprocess.DEVNULL, start_new_session=True
    )


def _until_eof(child: subprocess.Popen[bytes]) -> None:
    # Not through sys.stdin, whose lock this thread would hold at the end of the interpreter.
    while os.read(sys.stdin.fileno(), 4096):
        pass
    stop(child)


def stop(child: subprocess.Popen[bytes]) -> None:
    """Interrupt the command, once; kill it where it does not end."""
    with contextlib.suppress(ProcessLookupError):
        if sys.platform == "win32":
            child.send_signal(signal.CTRL_BREAK_EVENT)
        else:
            child.send_signal(signal.SIGINT)
    try:
        child.wait(GRACE)
    except subprocess.TimeoutExpired:
        kill_group(child)


def kill_group(child: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the command and of what it started."""
    if sys.platform == "win32":
        killer = ["taskkill", "/T", "/F", "/PID", str(child.pid)]
        subprocess.run(killer, capture_output=True, check=False)  # noqa: S603
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        # pulumi gives its plugins groups of their own; the session they cannot leave.
        for process in _processes():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if os.getsid(process) == child.pid:
                    os.kill(process, signal.SIGKILL)


def _processes() -> list[int]:
    """Return the ids of all processes, by /proc where it is, else by ps."""
    found = [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]
    if not found:
        listed = subprocess.run(["ps", "-A", "-o", "pid="], capture_output=True, check=False)  # noqa: S607
        found = [int(word) for word in listed.stdout.split()]
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
