"""What a rehearsal needs of Python packages, told before anything is started."""

from __future__ import annotations

import importlib.util

_NEEDED = {"moto": "rehearsal", "flask": "rehearsal", "pulumi": "deploy", "pulumi_aws": "deploy"}


def lacking_packages() -> str:
    """Return which packages are missing and how to get them, empty where all are there."""
    lacking = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if not lacking:
        return ""
    return (
        f"not installed: {', '.join(lacking)}. Run `make rehearsal`, or: "
        'python -m pip install -c constraints.txt -e ".[deploy,rehearsal]"'
    )
