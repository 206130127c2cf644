"""What a parameter is shown as. Owns the schema for each place; refuses nothing, what the generator does not take in a
place is shown as text.

Facts
- The generator takes no list, object, date or constant for a header, and no null for a path. No place takes a file.
- How a value is written is finishing's: it joins lists, spreads objects, leaves null out.
- An argument with a default may not stand before one without, and those of the path have a fixed order.
"""

from dataclasses import dataclass, field
from typing import Any

from .parts import Part, Parts
from .shapes import Shown, branches, word

_JOINED = {"form": ",", "simple": ",", "spaceDelimited": " ", "pipeDelimited": "|"}
_IN_HEADERS = frozenset(("string", "uuid", "integer", "number", "boolean", "enum", "null"))
_NOTES = {
    "array": "Several values are joined with commas.",
    "class": "Names and values are joined with commas.",
    "date-time": "A time as RFC 3339 writes it.",
    "date": "A date as RFC 3339 writes it.",
}
_STRING: Shown = {"type": "string"}


@dataclass(frozen=True, kw_only=True)
class Form:
    """What a parameter is shown as."""

    schema: Shown
    required: bool
    marks: dict[str, Any] = field(default_factory=dict)
    note: str = ""


def formed(parts: Parts, part: Part, schema: Shown, *, location: str, as_text: bool = False) -> Form:
    """The parameter's schema as its place can have it. `as_text` says that it is a document written into a string."""
    required = part.node.get("required") is True
    unsupported = "" if as_text else _unsupported(part, schema, location, parts)
    parts.context.repaired("unsupported_style", int(bool(unsupported)))
    if location == "path":
        parts.context.repaired("path_parameter_required", int(not required))
        schema, required = _in_path(parts, schema), True
    if as_text:
        return Form(schema=dict(_STRING), required=required, note="A JSON document.")
    words = {word(item, parts.classes) for item in branches(schema)}
    if "binary" in words or (location == "header" and not words <= _IN_HEADERS):
        return _as_text(parts, schema, location, required=required, note=unsupported)
    marks = _marks(part, words) if location == "query" else {}
    return Form(schema=schema, required=required, marks=marks, note=unsupported)


def _unsupported(part: Part, schema: Shown, location: str, parts: Parts) -> str:
    """A word on what the document asks for and no request does; empty where there is nothing of the kind."""
    style, explode = part.node.get("style") or "simple", part.node.get("explode") is True
    if location == "path" and style in ("label", "matrix"):
        return f"The document asks for the style {style}; the value is sent in the style simple."
    if location == "path" and explode and "class" in {word(item, parts.classes) for item in branches(schema)}:
        return "The document asks for `name=value`; names and values are joined with commas."
    if location == "query" and part.node.get("allowReserved") is True:
        return "The document allows reserved characters; they are sent percent-encoded."
    return ""


def _in_path(parts: Parts, schema: Shown) -> Shown:
    """The schema without null and a default: a path is not sent without its parameters."""
    found = branches(schema)
    kept = [item for item in found if item != {"type": "null"}]
    parts.context.repaired("null_parameter", int(len(kept) < len(found)))
    parts.context.repaired("path_default", int("default" in schema))
    if len(kept) == len(found) and "default" not in schema:
        return schema
    shown = dict(_STRING) if not kept else kept[0] if len(kept) == 1 else {"anyOf": kept}
    return {key: value for key, value in shown.items() if key != "default"}


def _marks(part: Part, words: set[str]) -> dict[str, Any]:
    """What finishing is told of a parameter in a query."""
    style = part.node.get("style") or "form"
    if style == "deepObject":
        return {"x-deep-object": True} if words & {"class", "array"} else {}
    exploded = part.node.get("explode", style == "form") is True
    compound = words & {"array", "class"}
    return {"x-joined": _JOINED[style]} if compound and style in _JOINED and not exploded else {}


def _as_text(parts: Parts, schema: Shown, location: str, *, required: bool, note: str) -> Form:
    """A plain string in the place of a schema that the parameter's place cannot have."""
    parts.context.repaired(f"{location}_text")
    shown = dict(_STRING)
    default = schema.get("const", schema.get("default")) if required else schema.get("default")
    if isinstance(default, str | int | float) and location != "path":
        shown["default"] = str(default).lower() if isinstance(default, bool) else str(default)
    words = [word(item, parts.classes) for item in branches(schema)]
    notes = dict.fromkeys([*(_NOTES[item] for item in words if item in _NOTES), *filter(None, [note])])
    return Form(schema=shown, required=required, note=" ".join(notes))
