"""Other people's tools can rely on the documents: every event is of the form they promise."""

import functools

import jsonschema
import msgspec
from hypothesis import given

from tests.domain.happenings import histories
from tower.domain.events import AnyBody, Event
from tower.feed.asyncapi import JsonObject, asyncapi_document


@functools.cache
def validator() -> jsonschema.Draft202012Validator:
    document = asyncapi_document()
    event = {"$ref": "#/components/schemas/Event", "components": document["components"]}
    return jsonschema.Draft202012Validator(event)


@given(histories)
def test_every_event_is_as_documented(history: list[Event]) -> None:
    for event in history:
        validator().validate(msgspec.json.decode(msgspec.json.encode(event)))


def test_every_type_of_event_is_named_in_the_document() -> None:
    schemas: dict[str, JsonObject] = asyncapi_document()["components"]["schemas"]
    for body in AnyBody.__args__:
        tag = body.__struct_config__.tag
        assert schemas[body.__name__]["properties"]["type"] == {"enum": [tag]}
        assert schemas[body.__name__].get("description"), f"{tag} is not explained"
