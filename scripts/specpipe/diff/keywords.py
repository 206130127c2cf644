"""What differs between the keywords of two schemas. Owns findings and what makes two of them the same one; looks at
nothing inside the schemas.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..document import Pointer
from .bounds import reach
from .judging import Bare, Direction, Finding
from .shapes import Shape

_FLAGS = ("default", "deprecated")


@dataclass(frozen=True, kw_only=True)
class Found:
    """A finding, the field that it is about, and what makes it the same finding where it is met again."""

    finding: Finding
    field: str
    key: tuple[Any, ...]


def found(
    event: str,
    direction: Direction,
    old: Pointer,
    new: Pointer,
    field: str = "",
    /,
    *,
    apart: Pointer = (),
    **about: Any,
) -> Found:
    """A finding between two places; it stands in the component of the new place, else of the old one.

    `apart` keeps two findings of one kind apart that stand between the same places.
    """
    finding = Finding(event=event, direction=direction, schema=component(new) or component(old), **about)
    values = f"{finding.old!r} {finding.new!r}"
    return Found(finding=finding, field=field, key=(event, direction, old, new, apart, finding.keyword, values))


def component(at: Pointer) -> str:
    """The component schema that a place stands in; empty for none."""
    return at[2] if len(at) > 2 and at[:2] == ("components", "schemas") else ""


def flags(direction: Direction, old: Shape, new: Shape, at: Pointer, now: Pointer) -> Iterator[Found]:
    """What differs of what a place may say of any schema: null, default, deprecation."""
    if old.null != new.null and not (old.is_open or new.is_open):
        yield found("null allowed" if new.null else "null refused", direction, at, now, keyword="nullable")
    was, has = (bool(side.keywords.get("deprecated")) for side in (old, new))
    if was != has:
        yield found("deprecated" if has else "restored", direction, at, now, keyword="deprecated")
    values = [side.keywords.get("default", _FLAGS) for side in (old, new)]
    if values[0] is _FLAGS and values[1] is not _FLAGS:
        yield found("default set", direction, at, now, keyword="default", new=values[1])
    elif values[1] is _FLAGS and values[0] is not _FLAGS:
        yield found("default dropped", direction, at, now, keyword="default", old=values[0])
    elif _differ(values[0], values[1]):
        yield found("default changed", direction, at, now, keyword="default", old=values[0], new=values[1])


def keywords(direction: Direction, old: Shape, new: Shape, at: Pointer, now: Pointer) -> Iterator[Found]:
    """What differs of the keywords that say which values there may be."""
    for keyword in {**old.keywords, **new.keywords}:
        was, has = old.keywords.get(keyword), new.keywords.get(keyword)
        if keyword in _FLAGS or not _differ(was, has):
            continue
        if keyword == "enum" and isinstance(was, list) and isinstance(has, list):
            for value in _missing(was, has):
                yield found("value removed", direction, at, now, keyword="enum", old=value)
            for value in _missing(has, was):
                yield found("value added", direction, at, now, keyword="enum", new=value)
            continue
        event = "values" if keyword == "enum" else "keyword"
        if keyword == "type" or (was is not None and has is not None):
            event += " changed"
        else:
            event += " dropped" if has is None else " set"
        sides = {"old": _shown(keyword, was), "new": _shown(keyword, has)}
        yield found(
            event, direction, at, now, keyword=keyword, reach=reach(keyword, old.keywords, new.keywords), **sides
        )


def tags(direction: Direction, old: Shape, new: Shape, at: Pointer, now: Pointer) -> Iterator[Found]:
    """What differs of how alternatives are told apart. What a value stands for may be called otherwise."""
    was, has = old.tags.get("propertyName"), new.tags.get("propertyName")
    if was is not None and has is not None and was != has:
        yield found("discriminator", direction, at, now, old=was, new=has)
    before, after = (side.tags.get("mapping") or {} for side in (old, new))
    if before and after:
        for tag in before:
            if tag not in after:
                yield found("tag removed", direction, at, now, old=tag)
        for tag in after:
            if tag not in before:
                yield found("tag added", direction, at, now, new=tag)


def _missing(values: list[Any], there: list[Any]) -> list[Any]:
    return [value for value in values if all(_differ(value, other) for other in there)]


def _differ(one: Any, other: Any) -> bool:
    """Whether two values of a document differ; to Python, `true` is 1."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) != len(other) or any(map(_differ, one, other))
    return bool(one != other) or isinstance(one, bool) != isinstance(other, bool)


def _shown(keyword: str, value: Any) -> Any:
    if keyword == "type":
        return Bare(" or ".join(value) if value else "anything")
    return value
