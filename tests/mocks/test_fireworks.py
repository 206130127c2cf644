"""The Fireworks simulator checks who asks, takes what the documents allow, and shows a value once."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from issuant.mocks import MovableClock
from issuant.mocks.fireworks import FireworksSimulator

KEYS = "/v1/accounts/mock-account/users/mock-user/apiKeys"
SECRETS = "/v1/accounts/mock-account/secrets"
OF_KEYS: dict[str, object] = {"apiKey": {"displayName": "nightly"}}
SECRET = {"name": "wolfram", "keyName": "WOLFRAM_ALPHA_API_KEY", "value": "stored_TEST_not_a_key"}


def test_a_key_is_issued_with_all_its_fields(fireworks_client: httpx.Client) -> None:
    """The reply has what was asked for and what the vendor adds; a key never used has no lastUsed."""
    wanted = {"displayName": "nightly", "expireTime": "2031-01-01T00:00:00+02:00", "annotations": {"team": "evals"}}
    reply = fireworks_client.post(KEYS, json={"apiKey": wanted})
    assert reply.status_code == 200
    issued = reply.json()
    assert issued.pop("keyId").startswith("key_")
    assert issued == {
        "displayName": "nightly",
        "key": "fw_TEST_issued_0001_not_a_key",
        "createTime": "2030-01-02T03:04:05.678901Z",
        "secure": True,
        "email": "mock-user@mock.invalid",
        "prefix": "fw_TES",
        "expireTime": "2030-12-31T22:00:00Z",
        "annotations": {"team": "evals"},
    }


@pytest.mark.parametrize("wanted", [{}, {"displayName": ""}], ids=["unset", "empty"])
def test_a_key_without_a_name_is_called_default(fireworks_client: httpx.Client, wanted: dict[str, str]) -> None:
    """An unset name and, in proto3, an empty one mean the same."""
    assert fireworks_client.post(KEYS, json={"apiKey": wanted}).json()["displayName"] == "default"


def test_a_key_without_an_expiry_has_no_expire_time(fireworks_client: httpx.Client) -> None:
    """Absent means never."""
    assert "expireTime" not in fireworks_client.post(KEYS, json=OF_KEYS).json()


@pytest.mark.parametrize(
    "body",
    [
        {"apiKey": {"keyId": "mine", "key": 12, "secure": "no", "lastUsed": "2020-01-01T00:00:00Z"}},
        {"apiKey": {"other": [1]}, "more": None},
    ],
    ids=["read-only", "unknown"],
)
def test_fields_that_are_not_the_callers_count_for_nothing(fireworks_client: httpx.Client, body: object) -> None:
    """readOnly and unknown fields are dropped, whatever they hold."""
    issued = fireworks_client.post(KEYS, json=body)
    assert issued.status_code == 200
    assert issued.json()["keyId"] != "mine"
    assert not issued.json().keys() & {"lastUsed", "other", "more"}


def test_an_issued_key_authenticates_and_its_value_is_kept_nowhere(
    fireworks: FireworksSimulator, fireworks_client: httpx.Client
) -> None:
    """The vendor keeps a hash: the value is in the reply alone."""
    value = fireworks_client.post(KEYS, json=OF_KEYS).json()["key"]
    assert value not in str([vars(key) for key in fireworks.keys.values()])
    again = fireworks_client.post(KEYS, json=OF_KEYS, headers={"Authorization": f"Bearer {value}"})
    assert again.status_code == 200
    assert again.json()["key"] != value


def test_an_expired_key_is_refused(clock: MovableClock, fireworks_client: httpx.Client) -> None:
    """It works until its time and no longer."""
    wanted = {"apiKey": {"expireTime": (clock() + timedelta(hours=1)).isoformat()}}
    headers = {"Authorization": f"Bearer {fireworks_client.post(KEYS, json=wanted).json()['key']}"}
    assert fireworks_client.post(KEYS, json=OF_KEYS, headers=headers).status_code == 200
    clock.advance(timedelta(hours=1))
    assert fireworks_client.post(KEYS, json=OF_KEYS, headers=headers).status_code == 401


def test_the_user_on_the_path_is_taken_decoded(fireworks: FireworksSimulator, fireworks_client: httpx.Client) -> None:
    """With an encoded slash inside its segment; one who does not exist is 404."""
    path = "/v1/accounts/mock-account/users/new%2Fone/apiKeys"
    missing = fireworks_client.post(path, json=OF_KEYS)
    assert (missing.status_code, missing.json()["code"]) == (404, 5)
    fireworks.add_user("new/one")
    assert fireworks_client.post(path, json=OF_KEYS).json()["email"] == "new/one@mock.invalid"


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer wrong_TEST_not_a_key", "Basic fw_TEST_not_a_key", "fw_TEST_not_a_key"],
    ids=["absent", "empty", "no-token", "unknown", "basic", "no-scheme"],
)
@pytest.mark.parametrize("path", [KEYS, SECRETS], ids=["keys", "secrets"])
def test_a_credential_that_is_not_accepted_is_401(
    fireworks: FireworksSimulator, path: str, authorization: str | None
) -> None:
    """The body is a google.rpc.Status with code 16, and nothing was made."""
    headers = {} if authorization is None else {"Authorization": authorization}
    with httpx.Client(transport=fireworks.transport(), base_url="https://mock.invalid") as client:
        reply = client.post(path, json={**OF_KEYS, **SECRET}, headers=headers)
    assert reply.status_code == 401
    assert reply.json() == {"code": 16, "message": "invalid or missing API key", "details": []}
    assert len(fireworks.keys) == 1
    assert not fireworks.secrets


@pytest.mark.parametrize("path", [KEYS, SECRETS], ids=["keys", "secrets"])
def test_another_account_is_403(fireworks_client: httpx.Client, path: str) -> None:
    """The credential belongs to one account: code 7."""
    reply = fireworks_client.post(path.replace("mock-account", "other"), json={**OF_KEYS, **SECRET})
    assert (reply.status_code, reply.json()["code"]) == (403, 7)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"apiKey": None},
        {"apiKey": "nightly"},
        {"apiKey": {"displayName": 1}},
        {"apiKey": {"displayName": None}},
        {"apiKey": {"displayName": " \t\n"}},
        {"apiKey": {"expireTime": 1893456000}},
        {"apiKey": {"expireTime": None}},
        {"apiKey": {"expireTime": "2031-01-01T00:00:00"}},
        {"apiKey": {"expireTime": "2031-01-01 00:00:00Z"}},
        {"apiKey": {"expireTime": "2031-02-30T00:00:00Z"}},
        {"apiKey": {"annotations": []}},
        {"apiKey": {"annotations": {"team": 1}}},
        [],
        "apiKey",
    ],
    ids=str,
)
def test_a_wrong_type_of_a_key_is_400(
    fireworks: FireworksSimulator, fireworks_client: httpx.Client, body: object
) -> None:
    """A google.rpc.Status with code 3, and nothing was made."""
    reply = fireworks_client.post(KEYS, json=body)
    assert (reply.status_code, reply.json()["code"], reply.json()["details"]) == (400, 3, [])
    assert len(fireworks.keys) == 1


@pytest.mark.parametrize("path", [KEYS, SECRETS], ids=["keys", "secrets"])
@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff", b'{"apiKey":NaN}', b'{"a":"\\ud800"}', b"[" * 5000, b'{"a":1e999}'],
    ids=["empty", "cut", "not-utf-8", "nan", "surrogate", "deep", "infinite"],
)
def test_malformed_json_is_400(fireworks_client: httpx.Client, path: str, content: bytes) -> None:
    """A google.rpc.Status with code 3."""
    reply = fireworks_client.post(path, content=content, headers={"Content-Type": "application/json"})
    assert (reply.status_code, reply.json()["code"]) == (400, 3)


@pytest.mark.parametrize("path", [KEYS, SECRETS], ids=["keys", "secrets"])
def test_another_media_type_is_415(fireworks_client: httpx.Client, path: str) -> None:
    """In the vendor's error body."""
    reply = fireworks_client.post(path, content=b"{}", headers={"Content-Type": "text/plain"})
    assert (reply.status_code, reply.json()["code"]) == (415, 3)


