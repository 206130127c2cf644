"""References to the inside of something, such as `#/components/schemas/User/properties/address`. Owns making components
of the schemas that they lead to; leaves references to anything but schemas alone.

Facts
- The generator follows a reference to a component and to nothing else.
- What one of them leads to may stand inside what another leads to.
"""

from typing import Any

from ..document import Document, Pointer, component_ref, components, lookup, parse_ref, references, show

_SCHEMA_PARENTS = frozenset(
    ("properties", "patternProperties", "allOf", "anyOf", "oneOf", "prefixItems", "$defs", "definitions")
)
_SCHEMA_KEYS = frozenset(("schema", "items", "additionalProperties", "not", "propertyNames", "contains"))


def name_deep_schemas(document: Document) -> tuple[Document, int]:
    """The document with a component for every schema that is referred to in its place, and how many there are."""
    targets: dict[Pointer, str] = {}
    taken = set(components(document, "schemas"))
    for _, ref in references(document):
        pointer = parse_ref(ref)
        if pointer is None or pointer in targets or not _is_deep_schema(pointer):
            continue
        targets[pointer] = _free_name(pointer, taken)
        taken.add(targets[pointer])
    if not targets:
        return document, 0
    moved = {pointer: {"$ref": component_ref("schemas", name)} for pointer, name in targets.items()}
    renamed = {show(pointer): reference["$ref"] for pointer, reference in moved.items()}
    result: Document = _copied(document, renamed)
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    # From the inside out, so that what is moved has already lost what is moved out of it.
    for pointer in sorted(targets, key=len, reverse=True):
        parent = lookup(result, pointer[:-1])
        key: Any = int(pointer[-1]) if isinstance(parent, list) else pointer[-1]
        schemas[targets[pointer]] = parent[key]
        parent[key] = dict(moved[pointer])
    return result, len(targets)


def _is_deep_schema(pointer: Pointer) -> bool:
    if len(pointer) < 4:
        return False
    return pointer[-1] in _SCHEMA_KEYS or pointer[-2] in _SCHEMA_PARENTS


def _free_name(pointer: Pointer, taken: set[str]) -> str:
    words = [part for part in pointer if part not in _SCHEMA_PARENTS | _SCHEMA_KEYS | {"components", "schemas"}]
    base = "_".join(words[-3:]) or "Inner"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}_{number}", number + 1
    return name


def _copied(node: Any, renamed: dict[str, str]) -> Any:
    if isinstance(node, list):
        return [_copied(item, renamed) for item in node]
    if not isinstance(node, dict):
        return node
    result = {key: _copied(value, renamed) for key, value in node.items()}
    if isinstance(ref := node.get("$ref"), str):
        result["$ref"] = _moved(ref, renamed)
    if isinstance(choice := result.get("discriminator"), dict) and isinstance(mapping := choice.get("mapping"), dict):
        choice["mapping"] = {
            tag: _moved(target, renamed) if isinstance(target, str) else target for tag, target in mapping.items()
        }
    return result


def _moved(ref: str, renamed: dict[str, str]) -> str:
    pointer = parse_ref(ref)
    return ref if pointer is None else renamed.get(show(pointer), ref)
