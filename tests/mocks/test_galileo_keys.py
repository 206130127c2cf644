"""The Galileo simulator lists and deletes keys, page by page and once, and a deleted one is accepted no more."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from issuant.mocks import MovableClock
from issuant.mocks.galileo import GalileoSimulator

NOBODY = "00000000-0000-4000-8000-000000000000"
OWN = "own_TEST_value_not_a_key"

both_bases = pytest.mark.parametrize("base", ["/v2", ""], ids=["documented", "of-the-sdk"])


def keys_of(user_id: str, base: str = "/v2") -> str:
    return f"{base}/users/{user_id}/api_keys"


def key_at(id_: str, base: str = "/v2") -> str:
    return f"{base}/users/api_keys/{id_}"


def issue(client: httpx.Client, description: str = "nightly", **wanted: object) -> dict[str, Any]:
    reply = client.post("/v2/users/api_keys", json={"description": description, **wanted})
    assert reply.status_code == 200
    issued: dict[str, Any] = reply.json()
    return issued


def test_the_current_user_tells_the_id_that_lists(galileo: GalileoSimulator, galileo_client: httpx.Client) -> None:
    """With what else the vendor's document requires of it."""
    user = galileo_client.get("/current_user").json()
    assert (user["id"], user["email"], user["role"]) == (galileo.user_id, galileo.username, "user")
    assert {"organization_id", "organization_name", "created_at", "updated_at"} <= user.keys()
    assert galileo_client.get(keys_of(user["id"])).status_code == 200


@both_bases
def test_a_listed_key_is_what_was_issued_without_its_value(
    galileo: GalileoSimulator, galileo_client: httpx.Client, base: str
) -> None:
    """The key that the simulator starts with is not in the list."""
    issued = issue(galileo_client, expires_at="2031-01-01T00:00:00+00:00", project_role="viewer", api_key=OWN)
    listed = galileo_client.get(keys_of(galileo.user_id, base))
    value = issued.pop("api_key")
    assert listed.json()["api_keys"] == [issued]
    assert value not in listed.text


def test_keys_are_listed_page_by_page_in_the_order_of_creation(
    galileo: GalileoSimulator, galileo_client: httpx.Client
) -> None:
    """A page tells where the next one starts, and the last page that there is none."""
    for number in range(5):
        issue(galileo_client, f"n{number}")
    names, start, pages = [], 0, []
    while start is not None:
        page = galileo_client.get(keys_of(galileo.user_id), params={"starting_token": start, "limit": 2}).json()
        names += [key["description"] for key in page["api_keys"]]
        start = page["next_starting_token"]
        pages.append((page["starting_token"], page["limit"], page["paginated"], start))
    assert names == ["n0", "n1", "n2", "n3", "n4"]
    assert pages == [(0, 2, True, 2), (2, 2, True, 4), (4, 2, False, None)]


def test_a_page_holds_a_hundred_keys_unless_told_otherwise(
    galileo: GalileoSimulator, galileo_client: httpx.Client
) -> None:
    """And a page that begins behind the last key is empty."""
    for number in range(101):
        galileo.add_key(user_id=galileo.user_id, description=f"n{number}")
    page = galileo_client.get(keys_of(galileo.user_id)).json()
    assert (len(page["api_keys"]), page["limit"], page["next_starting_token"]) == (100, 100, 100)
    behind = galileo_client.get(keys_of(galileo.user_id), params={"starting_token": 101}).json()
    assert (behind["api_keys"], behind["paginated"], behind["next_starting_token"]) == ([], False, None)


def test_a_deletion_between_two_pages_moves_the_rest_up(
    galileo: GalileoSimulator, galileo_client: httpx.Client
) -> None:
    """A page token is a number of keys: who deletes while paging misses one."""
    ids = [issue(galileo_client, f"n{number}")["id"] for number in range(4)]
    first = galileo_client.get(keys_of(galileo.user_id), params={"limit": 2}).json()
    galileo_client.delete(key_at(ids[0]))
    token = first["next_starting_token"]
    rest = galileo_client.get(keys_of(galileo.user_id), params={"starting_token": token, "limit": 2}).json()
    assert [key["id"] for key in rest["api_keys"]] == [ids[3]]


@pytest.mark.parametrize(
    ("query", "place", "kind"),
    [
        ("starting_token=-1", "starting_token", "greater_than_equal"),
        ("starting_token=next", "starting_token", "int_parsing"),
        ("starting_token=1.5", "starting_token", "int_parsing"),
        ("starting_token=", "starting_token", "int_parsing"),
        ("starting_token=99999999999999999999", "starting_token", "int_parsing"),
        ("limit=0", "limit", "greater_than_equal"),
        ("limit=1001", "limit", "less_than_equal"),
        ("limit=5&limit=all", "limit", "int_parsing"),
    ],
)
def test_a_page_that_cannot_be_is_422(
    galileo: GalileoSimulator, galileo_client: httpx.Client, query: str, place: str, kind: str
) -> None:
    """With the place in the query and the text that was sent."""
    reply = galileo_client.get(f"{keys_of(galileo.user_id)}?{query}")
    assert reply.status_code == 422
    (problem,) = reply.json()["detail"]
    assert (problem["loc"], problem["type"], problem["input"]) == (["query", place], kind, query.rsplit("=")[-1])


def test_an_unknown_parameter_is_ignored(galileo: GalileoSimulator, galileo_client: httpx.Client) -> None:
    """As FastAPI does."""
    assert galileo_client.get(f"{keys_of(galileo.user_id)}?page=2").status_code == 200


