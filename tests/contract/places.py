"""Where a field stands in a JSON object: the names that lead to it, however deep.

Owns finding places in a body and in a schema, reading what stands there, and a copy with something else there. What
stands in a list has no place: a list is a value like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.contract.documents import variants

Place = tuple[str, ...]


def places(body: Mapping[str, Any], before: Place = ()) -> Iterator[Place]:
    """Yield the place of every field, an object's before those in it."""
    for name, value in body.items():
        yield (*before, name)
        if isinstance(value, dict):
            yield from places(value, (*before, name))


def at(body: Any, place: Place) -> Any:
    """Return what stands at a place, None where nothing does, and for no place."""
    for name in place:
        body = body.get(name) if isinstance(body, dict) else None
    return body if place else None


def put(body: Mapping[str, Any], place: Place, value: object) -> dict[str, Any]:
    """Return a copy with `value` at a place, `...` for nothing at all. No place changes nothing."""
    if not place:
        return dict(body)
    name, deeper = place[0], place[1:]
    changed = {**body, name: put(body[name], deeper, value) if deeper else value}
    return {key: kept for key, kept in changed.items() if kept is not ...}


def without(body: Mapping[str, Any], gone: tuple[Place, ...]) -> dict[str, Any]:
    """Return a copy with nothing at these places."""
    for place in gone:
        body = put(body, place, ...)
    return dict(body)


def described(
    provider: str, schema: Any, before: Place = (), above: tuple[Any, ...] = ()
) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """Yield the place of every property that a schema has, with the property's own schema; `above` are those around."""
    for form in variants(provider, schema):
        if any(form is outer for outer in above):
            continue
        for name, inner in form.get("properties", {}).items():
            yield (*before, name), inner
            yield from described(provider, inner, (*before, name), (*above, form))


def secret_places(provider: str, schema: Any) -> tuple[Place, ...]:
    """Return the places of the properties that are marked as secret."""
    return tuple(
        dict.fromkeys(
            place
            for place, inner in described(provider, schema)
            if any(form.get("x-secret") is True for form in (inner, *variants(provider, inner)))
        )
    )
