"""What the keywords of a schema let through, one version beside the other. Owns the order of each keyword: which value
is the narrower one; refuses nothing: of a keyword that it does not know it says that either side may hold more.

Facts
- A keyword that is absent lets everything through.
- Every integer is a number.
- A document may write a bound that is no number. Nobody knows what its server makes of that.
- `minimum` and `exclusiveMinimum` are one bound; the narrower of the two holds.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

Keywords = Mapping[str, Any]

_LIMITS = {"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"}
_UPPER = ("maxItems", "maxLength", "maxProperties")
_LOWER = ("minItems", "minLength", "minProperties")
_NUMBERS = {*_LIMITS, *_LIMITS.values(), *_UPPER, *_LOWER, "multipleOf"}
_UNORDERED = ("enum", "format", "pattern")


class Reach(NamedTuple):
    """Whether the old version lets something through that the new one does not, and the other way round."""

    loses: bool
    gains: bool


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
    return isinstance(value, int | float) and not isinstance(value, bool)


def _types(one: Any, other: Any) -> bool:
    return set(one) <= {*other, *(("integer",) if "number" in other else ())}


_WITHIN: dict[str, Callable[[Any, Any], bool]] = {
    "type": _types,
    "multipleOf": lambda one, other: bool(one and other) and one % other == 0,
    "uniqueItems": lambda one, other: bool(one) or not other,
    **dict.fromkeys(_UPPER, lambda one, other: one <= other),
    **dict.fromkeys(_LOWER, lambda one, other: one >= other),
    **dict.fromkeys(_UNORDERED, lambda one, other: False),
}
"""By keyword, whether all that the one value lets through, the other does too."""
