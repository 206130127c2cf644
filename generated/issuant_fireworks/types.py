"""Types that all models and operations share, and how their fields print.

Owns UNSET, File, Response and the three functions that models call. Refuses to print a value that may be a secret: a
Response shows its status, a masked field four asterisks, unknown fields their names.
"""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, Generic, Literal, TypeVar


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


__all__ = ["UNSET", "File", "FileTypes", "RequestFiles", "Response", "Unset", "fields_of", "masked", "names_only"]
