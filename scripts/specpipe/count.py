"""What the document holds against what the package holds. Owns the reading back: operations, declared responses,
component schemas, their properties and enum members are read from the written Python with `ast`, not from what the
generator says of itself. Refuses a package that lacks anything, and names it.

Facts
- Two enum values that make the same member name leave one member, without a warning.
- A response whose content type the generator does not know is left out.
"""

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .document import Document, components, every_schema, operations, resolve
from .faults import LossError


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How much of each kind the document and the package both hold."""

    operations: int
    responses: int
    schemas: int
    enum_members: int


@dataclass(kw_only=True)
class _Package:
    operations: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    properties: dict[str, set[str]] = field(default_factory=dict)
    enums: dict[str, set[Any]] = field(default_factory=dict)


def count(document: Document, folder: Path) -> Counts:
    """The counts of the document, all of which the package in the folder holds.

    Raises LossError that names everything the package lacks.
    """
    package = _read_package(folder)
    lost: list[str] = []
    responses = 0
    for method, path, operation in operations(document):
        found = package.operations.get((method, _template(path)))
        if found is None:
            lost.append(f"operation {method.upper()} {path}")
            continue
        responses += len(operation["responses"])
        lost += [
            f"response {status} of {method.upper()} {path}" for status in operation["responses"] if status not in found
        ]
    schemas = _lost_schemas(document, package, lost)
    members = _lost_members(document, package, lost)
    if lost:
        raise LossError(f"{folder.name} lacks what the document holds: {'; '.join(lost)}")
    return Counts(operations=len(package.operations), responses=responses, schemas=schemas, enum_members=members)


def _lost_schemas(document: Document, package: _Package, lost: list[str]) -> int:
    number = 0
    for name, schema in components(document, "schemas").items():
        if _enum_values(schema):
            number += 1
            if _class_key(name, schema) not in package.enums:
                lost.append(f"schema {name}")
        elif _makes_class(document, schema):
            number += 1
            held = package.properties.get(_class_key(name, schema))
            if held is None:
                lost.append(f"schema {name}")
            else:
                lost += [f"property {name}.{prop}" for prop in _property_names(document, schema) if prop not in held]
    return number


def _lost_members(document: Document, package: _Package, lost: list[str]) -> int:
    wanted = dict.fromkeys(frozenset(found) for schema in every_schema(document) if (found := _enum_values(schema)))
    held = [frozenset(found) for found in package.enums.values()]
    for values in wanted:
        if values not in held:
            near = max(held, key=lambda known: len(known & values), default=frozenset())
            missing = sorted(map(repr, values - near or values))
            lost.append(f"enum member {', '.join(missing)} of {', '.join(sorted(map(repr, values)))}")
    return sum(len(values) for values in wanted)


def _enum_values(schema: Any) -> set[Any]:
    values = schema.get("enum") if isinstance(schema, dict) else None
    if not isinstance(values, list):
        return set()
    return {value for value in values if isinstance(value, str | int) and not isinstance(value, bool)}


def _makes_class(document: Document, schema: Any) -> bool:
    if not isinstance(schema, dict):
        return False
    if schema.get("type") == "object" or ("properties" in schema and "type" not in schema):
        return True
    members = schema.get("allOf") or ()
    return len(members) > 1 and all(_makes_class(document, resolve(document, member)) for member in members)


def _property_names(document: Document, schema: Any, seen: frozenset[int] = frozenset()) -> list[str]:
    target = resolve(document, schema)
    if not isinstance(target, dict) or id(target) in seen:
        return []
    inherited = [
        name for item in target.get("allOf") or () for name in _property_names(document, item, seen | {id(target)})
    ]
    return [*(target.get("properties") or {}), *inherited]


def _class_key(name: str, schema: dict[str, Any]) -> str:
    return _alike(schema.get("title") or name)


def _alike(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def _template(path: str) -> str:
    return re.sub(r"{[^}]*}", "{}", path)


def _read_package(folder: Path) -> _Package:
    package = _Package()
    for path in sorted((folder / "api").glob("*/*.py")):
        if path.name != "__init__.py":
            functions = {
                node.name: node for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)
            }
            package.operations[_read_request(functions["_get_kwargs"])] = _read_statuses(functions["_parse_response"])
    for path in sorted((folder / "models").glob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and any(ast.unparse(base).endswith("Enum") for base in node.bases):
                package.enums[_alike(node.name)] = _read_members(node)
            elif isinstance(node, ast.ClassDef):
                package.properties[_alike(node.name)] = _read_properties(node)
    return package


def _read_request(function: ast.FunctionDef) -> tuple[str, str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Dict):
            entries = {ast.unparse(key): value for key, value in zip(node.keys, node.values, strict=True) if key}
            if "'method'" in entries and "'url'" in entries:
                url = entries["'url'"]
                template = url.func.value if isinstance(url, ast.Call) and isinstance(url.func, ast.Attribute) else url
                return ast.literal_eval(entries["'method'"]), _template(ast.literal_eval(template))
    raise LossError("an operation's module builds no request")


def _read_statuses(function: ast.FunctionDef) -> set[str]:
    statuses: set[str] = set()
    for node in function.body:
        if isinstance(node, ast.If) and isinstance(node.test, ast.Compare):
            numbers = [str(ast.literal_eval(item)) for item in ast.walk(node.test) if isinstance(item, ast.Constant)]
            statuses.add(numbers[0] if len(numbers) == 1 else f"{numbers[0][0]}XX")
    if "raise_on_unexpected_status" not in ast.unparse(function):
        statuses.add("default")
    return statuses


def _read_members(node: ast.ClassDef) -> set[Any]:
    return {ast.literal_eval(item.value) for item in node.body if isinstance(item, ast.Assign)}


def _read_properties(node: ast.ClassDef) -> set[str]:
    """The JSON names that `from_dict` takes."""
    return {
        item.args[0].value
        for item in ast.walk(node)
        if isinstance(item, ast.Call)
        and ast.unparse(item.func) == "d.pop"
        and isinstance(item.args[0], ast.Constant)
        and isinstance(item.args[0].value, str)
    }
