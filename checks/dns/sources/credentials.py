"""Are there AWS credentials, and which Region do they prefer? Without boto3, without asking."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

MAX_FILE = 256 * 1024  # octets of a profile file

_VARIABLES = (
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)
# Keys of a profile that lead to credentials (AWS SDKs and Tools Reference Guide).
_LEADING = (
    "aws_access_key_id",
    "credential_process",
    "role_arn",
    "sso_session",
    "sso_start_url",
    "login_session",
)


def find_credentials(environ: Mapping[str, str]) -> str:
    """Return where AWS credentials seem to be, empty where none are found.

    Looks at variables and profile files alone: instance metadata is never asked, because it costs
    seconds where there is none.
    """
    for variable in _VARIABLES:
        if environ.get(variable):
            return variable
    for path in (_credentials_file(environ), _config_file(environ)):
        if path and any(key in section for section in _sections(path) for key in _LEADING):
            return str(path)
    return ""


def preferred_region(environ: Mapping[str, str]) -> tuple[str, str]:
    """Return the Region that AWS tools would take here, and where it stands; empty texts if none.

    Order: AWS_REGION, AWS_DEFAULT_REGION, the profile.
    """
    for variable in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        if environ.get(variable):
            return environ[variable], variable
    profile = environ.get("AWS_PROFILE") or environ.get("AWS_DEFAULT_PROFILE") or "default"
    path = _config_file(environ)
    names = {"default"} if profile == "default" else {f"profile {profile}"}
    for section in _sections(path) if path else []:
        if section.get("") in names and section.get("region"):
            return section["region"], f"profile {profile}"
    return "", ""


def _credentials_file(environ: Mapping[str, str]) -> Path | None:
    return _file(environ, "AWS_SHARED_CREDENTIALS_FILE", "credentials")


def _config_file(environ: Mapping[str, str]) -> Path | None:
    return _file(environ, "AWS_CONFIG_FILE", "config")


def _file(environ: Mapping[str, str], variable: str, name: str) -> Path | None:
    home = environ.get("HOME") or environ.get("USERPROFILE")
    if environ.get(variable):
        path = Path(environ[variable])
    elif home:
        path = Path(home) / ".aws" / name
    else:
        return None
    return path if path.is_file() else None


def _sections(path: Path) -> list[dict[str, str]]:
    """Return the sections of a profile file; the key "" holds the section's name."""
    import configparser

    parser = configparser.RawConfigParser(strict=False)
    try:
        with path.open(encoding="utf-8") as stream:
            parser.read_string(stream.read(MAX_FILE))
    except (OSError, ValueError, configparser.Error):
        return []  # boto3 will say what is wrong with it
    return [{"": name, **parser[name]} for name in parser.sections()]