@pytest.mark.parametrize("name", ["wolfram", "accounts/mock-account/secrets/wolfram"], ids=["bare-id", "full-name"])
def test_a_secret_is_stored_and_its_value_is_not_sent_back(
    fireworks: FireworksSimulator, fireworks_client: httpx.Client, name: str
) -> None:
    """The reply always has the full name."""
    reply = fireworks_client.post(SECRETS, json={**SECRET, "name": name})
    full_name = "accounts/mock-account/secrets/wolfram"
    assert reply.status_code == 200
    assert reply.json() == {"name": full_name, "keyName": SECRET["keyName"]}
    assert fireworks.secrets[full_name].value == SECRET["value"]
    assert SECRET["value"] not in repr(fireworks.secrets)


@pytest.mark.parametrize("name", ["wolfram", "accounts/mock-account/secrets/wolfram"], ids=["bare-id", "full-name"])
def test_an_id_that_is_taken_is_409(fireworks: FireworksSimulator, fireworks_client: httpx.Client, name: str) -> None:
    """Code 6, and the first value stays."""
    assert fireworks_client.post(SECRETS, json=SECRET).status_code == 200
    reply = fireworks_client.post(SECRETS, json={**SECRET, "name": name, "value": "other_TEST_not_a_key"})
    assert (reply.status_code, reply.json()["code"]) == (409, 6)
    assert [secret.value for secret in fireworks.secrets.values()] == [SECRET["value"]]


