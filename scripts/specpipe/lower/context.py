"""What the parts of lowering share: the document, the names taken, what was repaired and what is at fault.

Owns the tally of repairs by rule, the list of faults, and the marked names. Refuses nothing.

Facts
- The generator makes an identifier of a name by dropping what cannot stand in one. A Braille pattern cannot, so a name
  that ends in some is the identifier before them to the generator, and still tells where it came from.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from ..document import Document, Pointer, show
from ..faults import Fault

_MARKS = 0x2801
_BASE = 255


@dataclass(kw_only=True)
class Context:
    """One lowering of one document."""

    document: Document
    tally: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    wire: dict[str, str] = field(default_factory=dict)
    content_types: dict[str, str] = field(default_factory=dict)
    """From a content type that the generator does not know to the one it is to be treated as."""

    joined: dict[tuple[int, ...], Any] = field(default_factory=dict)
    """What schemas say together, by their identities: the same ones always make the same one."""
    parts: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    """The schemas that one of `joined` is made of, by its identity."""
    either: dict[tuple[int, ...], Any] = field(default_factory=dict)
    """What is one of several schemas, by their identities."""

    def repaired(self, rule: str, times: int = 1) -> None:
        """Note that a rule mended something."""
        if times:
            self.tally[rule] += times

    def fault(self, at: Pointer, problem: str) -> None:
        """Note that the document is wrong at a place in a way that no rule can mend."""
        self.faults.append(Fault(pointer=show(at), problem=problem))

    def marked(self, python_name: str, real: str) -> str:
        """A name that the generator turns into `python_name`, and finishing into `real` wherever it is text."""
        number, marks = len(self.wire) + 1, ""
        while number:
            number, digit = divmod(number, _BASE)
            marks += chr(_MARKS + digit)
        name = python_name + marks
        self.wire[name] = real
        return name
