"""Galileo's list of keys while it moves, ids that are spelt otherwise, and replies that deny a deletion."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from issuant import Connection, connect
from issuant.errors import AuthenticationError, Effect, InvalidRequestError, NotFoundError, UnusableReplyError
from issuant.providers.galileo import GalileoAccount

OWNER = "11111111-0000-4000-8000-000000000000"
KEY = "abcdef00-0000-4000-8000-000000000001"


def listed(number: int) -> dict[str, object]:
    return {
        "id": str(uuid.UUID(int=number)),
        "description": f"key {number}",
        "created_at": "2030-01-02T03:04:05Z",
        "updated_at": "2030-01-02T03:04:05Z",
        "created_by": OWNER,
        "truncated": "gal",
    }


class Moving:
    """A list of keys by number; `move` changes it after each page, given how many have been sent."""

    def __init__(self, count: int, move: Callable[[list[int], int], None]) -> None:
        self.keys = list(range(1, count + 1))
        self._move = move
        self.pages = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        start, limit = (int(request.url.params[name]) for name in ("starting_token", "limit"))
        page, end = self.keys[start : start + limit], start + limit
        reply: dict[str, object] = {"api_keys": [listed(key) for key in page], "next_starting_token": None}
        if end < len(self.keys):
            reply["next_starting_token"] = end
        self.pages += 1
        self._move(self.keys, self.pages)
        return httpx.Response(200, json=reply)


def connection(answer: Callable[[httpx.Request], httpx.Response]) -> Connection:
    return connect(GalileoAccount(api_key="gal_TEST_not_a_key"), transport=httpx.MockTransport(answer))


def drop_first_once(keys: list[int], pages: int) -> None:
    if pages == 1:
        del keys[0]


def add_first_once(keys: list[int], pages: int) -> None:
    if pages == 1:
        keys.insert(0, 1000)


def drop_always(keys: list[int], pages: int) -> None:
    del keys[0]


def leave(keys: list[int], pages: int) -> None:
    pass


@pytest.mark.parametrize("move", [leave, drop_first_once, add_first_once], ids=["still", "deleted", "made"])
def test_a_key_that_stays_is_listed_once_whatever_moves(move: Callable[[list[int], int], None]) -> None:
    """A key deleted meanwhile takes no other out of sight."""
    with connection(Moving(250, move)) as galileo:
        found = [uuid.UUID(key.id).int for key in galileo.keys(owner=OWNER)]
    assert len(found) == len(set(found))
    assert set(range(2, 251)) <= set(found)


def test_a_key_is_found_though_another_is_deleted_between_two_pages() -> None:
    """The one that moves from the second page to the first."""
    with connection(Moving(101, drop_first_once)) as galileo:
        assert len(galileo.find("key 101", owner=OWNER)) == 1


def test_a_list_that_does_not_come_to_rest_is_an_error() -> None:
    """It is begun again a few times, and not for ever."""
    moving = Moving(400, drop_always)
    with connection(moving) as galileo, pytest.raises(UnusableReplyError, match="changes") as caught:
        list(galileo.keys(owner=OWNER))
    assert caught.value.effect is Effect.NONE
    assert moving.pages == 10


@pytest.mark.parametrize("token", [500, 0, 1, True, "2", 1.5], ids=repr)
def test_a_token_that_leaves_a_gap_is_refused(token: object) -> None:
    """The page of two keys is followed by the third."""
    body = {"api_keys": [listed(1), listed(2)], "next_starting_token": token}
    with connection(lambda request: httpx.Response(200, json=body)) as galileo, pytest.raises(UnusableReplyError):
        list(galileo.keys(owner=OWNER))


def test_a_key_is_the_same_in_upper_case() -> None:
    """As revoke() takes it."""
    body = {"api_keys": [{**listed(1), "id": KEY}]}
    with connection(lambda request: httpx.Response(200, json=body)) as galileo:
        assert galileo.key(KEY.upper(), owner=OWNER).id == KEY


def refuse(request: httpx.Request) -> Any:
    raise AssertionError("nothing is sent")


@pytest.mark.parametrize(
    "given",
    [KEY.replace("-", ""), "abcdef0000004000_000000000000001", f"{{{KEY}}}", f"urn:uuid:{KEY}", f"{KEY}\n", f" {KEY}"],
    ids=["no-hyphens", "underscore", "braces", "urn", "line-break", "blank"],
)
def test_an_id_in_any_other_form_is_not_sent(given: str) -> None:
    """It might become the id of another key."""
    with connection(refuse) as galileo, pytest.raises(InvalidRequestError) as caught:
        galileo.revoke(given)
    assert caught.value.field == "id"


@pytest.mark.parametrize("message", ["Not Found", "deletion failed", "Permission denied"])
def test_a_message_that_denies_confirms_no_deletion(message: str) -> None:
    """Whatever the status says."""
    with (
        connection(lambda request: httpx.Response(200, json={"message": message})) as galileo,
        pytest.raises(UnusableReplyError) as caught,
    ):
        galileo.revoke(KEY)
    assert caught.value.effect is Effect.UNKNOWN


@pytest.mark.parametrize(
    ("operation", "ask"),
    [
        ("keys", lambda galileo: list(galileo.keys())),
        ("key", lambda galileo: galileo.key(KEY)),
        ("find", lambda galileo: galileo.find("k")),
    ],
)
def test_who_calls_is_asked_on_behalf_of_what_was_asked_for(operation: str, ask: Callable[[Connection], Any]) -> None:
    """Where that fails, the error names the operation, and says what failed of it."""
    with pytest.raises(AuthenticationError) as caught:
        ask(connection(lambda _: httpx.Response(401, json={"detail": "no"})))
    assert caught.value.operation == operation
    assert caught.value.reason.startswith("it was asked who calls, and the provider does not accept the credential")


@pytest.mark.parametrize(
    ("operation", "ask"),
    [("key", lambda galileo: galileo.key(KEY, owner=OWNER)), ("find", lambda galileo: galileo.find("k", owner=OWNER))],
)
def test_a_list_that_is_read_for_another_operation_fails_as_that(
    operation: str, ask: Callable[[Connection], Any]
) -> None:
    """The list is how it is done, and not what was asked for."""
    with pytest.raises(NotFoundError) as caught:
        ask(connection(lambda _: httpx.Response(404, json={"detail": "no"})))
    assert caught.value.operation == operation
