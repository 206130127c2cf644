"""Schemas that inherit from themselves. Owns the search for circles of `allOf` and references, and their breaking: of
each circle one reference goes. A circle through properties, items or alternatives is a recursion and stays.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from ..document import Document, Pointer, show
from .places import value_at


def break_circles(document: Document, inherits: Mapping[Pointer, Sequence[Pointer]]) -> list[tuple[Pointer, str]]:
    """Take a reference out of each circle, in place; tell where each stood, and the way around.

    `inherits` leads from a schema to those that it takes everything from: its reference's target, then its `allOf`.
    """
    broken: list[tuple[Pointer, str]] = []
    done: set[Pointer] = set()
    freed: set[Pointer] = set()
    for start in inherits:
        # The way from the start to the schema that is looked at, each with what is still to be looked at behind it.
        way: list[tuple[Pointer, Iterator[Pointer]]] = []
        standing: dict[Pointer, int] = {}
        waiting: Pointer | None = None if start in done else start
        while way or waiting is not None:
            if waiting is not None:
                standing[waiting] = len(way)
                way.append((waiting, islice(inherits.get(waiting, ()), int(waiting in freed), None)))
            node, behind = way[-1]
            further = waiting = next(behind, None)
            if further is None:
                done.add(node)
                del standing[node]
                way.pop()
            elif further in standing:
                waiting = None
                circle = [at for at, _ in way[standing[further] :]]
                let_go = next((at for at in reversed(circle) if _lets_go(document, at)), None)
                if let_go is not None:
                    freed.add(let_go)
                    broken.append((let_go, _shown([*circle, further])))
                    for at, _ in way[standing[let_go] + 1 :]:
                        del standing[at]
                    del way[standing[let_go] + 1 :]
            elif further in done:
                waiting = None
    return broken


def _lets_go(document: Document, at: Pointer) -> bool:
    """Whether there was a reference at the place; there is none any more."""
    schema = value_at(document, at)
    return isinstance(schema, dict) and schema.pop("$ref", None) is not None


def _shown(circle: Sequence[Pointer]) -> str:
    components = [at for at in circle if len(at) == 3]
    return " → ".join(show(at) for at in components or circle)
