"""Edits of Python source at the places of its syntax tree. Owns the arithmetic of offsets; refuses edits that overlap.

Facts
- `ast` counts columns in UTF-8 bytes. A decorated function begins at its first decorator.
"""

import ast
from collections.abc import Sequence

from ..faults import FinishError

Function = ast.FunctionDef | ast.AsyncFunctionDef
_Node = ast.stmt | ast.expr | ast.arg


class Splice:
    """A source, its tree, and the edits to be made; `done` counts them by kind."""

    def __init__(self, text: str, *, name: str) -> None:
        self.tree = parsed(text, name=name)
        self.done: dict[str, int] = {}
        self._name = name
        self._source = text.encode()
        self._starts = [0]
        for line in self._source.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._edits: list[tuple[int, int, bytes]] = []

    def text_of(self, node: _Node) -> str:
        """The source of the node."""
        start, end = self._span(node)
        return self._source[start:end].decode()

    def replace(self, node: _Node, new: str, kind: str) -> None:
        """Put `new` in the place of the node, as it is."""
        self._edit(*self._span(node), new, kind)

    def replace_through(self, first: _Node, last: _Node, new: str, kind: str) -> None:
        """Put `new` in the place of two nodes and of what is between them."""
        self._edit(self._span(first)[0], self._span(last)[1], new, kind)

    def rewrite(self, nodes: Sequence[ast.stmt], new: str, kind: str) -> None:
        """Put the lines of `new` in the place of statements that follow one another, with their indentation."""
        start, _ = self._span(nodes[0])
        _, end = self._span(nodes[-1])
        self._edit(start, end, _indented(new, nodes[0].col_offset), kind)

    def before(self, node: ast.stmt, new: str, kind: str) -> None:
        """Put the lines of `new` in front of the statement, with its indentation."""
        start, _ = self._span(node)
        self._edit(start, start, _indented(new.rstrip("\n") + "\n", node.col_offset), kind)

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

    def _edit(self, start: int, end: int, new: str, kind: str) -> None:
        self._edits.append((start, end, new.encode()))
        self.done[kind] = self.done.get(kind, 0) + 1

    def _span(self, node: _Node) -> tuple[int, int]:
        if node.end_lineno is None or node.end_col_offset is None:
            raise FinishError(f"{self._name}: a node without an end")
        first: _Node = node
        if isinstance(node, Function | ast.ClassDef) and node.decorator_list:
            first = node.decorator_list[0]
        start = self._starts[first.lineno - 1] + first.col_offset - int(first is not node)
        return start, self._starts[node.end_lineno - 1] + node.end_col_offset


def parsed(text: str, *, name: str) -> ast.Module:
    """The syntax tree of generated code. Raises FinishError when it is no Python."""
    problem = None
    try:
        return ast.parse(text)
    except RecursionError:
        problem = f"{name}: a type has more alternatives than Python can read"
    except (SyntaxError, ValueError) as error:
        problem = f"{name}: no Python: {error.msg if isinstance(error, SyntaxError) else error}"
    raise FinishError(problem)


def _indented(lines: str, width: int) -> str:
    return lines.replace("\n", "\n" + " " * width)
