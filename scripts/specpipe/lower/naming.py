"""The names and folders of operations. Owns that each has a module of its own; refuses nothing.

Facts
- An operation's module is called after its operationId, in a folder called after its first tag; two of one name in a
  folder overwrite each other. Python compares names after NFKC normalisation.
- Operations without a tag stand in the folder `default`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from openapi_python_client.strings import PythonIdentifier

from .context import Context
from .names import DROPPED, identifier, normal, shortened

_LONGEST_TAG = 60
_SEPARATORS = re.compile(r"[\W_]+")
_TAG_PREFIX = "tag"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an operation's module stands."""

    folder: str
    name: str


def operation_places(
    operations: Iterable[tuple[str, str, dict[str, Any]]], context: Context
) -> dict[tuple[str, str], Place]:
    """By path and method the place of each operation, all different.

    Of those that want one place the first gets it, the others a number.
    """
    wanted = {(path, method): _wanted(path, method, operation) for path, method, operation in operations}
    taken = set(wanted.values())
    settled: set[Place] = set()
    numbers: dict[Place, int] = {}
    chosen: dict[tuple[str, str], Place] = {}
    for key, place in wanted.items():
        free, number = place, numbers.get(place, 2)
        while free in settled or (free is not place and free in taken):
            joint = "_" if place.name[-1].isdigit() else ""
            free, number = Place(folder=place.folder, name=f"{place.name}{joint}{number}"), number + 1
        settled.add(free)
        numbers[place], chosen[key] = number, free
        context.repaired("operation_name", int(free is not place))
    return chosen


def folder_name(tag: str) -> str:
    """The folder of a tag, such that the generator makes the same of it again."""
    return _settled(shortened(_identifier(normal(tag), _TAG_PREFIX), _LONGEST_TAG), _TAG_PREFIX)


def _wanted(path: str, method: str, operation: dict[str, Any]) -> Place:
    tags = operation.get("tags") or ["default"]
    stated = operation.get("operationId")
    text = DROPPED.sub("_", stated) if stated and stated.strip() else f"{method}_{_SEPARATORS.sub('_', path)}"
    name = _settled(shortened(identifier(normal(text))), None)
    return Place(folder=folder_name(str(tags[0])), name=name)


def _settled(name: str, prefix: str | None) -> str:
    while (again := normal(_identifier(name, prefix))) != name:
        name = again
    return name


def _identifier(text: str, prefix: str | None) -> str:
    return identifier(text) if prefix is None else str(PythonIdentifier(text, prefix))
