"""A strict applier of OpenAPI Overlay 1.1 documents, and a trial that finds every action that has become stale.

Owns the meaning of an action. Refuses, naming file, index and target: an action without target, reason or source;
another number of matches than `x-matches` says (1 unless it says otherwise); a change of nothing; an addition of what
is already there; and a reference that leads nowhere in the end. So a patch dies on the day on which its reason does.

Facts
- An update merges objects, appends to arrays, and replaces a scalar.
- Components, operations and responses are things with a name. An update that reaches down to one that exists, from
  above its name, was written for a document without it.
"""

from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import yamlio
from .document import METHODS, Document, Pointer, dangling, parse_ref, show
from .faults import OverlayError, TableError
from .table import Provider

_KEYS = {"target", "description", "update", "remove", "x-reason", "x-source", "x-matches"}


@dataclass(frozen=True, kw_only=True)
class _Action:
    index: int
    where: str
    target: str
    matches: int
    removes: bool
    update: Any

    def fail(self, problem: str, *places: Pointer) -> "_StaleError":
        return _StaleError(f"{self.where} ({self.target}): {problem}", problem, places)

    def stale(self, problem: str, places: tuple[Pointer, ...]) -> "Stale":
        return Stale(index=self.index, target=self.target, problem=problem, places=places)


class _StaleError(OverlayError):
    """An action does not fit the document; a well-formed one that fitted another."""

    def __init__(self, message: str, problem: str, places: tuple[Pointer, ...]) -> None:
        super().__init__(message)
        self.problem = problem
        self.places = places


