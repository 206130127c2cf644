"""The edits of a model's module. Owns how its fields print and that it is made of JSON objects only; refuses a class
that lacks a field that is to be masked, and one with a field that the generated parser would mistake for its own.

Facts
- `from_dict` keeps the fields that are left in a local `d`; a field of that name would take its place.
"""

import ast
from collections.abc import Set

from ..faults import FinishError
from .splice import Splice

_LOCALS = {"cls", "d", "field_dict", "src_dict"}
_IMPORT = (
    "from ..types import UNSET, Unset\n"
    "from ..types import fields_of as _fields_of\n"
    "from ..types import masked as _masked\n"
    "from ..types import names_only as _names_only"
)


def finish_model(text: str, *, class_name: str, secret: Set[str], name: str) -> tuple[str, int]:
    """The module with the secret attributes masked in the class's repr, and how many were.

    Raises FinishError when a secret attribute is not there, or the module is not of the generator's shape.
    """
    splice = Splice(text, name=name)
    shared = next(
        (node for node in splice.tree.body if isinstance(node, ast.ImportFrom) and node.module == "types"), None
    )
    if shared is None:
        raise FinishError(f"{name}: the import of types is not there")
    splice.replace(shared, _IMPORT, "types_import")
    owner = next(
        (node for node in splice.tree.body if isinstance(node, ast.ClassDef) and node.name == class_name), None
    )
    if owner is None:
        raise FinishError(f"{name}: the class {class_name} is not there")
    for node in owner.body:
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) in _LOCALS:
            raise FinishError(f"{name}: a field called {ast.unparse(node.target)} collides with a local of the parser")
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            _finish_field(splice, node, node.target.id, secret)
    for inner in ast.walk(owner):
        if isinstance(inner, ast.Call) and ast.unparse(inner) == "dict(src_dict)":
            splice.replace(inner, "_fields_of(src_dict)", "from_dict")
    splice.expect(
        types_import=1,
        masked=len(secret),
        names_only=int("additional_properties: dict[" in text),
        from_dict=text.count("d = dict(src_dict)"),
    )
    return splice.result(), splice.done.get("masked", 0)


def _finish_field(splice: Splice, node: ast.AnnAssign, field: str, secret: Set[str]) -> None:
    annotation = splice.text_of(node.annotation)
    if field in secret:
        default = "" if node.value is None else f"default={splice.text_of(node.value)}, "
        splice.replace(node, f"{field}: {annotation} = _attrs_field({default}repr=_masked)", "masked")
    elif field == "additional_properties" and isinstance(node.value, ast.Call):
        options = ", ".join(
            splice.text_of(keyword.value).join((f"{keyword.arg}=", "")) for keyword in node.value.keywords
        )
        splice.replace(node.value, f"_attrs_field({options}, repr=_names_only)", "names_only")
