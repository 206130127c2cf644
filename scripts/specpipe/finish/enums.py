"""The module of an enum, written from the document. Owns its members: their values are the document's to the character,
unknown ones are kept when they are read. Refuses values without a name of their own.

Facts
- The generator drops control characters and some others of a value without a word.
- It names a member by `x-enum-varnames`, in capitals, and a default refers to the member by that name.
"""

import math
from typing import Any

from openapi_python_client.strings import snake_case

from ..faults import FinishError
from .shown import Schema

_BASES = {"string": "OpenStrEnum", "integer": "OpenIntEnum", "number": "OpenFloatEnum"}


def enum_module(name: str, schema: Schema) -> str:
    """The Python of the enum with this name.

    Raises FinishError when two members would have one name, or a member one that Python keeps for itself.
    """
    kind = "number" if schema.get("x-float-enum") else schema["type"]
    values = [float(value) for value in schema["enum"]] if kind == "number" else schema["enum"]
    names = [snake_case(member).upper() for member in schema.get("x-enum-varnames", ())]
    if len(names) != len(values) or len(set(names)) != len(names):
        raise FinishError(f"the enum {name} has {len(values)} values and {len(set(names))} names")
    for member in names:
        if not member.isidentifier() or member.startswith("_"):
            raise FinishError(f"the enum {name} cannot have a member called {member!r}")
    members = "".join(f"    {member} = {_literal(value)}\n" for member, value in zip(names, values, strict=True))
    base = _BASES[kind]
    return f"from ..enums import {base}\n\n\nclass {name}({base}):\n{members}"


def _literal(value: Any) -> str:
    # Python has no literal for infinity, but reads it out of a number that is too large.
    return "1e999" if value == math.inf else "-1e999" if value == -math.inf else repr(value)
