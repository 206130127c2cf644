"""Request bodies as the generator is shown them: every content type, and of each a Python type of its own.

Owns which content types share a body, what their header says, and that bodies can be told apart; loses no content type.
Refuses nothing: what has no type of its own is sent as bytes, with a media type that the caller names.

Facts
- The generator finds the body's content type by `isinstance`, and treats a text and bytes alike, as `content=`.
- It compares a content type with its table as it is written; the table is one for requests and replies.
- Several bodies are optional together, whatever the document says, and only an optional body imports `Unset`.
- A form is written by `to_dict` and `to_multipart`, which only classes have; of a union the second is never called.
- Of an optional union of plain types the generator writes what is no Python.
"""

from dataclasses import dataclass, field
from typing import Any

from . import media
from .encodings import count_unsupported
from .media import Kind, concrete, essence, is_wildcard, kind_of
from .names import class_name
from .parts import Part, Parts
from .responses import keep_headers
from .shapes import Shape, Shown, branches, enum_type, without_bytes, word

_NATIVE = (media.JSON, media.FORM, media.MULTIPART, media.TEXT, media.BYTES)
_TREATED_AS = {
    Kind.JSON: media.JSON,
    Kind.FORM: media.FORM,
    Kind.MULTIPART: media.MULTIPART,
    Kind.TEXT: media.BYTES,
    Kind.BINARY: media.BYTES,
}
_NAMES = {Kind.JSON: "json", Kind.FORM: "data", Kind.MULTIPART: "files", Kind.TEXT: "content", Kind.BINARY: "content"}
_SUFFIXES = {Kind.FORM: "Form", Kind.MULTIPART: "Multipart"}
_CONSTANT_TYPES = {bool: "boolean", int: "integer"}
_UNCHANGED = frozenset(("string", "integer", "number", "boolean", "const", "any", "null"))
"""What is JSON already; the generator writes nothing for it."""
_MOST_COPIES = 100
_STRING: Shown = {"type": "string"}
_BINARY: Shown = {"type": "string", "format": "binary"}


@dataclass(frozen=True, kw_only=True)
class _Body:
    """One content type of a request body, with the schema that it is shown with."""

    declared: str
    kind: Kind
    schema: Shown
    name: str
    part: Part
    encoding: dict[str, Any] = field(default_factory=dict)
    """What the shown media type says of its fields."""


def lower_body(parts: Parts, part: Part) -> dict[str, Any] | None:
    """The request body as it is shown; None where the document declares no content."""
    content: dict[str, Any] = part.node.get("content") or {}
    bodies = [_body(parts, part, declared, node, alone=len(content) == 1) for declared, node in content.items()]
    bodies = _without_covered(parts, bodies)
    if not bodies:
        return None
    required = part.node.get("required") is True
    if len(bodies) == 1:
        shown = _alone(parts, bodies[0], required=required)
    else:
        parts.context.repaired("several_bodies")
        shown = _told_apart(parts, bodies)
    described = {"description": part.node["description"]} if part.node.get("description") else {}
    # The generator's argument for several bodies may always be left out; finishing knows better.
    several = {"x-required": True} if required and len(shown) > 1 else {}
    return {**described, "content": shown, "required": required and len(shown) == 1, **several}


def _alone(parts: Parts, body: _Body, *, required: bool) -> dict[str, Any]:
    """The `content` of the only content type."""
    if body.kind is Kind.BINARY and is_wildcard(body.declared):
        return _any_bytes([body.declared])
    schema = _written(parts, body)
    shown: dict[str, Any] = {}
    schemas = _without_null(parts, branches(schema)) if not required and _is_plain_union(parts, schema) else [schema]
    for item in schemas:
        shown[_header(parts, body, taken=shown)] = {"schema": item, **body.encoding}
    return shown


def _is_plain_union(parts: Parts, schema: Shown) -> bool:
    """Whether the schema is a union of what is JSON already: it cannot be shown as an optional body."""
    found = branches(schema)
    return len(found) > 1 and all(word(item, parts.classes) in _UNCHANGED for item in found)


def _body(parts: Parts, part: Part, declared: str, node: Any, *, alone: bool) -> _Body:
    kind, shown = kind_of(declared, None), None
    deep: dict[str, Any] = {}
    name = part.name if alone else f"{part.name.removesuffix('_body')}_{_NAMES[kind]}_body"
    if isinstance(node, dict):
        for encoded, encoding in (node.get("encoding") or {}).items():
            if isinstance(encoding, dict):
                deep |= {encoded: {"style": "deepObject"}} if encoding.get("style") == "deepObject" else {}
                at = (*part.at, "content", declared, "encoding", encoded)
                keep_headers(parts, Part(node=encoding, at=at, name=f"{name}_{encoded}"))
        if "schema" in node:
            shown = parts.lower(node["schema"], (*part.at, "content", declared, "schema"), name)
            kind = kind_of(declared, parts.shape(shown))
            count_unsupported(parts, kind, node.get("encoding"), shown)
    if kind in (Kind.TEXT, Kind.BINARY):
        if shown is not None and parts.shape(shown) is Shape.STRUCTURE:
            parts.context.repaired("unread_structure")
        shown = dict(_STRING if kind is Kind.TEXT else _BINARY)
    encoding = {"encoding": deep} if deep else {}
    return _Body(declared=declared, kind=kind, schema=shown or {}, name=name, part=part, encoding=encoding)


def _without_covered(parts: Parts, bodies: list[_Body]) -> list[_Body]:
    """The bodies without the wildcards that stand beside a type of the same kind and schema."""
    stated = [(body.kind, body.schema) for body in bodies if not is_wildcard(body.declared)]
    kept = [body for body in bodies if not is_wildcard(body.declared) or (body.kind, body.schema) not in stated]
    parts.context.repaired("covered_wildcard", len(bodies) - len(kept))
    return kept