@dataclass(frozen=True, kw_only=True)
class Stale:
    """An action that no longer fits the document.

    `index` counts from 0. `places` are the nodes of the document that decide it: what the target hits, or where the
    update stops.
    """

    index: int
    target: str
    problem: str
    places: tuple[Pointer, ...]


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A document with all actions applied that fit, and the other actions; `hits` is what each one's target hits."""

    document: Document
    stale: tuple[Stale, ...]
    hits: tuple[tuple[Pointer, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Overlay:
    """An overlay as it was read, and the name of its file."""

    data: Any
    file: str


def read(root: Path, provider: Provider) -> Overlay:
    """The provider's overlay in the tree at `root`.

    Raises TableError where there is none, PageError where it cannot be read.
    """
    path = root / provider.overlay
    if not path.is_file():
        raise TableError(f"{provider.overlay}: there is no overlay for [{provider.name}]")
    text = yamlio.decode(path.read_bytes(), file=provider.overlay)
    return Overlay(data=yamlio.load(text, file=provider.overlay).data, file=provider.overlay)


def apply(document: Document, overlay: Any, *, file: str) -> Document:
    """A new document with all actions of the overlay applied in order; the given one is left alone.

    Raises OverlayError, which names the action by file, index (counted from 0) and target.
    """
    result: Document = _copy(document)
    dangled = set(dangling(result))
    # From a reference to the action that broke it. A later action may still add what it leads to.
    broken: dict[tuple[Pointer, str], _Action] = {}
    for action in _actions(overlay, file):
        _perform(result, action, _find(result, action))
        broken = _blame(broken, action, result, dangled)
    for (at, ref), action in broken.items():
        raise action.fail(_leads_nowhere(at, ref), at)
    return result


def attempt(document: Document, overlay: Any, *, file: str) -> Trial:
    """Apply what fits of the overlay, leave out every action that does not, and tell which.

    An action that hits too many or too few nodes is stale, and changes those that it hits.
    Raises OverlayError where the overlay itself is malformed, whatever the document.
    """
    dangled = set(dangling(document))
    actions = _actions(overlay, file)
    broken: dict[int, Stale] = {}
    while True:
        trial, blamed = _tried(document, actions, dangled, without=broken.keys())
        if not blamed:
            stale = sorted((*trial.stale, *broken.values()), key=lambda one: one.index)
            return Trial(document=trial.document, stale=tuple(stale), hits=trial.hits)
        # What leads nowhere because of an action must not stay in the document either.
        broken |= blamed


def _tried(
    document: Document, actions: list[_Action], dangled: set[tuple[Pointer, str]], *, without: Container[int]
) -> tuple[Trial, dict[int, Stale]]:
    """One try, and the actions, by index, that left references leading nowhere."""
    result: Document = _copy(document)
    broken: dict[tuple[Pointer, str], _Action] = {}
    stale: list[Stale] = []
    hits: list[tuple[Pointer, ...]] = []
    for action in actions:
        found = _find(result, action)
        hits.append(tuple(found))
        if action.index in without:
            continue
        # An action that stops half way must not leave its first half behind.
        tried: Document = _copy(result)
        problem = None if len(found) == action.matches else action.stale(_miscount(action, found), tuple(found))
        try:
            _change(tried, action, found)
        except _StaleError as error:
            problem = action.stale(error.problem, error.places)
        else:
            result = tried
            broken = _blame(broken, action, result, dangled)
        stale += [problem] if problem is not None else []
    blamed = {
        action.index: action.stale(_leads_nowhere(at, ref), (at, parse_ref(ref) or at))
        for (at, ref), action in reversed(broken.items())
    }
    trial = Trial(document=result, stale=tuple(one for one in stale if one.index not in blamed), hits=tuple(hits))
    return trial, blamed


def _blame(
    broken: dict[tuple[Pointer, str], _Action], action: _Action, result: Document, dangled: set[tuple[Pointer, str]]
) -> dict[tuple[Pointer, str], _Action]:
    return {reference: broken.get(reference, action) for reference in dangling(result) if reference not in dangled}


def _leads_nowhere(at: Pointer, ref: str) -> str:
    return f"the reference {ref!r} at {show(at)} leads nowhere in the mended document"


def _perform(document: Document, action: _Action, found: list[Pointer]) -> None:
    """Do what the action says, with the number of nodes that it says. Raises _StaleError."""
    if len(found) != action.matches:
        raise action.fail(_miscount(action, found))
    _change(document, action, found)


def _miscount(action: _Action, found: list[Pointer]) -> str:
    nodes = "1 node" if len(found) == 1 else f"{len(found)} nodes"
    return f"hits {nodes}, where x-matches says {action.matches}"


def _change(document: Document, action: _Action, found: list[Pointer]) -> None:
    if action.removes:
        _remove(document, action, found)
    else:
        for at in found:
            _update(document, action, at)


def _actions(overlay: Any, file: str) -> list[_Action]:
    if not isinstance(overlay, dict) or not str(overlay.get("overlay", "")).startswith("1."):
        raise OverlayError(f"{file}: this is not an Overlay 1.x document")
    unknown = set(overlay) - {"overlay", "info", "extends", "actions"}
    if unknown or not isinstance(overlay.get("actions"), list):
        raise OverlayError(
            f"{file}: an overlay holds overlay, info, extends and a list of actions; here: {sorted(overlay)}"
        )
    return [_action(entry, index, f"{file}: action {index}") for index, entry in enumerate(overlay["actions"])]


def _action(entry: Any, index: int, where: str) -> _Action:
    if not isinstance(entry, dict):
        raise OverlayError(f"{where}: not an object")
    where_target = f"{where} ({entry.get('target')})"
    if set(entry) - _KEYS:
        raise OverlayError(f"{where_target}: unknown key {sorted(set(entry) - _KEYS)[0]!r}")
    for key in ("target", "x-reason", "x-source"):
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            raise OverlayError(f"{where_target}: {key!r} is missing")
    if ("update" in entry) == ("remove" in entry):
        raise OverlayError(f"{where_target}: exactly one of update and remove is needed")
    if "remove" in entry and entry["remove"] is not True:
        raise OverlayError(f"{where_target}: remove must be true")
    matches = entry.get("x-matches", 1)
    if type(matches) is not int or matches < 1:
        raise OverlayError(f"{where_target}: x-matches must be a whole number of at least 1")
    return _Action(
        index=index,
        where=where,
        target=entry["target"],
        matches=matches,
        removes="remove" in entry,
        update=entry.get("update"),
    )


def _find(document: Document, action: _Action) -> list[Pointer]:
    from jsonpath_rfc9535 import JSONPathError, find  # imports 50 ms of grammar, needed by no other step

    problem = None
    try:
        return [tuple(str(part) for part in node.location) for node in find(action.target, document)]
    except JSONPathError as error:
        problem = OverlayError(f"{action.where} ({action.target}): the target is not a JSONPath of RFC 9535: {error}")
    raise problem


def _remove(document: Document, action: _Action, found: list[Pointer]) -> None:
    if () in found:
        raise action.fail("the whole document cannot be removed", ())
    # From the back, so that an index in a list stays right.
    for at in reversed(found):
        parent = _at(document, at[:-1])
        if isinstance(parent, list):
            del parent[int(at[-1])]
        else:
            del parent[at[-1]]


def _update(document: Document, action: _Action, at: Pointer) -> None:
    value = _at(document, at)
    if isinstance(value, dict) and isinstance(action.update, dict):
        _merge(value, action.update, action, at)
    elif isinstance(value, list):
        _append(value, action.update if isinstance(action.update, list) else [action.update], action, at)
    else:
        raise action.fail(
            f"{show(at)} is {_kind(value)}, which {_kind(action.update)} cannot update; update its parent",
            at,
        )


def _merge(value: dict[str, Any], update: dict[str, Any], action: _Action, at: Pointer) -> None:
    if not update:
        raise action.fail(f"changes nothing at {show(at)}", at)
    if "$ref" in update and value and "$ref" not in value:
        raise action.fail(f"{show(at)} exists; a $ref beside what it says would hide it", at)
    for key, new in update.items():
        here = (*at, key)
        if key not in value:
            value[key] = _copy(new)
        elif _is_named_thing(here):
            raise action.fail(f"{show(here)} already exists; aim at it itself to change it", here)
        elif isinstance(value[key], dict) and isinstance(new, dict):
            _merge(value[key], new, action, here)
        elif isinstance(value[key], list) and isinstance(new, list):
            _append(value[key], new, action, here)
        elif isinstance(value[key], dict | list) or isinstance(new, dict | list):
            raise action.fail(
                f"{show(here)} is {_kind(value[key])}, which {_kind(new)} cannot replace; remove it first",
                here,
            )
        elif _equal(value[key], new):
            raise action.fail(f"{show(here)} already is {new!r}", here)
        else:
            value[key] = new


def _append(value: list[Any], new: list[Any], action: _Action, at: Pointer) -> None:
    if not new:
        raise action.fail(f"changes nothing at {show(at)}", at)
    for item in new:
        if any(_equal(item, known) for known in value):
            raise action.fail(f"{show(at)} already holds {item!r}", at)
        value.append(_copy(item))


def _is_named_thing(at: Pointer) -> bool:
    if len(at) == 3 and at[0] == "components":
        return True
    if len(at) == 3 and at[0] == "paths" and at[2] in METHODS:
        return True
    return len(at) == 5 and at[0] == "paths" and at[3] == "responses"


def _equal(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return "an object"
    return "an array" if isinstance(value, list) else f"the value {value!r}"


def _at(document: Any, at: Pointer) -> Any:
    for part in at:
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document


def _copy(value: Any) -> Any:
    """A deep copy in which nothing is shared, not even what the original shares."""
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_copy(item) for item in value]
    return value
