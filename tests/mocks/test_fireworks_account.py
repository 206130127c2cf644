"""Users and secrets of the Fireworks simulator: made, listed, read, changed; secrets deleted as well."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from issuant.mocks import MovableClock
from issuant.mocks.fireworks import FireworksSimulator

ACCOUNT = "/v1/accounts/mock-account"
USERS = f"{ACCOUNT}/users"
SECRETS = f"{ACCOUNT}/secrets"
SECRET = {"name": "wolfram", "keyName": "WOLFRAM_KEY", "value": "stored_TEST_not_a_key"}
NEW_VALUE = "changed_TEST_not_a_key"
SHOWN = {"name": "accounts/mock-account/secrets/wolfram", "keyName": "WOLFRAM_KEY"}


def test_a_user_is_made_with_all_its_fields(fireworks_client: httpx.Client) -> None:
    """The name is the full resource name; readOnly and unknown fields count for nothing."""
    body = {"role": "contributor", "displayName": "CI", "serviceAccount": True, "email": "ci@example.com"}
    reply = fireworks_client.post(USERS, params={"userId": "ci"}, json={**body, "name": "x", "state": 1, "other": None})
    assert reply.status_code == 200
    assert reply.json() == {
        **body,
        "name": "accounts/mock-account/users/ci",
        "createTime": "2030-01-02T03:04:05.678901Z",
        "updateTime": "2030-01-02T03:04:05.678901Z",
        "state": "READY",
    }
    assert fireworks_client.get(f"{USERS}/ci").json() == reply.json()
    assert fireworks_client.post(f"{USERS}/ci/apiKeys", json={"apiKey": {}}).json()["email"] == "ci@example.com"


@pytest.mark.parametrize(
    ("email", "name"),
    [("Ada.Lovelace@example.com", "ada-lovelace"), ("@", "user-"), (None, "user-")],
    ids=["of-the-address", "nothing-usable", "no-address"],
)
def test_a_user_without_an_id_gets_one(fireworks_client: httpx.Client, email: str | None, name: str) -> None:
    """Made of the address where it will do."""
    body = {"role": "user"} if email is None else {"role": "user", "email": email}
    made = fireworks_client.post(USERS, json=body).json()
    assert made["name"].startswith(f"accounts/mock-account/users/{name}")
    assert made["serviceAccount"] is False
    assert fireworks_client.get(f"/v1/{made['name']}").json() == made


def test_a_user_id_that_is_taken_is_409(fireworks_client: httpx.Client) -> None:
    """Code 6, and the user stays as they were."""
    before = fireworks_client.get(f"{USERS}/someone").json()
    reply = fireworks_client.post(USERS, params={"userId": "someone"}, json={"role": "admin"})
    assert (reply.status_code, reply.json()["code"]) == (409, 6)
    assert fireworks_client.get(f"{USERS}/someone").json() == before


@pytest.mark.parametrize(
    "change",
    [
        {"role": None},
        {"role": "owner"},
        {"role": "custom"},
        {"role": 1},
        {"displayName": "a" * 64},
        {"displayName": 1},
        {"email": None},
        {"serviceAccount": "true"},
    ],
    ids=str,
)
def test_a_wrong_user_is_400(
    fireworks: FireworksSimulator, fireworks_client: httpx.Client, change: dict[str, object]
) -> None:
    """For a new one and for a change alike; nobody is made or changed."""
    before = dict(fireworks.users)
    body = {"role": "user", **change}
    for reply in (
        fireworks_client.post(USERS, params={"userId": "ci"}, json=body),
        fireworks_client.patch(f"{USERS}/someone", json=body),
    ):
        assert (reply.status_code, reply.json()["code"]) == (400, 3)
    assert fireworks.users == before


@pytest.mark.parametrize("user_id", ["", "Ada", "a/b", "-a", "a-", "a\n"])
def test_a_user_id_is_lower_case_with_hyphens(fireworks_client: httpx.Client, user_id: str) -> None:
    """Anything else is 400."""
    reply = fireworks_client.post(USERS, params={"userId": user_id}, json={"role": "user"})
    assert (reply.status_code, reply.json()["code"]) == (400, 3)


def test_a_change_of_a_user_leaves_alone_what_it_does_not_say(
    clock: MovableClock, fireworks_client: httpx.Client
) -> None:
    """The role has to be said; the time of the change is kept."""
    before = fireworks_client.get(f"{USERS}/robot").json()
    clock.advance(timedelta(seconds=1))
    reply = fireworks_client.patch(f"{USERS}/robot", json={"role": "inference-user"})
    after = {**before, "role": "inference-user", "updateTime": "2030-01-02T03:04:06.678901Z"}
    assert (reply.status_code, reply.json()) == (200, after)
    assert fireworks_client.patch(f"{USERS}/robot", json={"displayName": "R"}).status_code == 400
    assert fireworks_client.get(f"{USERS}/robot").json() == after


def test_a_role_holds_from_the_next_request_on(fireworks: FireworksSimulator, fireworks_client: httpx.Client) -> None:
    """Who is made an admin may what an admin may."""
    headers = {"Authorization": f"Bearer {fireworks.add_key('someone')}"}
    others = f"{USERS}/mock-user/apiKeys"
    assert fireworks_client.get(others, headers=headers).status_code == 403
    fireworks_client.patch(f"{USERS}/someone", json={"role": "admin"})
    assert fireworks_client.get(others, headers=headers).status_code == 200


def test_only_admins_make_and_change_users(fireworks: FireworksSimulator, fireworks_client: httpx.Client) -> None:
    """Anyone may look."""
    headers = {"Authorization": f"Bearer {fireworks.add_key('someone')}"}
    before = dict(fireworks.users)
    made = fireworks_client.post(USERS, json={"role": "admin"}, headers=headers)
    changed = fireworks_client.patch(f"{USERS}/someone", json={"role": "admin"}, headers=headers)
    assert (made.status_code, changed.status_code) == (403, 403)
    assert fireworks.users == before
    assert fireworks_client.get(USERS, headers=headers).status_code == 200
    assert fireworks_client.get(f"{USERS}/mock-user", headers=headers).status_code == 200


def test_users_are_listed_by_name_and_in_pages(fireworks_client: httpx.Client) -> None:
    """Filters and orders hold for them too."""
    fireworks_client.post(USERS, params={"userId": "ada"}, json={"role": "user"})
    first = fireworks_client.get(USERS, params={"pageSize": "3"}).json()
    second = fireworks_client.get(USERS, params={"pageSize": "3", "pageToken": first["nextPageToken"]}).json()
    names = [user["name"].rsplit("/", 1)[1] for user in [*first["users"], *second["users"]]]
    assert names == ["ada", "mock-user", "robot", "someone"]
    assert (first["totalSize"], "nextPageToken" in second) == (4, False)
    robots = fireworks_client.get(USERS, params={"filter": "serviceAccount=true"}).json()["users"]
    assert [user["name"] for user in robots] == ["accounts/mock-account/users/robot"]


def test_a_user_who_does_not_exist_is_404(fireworks_client: httpx.Client) -> None:
    """To read, to change, and to issue, list and delete keys for."""
    replies = [
        fireworks_client.get(f"{USERS}/nobody"),
        fireworks_client.patch(f"{USERS}/nobody", json={"role": "user"}),
        fireworks_client.get(f"{USERS}/nobody/apiKeys"),
        fireworks_client.post(f"{USERS}/nobody/apiKeys", json={"apiKey": {}}),
        fireworks_client.post(f"{USERS}/nobody/apiKeys:delete", json={"keyId": "any"}),
    ]
    assert [(reply.status_code, reply.json()["code"]) for reply in replies] == [(404, 5)] * 5


def test_nobody_can_be_deleted(fireworks_client: httpx.Client) -> None:
    """The gateway has no operation for it, nor one for a single key."""
    reply = fireworks_client.delete(f"{USERS}/someone")
    assert (reply.status_code, reply.headers["Allow"]) == (405, "GET, PATCH")
    assert fireworks_client.get(f"{USERS}/mock-user/apiKeys/any").status_code == 404


def test_a_secret_is_read_listed_changed_and_deleted(
    fireworks: FireworksSimulator, fireworks_client: httpx.Client
) -> None:
    """No reply after the first request has the value, the old one or the new."""
    one = f"{SECRETS}/wolfram"
    fireworks_client.post(SECRETS, json=SECRET)
    replies = [fireworks_client.get(one), fireworks_client.get(SECRETS)]
    replies.append(fireworks_client.patch(one, json={"keyName": "OTHER_KEY", "value": NEW_VALUE}))
    replies += [fireworks_client.get(one), fireworks_client.delete(one)]
    assert [reply.json() for reply in replies] == [
        SHOWN,
        {"secrets": [SHOWN], "totalSize": 1},
        {**SHOWN, "keyName": "OTHER_KEY"},
        {**SHOWN, "keyName": "OTHER_KEY"},
        {},
    ]
    assert not [reply for reply in replies if "not_a_key" in reply.text]
    assert not fireworks.secrets


def test_a_deleted_secret_is_404_and_its_id_is_free(fireworks_client: httpx.Client) -> None:
    """Code 5, for the second delete too."""
    one = f"{SECRETS}/wolfram"
    fireworks_client.post(SECRETS, json=SECRET)
    fireworks_client.delete(one)
    replies = [
        fireworks_client.get(one),
        fireworks_client.patch(one, json={"keyName": "K"}),
        fireworks_client.delete(one),
    ]
    assert [(reply.status_code, reply.json()["code"]) for reply in replies] == [(404, 5)] * 3
    assert fireworks_client.post(SECRETS, json=SECRET).status_code == 200


def test_a_change_of_a_secret_without_a_value_keeps_it(
    fireworks: FireworksSimulator, fireworks_client: httpx.Client
) -> None:
    """And one with a value replaces it."""
    fireworks_client.post(SECRETS, json=SECRET)
    for change, value in (({}, SECRET["value"]), ({"value": NEW_VALUE}, NEW_VALUE)):
        fireworks_client.patch(f"{SECRETS}/wolfram", json={"keyName": "OTHER_KEY", **change})
        (kept,) = fireworks.secrets.values()
        assert (kept.key_name, kept.value) == ("OTHER_KEY", value)


@pytest.mark.parametrize(
    "body", [{}, {"keyName": "lower"}, {"keyName": None}, {"keyName": "K", "value": 1}, {"value": "v"}, []], ids=str
)
def test_a_wrong_change_of_a_secret_is_400(
    fireworks: FireworksSimulator, fireworks_client: httpx.Client, body: object
) -> None:
    """And the secret stays as it was."""
    fireworks_client.post(SECRETS, json=SECRET)
    before = dict(fireworks.secrets)
    reply = fireworks_client.patch(f"{SECRETS}/wolfram", json=body)
    assert (reply.status_code, reply.json()["code"]) == (400, 3)
    assert fireworks.secrets == before


def test_secrets_are_listed_in_pages_and_not_filtered(fireworks_client: httpx.Client) -> None:
    """The vendor says that filter and orderBy are unused; a mask is not."""
    for name in ("b", "a", "c"):
        fireworks_client.post(SECRETS, json={**SECRET, "name": name})
    query = {"pageSize": "2", "filter": "no grammar", "orderBy": "none", "readMask": "name"}
    first = fireworks_client.get(SECRETS, params=query).json()
    second = fireworks_client.get(SECRETS, params={**query, "pageToken": first["nextPageToken"]}).json()
    prefix = "accounts/mock-account/secrets/"
    assert first["secrets"] == [{"name": f"{prefix}b"}, {"name": f"{prefix}a"}]
    assert second == {"secrets": [{"name": f"{prefix}c"}], "totalSize": 3}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", USERS),
        ("POST", USERS),
        ("GET", f"{USERS}/mock-user"),
        ("PATCH", f"{USERS}/mock-user"),
        ("GET", f"{USERS}/mock-user/apiKeys"),
        ("POST", f"{USERS}/mock-user/apiKeys:delete"),
        ("GET", SECRETS),
        ("GET", f"{SECRETS}/wolfram"),
        ("PATCH", f"{SECRETS}/wolfram"),
        ("DELETE", f"{SECRETS}/wolfram"),
    ],
)
def test_who_asks_is_checked_everywhere(
    fireworks: FireworksSimulator, fireworks_client: httpx.Client, method: str, path: str
) -> None:
    """401 before 403 for another account before 429, whatever is sent."""
    other = path.replace("mock-account", "other")
    stranger = {"Authorization": "Bearer wrong_TEST_not_a_key"}
    fireworks.rate_limit = 0
    statuses = [
        fireworks_client.request(method, other, headers=stranger).status_code,
        fireworks_client.request(method, other).status_code,
        fireworks_client.request(method, path).status_code,
    ]
    assert statuses == [401, 403, 429]
