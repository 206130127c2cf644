"""Edits of Python source at the places of its syntax tree. Owns the arithmetic of offsets; refuses edits that overlap.

Facts
- `ast` counts columns in UTF-8 bytes.
"""

import ast

from ..faults import FinishError


class Splice:
    """A source, its tree, and the edits to be made; `done` counts them by kind."""

    def __init__(self, text: str, *, name: str) -> None:
        self.tree = ast.parse(text)
        self.done: dict[str, int] = {}
        self._name = name
        self._source = text.encode()
        self._starts = [0]
        for line in self._source.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._edits: list[tuple[int, int, bytes]] = []

    def text_of(self, node: ast.stmt | ast.expr) -> str:
        """The source of the node."""
        start, end = self._span(node)
        return self._source[start:end].decode()

    def replace(self, node: ast.stmt | ast.expr, new: str, kind: str) -> None:
        """Put `new` in the place of the node."""
        self._edits.append((*self._span(node), new.encode()))
        self.done[kind] = self.done.get(kind, 0) + 1

    def before(self, node: ast.stmt, new: str, kind: str) -> None:
        """Put the lines of `new` in front of the statement, with its indentation."""
        start, _ = self._span(node)
        indent = " " * node.col_offset
        self._edits.append((start, start, "".join(f"{line}\n{indent}" for line in new.splitlines()).encode()))
        self.done[kind] = self.done.get(kind, 0) + 1

    def expect(self, **counts: int) -> None:
        """Raises FinishError when an edit was made another number of times than told."""
        for kind, count in counts.items():
            if self.done.get(kind, 0) != count:
                raise FinishError(f"{self._name}: {kind} was edited {self.done.get(kind, 0)} times, expected {count}")

    def result(self) -> str:
        """The source with all edits made."""
        parts: list[bytes] = []
        position = 0
        for start, end, new in sorted(self._edits):
            if start < position:
                raise FinishError(f"{self._name}: two edits overlap")
            parts += [self._source[position:start], new]
            position = end
        return b"".join([*parts, self._source[position:]]).decode()

    def _span(self, node: ast.stmt | ast.expr) -> tuple[int, int]:
        if node.end_lineno is None or node.end_col_offset is None:
            raise FinishError(f"{self._name}: a node without an end")
        return self._starts[node.lineno - 1] + node.col_offset, self._starts[node.end_lineno - 1] + node.end_col_offset
