"""Of two values of a keyword the narrower one is known, and of what has no order both may hold more."""

from __future__ import annotations

from typing import Any

import pytest
from specpipe.diff.bounds import Both, reach, together

SAME, NARROWER, WIDER, EITHER = (False, False), (True, False), (False, True), (True, True)


@pytest.mark.parametrize(
    ("keyword", "old", "new", "found"),
    [
        ("type", {"type": ["integer"]}, {"type": ["number"]}, WIDER),
        ("type", {"type": ["number", "string"]}, {"type": ["integer"]}, NARROWER),
        ("type", {"type": ["string"]}, {"type": ["integer"]}, EITHER),
        ("type", {}, {"type": ["string"]}, NARROWER),
        ("maxLength", {"maxLength": 9}, {"maxLength": 10}, WIDER),
        ("minItems", {"minItems": 1}, {"minItems": 2}, NARROWER),
        ("minItems", {"minItems": 1}, {}, WIDER),
        ("minimum", {"exclusiveMinimum": 1}, {"minimum": 1}, WIDER),
        ("exclusiveMaximum", {"maximum": 1}, {"exclusiveMaximum": 1}, NARROWER),
        ("minimum", {"minimum": 1, "exclusiveMinimum": 5}, {"exclusiveMinimum": 5}, SAME),
        ("maximum", {"maximum": 5}, {}, WIDER),
        ("multipleOf", {"multipleOf": 10}, {"multipleOf": 5}, WIDER),
        ("multipleOf", {"multipleOf": 5}, {"multipleOf": 0}, EITHER),
        ("multipleOf", {"multipleOf": 10**400}, {"multipleOf": 0.1}, WIDER),
        ("multipleOf", {"multipleOf": 0.03}, {"multipleOf": 0.01}, WIDER),
        ("multipleOf", {"multipleOf": float("inf")}, {"multipleOf": 0.01}, EITHER),
        ("maximum", {"maximum": 10**400}, {"maximum": 0.1}, NARROWER),
        ("format", {"format": "int32"}, {"format": "int64"}, WIDER),
        ("format", {"format": "int64"}, {"format": "date"}, EITHER),
        ("pattern", {"pattern": "a"}, {"pattern": Both(["a", "b"])}, NARROWER),
        ("uniqueItems", {}, {"uniqueItems": True}, NARROWER),
        ("pattern", {"pattern": "^a"}, {"pattern": "^b"}, EITHER),
        ("pattern", {"pattern": "^a"}, {}, WIDER),
        ("contentEncoding", {}, {"contentEncoding": "base64"}, EITHER),
        ("maxLength", {"maxLength": "nine"}, {"maxLength": 10}, EITHER),
        ("minimum", {}, {"minimum": "one"}, EITHER),
    ],
)
def test_what_a_keyword_lets_through_is_compared(
    keyword: str, old: dict[str, Any], new: dict[str, Any], found: tuple[bool, bool]
) -> None:
    """Whether something is lost, and whether something is gained."""
    assert reach(keyword, old, new) == found


@pytest.mark.parametrize(
    ("keyword", "one", "other", "both"),
    [
        ("maxLength", 5, 9, 5),
        ("minimum", 5, 9, 9),
        ("exclusiveMaximum", 5, 9, 5),
        ("multipleOf", 2, 4, 4),
        ("multipleOf", 2, 3, Both([2, 3])),
        ("type", ["number", "string"], ["integer"], ["integer"]),
        ("type", ["string"], ["integer"], ["string"]),
        ("enum", ["a", "b"], ["b", "c"], ["b"]),
        ("enum", [1, 2], [True, 2], [2]),
        ("pattern", "a", "b", Both(["a", "b"])),
        ("format", "int64", "int32", "int32"),
        ("maxLength", 5, "nine", Both([5, "nine"])),
        ("contentEncoding", "a", "a", "a"),
    ],
)
def test_of_two_values_that_hold_together_the_narrower_counts(keyword: str, one: Any, other: Any, both: Any) -> None:
    """Both where none is; the nearer one where nothing would be left."""
    assert together(keyword, one, other) == both
