"""What a call's arguments are called in Python. Owns that no argument has the name of another, or of something that the
code of a call uses; the name on the wire is the document's, letter by letter.

Facts
- Where two places have parameters of one name, the generator renames both, and gives up when that is not enough.
- A class and an argument may have one name where a script has no capitals.
"""

from collections.abc import Iterable
from typing import Any

from openapi_python_client.strings import PythonIdentifier

from .context import Context
from .names import PREFIX, class_name, identifier, normal, settled, shortened
from .parameters import Parameter

RESERVED = frozenset(("body", "client", "headers", "kwargs", "response", "url"))
"""What the code of a call uses."""


def python_name(wire: str) -> str:
    """The argument's name for a name on the wire, if nothing else has it."""
    return settled(shortened(identifier(normal(wire))))


def arguments(path_names: Iterable[str], parameters: Iterable[Parameter], context: Context) -> list[dict[str, Any]]:
    """The parameters as they are shown, each under a name of its own; `path_names` are taken."""
    parameters = sorted(parameters, key=lambda one: ("query", "header", "cookie").index(one.location))
    taken = set(path_names)
    return [_shown(one, _free(python_name(one.name), one.location, taken), context) for one in parameters]


def _free(wanted: str, location: str, taken: set[str]) -> str:
    candidate, number = wanted, 2
    if wanted in taken or wanted in RESERVED or class_name(wanted) == wanted:
        candidate = wanted = f"{wanted}_{location}"
    while candidate in taken:
        candidate, number = f"{wanted}_{number}", number + 1
    taken.add(candidate)
    return candidate


def _shown(parameter: Parameter, name: str, context: Context) -> dict[str, Any]:
    natural = str(PythonIdentifier(parameter.name, PREFIX))
    braille = any(0x2800 <= ord(character) <= 0x28FF for character in parameter.name)
    exact = natural == name and parameter.name.isprintable() and not braille
    if name != natural:
        context.repaired("parameter_name")
    return described(
        {
            "name": parameter.name if exact else context.marked(name, parameter.name),
            "in": parameter.location,
            "required": parameter.form.required,
            "schema": parameter.form.schema,
            **parameter.form.marks,
        },
        parameter.description,
    )


def described(shown: dict[str, Any], description: str) -> dict[str, Any]:
    """The shown parameter with the description where the generator looks for it: in the schema, if that is no class."""
    schema = shown["schema"]
    if not description or "$ref" in schema or "allOf" in schema:
        return shown
    return {**shown, "schema": {**schema, "description": description}}
