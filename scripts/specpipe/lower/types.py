"""The words for types. Owns what a schema means that states no type, several, or one that OpenAPI does not know.

Facts
- OpenAPI has string, number, integer, boolean, array, object, and null since 3.1. Tools write `int`, `file`, `date`.
"""

from typing import Any

from .context import Context
from .merging import Merged, listed

_KNOWN = ("string", "number", "integer", "boolean", "array", "object", "null")
_WORDS: dict[str, tuple[str, str | None]] = {
    "bool": ("boolean", None),
    "date": ("string", "date"),
    "date-time": ("string", "date-time"),
    "datetime": ("string", "date-time"),
    "decimal": ("number", None),
    "dict": ("object", None),
    "double": ("number", None),
    "file": ("string", "binary"),
    "float": ("number", None),
    "int": ("integer", None),
    "int32": ("integer", None),
    "int64": ("integer", None),
    "list": ("array", None),
    "long": ("integer", None),
    "map": ("object", None),
    "none": ("null", None),
    "str": ("string", None),
    "text": ("string", None),
    "uuid": ("string", "uuid"),
}


def word(text: str) -> tuple[str, str | None] | None:
    """The type, and the format, that a word for a type means; None for one that means nothing."""
    plain = text.strip().lower()
    return (plain, None) if plain in _KNOWN else _WORDS.get(plain)


def types_of(schema: Merged, context: Context) -> list[str]:
    """The types that a value of the schema may have, null aside; empty when it may have any.

    A word that is no type is mended where its meaning is plain (rule `type_word`) and otherwise left out.
    """
    if schema.types is None:
        schema.types = _types_of(schema, context)
    return schema.types


def _types_of(schema: Merged, context: Context) -> list[str]:
    stated = listed(schema.keywords.get("type"))
    found: list[str] = []
    for text in stated:
        meaning = word(text)
        if text not in _KNOWN:
            context.repaired("type_word")
        if meaning is None:
            continue
        name, form = meaning
        if form is not None:
            schema.keywords.setdefault("format", form)
        if name != "null" and name not in found:
            found.append(name)
    if not any(map(word, stated)):
        found = _implied(schema.keywords, bool(schema.choices), context)
    if "number" in found and "integer" in found:
        found.remove("integer")
    return found


def _implied(keywords: dict[str, Any], has_choices: bool, context: Context) -> list[str]:
    if "enum" in keywords or "const" in keywords:
        return []
    implied = None
    if "properties" in keywords or "patternProperties" in keywords:
        implied = "object"
    elif "items" in keywords or "prefixItems" in keywords:
        implied = "array"
    elif isinstance(keywords.get("additionalProperties"), dict) and not has_choices:
        implied = "object"
    elif keywords.get("format") in ("date", "date-time", "uuid", "binary", "byte", "email", "uri"):
        implied = "string"
    if implied is None:
        return []
    context.repaired("implied_type")
    return [implied]
