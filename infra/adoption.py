"""Tells how to take over what exists already, where creating it is refused."""

from __future__ import annotations

import pulumi

_EXISTS = ("already exist", "alreadyexists")  # SNS (the provider's text); SESv2 (the error code)


def told_how_to_import(name: str) -> pulumi.ResourceHookBinding:
    """Return hooks that tell how to import a resource whose creation fails as it exists.

    ``name`` is the hook's own and must be unique in the program. Nothing is tried again.
    """
    return pulumi.ResourceHookBinding(on_error=[pulumi.ErrorHook(name, _tell)])


def _tell(failure: pulumi.ErrorHookArgs) -> bool:
    text = import_advice(failure.name, failure.type, failure.errors)
    if text:
        pulumi.log.error(text)
    return False


def import_advice(name: str, kind: str, errors: list[str]) -> str:
    """Return how to import the resource, empty where it did not fail because it exists."""
    told = " ".join(errors).lower()
    if not any(word in told for word in _EXISTS):
        return ""
    if kind == "aws:sesv2/emailIdentity:EmailIdentity":
        return (
            f"{name} exists in this account and Region. To take it over, with its DKIM keys: "
            "pulumi config set importIdentity true, then pulumi up"
        )
    return (
        f"{name} exists in this account and Region. To take it over: "
        f"pulumi preview --import-file import.json, put its ARN or name as the id of {name} there "
        "and drop the other resources, then "
        "pulumi import --file import.json --generate-code=false --protect=false, and pulumi up "
        '(docs/deploy.md, "What exists already")'
    )
