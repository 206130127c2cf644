"""What a simulator holds is written as JSON and read back the same; nothing else is made of what is read."""

from __future__ import annotations

import json
from collections import OrderedDict, deque
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from issuant.mocks import Headers, Reply
from issuant.mocks.codec import decode, encode
from issuant.mocks.fireblocks_users import ApiUser
from issuant.mocks.fireworks_state import StoredSecret, User

from tests.mocks.signing import rsa_key

NOW = datetime(2030, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
USER = User(
    user_id="u", role="admin", service_account=False, display_name="é\ud800", email="", created=NOW, updated=NOW
)


def through_a_file(value: object) -> Any:
    return decode(json.loads(json.dumps(encode(value))))


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(None, id="none"),
        pytest.param(True, id="boolean"),
        pytest.param(2**70, id="large-integer"),
        pytest.param(0.1, id="float"),
        pytest.param("$time", id="text"),
        pytest.param(b"\x00\xff", id="bytes"),
        pytest.param(NOW, id="time"),
        pytest.param(NOW.astimezone(timezone(timedelta(hours=-3, minutes=-30))), id="time-with-an-offset"),
        pytest.param([1, ["a"]], id="lists"),
        pytest.param((1, ("a",)), id="tuples"),
        pytest.param(deque([NOW]), id="deque"),
        pytest.param({"a": {"b": NOW}}, id="dicts"),
        pytest.param({"$time": "not one"}, id="a-name-that-looks-like-a-kind"),
        pytest.param({(1, "a"): "b"}, id="pairs"),
        pytest.param(OrderedDict({("a", "b"): 1.5}), id="ordered"),
        pytest.param(USER, id="dataclass"),
        pytest.param(Reply(status=201, headers=Headers([("X-One", "1")]), body=b"{}"), id="reply"),
    ],
)
def test_a_value_comes_back_as_it_was(value: object) -> None:
    """Of the same type, too."""
    found = through_a_file(value)
    assert found == value
    assert type(found) is type(value)


def test_the_order_of_a_dict_stays() -> None:
    """Lists are told in the order in which things were made."""
    assert list(through_a_file({"b": 1, "a": 2})) == ["b", "a"]
    assert list(through_a_file(OrderedDict([(("b",), 1), (("a",), 2)]))) == [("b",), ("a",)]


def test_a_public_key_is_written_in_pem() -> None:
    """And is the same key again."""
    key = rsa_key().public_key()
    user = ApiUser(id="u", name="n", role="VIEWER", status="READY", public_key=key)
    assert "BEGIN PUBLIC KEY" in json.dumps(encode(user))
    assert through_a_file(user).public_key.public_numbers() == key.public_numbers()


def test_a_secret_is_written_as_a_hash_once() -> None:
    """What comes back is the hash, and stays it."""
    secret = StoredSecret(name="s", key_name="S", value="stored_TEST_not_a_key")
    assert "stored_TEST_not_a_key" not in json.dumps(encode(secret))
    found = through_a_file(secret)
    assert found.value.startswith("sha256:")
    assert through_a_file(found) == found


@pytest.mark.parametrize("value", [object(), {1, 2}, lambda: None, [object()], rsa_key], ids=type)
def test_another_value_is_refused(value: object) -> None:
    """With its type, and without the value."""
    with pytest.raises(TypeError, match=r"^an? \w+ cannot be written$"):
        encode(value)


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({"$nothing": 1}, id="unknown-kind"),
        pytest.param({"$time": "soon"}, id="no-time"),
        pytest.param({"$bytes": "é"}, id="no-base64"),
        pytest.param({"$tuple": 1}, id="no-list"),
        pytest.param({"$pairs": [[1]]}, id="no-pair"),
        pytest.param({"$fireworks_state.User": {"user_id": "u"}}, id="fields-missing"),
        pytest.param({"$fireworks_state.User": {"nothing": 1}}, id="unknown-field"),
        pytest.param({"$fireworks_state.Nobody": {}}, id="unknown-class"),
        pytest.param({"$nowhere.User": {}}, id="unknown-module"),
        pytest.param({"$codec.Any": {}}, id="no-class"),
        pytest.param({"$fireworks.FireworksSimulator": {}}, id="no-dataclass"),
        pytest.param({"$os.system": {}}, id="another-package"),
        pytest.param({"$loopback.ThreadingHTTPServer": {}}, id="what-a-module-imports"),
        pytest.param({"$fireblocks_approving.ApprovalKey": {"public_key": "-----BEGIN"}}, id="no-key"),
        pytest.param([{"a": {"$time": "soon"}}], id="deep-inside"),
    ],
)
def test_what_was_never_written_is_not_read(document: object) -> None:
    """It names the kind."""
    with pytest.raises(ValueError, match=r"^\$[\w.]+ cannot be read$"):
        decode(document)