def _written(parts: Parts, body: _Body) -> Shown:
    """The body's schema as its kind can write it."""
    schema = {key: value for key, value in body.schema.items() if key != "default"}
    schema = schema["allOf"][0] if "allOf" in schema else schema
    if body.kind is Kind.JSON:
        return without_bytes(schema)
    if body.kind in (Kind.TEXT, Kind.BINARY):
        return schema
    kept = _without_null(parts, branches(schema))
    classes = all(word(item, parts.classes) == "class" for item in kept)
    if classes and kept and (body.kind is Kind.FORM or len(kept) == 1):
        return kept[0] if len(kept) == 1 else {"anyOf": kept}
    parts.context.repaired("form_without_fields")
    return _any_object(parts, body)


def _any_object(parts: Parts, body: _Body) -> Shown:
    """A class of any fields."""
    return parts.lower({"type": "object"}, (*body.part.at, "content", body.declared, "object"), body.name)


def _without_null(parts: Parts, found: list[Shown]) -> list[Shown]:
    kept = [item for item in found if item != {"type": "null"}]
    parts.context.repaired("null_body", int(len(kept) < len(found)))
    return kept


def _told_apart(parts: Parts, bodies: list[_Body]) -> dict[str, Any]:
    """Several bodies, each with Python types that no other has."""
    shown: dict[str, Any] = {}
    taken: set[str] = set()
    loose = [body for body in bodies if body.kind is Kind.BINARY]
    for body in bodies:
        if body.kind not in (Kind.TEXT, Kind.BINARY):
            second_form = body.kind is Kind.MULTIPART and media.MULTIPART in shown
            schemas = [] if second_form else _apart(parts, body, taken)
            for schema in schemas:
                shown[_header(parts, body, taken=shown)] = {"schema": schema, **body.encoding}
            loose += [] if schemas else [body]
    texts = [body for body in bodies if body.kind is Kind.TEXT]
    if len(texts) == 1 and "str" not in taken:
        shown[_header(parts, texts[0], taken=shown)] = {"schema": dict(_STRING)}
    else:
        loose += texts
    if len(loose) == 1 and not is_wildcard(loose[0].declared):
        single = _Body(declared=loose[0].declared, kind=Kind.BINARY, schema=_BINARY, name="", part=loose[0].part)
        shown[_header(parts, single, taken=shown)] = {"schema": dict(_BINARY)}
    elif loose:
        shown |= _any_bytes([body.declared for body in bodies if body in loose])
    return shown


def _apart(parts: Parts, body: _Body, taken: set[str]) -> list[Shown]:
    """The body's schemas, of types that are not taken yet but are then; none where one of them cannot but be taken."""
    schema = _written(parts, body)
    if schema == {}:
        # Anything is an instance of Any, or nothing: an object is what the other bodies are most often.
        parts.context.repaired("any_body")
        schema = _any_object(parts, body)
    found = _without_null(parts, branches(schema))
    suffix = _SUFFIXES.get(body.kind) or class_name(essence(body.declared).rpartition("/")[2].replace("+", "-"))
    result = [_copied(parts, item, suffix, taken) for item in found]
    types = {_python_type(parts, item) for item in result}
    if types & taken:
        return []
    taken |= types
    whole = result[0] if len(result) == 1 else {"anyOf": result}
    return result if _is_plain_union(parts, whole) else [whole]


def _copied(parts: Parts, branch: Shown, suffix: str, taken: set[str]) -> Shown:
    """The branch, or a class like it where its class is taken."""
    if word(branch, parts.classes) != "class" or branch["$ref"] not in taken:
        return branch
    parts.context.repaired("body_class")
    found, number = parts.schemas.copy(branch, suffix), 2
    while found["$ref"] in taken and number < _MOST_COPIES:
        found, number = parts.schemas.copy(branch, f"{suffix}{number}"), number + 1
    return found


def _python_type(parts: Parts, branch: Shown) -> str:
    """What `isinstance` sees of a branch: enums are strings or numbers, and every number may be an int."""
    kind = word(branch, parts.classes)
    if kind == "class":
        return str(branch["$ref"])
    if kind == "enum":
        kind = enum_type(branch, parts.classes)
    elif kind == "const":
        kind = _CONSTANT_TYPES.get(type(branch["const"]), "string")
    return {"string": "str", "integer": "number", "boolean": "number"}.get(kind, kind)


def _any_bytes(declared: list[str]) -> dict[str, Any]:
    """One body of bytes for several content types."""
    types = dict.fromkeys(concrete(content_type, Kind.BINARY) for content_type in declared)
    return {media.BYTES: {"schema": dict(_BINARY), "x-media-types": list(types)}}


def _header(parts: Parts, body: _Body, taken: dict[str, Any] | None = None) -> str:
    """The content type as it is shown, so that the generator knows it and the request says what the document says."""
    context, text, target = parts.context, concrete(body.declared, body.kind), _TREATED_AS[body.kind]
    if body.kind is Kind.MULTIPART:
        # The boundary is the client's to choose.
        text = media.MULTIPART
    if text != body.declared:
        context.repaired("content_type")
    known = text == target or context.content_types.get(text) == target
    free = text not in _NATIVE and text not in context.content_types and text.isprintable()
    if text in (taken or {}) or not (known or free):
        shown = context.marked(text, text)
        context.content_types[shown] = target
        return shown
    if not known:
        context.content_types[text] = target
    return text
