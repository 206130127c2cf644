"""What differs between the keywords of two schemas. Owns findings and what makes two of them the same one; looks at
nothing inside the schemas.

Facts
- A finding stands where the keyword stands, so that it is one finding however many places take the schema in.
- Who has to send a field never gets its default. The default of an alternative is not the default of the place.
- That a list of texts is of texts goes without saying.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from ..document import Pointer
from .bounds import known_as, reach
from .judging import Bare, Direction, Finding
from .shapes import Shape

Role = Literal["field", "needed", "alternative"]
"""What a schema is where it stands: something that may be left out, something that may not, one of several."""

_FLAGS = ("default", "deprecated")
_ABSENT = object()


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
    values = f"{finding.old!r} {finding.new!r} {finding.reach}"
    return Found(finding=finding, field=field, key=(event, direction, old, new, apart, finding.keyword, values))


def component(at: Pointer) -> str:
    """The component schema that a place stands in; empty for none."""
    return at[2] if len(at) > 2 and at[:2] == ("components", "schemas") else ""


def ends(keyword: str, old: Shape, new: Shape) -> tuple[Pointer, Pointer]:
    """Where the keyword stands on both sides; where it stands on neither, the schemas themselves."""
    if keyword not in old.said and keyword not in new.said:
        return old.at, new.at
    return old.said.get(keyword, ()), new.said.get(keyword, ())


def flags(direction: Direction, old: Shape, new: Shape, role: Role) -> Iterator[Found]:
    """What differs of what a place may say of any schema: null, default, deprecation."""
    if old.null != new.null and not (old.is_open or new.is_open):
        event = "null allowed" if new.null else "null refused"
        yield found(event, direction, *ends("nullable", old, new), keyword="nullable")
    was, has = (bool(side.keywords.get("deprecated")) for side in (old, new))
    if was != has:
        event = "deprecated" if has else "restored"
        yield found(event, direction, *ends("deprecated", old, new), keyword="deprecated")
    if role != "alternative":
        yield from _default(direction, old, new, "unused " if role == "needed" else "")


def _default(direction: Direction, old: Shape, new: Shape, unused: str) -> Iterator[Found]:
    at = (direction, *ends("default", old, new))
    was, has = (side.keywords.get("default", _ABSENT) for side in (old, new))
    if was is _ABSENT and has is not _ABSENT:
        yield found("default set", *at, keyword="default", new=has)
    elif has is _ABSENT and was is not _ABSENT:
        yield found(f"{unused}default dropped", *at, keyword="default", old=was)
    elif known_as(was) != known_as(has):
        yield found(f"{unused}default changed", *at, keyword="default", old=was, new=has)


def keywords(direction: Direction, old: Shape, new: Shape) -> Iterator[Found]:
    """What differs of the keywords that say which values there may be."""
    for keyword in {**old.keywords, **new.keywords}:
        was, has = old.keywords.get(keyword), new.keywords.get(keyword)
        if keyword in _FLAGS or known_as(was) == known_as(has) or (keyword == "type" and _is_implied(old, new)):
            continue
        at = (direction, *ends(keyword, old, new))
        if keyword == "enum" and isinstance(was, list) and isinstance(has, list):
            for value in _missing(was, has):
                yield found("value removed", *at, keyword="enum", old=value)
            for value in _missing(has, was):
                yield found("value added", *at, keyword="enum", new=value)
            continue
        event = "values" if keyword == "enum" else "keyword"
        if keyword == "type" or (was is not None and has is not None):
            event += " changed"
        else:
            event += " dropped" if has is None else " set"
        sides = {"old": _shown(keyword, was), "new": _shown(keyword, has)}
        yield found(event, *at, keyword=keyword, reach=reach(keyword, old.keywords, new.keywords), **sides)


def _is_implied(old: Shape, new: Shape) -> bool:
    """Whether one side is of any type, and values or a rule that nothing meets say all of what the other is."""
    is_told = [side for side in (old, new) if "type" in side.keywords]
    return len(is_told) == 1 and "type" not in is_told[0].said and "enum" in is_told[0].keywords


def tags(direction: Direction, old: Shape, new: Shape) -> Iterator[Found]:
    """What differs of how alternatives are told apart. What a value stands for may be called otherwise."""
    at = (direction, *ends("discriminator", old, new))
    was, has = old.tags.get("propertyName"), new.tags.get("propertyName")
    if was is not None and has is not None and was != has:
        yield found("discriminator", *at, old=was, new=has)
    before, after = (side.tags.get("mapping") or {} for side in (old, new))
    if before and after:
        for tag in before:
            if tag not in after:
                yield found("tag removed", *at, old=tag)
        for tag in after:
            if tag not in before:
                yield found("tag added", *at, new=tag)


def _missing(values: list[Any], there: list[Any]) -> list[Any]:
    known = set(map(known_as, there))
    return [value for value in values if known_as(value) not in known]


def _shown(keyword: str, value: Any) -> Any:
    if keyword == "type":
        return Bare(" or ".join(value) if value else "anything")
    return value
