"""What breaks whoever imports a generated package when a newer one takes its place. Owns which differences count, one
finding for each, and the words for it; refuses folders that hold no generated package.

Facts
- griffe finds what is gone, and what a call must now give; it does not look into types, enum values or mappings.
- A constructor counts where callers give the model to the vendor, and a wider type where they read it (`sides`).
- A required field stands before the optional ones, so that it moves all of them: one finding for a constructor.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import griffe

from .renames import Renames, find_renames, members
from .retyping import Retyping, retypings
from .sides import Sides, sides
from .surface import SPEAKER, Surface, read_surface, relative

Kind = Literal["removed", "changed", "required", "moved", "keyword", "default", "value", "type", "returns"]


@dataclass(frozen=True, kw_only=True, order=True)
class Breakage:
    """Something that an importer of the old package relies on and the new one does not give.

    Attributes:
        path: the name at fault below the package, such as `models.Pet.name` or `api.pets.put_pet.body`.
        kind: what has happened to it: `removed`, or `changed` into another kind of thing. Of a parameter: `required`,
            `keyword` (by name only), `default`; of the order of all of them: `moved`. Of an enum's member: `value`.
            Of a field, a parameter or an alias: `type`; of what an operation returns: `returns`.
        what: a sentence for people.
    """

    path: str
    kind: Kind
    what: str


def breakages(old: Path, new: Path) -> tuple[Breakage, ...]:
    """What breaks an importer, in the order of the paths, of two folders with a generated package each.

    Neither package is imported, and they may have different names. Raises SurfaceError for a folder that holds none.
    """
    before = read_surface(old)
    after = read_surface(new, before)
    renames, used = find_renames(before, after), sides(before)
    changed = frozenset(_changed_kinds(before, after))
    found = {
        *changed,
        *_by_griffe(before, after, used, renames),
        *_enum_values(before, after),
        *_servers(before, after),
    }
    required = frozenset(item.path for item in found if item.kind == "required")
    found.update(_retyped(item) for item in retypings(before, after, used, renames, required))
    inside = tuple(f"{item.path}." for item in changed)
    return tuple(sorted(item for item in found if not item.path.startswith(inside)))


def _by_griffe(old: Surface, new: Surface, used: Sides, renames: Renames) -> Iterator[Breakage]:
    moved: dict[str, list[str]] = {}
    for found in griffe.find_breaking_changes(old.root, new.root):
        path = relative(found.obj.path)
        if found.kind is griffe.BreakageKind.OBJECT_REMOVED:
            yield from _removed(old, new, path, renames)
        elif isinstance(found.old_value or found.new_value, griffe.Parameter) and _counts(path, used):
            call, parameter = path.rpartition(".")[0], (found.old_value or found.new_value).name
            if found.kind is griffe.BreakageKind.PARAMETER_MOVED:
                moved.setdefault(call, []).append(parameter)
            else:
                yield from _of_parameter(call, parameter, found)
    for call, names in moved.items():
        listed = ", ".join(f"`{name}`" for name in names)
        yield Breakage(path=call, kind="moved", what=f"{_call(call)} takes {listed} in another position now")


def _counts(path: str, used: Sides) -> bool:
    """Whether the parameters of the function are an importer's to give."""
    first, name, *rest = path.split(".")
    return (first == "models" and rest == ["__init__"] and used.is_given(name)) or rest[1:] == [SPEAKER]