@both_bases
def test_a_deleted_key_is_gone(galileo: GalileoSimulator, galileo_client: httpx.Client, base: str) -> None:
    """Its value is refused, it is in no list, and a second deletion is 404; others live on."""
    gone, kept = issue(galileo_client), issue(galileo_client)
    assert galileo_client.get("/current_user", headers={"Galileo-API-Key": gone["api_key"]}).status_code == 200

    reply = galileo_client.delete(key_at(gone["id"].upper(), base))

    assert (reply.status_code, reply.json()) == (200, {"message": "API key deleted"})
    assert galileo_client.get("/current_user", headers={"Galileo-API-Key": gone["api_key"]}).status_code == 401
    assert galileo_client.get("/current_user", headers={"Galileo-API-Key": kept["api_key"]}).status_code == 200
    assert [key["id"] for key in galileo_client.get(keys_of(galileo.user_id)).json()["api_keys"]] == [kept["id"]]
    again = galileo_client.delete(key_at(gone["id"], base))
    assert (again.status_code, again.json()) == (404, {"detail": "API key not found"})


def test_a_key_can_delete_itself(galileo: GalileoSimulator, galileo_client: httpx.Client) -> None:
    """It is accepted for that one request."""
    issued = issue(galileo_client)
    headers = {"Galileo-API-Key": issued["api_key"]}
    statuses = [galileo_client.delete(key_at(issued["id"]), headers=headers).status_code for _ in range(2)]
    assert statuses == [200, 401]
    assert not galileo.keys


def test_the_value_of_a_deleted_key_can_be_given_again(galileo_client: httpx.Client) -> None:
    """It is another key then."""
    first = issue(galileo_client, api_key=OWN)
    galileo_client.delete(key_at(first["id"]))
    second = issue(galileo_client, api_key=OWN)
    assert second["id"] != first["id"]
    assert galileo_client.get("/current_user", headers={"Galileo-API-Key": OWN}).status_code == 200


def test_what_is_anothers_is_403_and_what_is_nobodys_404(
    galileo: GalileoSimulator, galileo_client: httpx.Client
) -> None:
    """For a list and for a deletion; the other user's key is untouched, and works for that user."""
    other = galileo.add_user(email="other@mock.invalid")
    key, value = galileo.add_key(user_id=other.id, description="other")
    requests = [
        ("GET", keys_of(other.id)),
        ("DELETE", key_at(key.id)),
        ("GET", keys_of(NOBODY)),
        ("DELETE", key_at(NOBODY)),
    ]
    replies = [galileo_client.request(method, path) for method, path in requests]
    assert [reply.status_code for reply in replies] == [403, 403, 404, 404]
    assert all(isinstance(reply.json()["detail"], str) for reply in replies)
    listed = galileo_client.get(keys_of(other.id), headers={"Galileo-API-Key": value}).json()["api_keys"]
    assert [key["created_by"] for key in listed] == [other.id]


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [("GET", keys_of("me"), "user_id"), ("DELETE", key_at("key-17"), "api_key_id")],
    ids=["list", "delete"],
)
def test_an_id_that_is_no_uuid_is_422(galileo_client: httpx.Client, method: str, path: str, name: str) -> None:
    """With the place in the path."""
    reply = galileo_client.request(method, path)
    assert reply.status_code == 422
    (problem,) = reply.json()["detail"]
    assert (problem["loc"], problem["type"]) == (["path", name], "uuid_parsing")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/current_user"), ("GET", keys_of(NOBODY)), ("DELETE", key_at(NOBODY))],
    ids=["current-user", "list", "delete"],
)
def test_the_credential_and_the_rate_are_checked_first(
    galileo: GalileoSimulator, galileo_client: httpx.Client, method: str, path: str
) -> None:
    """A stranger learns nothing of what is there."""
    assert galileo_client.request(method, path, headers={"Galileo-API-Key": "x"}).status_code == 401
    galileo.rate_limit = 0
    reply = galileo_client.request(method, path)
    assert (reply.status_code, reply.headers["Retry-After"]) == (429, "60")


def test_last_used_is_when_the_value_was_last_accepted(
    clock: MovableClock, galileo: GalileoSimulator, galileo_client: httpx.Client
) -> None:
    """Not by another credential of the same user, and not when it is refused because it has expired."""
    issued = issue(galileo_client, expires_at=(clock() + timedelta(hours=2)).isoformat())

    def last_used() -> str | None:
        (key,) = galileo_client.get(keys_of(galileo.user_id)).json()["api_keys"]
        found: str | None = key["last_used"]
        return found

    assert last_used() is None
    clock.advance(timedelta(hours=1))
    headers = {"Galileo-API-Key": issued["api_key"]}
    assert galileo_client.get("/current_user", headers=headers).status_code == 200
    used = clock()
    assert datetime.fromisoformat(last_used() or "") == used
    clock.advance(timedelta(hours=1))
    assert galileo_client.get("/current_user", headers=headers).status_code == 401
    assert datetime.fromisoformat(last_used() or "") == used


def test_an_expired_key_is_listed_until_it_is_deleted(
    clock: MovableClock, galileo: GalileoSimulator, galileo_client: httpx.Client
) -> None:
    """Time alone takes nothing away."""
    issued = issue(galileo_client, expires_at=(clock() + timedelta(hours=1)).isoformat())
    clock.advance(timedelta(hours=1))
    assert len(galileo_client.get(keys_of(galileo.user_id)).json()["api_keys"]) == 1
    assert galileo_client.delete(key_at(issued["id"])).status_code == 200
    assert galileo_client.get(keys_of(galileo.user_id)).json()["api_keys"] == []
