"""Small sets of schemas, what they are lowered to, and what the generator makes of them, lowered and as they were."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from specpipe.document import Document
from specpipe.lower import Lowered, lower

STRING: dict[str, Any] = {"type": "string"}
INTEGER: dict[str, Any] = {"type": "integer"}
NULL: dict[str, Any] = {"type": "null"}


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """What the generator would write, and what it says is missing."""

    classes: dict[str, tuple[str, ...]]
    """Every class, with its fields or members."""
    types: dict[str, dict[str, str]]
    """The fields of every object class, and their types as they stand in the code."""
    closed: frozenset[str] = frozenset()
    """The object classes that drop what they do not know."""
    problems: tuple[str, ...] = ()


def classes(result: Lowered) -> dict[str, tuple[str, ...]]:
    """The classes and enums that are shown, with the real names of their fields, or their values as text."""
    return {
        name: tuple(result.wire.get(key, key) for key in schema["properties"])
        if "properties" in schema
        else tuple(map(str, schema["enum"]))
        for name, schema in schemas_of(result).items()
    }


def ref(name: str) -> dict[str, str]:
    """A reference to a component schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def record(*required: str, **properties: Any) -> dict[str, Any]:
    """An object schema with these properties."""
    return {"type": "object", "properties": properties, **({"required": list(required)} if required else {})}


def document(schemas: dict[str, Any], **more: Any) -> Document:
    """A document with nothing but schemas."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Pets", "version": "1"},
        "paths": {},
        **more,
        "components": {"schemas": schemas},
    }


def lowered(schemas: dict[str, Any], **more: Any) -> Lowered:
    """The schemas lowered; the generator has nothing to say against what it is shown."""
    result = lower(document(schemas, **more))
    assert parsed(result.document).problems == ()
    assert result.faults == ()
    return result


def schemas_of(result: Lowered) -> dict[str, Any]:
    """The classes and enums that the generator is shown, the carrier of aliases aside."""
    found: dict[str, Any] = result.document["components"]["schemas"]
    return {name: schema for name, schema in found.items() if name != result.carrier}


def alias(result: Lowered, name: str) -> dict[str, Any]:
    """What a component that is no class stands for."""
    found: dict[str, Any] = result.document["components"]["schemas"][result.carrier]["properties"][result.aliases[name]]
    return found


def field(schema: Any, **others: Any) -> tuple[dict[str, Any], Lowered]:
    """What the schema of a property `value` is shown as, beside the other components."""
    result = lowered({"Holder": record(value=schema), **others})
    shown: dict[str, Any] = schemas_of(result)["Holder"]["properties"]["value"]
    return shown, result


def bare(schemas: dict[str, Any]) -> Parsed:
    """What the generator by itself makes of the schemas; what it raises is a problem as well."""
    problem = ""
    try:
        return parsed(document(schemas))
    except (ValueError, UnboundLocalError) as error:
        problem = str(error)
    return Parsed(classes={}, types={}, problems=(problem,))


def parsed(shown: Document) -> Parsed:
    """What the generator makes of a document."""
    config = Config.from_sources(
        ConfigFile(post_hooks=[]),
        meta_type=MetaType.NONE,
        document_source=Path("openapi.yaml"),
        file_encoding="utf-8",
        overwrite=False,
        output_path=None,
    )
    data = GeneratorData.from_dict(shown, config=config)
    if not isinstance(data, GeneratorData):
        return Parsed(classes={}, types={}, problems=(f"{data.header} {data.detail}",))
    enums = {str(enum.class_info.name): tuple(map(str, enum.values)) for enum in data.enums}
    types = {
        str(model.class_info.name): {
            str(item.python_name): item.get_type_string().as_unembedded_code()
            for item in (*(model.required_properties or ()), *(model.optional_properties or ()))
        }
        for model in data.models
    }
    endpoints = [problem for tag in data.endpoint_collections_by_tag.values() for problem in tag.parse_errors]
    return Parsed(
        classes={name: tuple(fields) for name, fields in types.items()} | enums,
        types=types,
        closed=frozenset(str(model.class_info.name) for model in data.models if not model.additional_properties),
        problems=tuple(f"{problem.header} {problem.detail}" for problem in [*data.errors, *endpoints]),
    )
