"""JSON, times and ids are read strictly."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from issuant.mocks.reading import MAX_DEPTH, is_uuid, read_instant, read_json


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2030-01-02T03:04:05Z", datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2030-01-02t03:04:05z", datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2030-01-02T03:04:05.123456789Z", datetime(2030, 1, 2, 3, 4, 5, 123456, tzinfo=UTC)),
        ("2030-01-02T03:04:05.5+05:30", datetime(2030, 1, 1, 21, 34, 5, 500000, tzinfo=UTC)),
        ("2030-01-02T03:04:05-00:00", datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)),
    ],
    ids=["utc", "lower-case", "nanoseconds", "offset", "minus-zero"],
)
def test_an_rfc_3339_time_is_an_instant(text: str, instant: datetime) -> None:
    """In UTC; what is finer than a microsecond is cut."""
    found = read_instant(text)
    assert found == instant
    assert found is not None
    assert found.tzinfo is UTC


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"], ids=["first", "last"])
def test_a_time_without_a_utc_date_keeps_its_offset(text: str) -> None:
    """Year 0 and year 10000 cannot be written."""
    found = read_instant(text)
    assert found is not None
    assert found.isoformat() == text


@pytest.mark.parametrize(
    "value",
    [
        "",
        "2030-01-02",
        "2030-01-02T03:04:05",
        "2030-01-02 03:04:05Z",
        "2030-01-02T03:04Z",
        "2030-01-02T03:04:05.Z",
        "2030-01-02T03:04:05+24:00",
        "2030-01-02T03:04:05+01:60",
        "2030-01-02T03:04:05+0100",
        "2030-02-29T00:00:00Z",
        "2030-01-02T24:00:00Z",
        "0000-01-01T00:00:00Z",
        "2030-01-02T03:04:05Z\n",
        "٢٠٣٠-01-02T03:04:05Z",
        1893553445,
        None,
        True,
    ],
    ids=repr,
)
def test_anything_else_is_no_time(value: object) -> None:
    """None is the answer."""
    assert read_instant(value) is None


def test_a_space_is_a_separator_where_it_is_allowed() -> None:
    """RFC 3339 leaves that to the application."""
    assert read_instant("2030-01-02 03:04:05Z", separators="Tt ") == datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize("depth", [MAX_DEPTH - 1, MAX_DEPTH], ids=["deepest", "too-deep"])
@pytest.mark.parametrize(("opens", "closes"), [("[", "]"), ('{"a":', "}")], ids=["lists", "objects"])
def test_json_is_nested_so_deep_and_no_deeper(depth: int, opens: str, closes: str) -> None:
    """A reply that echoes it must be able to write it."""
    body = (opens * depth + "1" + closes * depth).encode()
    if depth < MAX_DEPTH:
        assert read_json(body)
        return
    with pytest.raises(ValueError, match="not valid JSON"):
        read_json(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b"NaN",
        b"-Infinity",
        b"1e400",
        b'"\\udc00"',
        b"[" * 100_000,
        b"9" * 5000,
    ],
    ids=["empty", "cut", "utf-16", "bom", "nan", "infinity", "huge", "surrogate", "endless", "long-number"],
)
def test_what_is_not_json_is_refused_and_not_shown(body: bytes) -> None:
    """Neither in the message nor in what led to it."""
    with pytest.raises(ValueError, match=r"^the body is not valid JSON$") as raised:
        read_json(body)
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None


@pytest.mark.parametrize("body", [b'"\\ud83d\\ude00"', '"😀"'.encode()], ids=["escaped", "plain"])
def test_a_character_beyond_the_first_plane_is_read(body: bytes) -> None:
    """As a pair of escapes too."""
    assert read_json(body) == "😀"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("c0ffee00-0000-4000-8000-000000000001", True),
        ("C0FFEE00-0000-1000-8000-000000000001", True),
        ("c0ffee00000040008000000000000001", False),
        ("{c0ffee00-0000-4000-8000-000000000001}", False),
        ("c0ffee00-0000-4000-8000-000000000001\n", False),
        (7, False),
        (None, False),
    ],
    ids=["v4", "v1-upper-case", "no-hyphens", "braces", "newline", "number", "none"],
)
def test_a_uuid_has_its_hyphens(value: object, expected: bool) -> None:
    """Any version and any case."""
    assert is_uuid(value) is expected
