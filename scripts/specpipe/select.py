"""From a whole document to the operations that are wanted, without what they do not reach.

Owns selection and pruning. Refuses an operation that the document does not hold, and one that refers to what is not
selected.

Facts
- The base of an inheritance may have a discriminator without a mapping: the schemas that inherit from it are then known
  by their own names, and nothing but their `allOf` leads to the base.
"""

import re
from collections.abc import Collection, Iterable
from typing import Any

from .document import (
    METHODS,
    Document,
    Pointer,
    component_ref,
    components,
    dangling,
    holds,
    lookup,
    operation_keys,
    operations,
    parse_ref,
    references,
    show,
)
from .faults import TableError
from .lower.names import Claims
from .structure.objects import SECTIONS, kind_at


def select(document: Document, wanted: Iterable[str]) -> Document:
    """The document with the wanted operations (each "METHOD path") alone, in the document's order, and pruned.

    Raises TableError when an operation is not there, or refers to a path that is left out.
    """
    names = set(wanted)
    known = set(operation_keys(document))
    if names - known:
        raise TableError(f"no page holds the operation {sorted(names - known)[0]!r}")
    paths: dict[str, Any] = {}
    for path, item in document["paths"].items():
        kept = {key: value for key, value in item.items() if key not in METHODS or f"{key.upper()} {path}" in names}
        if any(method in kept for method in METHODS):
            paths[path] = kept
    left = prune({**document, "paths": paths})
    for at, ref in dangling(left):
        raise TableError(f"the reference {ref!r} at {show(at)} leads to what the wanted operations leave out")
    return left


def prune(document: Document) -> Document:
    """The document without the components and tags that no operation reaches."""
    reached = _reached(document)
    schemes = _named_schemes(document)
    kept: dict[str, Any] = {}
    for section, named in document.get("components", {}).items():
        left = {
            name: value
            for name, value in named.items()
            if (section, name) in reached or (section == "securitySchemes" and name in schemes)
        }
        if left:
            kept[section] = left
    used_tags = {tag for _, _, operation in operations(document) for tag in operation.get("tags", ())}
    result = {key: value for key, value in document.items() if key not in ("components", "tags")}
    tags = [tag for tag in document.get("tags", ()) if tag.get("name") in used_tags]
    extra = ({"tags": tags} if tags else {}) | ({"components": kept} if kept else {})
    order = [key for key in document if key in result or key in extra]
    return {key: (extra | result)[key] for key in order}


def _reached(document: Document) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    known_heirs = heirs(document)
    waiting = [ref for _, ref in references({key: value for key, value in document.items() if key != "components"})]
    while waiting:
        pointer = parse_ref(waiting.pop())
        if pointer is None or len(pointer) < 3 or pointer[0] != "components" or pointer[1:3] in found:
            continue
        section, name = pointer[1:3]
        found.add((section, name))
        component = lookup(document, pointer[:3]) if name in components(document, section) else None
        waiting.extend(ref for _, ref in references(component))
        if section == "schemas" and isinstance(component, dict) and "discriminator" in component:
            waiting.extend(known_heirs.get(name, ()))
    return found


def heirs(document: Document) -> dict[str, list[str]]:
    """By name of a component schema, references to those that inherit from it."""
    found: dict[str, list[str]] = {}
    for name, schema in components(document, "schemas").items():
        members = schema.get("allOf") if isinstance(schema, dict) else None
        for member in members if isinstance(members, list) else ():
            pointer = parse_ref(str(member.get("$ref", ""))) if isinstance(member, dict) else None
            if pointer is not None and pointer[:2] == ("components", "schemas") and len(pointer) == 3:
                found.setdefault(pointer[2], []).append(component_ref("schemas", name))
    return found


def _named_schemes(document: Document) -> set[str]:
    requirements = [*document.get("security", ())]
    for _, _, operation in operations(document):
        requirements.extend(operation.get("security", ()))
    return {name for requirement in requirements for name in requirement} & set(components(document, "securitySchemes"))


def with_brought_along(document: Document, wanted: Collection[str]) -> tuple[Document, tuple[Pointer, ...]]:
    """The document without webhooks, in which the wanted operations refer to components where they referred to others.

    What they refer to in an operation that is not wanted becomes a component; told as well is where that stood.
    """
    paths = {
        path: {key: part for key, part in item.items() if key not in METHODS or f"{key.upper()} {path}" in wanted}
        for path, item in document["paths"].items()
    }
    sections = {section: dict(named) for section, named in document.get("components", {}).items()}
    result = {key: value for key, value in document.items() if key not in ("webhooks", "paths", "components")}
    renamed: dict[str, str] = {}
    waiting = [ref for part in (paths, sections) for _, ref in references(part, names=True)]
    while waiting:
        ref = waiting.pop()
        pointer = parse_ref(ref) or ()
        section = _section_of(pointer)
        if ref not in renamed and section is not None and holds(document, pointer) and not holds(paths, pointer[1:]):
            target, named = lookup(document, pointer), sections.setdefault(section, {})
            name = Claims(named).claim(re.sub(r"\W+", "_", "_".join(pointer[1:])).strip("_"))
            named[name] = target
            renamed[ref] = component_ref(section, name)
            waiting.extend(inner for _, inner in references(target))
    whole = {**result, "paths": paths, "components": sections} if sections else {**result, "paths": paths}
    whole = {key: whole[key] for key in (*document, "components") if key in whole}
    if not renamed:
        return whole, ()
    return _with_refs(whole, renamed), tuple(parse_ref(ref) or () for ref in renamed)


def _section_of(pointer: Pointer) -> str | None:
    kind = kind_at(pointer) if pointer[:1] == ("paths",) else None
    return "pathItems" if kind == "path item" else SECTIONS.get(kind or "")


def _with_refs(node: Any, renamed: dict[str, str]) -> Any:
    if isinstance(node, list):
        return [_with_refs(item, renamed) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: renamed.get(value, value) if isinstance(value, str) else _with_refs(value, renamed)
        for key, value in node.items()
    }
