"""How one schema object is written. Owns the one spelling of what a document may write in several: keywords of 3.0 and
of 3.1, nullable in its three spellings, a constant and an enum of one. Looks at one object only; refuses nothing.

Facts
- A `type` that only says null is a type of its own; beside another it is the flag that the value may be null.
- A schema that does not say of which type it is says nothing of null.
"""

from typing import Any

WORDING = {
    *("$anchor", "$comment", "$id", "$schema", "$vocabulary", "description", "example", "examples"),
    *("externalDocs", "summary", "tags", "title"),
}
"""Keywords that change nothing on the wire."""

OF_A_PLACE = {"default", "deprecated", "nullable", "readOnly", "writeOnly"}
"""Keywords that may stand around a schema without making another of it."""

OPAQUE = (
    *("contains", "dependentRequired", "dependentSchemas", "else", "if", "not", "patternProperties", "prefixItems"),
    *("propertyNames", "then", "unevaluatedItems", "unevaluatedProperties", "xml"),
)
"""Rules that are compared as a whole."""

CHOICES = ("oneOf", "anyOf")

_STRUCTURE = {
    *("$ref", "$defs", "additionalProperties", "allOf", "anyOf", "definitions", "discriminator", "items"),
    *("nullable", "oneOf", "properties", "readOnly", "required", "writeOnly", *OPAQUE),
}
_BOUNDS = (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum"))


def is_wording(keyword: str) -> bool:
    """Whether the keyword changes nothing on the wire."""
    return keyword in WORDING or keyword.startswith("x-")


def own_keywords(node: dict[str, Any]) -> dict[str, Any]:
    """What the schema says itself, without words."""
    return {key: value for key, value in node.items() if key not in ("$ref", "allOf") and not is_wording(key)}


def says_only_of_its_place(schema: Any) -> bool:
    """Whether the schema holds flags and words and nothing else."""
    return isinstance(schema, dict) and all(key in OF_A_PLACE or is_wording(key) for key in schema)


def is_null(schema: Any) -> bool:
    """Whether the schema lets null through and nothing else."""
    return isinstance(schema, dict) and (schema.get("type") in ("null", ["null"]) or schema.get("enum") == [None])


def allows_null(node: dict[str, Any]) -> bool | None:
    """Whether the value may be null; None where the schema does not say."""
    kinds = node.get("type")
    if node.get("nullable") or "null" in (kinds if isinstance(kinds, list) else [kinds]):
        return True
    if any(is_null(member) for keyword in CHOICES for member in node.get(keyword) or ()):
        return True
    return False if "nullable" in node or kinds is not None else None


def plain(node: dict[str, Any]) -> dict[str, Any]:
    """The keywords that are a value, in the spelling of 3.1."""
    result = {key: value for key, value in node.items() if key not in _STRUCTURE and not is_wording(key)}
    kinds = result.pop("type", None)
    named = {kind for kind in ([kinds] if isinstance(kinds, str) else kinds or ()) if isinstance(kind, str)}
    if named:
        result["type"] = sorted(named - {"null"}) or ["null"]
    if "const" in result:
        result["enum"] = [result.pop("const")]
    for exclusive, inclusive in _BOUNDS:
        if result.get(exclusive) is True and inclusive in result:
            result[exclusive] = result.pop(inclusive)
        elif isinstance(result.get(exclusive), bool):
            del result[exclusive]
    for flag in ("uniqueItems", "deprecated"):
        if result.get(flag) is False:
            del result[flag]
    return result