@pytest.mark.parametrize(
    "change",
    [
        {"name": None},
        {"name": ""},
        {"name": "Wolfram"},
        {"name": "wolfram\n"},
        {"name": "-wolfram"},
        {"name": "wolfram-"},
        {"name": "accounts/other/secrets/wolfram"},
        {"name": 1},
        {"keyName": None},
        {"keyName": "wolfram"},
        {"keyName": "1_KEY"},
        {"keyName": "KEY\n"},
        {"value": None},
        {"value": 1},
    ],
    ids=str,
)
@pytest.mark.parametrize("how", ["changed", "absent"])
def test_a_wrong_secret_is_400(
    fireworks: FireworksSimulator, fireworks_client: httpx.Client, change: dict[str, object], how: str
) -> None:
    """Code 3, the value is not in the message, and nothing was stored."""
    body: dict[str, object] = {**SECRET, **change}
    if how == "absent":
        body = {name: value for name, value in SECRET.items() if name not in change}
    reply = fireworks_client.post(SECRETS, json=body)
    assert (reply.status_code, reply.json()["code"]) == (400, 3)
    assert SECRET["value"] not in reply.text
    assert not fireworks.secrets


def test_the_id_of_a_secret_may_be_long(fireworks_client: httpx.Client) -> None:
    """The documents set no greatest length."""
    assert fireworks_client.post(SECRETS, json={**SECRET, "name": "w" * 300}).status_code == 200


def test_a_secret_with_an_empty_value_is_taken(fireworks_client: httpx.Client) -> None:
    """The documents set no least length."""
    assert fireworks_client.post(SECRETS, json={**SECRET, "value": ""}).status_code == 200


def test_the_rate_limit_is_off_until_it_is_set(
    clock: MovableClock, fireworks: FireworksSimulator, fireworks_client: httpx.Client
) -> None:
    """429 with code 8 and Retry-After in seconds, until the minute has passed."""
    fireworks.rate_limit = 2
    clock_start = [fireworks_client.post(KEYS, json=OF_KEYS).status_code]
    clock.advance(timedelta(seconds=20))
    clock_start.append(fireworks_client.post(KEYS, json=OF_KEYS).status_code)
    refused = fireworks_client.post(KEYS, json=OF_KEYS)
    assert clock_start == [200, 200]
    assert (refused.status_code, refused.json()["code"], refused.headers["Retry-After"]) == (429, 8, "40")
    clock.advance(timedelta(seconds=40))
    assert fireworks_client.post(KEYS, json=OF_KEYS).status_code == 200
    fireworks.rate_limit = None
    assert {fireworks_client.post(KEYS, json=OF_KEYS).status_code for _ in range(5)} == {200}


def test_an_unknown_path_is_404_and_another_method_405(fireworks_client: httpx.Client) -> None:
    """Both in the vendor's error body; Allow names what would be taken."""
    missing = fireworks_client.post("/v1/accounts/mock-account/users//apiKeys", json=OF_KEYS)
    assert (missing.status_code, missing.json()["code"]) == (404, 5)
    for method in ("DELETE", "PUT", "TRACE", "QUERY"):
        other = fireworks_client.request(method, KEYS)
        assert (other.status_code, other.json()["code"], other.headers["Allow"]) == (405, 12, "GET, POST")
