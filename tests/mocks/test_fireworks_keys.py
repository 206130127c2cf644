"""Keys of the Fireworks simulator after they were made: listed in pages, used, and deleted by whoever may."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from issuant.mocks import MovableClock
from issuant.mocks.fireworks import FireworksSimulator

USERS = "/v1/accounts/mock-account/users"
KEYS = f"{USERS}/mock-user/apiKeys"


def bearer(value: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {value}"}


def made(client: httpx.Client, *names: str) -> list[str]:
    return [client.post(KEYS, json={"apiKey": {"displayName": name}}).json()["keyId"] for name in names]


def names_of(reply: httpx.Response) -> list[str]:
    assert reply.status_code == 200
    return [key["displayName"] for key in reply.json()["apiKeys"]]


def pages(client: httpx.Client, path: str, **query: str) -> Iterator[httpx.Response]:
    while True:
        reply = client.get(path, params=query)
        yield reply
        if "nextPageToken" not in reply.json():
            return
        query = {**query, "pageToken": reply.json()["nextPageToken"]}


def test_a_list_has_every_field_but_the_value(fireworks_client: httpx.Client) -> None:
    """The key that the client itself has was used by the asking."""
    wanted = {"displayName": "nightly", "expireTime": "2031-01-01T00:00:00Z", "annotations": {"team": "evals"}}
    issued = fireworks_client.post(KEYS, json={"apiKey": wanted}).json()
    reply = fireworks_client.get(KEYS)
    assert issued["key"] not in reply.text
    del issued["key"]
    own, listed = reply.json()["apiKeys"]
    assert listed == issued
    assert own["lastUsed"] == "2030-01-02T03:04:05.678901Z"
    assert reply.json()["totalSize"] == 2


def test_last_used_moves_with_every_use(clock: MovableClock, fireworks_client: httpx.Client) -> None:
    """A refusal of what is asked for is a use as well; a key never used has no time."""
    value = fireworks_client.post(KEYS, json={"apiKey": {"displayName": "ci"}}).json()["key"]
    assert "lastUsed" not in fireworks_client.get(KEYS).json()["apiKeys"][1]
    for path, seen in ((KEYS, "2030-01-02T03:04:15.678901Z"), (f"{USERS}/nobody", "2030-01-02T03:04:25.678901Z")):
        clock.advance(timedelta(seconds=10))
        fireworks_client.get(path, headers=bearer(value))
        assert fireworks_client.get(KEYS).json()["apiKeys"][1]["lastUsed"] == seen


def test_a_deleted_key_is_gone_and_not_accepted(fireworks_client: httpx.Client) -> None:
    """A second delete is 404, as for an id that never was."""
    issued = fireworks_client.post(KEYS, json={"apiKey": {"displayName": "ci"}}).json()
    assert fireworks_client.get(KEYS, headers=bearer(issued["key"])).status_code == 200
    deleted = fireworks_client.post(f"{KEYS}:delete", json={"keyId": issued["keyId"]})
    assert (deleted.status_code, deleted.json()) == (200, {})
    assert fireworks_client.get(KEYS, headers=bearer(issued["key"])).status_code == 401
    assert names_of(fireworks_client.get(KEYS)) == ["default"]
    for key_id in (issued["keyId"], "never", ""):
        again = fireworks_client.post(f"{KEYS}:delete", json={"keyId": key_id})
        assert (again.status_code, again.json()["code"]) == (404, 5)


def test_a_key_may_delete_itself(fireworks: FireworksSimulator, fireworks_client: httpx.Client) -> None:
    """The next request with it is refused."""
    own = next(iter(fireworks.keys))
    assert fireworks_client.post(f"{KEYS}:delete", json={"keyId": own}).status_code == 200
    assert fireworks_client.get(KEYS).status_code == 401


def test_an_expired_key_is_listed_and_can_be_deleted(clock: MovableClock, fireworks_client: httpx.Client) -> None:
    """It is not accepted, and it is there."""
    expires = (clock() + timedelta(hours=1)).isoformat()
    issued = fireworks_client.post(KEYS, json={"apiKey": {"displayName": "ci", "expireTime": expires}}).json()
    clock.advance(timedelta(hours=1))
    assert fireworks_client.get(KEYS, headers=bearer(issued["key"])).status_code == 401
    assert names_of(fireworks_client.get(KEYS)) == ["default", "ci"]
    assert fireworks_client.post(f"{KEYS}:delete", json={"keyId": issued["keyId"]}).status_code == 200


@pytest.mark.parametrize("body", [{}, {"keyId": None}, {"keyId": 1}, {"key_id": "a"}, []], ids=str)
def test_a_delete_without_an_id_is_400(
    fireworks: FireworksSimulator, fireworks_client: httpx.Client, body: object
) -> None:
    """And nothing is deleted."""
    reply = fireworks_client.post(f"{KEYS}:delete", json=body)
    assert (reply.status_code, reply.json()["code"]) == (400, 3)
    assert len(fireworks.keys) == 1


def test_a_key_is_found_below_its_own_user_alone(fireworks: FireworksSimulator, fireworks_client: httpx.Client) -> None:
    """Even an admin has to name whose it is."""
    fireworks.add_key("someone")
    key_id = list(fireworks.keys)[-1]
    assert fireworks_client.post(f"{KEYS}:delete", json={"keyId": key_id}).status_code == 404
    assert fireworks_client.post(f"{USERS}/someone/apiKeys:delete", json={"keyId": key_id}).status_code == 200


@pytest.mark.parametrize("whose", ["mock-user", "robot", "nobody"])
def test_who_is_no_admin_manages_their_own_keys_alone(
    fireworks: FireworksSimulator, fireworks_client: httpx.Client, whose: str
) -> None:
    """403 for the keys of others, whether they exist or not."""
    headers = bearer(fireworks.add_key("someone"))
    own = f"{USERS}/someone/apiKeys"
    issued = fireworks_client.post(own, json={"apiKey": {}}, headers=headers)
    assert issued.status_code == fireworks_client.get(own, headers=headers).status_code == 200
    deleted = fireworks_client.post(f"{own}:delete", json={"keyId": issued.json()["keyId"]}, headers=headers)
    assert deleted.status_code == 200

    others = f"{USERS}/{whose}/apiKeys"
    replies = [
        fireworks_client.get(others, headers=headers),
        fireworks_client.post(others, json={"apiKey": {}}, headers=headers),
        fireworks_client.post(f"{others}:delete", json={"keyId": "any"}, headers=headers),
    ]
    assert [(reply.status_code, reply.json()["code"]) for reply in replies] == [(403, 7)] * 3


def test_only_admins_make_keys_for_service_accounts(
    fireworks: FireworksSimulator, fireworks_client: httpx.Client
) -> None:
    """Not even the service account itself, which may list and delete what it has."""
    robots = f"{USERS}/robot/apiKeys"
    issued = fireworks_client.post(robots, json={"apiKey": {}})
    assert issued.status_code == 200
    headers = bearer(issued.json()["key"])
    assert fireworks_client.post(robots, json={"apiKey": {}}, headers=headers).status_code == 403
    assert len(names_of(fireworks_client.get(robots, headers=headers))) == 1
    gone = fireworks_client.post(f"{robots}:delete", json={"keyId": issued.json()["keyId"]}, headers=headers)
    assert gone.status_code == 200
    fireworks.add_user("robot", service_account=True, role="admin")
    admin = bearer(fireworks.add_key("robot"))
    assert fireworks_client.post(robots, json={"apiKey": {}}, headers=admin).status_code == 200


def test_pages_hold_each_key_once(fireworks_client: httpx.Client) -> None:
    """In the order in which they were made; the last page has no token, and each tells how many there are."""
    made(fireworks_client, "a", "b", "c", "d")
    found = list(pages(fireworks_client, KEYS, pageSize="2"))
    assert [names_of(page) for page in found] == [["default", "a"], ["b", "c"], ["d"]]
    assert [page.json()["totalSize"] for page in found] == [5, 5, 5]


@pytest.mark.parametrize(
    ("size", "lengths"),
    [
        pytest.param({}, [50, 50, 50, 50, 10], id="default"),
        pytest.param({"pageSize": "0"}, [50, 50, 50, 50, 10], id="zero-is-the-default"),
        pytest.param({"pageSize": "200"}, [200, 10], id="greatest"),
        pytest.param({"pageSize": "2147483647"}, [200, 10], id="more-counts-as-the-greatest"),
        pytest.param({"pageSize": "+70"}, [70, 70, 70], id="with-a-sign"),
    ],
)
def test_a_page_has_the_size_that_was_asked_for(
    fireworks: FireworksSimulator, fireworks_client: httpx.Client, size: dict[str, str], lengths: list[int]
) -> None:
    """50 by default, 200 at most."""
    for _ in range(209):
        fireworks.add_key("mock-user")
    assert [len(page.json()["apiKeys"]) for page in pages(fireworks_client, KEYS, **size)] == lengths


def test_a_simulator_without_paging_lists_all_at_once(
    fireworks: FireworksSimulator, fireworks_client: httpx.Client
) -> None:
    """As long as the vendor has not added it to keys; page size and token mean nothing then."""
    fireworks.pages_api_keys = False
    made(fireworks_client, "a", "b")
    reply = fireworks_client.get(KEYS, params={"pageSize": "1", "pageToken": "any"})
    assert names_of(reply) == ["default", "a", "b"]
    assert "nextPageToken" not in reply.json()


def test_what_changes_between_two_pages_neither_repeats_nor_hides_a_key(fireworks_client: httpx.Client) -> None:
    """What is deleted is left out, what is new does not come in, and the rest comes once."""
    ids = made(fireworks_client, "a", "b", "c")
    following = pages(fireworks_client, KEYS, pageSize="2")
    seen = names_of(next(following))
    for key_id in (ids[0], ids[1]):
        fireworks_client.post(f"{KEYS}:delete", json={"keyId": key_id})
    made(fireworks_client, "new")
    assert [*seen, *(name for page in following for name in names_of(page))] == ["default", "a", "c"]


def test_a_page_token_can_be_used_again_and_expires(clock: MovableClock, fireworks_client: httpx.Client) -> None:
    """For an hour."""
    made(fireworks_client, "a")
    token = fireworks_client.get(KEYS, params={"pageSize": "1"}).json()["nextPageToken"]
    clock.advance(timedelta(minutes=59))
    for _ in range(2):
        assert names_of(fireworks_client.get(KEYS, params={"pageToken": token})) == ["a"]
    clock.advance(timedelta(minutes=1))
    reply = fireworks_client.get(KEYS, params={"pageToken": token})
    assert (reply.status_code, reply.json()["code"]) == (400, 3)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        pytest.param(f"{USERS}/robot/apiKeys", {}, id="another-user"),
        pytest.param(USERS, {}, id="another-list"),
        pytest.param(KEYS, {"filter": "displayName=a"}, id="another-filter"),
        pytest.param(KEYS, {"orderBy": "displayName"}, id="another-order"),
    ],
)
def test_a_page_token_is_of_one_list_with_one_filter_and_order(
    fireworks_client: httpx.Client, path: str, query: dict[str, str]
) -> None:
    """With any other it is 400."""
    made(fireworks_client, "a")
    token = fireworks_client.get(KEYS, params={"pageSize": "1"}).json()["nextPageToken"]
    assert fireworks_client.get(KEYS, params={"pageToken": token, "pageSize": "9"}).status_code == 200
    reply = fireworks_client.get(path, params={"pageToken": token, **query})
    assert (reply.status_code, reply.json()["code"]) == (400, 3)


@pytest.mark.parametrize(
    "query",
    [
        "pageSize=-1",
        "pageSize=2147483648",
        "pageSize=1.0",
        "pageSize=ten",
        "pageSize=%20",
        "pageSize=1&pageSize=1",
        "pageToken=made-up",
        "pageToken=%20",
        "filter=displayName",
        "filter=value%3Da",
        "filter=displayName%3Da%20OR%20displayName%3Db",
        "filter=%20",
        "orderBy=value",
        "orderBy=displayName%20down",
        "orderBy=displayName,",
        "orderBy=%20",
        "readMask=value",
        "readMask=key",
        "readMask=%20",
    ],
)
def test_a_parameter_that_cannot_be_used_is_400(fireworks_client: httpx.Client, query: str) -> None:
    """Code 3."""
    reply = fireworks_client.get(f"{KEYS}?{query}")
    assert (reply.status_code, reply.json()["code"]) == (400, 3)


def test_a_parameter_that_nobody_knows_is_dropped(fireworks_client: httpx.Client) -> None:
    """As a gateway does; an empty one is the unset one."""
    query = {"verbose": "yes", "pageSize": "", "pageToken": "", "filter": "", "orderBy": "", "readMask": ""}
    assert names_of(fireworks_client.get(KEYS, params=query)) == ["default"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"filter": 'displayName = "a AND b"'}, ["a AND b"]),
        ({"filter": 'displayName!="c" AND displayName != default'}, ["d", "a AND b"]),
        ({"filter": 'displayName="c" AND displayName="d"'}, []),
        ({"orderBy": "displayName desc"}, ["default", "d", "c", "a AND b"]),
        ({"orderBy": "email,displayName asc"}, ["a AND b", "c", "d", "default"]),
        ({"orderBy": "displayName", "filter": "displayName!=default", "pageSize": "2"}, ["a AND b", "c", "d"]),
    ],
    ids=str,
)
def test_keys_are_filtered_and_ordered(fireworks_client: httpx.Client, query: dict[str, str], names: list[str]) -> None:
    """By comparisons joined with AND, and by fields, each up or down; across pages too."""
    made(fireworks_client, "d", "c", "a AND b")
    found = list(pages(fireworks_client, KEYS, **query))
    assert [name for page in found for name in names_of(page)] == names
    assert {page.json()["totalSize"] for page in found} == {len(names)}


def test_a_mask_leaves_fields_out_and_the_id_in(fireworks_client: httpx.Client) -> None:
    """A star is all of them."""
    (key,) = fireworks_client.get(KEYS, params={"readMask": "displayName, email"}).json()["apiKeys"]
    assert set(key) == {"keyId", "displayName", "email"}
    assert fireworks_client.get(KEYS, params={"readMask": "*"}).json() == fireworks_client.get(KEYS).json()
