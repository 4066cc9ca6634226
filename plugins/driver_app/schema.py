"""The JSON Schema of the driver-app format, as docs/driver-app.schema.json publishes it."""

from typing import Any

import msgspec

from plugins.driver_app.messages import AnyItem


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of one message, or a list of messages."""
    (one,), components = msgspec.json.schema_components((AnyItem,), ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tower driver app messages",
        "anyOf": [one, {"type": "array", "items": one}],
        "$defs": components,
    }
