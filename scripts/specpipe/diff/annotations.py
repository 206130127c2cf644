"""The types that annotations of a generated package write down, and whether every value of one is a value of another.
Owns unions in any order, what stands in brackets, and literals; refuses nothing: what it does not know is compared as
text.

Facts
- The values of a list are compared, though a type checker wants the very same type there: whoever reads or gives a
  list cares for what is in it.
- A union of a thousand alternatives nests a thousand deep in Python's tree, so that its sides are taken in a loop.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_WIDER = {"bool": ("int", "float"), "int": ("float",)}
"""What a type checker takes for what."""
_ANY = frozenset(("Any", "object"))
_LAST = ("None", "Unset")
"""What is shown after the other alternatives."""


@dataclass(frozen=True)
class Alternative:
    """One alternative of a union: a name or the text of a literal, what stands in its brackets, a literal's type."""

    name: str
    arguments: tuple["Type", ...] = ()
    literal_of: str | None = None

    def __str__(self) -> str:
        if self.literal_of is not None:
            return f"Literal[{self.name}]"
        return f"{self.name}[{', '.join(map(str, self.arguments))}]" if self.arguments else self.name

    def renamed(self, names: Mapping[str, str]) -> "Alternative":
        """The alternative with other names; a literal has none."""
        if self.literal_of is not None:
            return self
        return Alternative(names.get(self.name, self.name), tuple(item.renamed(names) for item in self.arguments))


@dataclass(frozen=True)
class Type:
    """A type: its alternatives, in no order."""

    alternatives: frozenset[Alternative]

    def __str__(self) -> str:
        return " | ".join(sorted(map(str, self.alternatives), key=lambda text: (text in _LAST, text)))

    def without(self, name: str) -> "Type":
        """The type without the alternative of that name."""
        return Type(frozenset(item for item in self.alternatives if item.name != name))

    def names(self) -> Iterator[str]:
        """Every name in it, those in brackets too; a literal is none."""
        for item in self.alternatives:
            if item.literal_of is None:
                yield item.name
            for argument in item.arguments:
                yield from argument.names()

    def renamed(self, names: Mapping[str, str]) -> "Type":
        """The type with other names."""
        return Type(frozenset(item.renamed(names) for item in self.alternatives))

    def fits(self, other: "Type", bases: Mapping[str, str]) -> bool:
        """Whether every value of this type is one of the other. `bases` tells what a class is as well."""
        return all(any(_fits(mine, theirs, bases) for theirs in other.alternatives) for mine in self.alternatives)


def read_type(node: ast.expr) -> Type:
    """The type that an annotation writes down."""
    return Type(frozenset(item for side in _sides(node) for item in _alternatives(side)))


def _fits(mine: Alternative, theirs: Alternative, bases: Mapping[str, str]) -> bool:
    if theirs.name in _ANY or mine == theirs:
        return True
    if mine.literal_of is not None:
        return theirs.literal_of is None and theirs.name in (mine.literal_of, *_WIDER.get(mine.literal_of, ()))
    if mine.name == theirs.name and len(mine.arguments) == len(theirs.arguments):
        return all(one.fits(other, bases) for one, other in zip(mine.arguments, theirs.arguments, strict=True))
    known = (bases[mine.name],) if mine.name in bases else ()
    return theirs.name in (*known, *(wider for name in (mine.name, *known) for wider in _WIDER.get(name, ())))


def _sides(node: ast.expr) -> Iterator[ast.expr]:
    while isinstance(node, ast.BinOp):
        yield node.right
        node = node.left
    yield node


def _alternatives(node: ast.expr) -> Iterator[Alternative]:
    match node:
        case ast.Constant(value=str() as quoted):
            yield from read_type(ast.parse(quoted, mode="eval").body).alternatives
        case ast.Subscript(value=base, slice=inner):
            items = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            if ast.unparse(base) == "Literal":
                for item in items:
                    text = ast.unparse(item)
                    yield Alternative(text, literal_of=type(ast.literal_eval(item)).__name__)
            else:
                yield Alternative(ast.unparse(base), tuple(read_type(item) for item in items))
        case _:
            yield Alternative(ast.unparse(node))
