"""What the document holds against what the package holds. Owns the numbers by kind and the names of what is lost; the
two sides are read by code of their own (`witness/`), the package from its Python and not from what anyone says of it.
Refuses nothing: whether a loss is an error is the caller's to say.

Facts
- Two enum values that make the same member name leave one member, without a warning.
- A response whose content type the generator does not know is left out, as is an operation that it cannot make.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .document import Document
from .faults import Fault
from .witness.compare_operations import compare_operations
from .witness.compare_schemas import compare_schemas
from .witness.declared import declared
from .witness.held import Held, held
from .witness.tally import KINDS, Tally


@dataclass(frozen=True, kw_only=True)
class Counts:
    """The document and the package by kind.

    `operations`, `responses` (those with a body), `request_bodies` (the content types of requests), `schemas` (the
    components), and `enum_members` (of every `enum`, wherever it stands).
    """

    kinds: dict[str, tuple[int, int]]
    """How many the document declares, and how many of them the package holds."""
    lost: tuple[str, ...]
    """What the package lacks, each with its pointer.

    Parameters, properties of objects inline, responses without a body and constants are among them as well.
    """


def count(document: Document, folder: Path, *, faults: Iterable[Fault] = (), package: Held | None = None) -> Counts:
    """The counts of the structurally sound document and of the package in the folder.

    What stands at or below the pointer of a fault is the document's to answer for: it is neither counted nor lost.
    `package` is what the package holds, for a caller who has read it already.
    """
    tally = Tally(faults)
    wanted = declared(document)
    found = held(folder) if package is None else package
    compare_operations(wanted, found, tally)
    compare_schemas(wanted, found, tally)
    kinds = {kind: (tally.declared[kind], tally.generated[kind]) for kind in KINDS}
    return Counts(kinds=kinds, lost=tuple(tally.lost))
