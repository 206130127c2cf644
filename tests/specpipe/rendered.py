"""Reading a rendered documentation page: the tables of fields and the two samples that a person sees.

It knows nothing of OpenAPI; it is the independent witness that the extracted document is compared with.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

_TYPES = re.compile(r"(string|boolean|object|integer|number)(?:<([a-z-]+)>)?(\[\])?")
_FLAGS = {"required", "read-only", "header"}
_SECTIONS = ("Authorizations", "Path Parameters", "Body", "Response")


@dataclass(frozen=True, kw_only=True)
class Field:
    """A row of a table."""

    type: str
    format: str | None
    required: bool
    read_only: bool
    description: str


def read_tables(text: str) -> dict[str, dict[str, Field]]:
    """The rows of each section by name."""
    lines = text.splitlines()
    starts = [lines.index(section) for section in _SECTIONS]
    tables = {}
    for section, start, end in zip(_SECTIONS, starts, [*starts[1:], len(lines)], strict=True):
        tables[section] = _rows(lines[start + 1 : end])
    return tables


def _rows(lines: list[str]) -> dict[str, Field]:
    heads = [
        index
        for index in range(len(lines) - 1)
        if re.fullmatch(r"\w+", lines[index]) and _TYPES.fullmatch(lines[index + 1])
    ]
    rows = {}
    for head, end in zip(heads, [*heads[1:], len(lines)], strict=True):
        kind = _TYPES.fullmatch(lines[head + 1])
        assert kind is not None
        rest = lines[head + 2 : end]
        flags = {line for line in rest if line in _FLAGS}
        rows[lines[head]] = Field(
            type=kind[1],
            format=kind[2],
            required="required" in flags,
            read_only="read-only" in flags,
            description=" ".join(line for line in rest if line and line not in _FLAGS),
        )
    return rows


def read_samples(text: str) -> tuple[Any, Any]:
    """The request's and the response's sample."""
    decoder = json.JSONDecoder()
    start = text.index("--data '") + len("--data '")
    request, length = decoder.raw_decode(text[start:].lstrip())
    after = text[start:].lstrip()[length:]
    response, _ = decoder.raw_decode(after[after.index("{") :])
    return request, response
