"""What the keywords of a schema let through, one version beside the other. Owns the order of each keyword: which value
is the narrower one, and what two of them come to that hold together; refuses nothing: of a keyword that it does not
know it says that either side may hold more.

Facts
- A keyword that is absent lets everything through.
- Every integer is a number; nothing is of every type (`shapes` reads a schema that is `false` so); what fits into 32
  bits fits into 64.
- A document may write a bound that is no number. Nobody knows what its server makes of that.
- `minimum` and `exclusiveMinimum` are one bound; the narrower of the two holds.
- Whether one number is a multiple of another is a question of decimals: to a float, 0.03 is none of 0.01.
"""

import math
from collections.abc import Callable, Hashable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

Keywords = Mapping[str, Any]

_LIMITS = {"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"}
_UPPER = ("exclusiveMaximum", "maxItems", "maxLength", "maxProperties", "maximum")
_LOWER = ("exclusiveMinimum", "minItems", "minLength", "minProperties", "minimum")
_NUMBERS = {*_UPPER, *_LOWER, "multipleOf"}
_WIDER_FORMATS = {"int32": "int64", "float": "double"}


class Reach(NamedTuple):
    """Whether the old version lets something through that the new one does not, and the other way round."""

    loses: bool
    gains: bool


class Both(list[Any]):
    """Values of one keyword that hold together, and of which none is the narrower one."""


def reach(keyword: str, old: Keywords, new: Keywords) -> Reach:
    """Compare what a keyword lets through, which differs between two schemas."""
    if keyword in _NUMBERS and not all(_is_number(side[keyword]) for side in (old, new) if keyword in side):
        return Reach(loses=True, gains=True)
    for inclusive, exclusive in _LIMITS.items():
        if keyword in (inclusive, exclusive):
            was, has = (_limit(side, inclusive, exclusive) for side in (old, new))
            return _compared(was, has, lambda one, other: one >= other)
    if keyword not in _WITHIN:
        return Reach(loses=True, gains=True)
    return _compared(old.get(keyword), new.get(keyword), _WITHIN[keyword])


def together(keyword: str, one: Any, other: Any) -> Any:
    """What two values of a keyword come to where both hold: the narrower one, or both."""
    if known_as(one) == known_as(other):
        return one
    if keyword == "type":
        return sorted(kind for kind in {*one, *other} if _types([kind], one) and _types([kind], other)) or one
    if keyword == "enum" and isinstance(one, list) and isinstance(other, list):
        there = set(map(known_as, other))
        left = [value for value in one if known_as(value) in there]
        return left if 0 < len(left) < len(one) else one
    within = _WITHIN.get(keyword)
    if within is not None and (keyword not in _NUMBERS or (_is_number(one) and _is_number(other))):
        if within(one, other):
            return one
        if within(other, one):
            return other
    return Both([*_each(one), *_each(other)])


def known_as(value: Any) -> Hashable:
    """What two values of a document have in common exactly where they are equal; to Python alone, `true` is 1."""
    if isinstance(value, list):
        return ("list", *map(known_as, value))
    if isinstance(value, dict):
        return frozenset((str(key), known_as(item)) for key, item in value.items())
    kind = "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__
    return kind, value


def _compared(old: Any, new: Any, within: Callable[[Any, Any], bool]) -> Reach:
    if old is None or new is None:
        return Reach(loses=new is not None, gains=old is not None)
    return Reach(loses=not within(old, new), gains=not within(new, old))


def _limit(keywords: Keywords, inclusive: str, exclusive: str) -> tuple[float, bool] | None:
    """How narrow the bound is, as a value that grows with it."""
    sign = 1 if inclusive == "minimum" else -1
    found = [
        (sign * keywords[key], key == exclusive)
        for key in (inclusive, exclusive)
        if key in keywords and _is_number(keywords[key])
    ]
    return max(found, default=None)


def _is_number(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _types(one: Any, other: Any) -> bool:
    return set(one) <= {"nothing", *other, *(("integer",) if "number" in other else ())}


def _multiples(one: Any, other: Any) -> bool:
    exact = [Fraction(value) if isinstance(value, int) else Fraction(repr(value)) for value in (one, other)]
    return all(exact) and exact[0] % exact[1] == 0


def _texts(one: Any, other: Any) -> bool:
    return set(map(known_as, _each(one))) >= set(map(known_as, _each(other)))


def _formats(one: Any, other: Any) -> bool:
    return _texts(one, other) or (isinstance(one, str) and _WIDER_FORMATS.get(one, one) == other)


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, Both) else [value]


_WITHIN: dict[str, Callable[[Any, Any], bool]] = {
    "type": _types,
    "multipleOf": _multiples,
    "uniqueItems": lambda one, other: bool(one) or not other,
    "pattern": _texts,
    "format": _formats,
    "enum": lambda one, other: False,
    **dict.fromkeys(_UPPER, lambda one, other: one <= other),
    **dict.fromkeys(_LOWER, lambda one, other: one >= other),
}
"""By keyword, whether all that the one value lets through, the other does too."""
