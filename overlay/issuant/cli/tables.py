"""Lists as they are printed: JSON Lines, fields separated by tabs, or columns that a person reads.

None of them keeps the list. The widths of the columns are those of the first hundred rows; a later cell that is wider
moves what stands after it, and loses nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar
from unicodedata import category, east_asian_width

from issuant.cli.facts import Facts, joined
from issuant.cli.output import emit, is_terminal, print_json, readable

T = TypeVar("T")

_MEASURED = 100  # rows
_WIDEST = 40  # columns of a terminal, but for the first cell: an id is there to be copied


@dataclass(frozen=True, kw_only=True)
class Table(Generic[T]):
    """How items of one kind are listed.

    Attributes:
        things: what they are, in the plural.
        facts: what is told of one; all of it stands in JSON.
        fields: which of it stands in a line of fields, in this order.
        columns: which of it a person is shown; the first is never cut.
        where_known: which of the columns are left out where none of the rows that are measured has anything there.
        absent: what a person is shown for what is not there, `-` for the others.
        whole: which of the columns are never cut, but for the first.
        time_width: how much of a time a person is shown: 10 characters are the day, 16 the minute.
    """

    things: str
    facts: Callable[[T], Facts]
    fields: Sequence[str]
    columns: Sequence[str]
    where_known: Sequence[str] = ()
    absent: Mapping[str, str] = field(default_factory=dict)
    whole: Sequence[str] = ()
    time_width: int = 10


class Rows(Protocol):
    """Where the rows of a list go."""

    def add(self, facts: Facts) -> None:
        """Print a row, now or soon. Raises UnprintedError."""

    def end(self) -> None:
        """Print what has not been printed yet. Raises UnprintedError."""


def rows_of(table: Table[T], *, as_json: bool) -> Rows:
    """Return how rows are printed: JSON where it is asked for, columns on a terminal, else fields."""
    if as_json:
        return _Json()
    return _Columns(table) if is_terminal(sys.stdout) else _Fields(table.fields)


class _Json:
    def add(self, facts: Facts) -> None:
        print_json(facts)

    def end(self) -> None:
        pass


class _Fields:
    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def add(self, facts: Facts) -> None:
        shown = joined(facts)
        emit("\t".join(readable(str(shown[name])) if shown[name] is not None else "" for name in self._names))

    def end(self) -> None:
        pass


class _Columns:
    def __init__(self, table: Table[T]) -> None:
        self._names = table.columns
        self._where_known = table.where_known
        self._absent = table.absent
        self._whole = {*table.columns[:1], *table.whole}
        self._time_width = table.time_width
        self._first: list[Facts] = []
        self._widths: list[int] | None = None

    def add(self, facts: Facts) -> None:
        shown = joined(facts)
        if self._widths is not None:
            self._print(self._cells(shown))
            return
        self._first.append(shown)
        if len(self._first) == _MEASURED:
            self.end()

    def end(self) -> None:
        if self._widths is not None or not self._first:
            return
        known = {name for facts in self._first for name, value in facts.items() if value not in (None, "")}
        self._names = [name for name in self._names if name in known or name not in self._where_known]
        head = [name.removesuffix("_at").replace("_", " ").upper() for name in self._names]
        rows = [head, *map(self._cells, self._first)]
        self._widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
        for cells in rows:
            self._print(cells)
        self._first = []

    def _cells(self, facts: Facts) -> list[str]:
        cells = ((name, self._cell(name, facts[name])) for name in self._names)
        return [cell if name in self._whole else _cut(cell) for name, cell in cells]

    def _cell(self, name: str, value: object) -> str:
        if value in (None, ""):
            return self._absent.get(name, "-")
        if name.endswith("_at") or name == "last_used":
            return str(value)[: self._time_width].replace("T", " ")
        return readable(str(value))

    def _print(self, cells: Sequence[str]) -> None:
        padded = [cell + " " * (width - _width(cell)) for cell, width in zip(cells, self._widths or [], strict=True)]
        emit("  ".join(padded).rstrip())


def _cut(cell: str) -> str:
    if _width(cell) <= _WIDEST:
        return cell
    kept, width = "", 1  # for the sign that it is cut
    for char in cell:
        width += _width(char)
        if width > _WIDEST:
            break
        kept += char
    return f"{kept}…"


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes: two for a wide character, none for one that combines."""
    if text.isascii():
        return len(text)
    return sum(0 if category(char) in ("Mn", "Me") else 2 if east_asian_width(char) in "WF" else 1 for char in text)
