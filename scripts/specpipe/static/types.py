"""Types that all models and operations share, and how their fields print.

Owns UNSET, File, UnknownObject, Response and the functions that models call for their fields. Refuses to print a value
that may be a secret: a Response shows its status, a masked field four asterisks, unknown fields their names.
"""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import IO, Any, BinaryIO, Generic, Literal, Self, TypeVar


class Unset:
    """The type of UNSET, which stands for a field that is left out; null is None."""

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        return "UNSET"  # a copy, and what comes out of a pickle, is the same object


UNSET: Unset = Unset()

# What httpx takes for `files=`.
FileContent = IO[bytes] | bytes | str
FileTypes = tuple[str | None, FileContent, str | None] | tuple[str | None, FileContent, str | None, Mapping[str, str]]
RequestFiles = list[tuple[str, FileTypes]]


@dataclass(slots=True)
class File:
    """A file to upload: its open content, its name and its media type."""

    payload: BinaryIO
    file_name: str | None = None
    mime_type: str | None = None

    def to_tuple(self) -> FileTypes:
        """The file as httpx takes it for multipart/form-data."""
        return self.file_name, self.payload, self.mime_type


T = TypeVar("T")


@dataclass(slots=True, repr=False)
class Response(Generic[T]):
    """A reply: its status (an `http.HTTPStatus` where the number is a known one), bytes, headers, and parsed content.

    Printed, it shows the status alone, as the content may be a key.
    """

    status_code: int
    content: bytes
    headers: MutableMapping[str, str]
    parsed: T | None

    def __repr__(self) -> str:
        return f"<Response [{self.status_code:d}]>"


def masked(value: object) -> str:
    """How a secret field prints: only whether there is a value."""
    return repr(value) if value is None or isinstance(value, Unset) else "****"


def names_only(value: Mapping[str, object]) -> str:
    """How fields that the document does not know print: their names."""
    return f"<{', '.join(map(repr, value))}>"


def fields_of(value: object) -> dict[str, Any]:
    """The fields of a JSON object, as a dict of its own.

    Raises TypeError for anything else; `dict()` would make an empty object of an empty list.
    """
    if not isinstance(value, Mapping):
        raise TypeError("not a JSON object")
    return dict(value)


@dataclass(slots=True, repr=False)
class UnknownObject:
    """A JSON object that is none of the classes that a field or a reply may be of, with all its fields.

    Printed, it shows their names alone.
    """

    additional_properties: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"UnknownObject(additional_properties={names_only(self.additional_properties)})"

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The object with these fields."""
        return cls(fields_of(src_dict))

    def to_dict(self) -> dict[str, Any]:
        """The fields as they came."""
        return dict(self.additional_properties)

    @property
    def additional_keys(self) -> list[str]:
        """The names of the fields."""
        return list(self.additional_properties)

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties


__all__ = [
    "UNSET",
    "File",
    "FileTypes",
    "RequestFiles",
    "Response",
    "UnknownObject",
    "Unset",
    "fields_of",
    "masked",
    "names_only",
]
