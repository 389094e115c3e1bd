"""Tells how to take over what exists already, where creating it is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pulumi

_EXISTS = ("already exist", "alreadyexists")  # SNS (the provider's text); SESv2 (the error code)
_SET_IMPORT = "pulumi config set importIdentity true"

ImportId = Callable[[Mapping[str, Any]], str]


def told_how_to_import(
    name: str, component: str, import_id: ImportId | None = None
) -> pulumi.ResourceHookBinding:
    """Return hooks that tell how to import a resource whose creation fails as it exists.

    ``name`` is the hook's own and must be unique in the program; ``component`` is the name of the
    parent; ``import_id`` gives the id out of the resource's inputs, None for the identity, which
    has a setting of its own. Nothing is tried again.
    """

    def tell(failure: pulumi.ErrorHookArgs) -> bool:
        if exists_already(failure.errors):
            command = (
                import_command(failure.urn, component, import_id(failure.new_inputs or {}))
                if import_id
                else _SET_IMPORT
            )
            pulumi.log.error(
                f"{failure.name} exists in this account and Region. "
                f"To take it over: {command}, then pulumi up"
            )
        return False

    return pulumi.ResourceHookBinding(on_error=[pulumi.ErrorHook(name, tell)])


def exists_already(errors: list[str]) -> bool:
    """Return whether a creation failed because the resource exists."""
    told = " ".join(errors).lower()
    return any(word in told for word in _EXISTS)


def import_command(urn: str, component: str, identifier: str) -> str:
    """Return the command that puts an existing resource into the state, at its place there.

    ``urn`` is the resource's own: urn:pulumi:STACK::PROJECT::PARENT TYPES$TYPE::NAME.
    """
    stack, project, types, name = urn.split("::")
    parents, _, kind = types.rpartition("$")
    parent = f"{stack}::{project}::{parents}::{component}"
    provider = f"{stack}::{project}::pulumi:providers:aws::aws"
    return (
        f"pulumi import {kind} {name} {identifier} --parent 'parent={parent}' "
        f"--provider 'aws={provider}' --generate-code=false --protect=false"
    )
