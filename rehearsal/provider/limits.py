"""The limits of AWS's own service models, by the name of a shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from botocore.model import ServiceModel, Shape

from rehearsal.provider.aws import models

Value = Any  # whatever the program gives


@lru_cache(maxsize=256)
def shape_of(name: str) -> Shape:
    """Return the shape called service:Shape. Raises botocore.model.NoShapeFoundError."""
    service, _, shape = name.partition(":")
    return ServiceModel(models().load_service_model(service, "service-2")).shape_for(shape)


def beyond_limits(shape_name: str, value: Value) -> Iterator[str]:
    """Yield what the model of a shape forbids in a text, a number, or the length of a list."""
    shape = shape_of(shape_name)
    limits = shape.metadata
    size = value if shape.type_name in {"integer", "long", "float", "double"} else len(value)
    what = "value" if size is value else "length"
    if "min" in limits and size < limits["min"]:
        yield f"the {what} {size} is below {limits['min']}, the least that AWS takes"
    if "max" in limits and size > limits["max"]:
        yield f"the {what} {size} is above {limits['max']}, the most that AWS takes"
    if limits.get("enum") and value not in limits["enum"]:
        yield f"expected one of {', '.join(limits['enum'])}, got {value}"
    if "pattern" in limits and not re.fullmatch(limits["pattern"], value):
        yield f"{value!r} does not match {limits['pattern']}, as AWS wants it"
