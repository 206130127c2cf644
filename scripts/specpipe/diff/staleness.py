"""Which actions of an overlay no longer fit a new version of the document they mend, and what the vendor changed that
made them so. Owns the link from an action to a change; refuses nothing: a malformed overlay is an OverlayError.

Facts
- An action that builds on an earlier one becomes stale with it.
- Items of a list are told apart by their place where the list kept its length, else by their value.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from .. import overlay
from ..document import Document, Pointer, show

_LONGEST = 60


@dataclass(frozen=True, kw_only=True)
class StaleAction:
    """An action that does not fit the new document: its index from 0, its target, why, and what made it so."""

    index: int
    target: str
    problem: str
    causes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Mended:
    """Both documents with every action applied that fits, and the actions that do not fit the new one."""

    old: Document
    new: Document
    stale: tuple[StaleAction, ...]


def mend(old: Document, new: Document, actions: Any, *, file: str) -> Mended:
    """Try the overlay on the new document. Both documents are as the vendor published them, selected.

    Raises OverlayError where the overlay is malformed, whatever it is applied to.
    """
    before, after = overlay.attempt(old, actions, file=file), overlay.attempt(new, actions, file=file)
    changes = tuple(differences(old, new))
    were_stale = {action.index for action in before.stale}
    stale = []
    for action in after.stale:
        hit = set(after.hits[action.index])
        places = set(action.places)
        if places == hit:
            # It hits too many or too few: what was hit and is no longer, or the other way round.
            places = (hit ^ set(before.hits[action.index])) or hit
        causes = _causes(changes, places)
        if not causes and action.index in were_stale:
            causes = ["it did not fit the old document either"]
        if not causes:
            earlier = [str(one.index) for one in after.stale if one.index < action.index]
            causes = [f"it builds on action {', '.join(earlier)}, which no longer fits"] if earlier else []
        stale.append(
            StaleAction(index=action.index, target=action.target, problem=action.problem, causes=tuple(causes))
        )
    return Mended(old=before.document, new=after.document, stale=tuple(stale))


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A node that two documents hold differently; `old` or `new` is Absent where one has none."""

    at: Pointer
    old: Any
    new: Any

    def __str__(self) -> str:
        where = show(self.at)
        if self.old is Absent:
            return f"{where} is new" if isinstance(self.new, dict | list) else f"{where} is new: {_short(self.new)}"
        if self.new is Absent:
            return f"{where} has gone"
        if isinstance(self.old, dict | list) or isinstance(self.new, dict | list):
            return f"{where} is another"
        return f"{where} is now {_short(self.new)}, was {_short(self.old)}"


class Absent:
    """Stands for a value that is not there; None is a value."""


def differences(old: Any, new: Any, at: Pointer = ()) -> Iterator[Difference]:
    """The outermost nodes that differ, in document order; what is added or removed whole is one of them."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in (*old, *(key for key in new if key not in old)):
            here = (*at, str(key))
            if key in old and key in new:
                yield from differences(old[key], new[key], here)
            else:
                yield Difference(at=here, old=old.get(key, Absent), new=new.get(key, Absent))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, pair in enumerate(zip(old, new, strict=True)):
            yield from differences(*pair, (*at, str(index)))
    elif isinstance(old, list) and isinstance(new, list):
        for index, item in enumerate(old):
            if item not in new:
                yield Difference(at=(*at, str(index)), old=item, new=Absent)
        for index, item in enumerate(new):
            if item not in old:
                yield Difference(at=(*at, str(index)), old=Absent, new=item)
    elif type(old) is not type(new) or old != new:
        yield Difference(at=at, old=old, new=new)


def _causes(changes: Iterable[Difference], places: set[Pointer]) -> list[str]:
    return [str(change) for change in changes if any(_touch(change.at, place) for place in places)]


def _touch(one: Pointer, other: Pointer) -> bool:
    length = min(len(one), len(other))
    return one[:length] == other[:length]


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
