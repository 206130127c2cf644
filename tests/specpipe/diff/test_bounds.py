"""Of two values of a keyword the narrower one is known, and of what has no order both may hold more."""

from __future__ import annotations

from typing import Any

import pytest
from specpipe.diff.bounds import reach

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
