"""The edits of a model's module. Owns how its fields print, and how they are read from JSON and written; refuses a
class whose fields are not those of the document.

Facts
- The generator's parser reads into variables that are called like the fields, and fails over a null, an enum's unknown
  value and a value that fits no branch of a union. The one that is written here has no variables but `d` and `made`.
- What it writes for an optional constant or a list of a multipart body is no Python, so its methods go before parsing.
- `cls(...)` takes its arguments out of `d` before the next line; what is left is unknown to the document.
"""

import ast
from collections.abc import Mapping, Set
from dataclasses import dataclass

from ..faults import FinishError
from .constants import exact_text, mend
from .readers import Needs, Readers
from .shown import Shown
from .splice import Splice

_TYPES = """\
from ..types import UNSET, Unset
from ..types import fields_of as _fields_of
from ..types import masked as _masked
from ..types import names_only as _names_only
from ..sending import to_object as _to_object
from ..sending import to_parts as _to_parts"""

_FIRST = "\n    def to_dict(self) -> dict[str, Any]:\n"
_MULTIPART = "\n    def to_multipart(self) -> types.RequestFiles:\n"
_AFTER = "\n    @property\n    def additional_keys(self) -> list[str]:\n"


@dataclass(frozen=True, kw_only=True)
class Class:
    """What there is to know of the class in a module: its fields by their shown names, the modules of all classes."""

    name: str
    fields: Mapping[str, str]
    modules: Mapping[str, str]
    shown: Shown

    @property
    def secret(self) -> set[str]:
        """The attributes whose values are not to be printed."""
        return {self.fields[name] for name in self.shown.components[self.name].get("x-masked", ())}


def finish_model(text: str, owner: Class, *, name: str) -> tuple[str, int]:
    """The module with its secret attributes masked and its fields read and written by ours, and how many are masked.

    Raises FinishError when a secret attribute is not there, or the module is not of the generator's shape.
    """
    kept, is_multipart = _without_methods(text, name)
    splice = Splice(kept, name=name)
    found = next(
        (node for node in splice.tree.body if isinstance(node, ast.ClassDef) and node.name == owner.name), None
    )
    if found is None:
        raise FinishError(f"{name}: the class {owner.name} is not there")
    _check_fields(found, owner, name)
    needs = Needs()
    methods = [_to_dict(owner), _from_dict(owner, needs, imported_models(splice.tree))]
    if is_multipart:
        methods.insert(1, _to_multipart(owner))
    imports = (_TYPES, *(f"from ..reading import {item} as _{item}" for item in sorted(needs.functions)))
    first = next((node for node in splice.tree.body if isinstance(node, ast.ImportFrom) and node.level == 2), None)
    if first is not None:
        splice.before(first, "\n".join(imports), "imports")
    secret = owner.secret
    for item in found.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            _finish_field(splice, item, item.target.id, secret)
        elif isinstance(item, ast.FunctionDef) and item.name == "additional_keys":
            splice.before(item, "\n".join(f"{method}\n" for method in methods), "methods")
    splice.expect(imports=1, masked=len(secret), names_only=1, methods=1)
    return splice.result(), len(secret)


def _without_methods(text: str, name: str) -> tuple[str, bool]:
    """The module without the methods that are written anew, and whether one makes a multipart body.

    What comes after them never changes, and no string of the document can hold a line break there.
    """
    start, end = text.rfind(_FIRST), text.rfind(_AFTER)
    if not 0 <= start < end:
        raise FinishError(f"{name}: the methods are not where they should be")
    return text[:start] + text[end:], _MULTIPART in text[start:end]


def imported_models(tree: ast.Module) -> set[str]:
    """The classes that the module imports when it is imported itself."""
    return {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("models.")
        for alias in node.names
    }


def _check_fields(found: ast.ClassDef, owner: Class, name: str) -> None:
    declared = {
        node.target.id for node in found.body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    properties = owner.shown.components[owner.name].get("properties", {})
    if declared != {*owner.fields.values(), "additional_properties"} or owner.fields.keys() != properties.keys():
        raise FinishError(f"{name}: the fields of {owner.name} are not those of the document")


def _finish_field(splice: Splice, node: ast.AnnAssign, field: str, secret: Set[str]) -> None:
    if field in secret:
        annotation = exact_text(splice, node.annotation)
        default = "" if node.value is None else f"default={exact_text(splice, node.value)}, "
        splice.replace(node, f"{field}: {annotation} = _attrs_field({default}repr=_masked)", "masked")
        return
    mend(splice, node.annotation)
    if field == "additional_properties" and isinstance(node.value, ast.Call):
        options = ", ".join(
            splice.text_of(keyword.value).join((f"{keyword.arg}=", "")) for keyword in node.value.keywords
        )
        splice.replace(node.value, f"_attrs_field({options}, repr=_names_only)", "names_only")
    else:
        mend(splice, node.value)


def _written(owner: Class) -> str:
    known = "".join(f"{owner.shown.name(name)!r}: self.{field}, " for name, field in owner.fields.items())
    return f"{{**self.additional_properties, {known}}}"


def _to_dict(owner: Class) -> str:
    return f"def to_dict(self) -> dict[str, Any]:\n    return _to_object({_written(owner)})"


def _to_multipart(owner: Class) -> str:
    return f"def to_multipart(self) -> types.RequestFiles:\n    return _to_parts({_written(owner)})"


def _from_dict(owner: Class, needs: Needs, imported: Set[str]) -> str:
    schema = owner.shown.components[owner.name]
    readers, required = Readers(owner.shown), set(schema.get("required", ()))
    arguments = [
        f"{owner.fields[name]}=" + readers.field(inner, owner.shown.name(name), required=name in required, needs=needs)
        for name, inner in schema.get("properties", {}).items()
    ]
    others = schema.get("additionalProperties", True)
    read = None if isinstance(others, bool) else readers.reader(others, needs)
    if read is not None:
        needs.functions.add("mapped")
    lines = [
        *(
            f"from ..models.{owner.modules[name]} import {name}"
            for name in sorted(needs.classes - imported - {owner.name})
        ),
        "d = _fields_of(src_dict)",
        f"made = cls({', '.join(arguments)})",
        f"made.additional_properties = {'d' if read is None else f'_mapped(d, {read})'}",
        "return made",
    ]
    head = "@classmethod\ndef from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:\n"
    return head + "".join(f"    {line}\n" for line in lines).rstrip()
