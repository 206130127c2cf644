"""The document that the generator was shown, as finishing asks it: classes and enums by name, real names for marked
ones, branches of unions. Owns that vocabulary; changes nothing.

Facts
- A shown schema is `{}`, a type, a constant, a reference to a class or an enum, a list, or a union of those; a
  reference with a default stands in an `allOf` of one.
- The generator drops some characters of a text, but never a mark.
"""

import re
from collections.abc import Iterator
from typing import Any

from ..document import components
from ..faults import FinishError
from ..lower import Lowered

MARKS = re.compile("[\u2801-\u28ff]+")
Schema = dict[str, Any]


class Shown:
    """A lowered document, with its tables made once."""

    def __init__(self, lowered: Lowered) -> None:
        self.lowered = lowered
        self.components: dict[str, Schema] = components(lowered.document, "schemas")
        unusable = next((name for name in self.components if not name.isidentifier()), None)
        if unusable is not None:
            raise FinishError(f"{unusable!r} is no name of a class")
        self._marked: dict[str, str] = {}
        for marked in lowered.wire:
            marks = MARKS.search(marked)
            if marks is None or marks[0] in self._marked:
                raise FinishError(f"{marked!r} is no marked name of its own")
            self._marked[marks[0]] = marked

    def is_enum(self, name: str) -> bool:
        """Whether the component of the name is an enum, not a class of objects."""
        return "enum" in self.components[name]

    def name(self, shown: str) -> str:
        """The real name of a name as it was shown, or as it came out of the generator."""
        marks = MARKS.search(shown)
        return shown if marks is None or marks[0] not in self._marked else self.lowered.wire[self._marked[marks[0]]]

    def leftover(self, text: str) -> str | None:
        """A marked name that still stands in the text, if any does."""
        # Braille that is no mark of ours may stand in a description, or be a real name.
        runs = set(MARKS.findall(text)) & self._marked.keys()
        return next((self._marked[marks] for marks in sorted(runs) if self._marked[marks] in text), None)


def class_of(schema: Schema) -> str | None:
    """The name of the component that the schema refers to, if it is a reference."""
    if "allOf" in schema:
        return class_of(schema["allOf"][0])
    reference = schema.get("$ref")
    return None if reference is None else str(reference).rsplit("/", 1)[-1]


def branches(schema: Schema) -> Iterator[Schema]:
    """The branches of a union, those of unions inside it included; the schema itself where it is none."""
    if "anyOf" not in schema:
        yield schema
        return
    waiting = list(reversed(schema["anyOf"]))
    while waiting:
        branch = waiting.pop()
        if "anyOf" in branch:
            waiting += reversed(branch["anyOf"])
        else:
            yield branch


def is_any(schema: Schema) -> bool:
    """Whether any value fits the schema."""
    return not schema.keys() & {"type", "const", "$ref", "allOf", "anyOf", "enum"}


def is_null(schema: Schema) -> bool:
    """Whether the schema is that of null alone."""
    return schema.get("type") == "null"


def allows_null(schema: Schema) -> bool:
    """Whether null is a value of the schema."""
    return any(is_null(branch) or is_any(branch) for branch in branches(schema))
