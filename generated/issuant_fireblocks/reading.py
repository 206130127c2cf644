"""From JSON to the values of fields. Owns what becomes of a null that the document forbids, and of a value that fits no
branch of a union; refuses a value of another type where the document leaves no choice.

Facts
- Vendors send null for what they declare to be there. A required field is None then, a required list empty, an optional
  field UNSET; None in a list or a map stays.
- A value that fits no branch of a field's union is kept as it is, an object as an UnknownObject, whose repr shows no
  value; a type that may be null is such a union. A whole reply that fits nothing is an error.
- Of a union with other texts a date, a time or a UUID is only what is spelled out as one; `fromisoformat` and `UUID`
  take many a number for one.
- A union that is told apart by a tag is never guessed at: an object without a known tag is an UnknownObject.
"""

import datetime
import re
from collections.abc import Callable, Container, Mapping
from io import BytesIO
from typing import Any, TypeVar, cast
from uuid import UUID

from .types import UNSET, File, UnknownObject, Unset

T = TypeVar("T")

_MISFITS = (TypeError, ValueError, AttributeError, KeyError)
"""What a reader raises over a value that it cannot read. A RecursionError is none of them."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(_DATE.pattern + r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def present(value: Any) -> Any:
    """The value. Raises TypeError for null: a body that is declared is there."""
    if value is None:
        raise TypeError("null")
    return value


def required(value: Any, read: Callable[[Any], T]) -> T:
    """What `read` makes of the value; None for null, whatever the type says."""
    return cast("T", None) if value is None else read(value)


def optional(value: Any, read: Callable[[Any], T]) -> T | Unset:
    """What `read` makes of the value; UNSET for none and for null."""
    return UNSET if value is None or isinstance(value, Unset) else read(value)


def given(value: Any) -> Any:
    """The value; UNSET for null."""
    return UNSET if value is None else value


def or_empty(value: Any) -> Any:
    """The list; an empty one for null."""
    return [] if value is None else value


def listed(value: Any, read: Callable[[Any], T]) -> list[T]:
    """The list of what `read` makes of the items; an empty one for null."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise TypeError("not a JSON array")
    return [required(item, read) for item in value]


def mapped(value: Mapping[str, Any], read: Callable[[Any], T]) -> dict[str, T]:
    """The fields with what `read` makes of their values."""
    return {name: required(item, read) for name, item in value.items()}


def one_of(
    value: Any,
    *readers: Callable[[Any], Any],
    tag: str = "",
    classes: Mapping[str, Callable[[Any], Any]] | None = None,
    keep: bool = True,
    keep_objects: bool = False,
) -> Any:
    """What the first reader that can read the value makes of it; null and UNSET stay what they are.

    With `classes` an object goes to the one that its field `tag` names, and what that raises is raised; without a known
    tag it is an UnknownObject, if no reader takes it. Any other value that no reader can read is kept, an object as an
    UnknownObject unless `keep_objects`. With `keep` False it raises TypeError instead.
    """
    if value is None or value is UNSET:
        return value
    is_object = isinstance(value, Mapping)
    if classes is not None and is_object:
        name = value.get(tag)
        if isinstance(name, str) and name in classes:
            return classes[name](value)
    for read in readers:
        try:
            return read(value)
        except _MISFITS:
            continue
    if not keep and not (is_object and classes is not None):
        raise TypeError("none of the types that are declared")
    return UnknownObject.from_dict(value) if is_object and not keep_objects else value


def known(kind: Callable[[Any], T]) -> Callable[[Any], T]:
    """A reader of an enum's listed values alone, for a union: another branch may know the others."""

    def read(value: Any) -> T:
        if value not in cast("Container[Any]", kind):
            raise ValueError("not listed")
        return kind(value)

    return read


def exact_date(value: Any) -> datetime.date:
    """A date that is spelled `2020-01-31`, for a union."""
    return datetime.date.fromisoformat(_spelled(value, _DATE))


def exact_moment(value: Any) -> datetime.datetime:
    """A date and time that is spelled as RFC 3339 has it, the offset perhaps left out, for a union."""
    return datetime.datetime.fromisoformat(_spelled(value, _MOMENT))


def exact_uuid(value: Any) -> UUID:
    """A UUID of 36 characters as it is written again, for a union."""
    return UUID(_spelled(value, _UUID))


def _spelled(value: Any, pattern: re.Pattern[str]) -> str:
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise ValueError("spelled otherwise")
    return value


def told(read: Callable[[Any], T], constants: Mapping[str, Container[Any]]) -> Callable[[Any], T]:
    """A reader of an object for a union. `constants` are what fields must be, if they are there and not null."""

    def read_told(value: Any) -> T:
        if not isinstance(value, Mapping):
            raise TypeError("not a JSON object")
        for name, allowed in constants.items():
            if value.get(name) is not None and value[name] not in allowed:
                raise ValueError("another constant")
        return read(value)

    return read_told


def content(value: Any) -> File:
    """The bytes of a reply as a file. Raises TypeError for anything else, such as JSON in a union."""
    if not isinstance(value, bytes):
        raise TypeError("not bytes")
    return File(payload=BytesIO(value))


def file(value: Any) -> File:
    """The bytes as a file; a text as the file of its bytes."""
    return File(payload=BytesIO(value.encode() if isinstance(value, str) else value))


__all__ = [
    "content",
    "exact_date",
    "exact_moment",
    "exact_uuid",
    "file",
    "given",
    "known",
    "listed",
    "mapped",
    "one_of",
    "optional",
    "or_empty",
    "present",
    "required",
    "told",
]
