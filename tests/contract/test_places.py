"""What tests derive of a reply holds where its fields stand deeper than at the top."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

import httpx
import pytest
from issuant import IssuedKey, Secret

from tests.contract.exchanges import Exchange
from tests.contract.places import Place, at, described, places, put, secret_places, without
from tests.issuant.providers.documents import least, sample

BODY: dict[str, Any] = {"id": "outer", "data": {"token": {"id": 7, "tags": [{"id": 8}]}, "key": "TEST_not_a_key"}}
TEXT = {"type": "string"}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["status", "data"],
    "properties": {
        "status": TEXT,
        "data": {
            "type": "object",
            "required": ["token", "plaintext"],
            "properties": {
                "token": {
                    "anyOf": [
                        {
                            "type": "object",
                            "required": ["id", "expires_on"],
                            "properties": {
                                "id": {"type": "integer"},
                                "expires_on": {"type": ["string", "null"], "format": "date"},
                                "scopes": {"type": "array", "minItems": 2, "items": TEXT},
                            },
                        }
                    ]
                },
                "plaintext": {**TEXT, "x-secret": True},
                "note": TEXT,
            },
        },
    },
}


def test_every_field_has_a_place() -> None:
    """Those of an object after it; what stands in a list has none."""
    assert list(places(BODY)) == [
        ("id",),
        ("data",),
        ("data", "token"),
        ("data", "token", "id"),
        ("data", "token", "tags"),
        ("data", "key"),
    ]


@pytest.mark.parametrize(
    ("place", "found"),
    [
        pytest.param(("data", "token", "id"), 7, id="deep"),
        pytest.param(("data", "none", "id"), None, id="nowhere"),
        pytest.param(("id", "token"), None, id="behind-a-text"),
        pytest.param((), None, id="no-place"),
    ],
)
def test_what_stands_at_a_place_is_read(place: Place, found: object) -> None:
    """And nothing where nothing stands."""
    assert at(BODY, place) == found


def test_a_copy_is_changed_at_one_place() -> None:
    """The body stays as it was."""
    before = json.dumps(BODY)
    changed = put(BODY, ("data", "token", "id"), "x")
    assert (at(changed, ("data", "token", "id")), at(changed, ("data", "key"))) == ("x", "TEST_not_a_key")
    assert list(places(without(BODY, (("data", "token"), ("id",))))) == [("data",), ("data", "key")]
    assert put(BODY, (), "x") == BODY
    assert json.dumps(BODY) == before


def test_the_secret_of_a_schema_is_found_however_deep() -> None:
    """Among all of its properties."""
    assert [place for place, _ in described("galileo", SCHEMA)] == [
        ("status",),
        ("data",),
        ("data", "token"),
        ("data", "token", "id"),
        ("data", "token", "expires_on"),
        ("data", "token", "scopes"),
        ("data", "plaintext"),
        ("data", "note"),
    ]
    assert secret_places("galileo", SCHEMA) == (("data", "plaintext"),)


def test_a_schema_within_itself_is_described_once() -> None:
    """A tree of nodes is not endless."""
    node: dict[str, Any] = {"type": "object", "properties": {"id": TEXT}}
    node["properties"]["next"] = node
    assert [place for place, _ in described("galileo", node)] == [("id",), ("next",)]


def test_a_sample_has_every_field_and_the_least_of_it_what_must_be_there() -> None:
    """Each value is another one; what may be null is."""
    full = sample("reply", SCHEMA, count(1))
    token = {"id": 5, "expires_on": "2031-01-07", "scopes": ["TEST_8", "TEST_9"]}
    assert full == {"status": "TEST_2", "data": {"token": token, "plaintext": "TEST_10", "note": "TEST_11"}}
    assert least(SCHEMA, full) == {
        "status": "TEST_2",
        "data": {"token": {"id": 5, "expires_on": None}, "plaintext": "TEST_10"},
    }


def _exchange(body: dict[str, Any]) -> Exchange:
    return Exchange(
        request=httpx.Request("POST", "https://mock.invalid/keys"),
        path="/keys",
        reply=httpx.Response(200, content=json.dumps(body).encode()),
        outcome=IssuedKey(provider="nimbus", id="7", name="k", secret=Secret("TEST_not_a_key")),
    )


def test_an_id_and_a_value_are_found_in_a_reply() -> None:
    """However deep, an id that is an integer by its digits; true is none, though it equals 1."""
    found = _exchange({"ok": True, **BODY})
    assert found.place(found.id) == ("data", "token", "id")
    assert found.place(found.value) == ("data", "key")
    assert [found.place(text) for text in ("1", "True", "none")] == [(), (), ()]


def test_a_reply_that_is_cut_shows_what_ends_in_its_first_half() -> None:
    """A number is not one whose digits stand elsewhere, nor one that may go on."""
    late = _exchange({"date": "2027-07-07", "padding": "x" * 40, **BODY})
    early = _exchange({**BODY, "padding": "x" * 90})
    assert (late.shows("7"), early.shows("7"), early.shows("none")) == (False, True, False)
    assert not _exchange({"id": 7, "": 1}).shows("7")