def _of_parameter(call: str, parameter: str, found: griffe.Breakage) -> Iterator[Breakage]:
    path = f"{call}.{parameter}"
    match found.kind:
        case griffe.BreakageKind.PARAMETER_ADDED_REQUIRED | griffe.BreakageKind.PARAMETER_CHANGED_REQUIRED:
            yield Breakage(path=path, kind="required", what=f"{_call(call)} needs `{parameter}` now")
        case griffe.BreakageKind.PARAMETER_CHANGED_KIND:
            yield Breakage(path=path, kind="keyword", what=f"{_call(call)} takes `{parameter}` by name only now")
        case griffe.BreakageKind.PARAMETER_CHANGED_DEFAULT:
            old, new = found.old_value.default, found.new_value.default
            what = f"{_call(call)} takes `{new}` for `{parameter}` where it is left out, and took `{old}`"
            yield Breakage(path=path, kind="default", what=what)
        case griffe.BreakageKind.PARAMETER_REMOVED if not call.startswith("models."):
            yield Breakage(path=path, kind="removed", what=f"{_call(call)} takes no `{parameter}` any more")


def _removed(old: Surface, new: Surface, path: str, renames: Renames) -> Iterator[Breakage]:
    """What griffe found gone, as an importer sees it; a folder of operations is each of them."""
    gone = [name for name in old.operations if name == path or name.startswith(f"{path}.")]
    for name in gone:
        other = renames.operations.get(name)
        hint = f"; `{other}` sends the same request" if other else ""
        yield Breakage(path=name, kind="removed", what=f"module `{name}` is gone{hint}")
    if gone:
        return
    name, _, member = _shown(path).partition(".")
    hint = ""
    if name in renames.models and not member:
        hint = f"; `{renames.models[name]}` has the same {'values' if name in old.enums else 'fields'}"
    elif name in old.enums and name in new.enums:
        value = members(old, name).get(member)
        others = [other for other, theirs in members(new, name).items() if theirs == value]
        hint = f"; `{name}.{others[0]}` has its value" if others else ""
    yield Breakage(path=path, kind="removed", what=f"`{_shown(path)}` is gone{hint}")


def _changed_kinds(old: Surface, new: Surface) -> Iterator[Breakage]:
    for name in old.models.keys() & new.models.keys():
        was, now = _kind(old, name), _kind(new, name)
        if was != now:
            yield Breakage(path=f"models.{name}", kind="changed", what=f"`{name}` is {now} now, was {was}")


def _kind(surface: Surface, name: str) -> str:
    return "an enum" if name in surface.enums else "an alias" if name in surface.aliases else "a class"


def _enum_values(old: Surface, new: Surface) -> Iterator[Breakage]:
    for name in old.enums.keys() & new.enums.keys():
        theirs = members(new, name)
        for member, value in members(old, name).items():
            if theirs.get(member, value) != value:
                what = f"`{name}.{member}` is now `{theirs[member]}`, was `{value}`"
                yield Breakage(path=f"models.{name}.{member}", kind="value", what=what)


def _servers(old: Surface, new: Surface) -> Iterator[Breakage]:
    before, after = old.servers(), new.servers()
    for name, url in before.items():
        path, shown = f"servers.SERVERS.{name}", f"`SERVERS[{name!r}]`"
        if name not in after:
            yield Breakage(path=path, kind="removed", what=f"{shown} is gone")
        elif after[name] != url:
            yield Breakage(path=path, kind="value", what=f"{shown} is now {after[name]!r}, was {url!r}")
    first, now = (next(iter(side), "") for side in (before, after))
    if first != now and first in after:
        said = f"the first of `SERVERS`, where calls go, is now {now!r}, was {first!r}"
        yield Breakage(path="servers.SERVERS", kind="value", what=said)


def _retyped(change: Retyping) -> Breakage:
    if change.holder == "result":
        return Breakage(path=change.path, kind="returns", what=f"what `{change.path}` returns {change}")
    if change.holder == "parameter":
        call, _, name = change.path.rpartition(".")
        return Breakage(path=change.path, kind="type", what=f"type of `{name}` of {_call(call)} {change}")
    return Breakage(path=change.path, kind="type", what=f"type of `{_shown(change.path)}` {change}")


def _call(path: str) -> str:
    return f"`{_shown(path)}(...)`" if path.startswith("models.") else f"`{path}`"


def _shown(path: str) -> str:
    return path.removeprefix("models.")
