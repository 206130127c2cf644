"""Types that changed between two packages so that an importer breaks: a field or a parameter that takes less, a field
or a result that may be more. Owns the direction, and that what has become required is not told again as a type without
Unset; refuses nothing.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from .annotations import Type
from .renames import Renames
from .sides import Sides
from .surface import Surface

Holder = Literal["field", "parameter", "alias", "result"]

_LONG = 160
"""Two types with more characters between them are told by their difference."""


@dataclass(frozen=True, kw_only=True)
class Retyping:
    """A type that changed, and what has it."""

    path: str
    holder: Holder
    old: Type
    new: Type

    def __str__(self) -> str:
        old, new = str(self.old), str(self.new)
        if len(old) + len(new) <= _LONG:
            return f"is now `{new}`, was `{old}`"
        more = str(Type(self.new.alternatives - self.old.alternatives))
        less = str(Type(self.old.alternatives - self.new.alternatives))
        said = [f"is now also `{more}`"] if more else []
        said += [f"is no longer `{less}`"] if less else []
        return " and ".join(said)


def retypings(
    old: Surface, new: Surface, used: Sides, renames: Renames, required: Collection[str]
) -> Iterator[Retyping]:
    """The changes of types that break an importer of the old package; `required` are paths that are told already."""
    bases = {**old.enums, **new.enums}
    for change in _changes(old, new, renames):
        match change.holder:
            case "parameter":
                is_given, is_read = True, False
            case "result":
                is_given, is_read = False, True
            case "field" | "alias":
                model = change.path.split(".")[1]
                is_given, is_read = used.is_given(model), used.is_read(model)
        before = change.old.without("Unset") if change.path in required else change.old
        takes_less = is_given and not before.fits(change.new, bases)
        holds_more = is_read and not change.new.fits(change.old, bases)
        if takes_less or holds_more:
            yield change


def _changes(old: Surface, new: Surface, renames: Renames) -> Iterator[Retyping]:
    """Every type that is there in both packages and differs."""
    pairs: list[tuple[str, Holder, Type, Type]] = []
    for name in old.fields.keys() & new.fields.keys():
        fields, others = old.fields[name], new.fields[name]
        pairs += [
            (f"models.{name}.{item}", "field", fields[item], others[item]) for item in fields.keys() & others.keys()
        ]
    for name in old.aliases.keys() & new.aliases.keys():
        pairs.append((f"models.{name}", "alias", old.aliases[name], new.aliases[name]))
    for name in old.operations.keys() & new.operations.keys():
        before, after = old.operations[name], new.operations[name]
        pairs += [
            (f"{name}.{item}", "parameter", before.parameters[item], after.parameters[item])
            for item in before.parameters.keys() & after.parameters.keys()
        ]
        if before.returns is not None and after.returns is not None:
            pairs.append((name, "result", before.returns, after.returns))
    for path, holder, mine, theirs in pairs:
        was = mine.renamed(renames.models)
        if was != theirs:
            yield Retyping(path=path, holder=holder, old=was, new=theirs)
