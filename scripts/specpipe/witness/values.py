"""The members of enums as values that can be compared across JSON and Python. Owns that `true` is not 1 and `"1"` is
not 1, while 1 and 1.0 are one number; refuses nothing.

Facts
- Python says `True == 1`, and a set that holds the one finds the other.
- An object or a list in an enum is a value, but nothing that a member of a Python enum or a Literal can be. Such
  a value is read as it comes, and not counted.
- Tools leave quotes out or put them in: where a schema says `type: string` beside `enum: [1, 2]`, the texts are meant.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple


class Value(NamedTuple):
    """A value and its type in JSON; `form` is `string`, `boolean` or `number`."""

    form: str
    value: Any

    def __str__(self) -> str:
        text = repr(self.value)
        return text if len(text) <= 80 else f"{text[:79]}…"


def value_of(plain: bool | float | str) -> Value:
    """The value, a scalar other than null."""
    if isinstance(plain, bool):
        return Value("boolean", plain)
    if isinstance(plain, int | float):
        return Value("number", plain)
    return Value("string", plain)


def values_of(plain: Iterable[Any]) -> tuple[Value, ...]:
    """The values that can be members, each once and in their order."""
    return tuple(dict.fromkeys(value_of(item) for item in plain if isinstance(item, bool | int | float | str)))


def as_typed(value: Value, types: frozenset[str]) -> Value:
    """The value that is meant where only these types are allowed; itself where nothing else can be meant."""
    types -= {"null"}
    if types == {"string"} and value.form in ("number", "boolean"):
        text = str(value.value)
        return Value("string", text.lower() if value.form == "boolean" else text)
    if value.form == "string" and types and types <= {"integer", "number"}:
        number = _number(value.value)
        return value if number is None else Value("number", number)
    if value.form == "string" and types == {"boolean"} and value.value.lower() in ("true", "false"):
        return Value("boolean", value.value.lower() == "true")
    return value


def _number(text: str) -> int | float | None:
    if len(text) > 30:
        return None
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return None
