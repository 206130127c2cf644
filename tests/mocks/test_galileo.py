"""The Galileo simulator checks three kinds of credential and answers as FastAPI and Pydantic 2 do."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from uuid import UUID

import httpx
import pytest
from issuant.mocks import MovableClock
from issuant.mocks.galileo import GalileoSimulator

KEYS = "/v2/users/api_keys"
WANTED: dict[str, object] = {"description": "nightly"}
OWN = "own_TEST_value_not_a_key"


def anonymous(galileo: GalileoSimulator) -> httpx.Client:
    return httpx.Client(transport=galileo.transport(), base_url="https://mock.invalid")


def basic(username: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


def test_a_key_is_issued_with_all_its_fields(galileo: GalileoSimulator, galileo_client: httpx.Client) -> None:
    """Ids are UUIDs of version 4, times have an offset, and what is not set is null."""
    reply = galileo_client.post(KEYS, json=WANTED)
    assert reply.status_code == 200
    issued = reply.json()
    assert UUID(issued.pop("id")).version == 4
    assert datetime.fromisoformat(issued.pop("created_at")).utcoffset() == timedelta(0)
    assert datetime.fromisoformat(issued.pop("updated_at")).utcoffset() == timedelta(0)
    assert UUID(galileo.user_id).version == 4
    assert issued == {
        "description": "nightly",
        "expires_at": None,
        "last_used": None,
        "project_id": None,
        "project_role": None,
        "created_by": galileo.user_id,
        "truncated": "galileo_...",
        "api_key": "galileo_TEST_issued_0001_not_a_key",
    }


def test_every_field_that_is_asked_for_comes_back(galileo_client: httpx.Client) -> None:
    """With the expiry in UTC and the project's id in lower case."""
    project = "C0FFEE00-0000-4000-8000-000000000001"
    wanted = {**WANTED, "expires_at": "2031-01-01T02:00:00+02:00", "project_id": project, "project_role": "viewer"}
    issued = galileo_client.post(KEYS, json={**wanted, "api_key": OWN}).json()
    assert issued["expires_at"] == "2031-01-01T00:00:00+00:00"
    assert (issued["project_id"], issued["project_role"]) == (project.lower(), "viewer")
    assert (issued["api_key"], issued["truncated"]) == (OWN, "own_TEST...")


def test_null_means_not_set(galileo_client: httpx.Client) -> None:
    """For each of the optional fields."""
    nulls = dict.fromkeys(("expires_at", "project_id", "project_role", "api_key"))
    assert galileo_client.post(KEYS, json={**WANTED, **nulls}).status_code == 200


def test_the_example_of_the_vendors_page_is_taken(galileo_client: httpx.Client) -> None:
    """It has a space between date and time."""
    wanted = {"description": "My cool api_key", "expires_at": "2025-04-01 09:00:00+00:00"}
    assert galileo_client.post(KEYS, json=wanted).json()["expires_at"] == "2025-04-01T09:00:00+00:00"


@pytest.mark.parametrize("wanted", [WANTED, {**WANTED, "api_key": OWN}], ids=["the-vendors", "the-callers"])
def test_an_issued_key_authenticates_and_its_value_is_kept_nowhere(
    galileo: GalileoSimulator, galileo_client: httpx.Client, wanted: dict[str, object]
) -> None:
    """The vendor keeps a hash: the value is in the reply alone."""
    value = galileo_client.post(KEYS, json=wanted).json()["api_key"]
    assert value not in str([vars(key) for key in galileo.keys.values()])
    assert galileo_client.post(KEYS, json=WANTED, headers={"Galileo-API-Key": value}).status_code == 200


def test_an_expired_key_is_refused(clock: MovableClock, galileo_client: httpx.Client) -> None:
    """It works until its time and no longer."""
    wanted = {**WANTED, "expires_at": (clock() + timedelta(hours=1)).isoformat()}
    headers = {"Galileo-API-Key": galileo_client.post(KEYS, json=wanted).json()["api_key"]}
    assert galileo_client.post(KEYS, json=WANTED, headers=headers).status_code == 200
    clock.advance(timedelta(hours=1))
    assert galileo_client.post(KEYS, json=WANTED, headers=headers).status_code == 401


def test_a_value_that_exists_is_409(galileo: GalileoSimulator, galileo_client: httpx.Client) -> None:
    """With a text for a detail, which does not show the value."""
    assert galileo_client.post(KEYS, json={**WANTED, "api_key": OWN}).status_code == 200
    reply = galileo_client.post(KEYS, json={**WANTED, "api_key": OWN})
    assert reply.status_code == 409
    assert isinstance(reply.json()["detail"], str)
    assert OWN not in reply.text
    assert len(galileo.keys) == 1


def test_a_short_value_is_never_shown_whole_in_truncated(galileo_client: httpx.Client) -> None:
    """At most half of it is."""
    assert galileo_client.post(KEYS, json={**WANTED, "api_key": "ab"}).json()["truncated"] == "a..."


def test_an_empty_value_is_none(galileo_client: httpx.Client) -> None:
    """The vendor makes one."""
    issued = galileo_client.post(KEYS, json={**WANTED, "api_key": ""}).json()
    assert issued["api_key"] == "galileo_TEST_issued_0001_not_a_key"


def test_basic_credentials_are_accepted(galileo: GalileoSimulator) -> None:
    """With the user's name and password."""
    with anonymous(galileo) as client:
        reply = client.post(KEYS, json=WANTED, auth=(galileo.username, galileo.password))
    assert reply.status_code == 200


def test_a_login_gives_a_token_that_is_accepted(galileo: GalileoSimulator) -> None:
    """The login is a form, as OAuth 2 has it."""
    with anonymous(galileo) as client:
        login = client.post("/login", data={"username": galileo.username, "password": galileo.password})
        assert login.status_code == 200
        token = login.json()
        assert token["token_type"] == "bearer"
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        assert client.post(KEYS, json=WANTED, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "form",
    [
        {"username": "other", "password": "galileo_TEST_password_not_a_key"},
        {"username": "mock-user@mock.invalid", "password": ""},
    ],
    ids=["user", "password"],
)
def test_a_wrong_login_is_401(galileo: GalileoSimulator, form: dict[str, str]) -> None:
    """With a text for a detail."""
    with anonymous(galileo) as client:
        reply = client.post("/login", data=form)
    assert (reply.status_code, reply.json()) == (401, {"detail": "Invalid credentials"})


def test_a_login_that_is_no_form_is_422(galileo: GalileoSimulator) -> None:
    """Both fields are missing."""
    with anonymous(galileo) as client:
        reply = client.post("/login", json={"username": galileo.username, "password": galileo.password})
    assert reply.status_code == 422
    assert [problem["loc"] for problem in reply.json()["detail"]] == [["body", "username"], ["body", "password"]]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Galileo-API-Key": "", "Authorization": basic("mock-user@mock.invalid", "wrong")},
        {"Galileo-API-Key": "wrong_TEST_not_a_key"},
        {"Authorization": "Bearer galileo_TEST_not_a_key"},
        {"Authorization": basic("mock-user@mock.invalid", "wrong")},
        {"Authorization": "Basic ???"},
        {"Authorization": "Basic /w=="},
        {"Authorization": "galileo_TEST_not_a_key"},
        {
            "Galileo-API-Key": "wrong_TEST_not_a_key",
            "Authorization": basic("mock-user@mock.invalid", "galileo_TEST_password_not_a_key"),
        },
    ],
    ids=[
        "none",
        "empty",
        "unknown",
        "key-as-token",
        "wrong-password",
        "not-base64",
        "not-utf-8",
        "no-scheme",
        "key-first",
    ],
)
def test_a_credential_that_is_not_accepted_is_401(galileo: GalileoSimulator, headers: dict[str, str]) -> None:
    """With a text for a detail, and nothing was made."""
    with anonymous(galileo) as client:
        reply = client.post(KEYS, json=WANTED, headers=headers)
    assert reply.status_code == 401
    assert isinstance(reply.json()["detail"], str)
    assert not galileo.keys


@pytest.mark.parametrize(
    ("change", "place", "kind"),
    [
        ({"description": 1}, "description", "string_type"),
        ({"description": None}, "description", "string_type"),
        ({"expires_at": "soon"}, "expires_at", "datetime_from_date_parsing"),
        ({"expires_at": "2031-01-01T00:00:00"}, "expires_at", "datetime_from_date_parsing"),
        ({"expires_at": 1893456000}, "expires_at", "datetime_type"),
        ({"project_id": "not-a-uuid"}, "project_id", "uuid_parsing"),
        ({"project_id": 7}, "project_id", "uuid_type"),
        ({"project_role": "admin"}, "project_role", "enum"),
        ({"project_role": []}, "project_role", "enum"),
        ({"api_key": 12}, "api_key", "string_type"),
    ],
    ids=str,
)
def test_a_field_that_is_wrong_is_422_and_names_the_place(
    galileo: GalileoSimulator, galileo_client: httpx.Client, change: dict[str, object], place: str, kind: str
) -> None:
    """As Pydantic 2 does, with what was sent as `input`."""
    reply = galileo_client.post(KEYS, json={**WANTED, **change})
    assert reply.status_code == 422
    (problem,) = reply.json()["detail"]
    assert (problem["loc"], problem["type"], problem["input"]) == (["body", place], kind, change[place])
    assert problem["msg"]
    assert not galileo.keys


def test_a_missing_description_echoes_the_whole_body(galileo_client: httpx.Client) -> None:
    """A caller-made value included: a client must not show `input`."""
    reply = galileo_client.post(KEYS, json={"api_key": OWN})
    (problem,) = reply.json()["detail"]
    assert reply.status_code == 422
    assert (problem["loc"], problem["type"], problem["input"]) == (["body", "description"], "missing", {"api_key": OWN})


def test_all_that_is_wrong_is_told_at_once(galileo_client: httpx.Client) -> None:
    """One entry for each field."""
    reply = galileo_client.post(KEYS, json={"expires_at": 1, "project_role": "admin"})
    assert [problem["loc"][1] for problem in reply.json()["detail"]] == ["description", "expires_at", "project_role"]


@pytest.mark.parametrize(
    ("content", "media_type", "kind"),
    [
        (b"{", "application/json", "json_invalid"),
        (b"[" * 5000, "application/json", "json_invalid"),
        (b"", "application/json", "missing"),
        (b"[]", "application/json", "model_attributes_type"),
        (b'{"description":"x"}', "text/plain", "model_attributes_type"),
    ],
    ids=["cut", "deep", "empty", "list", "text"],
)
def test_a_body_that_is_no_json_object_is_422(
    galileo_client: httpx.Client, content: bytes, media_type: str, kind: str
) -> None:
    """The place is the body itself."""
    reply = galileo_client.post(KEYS, content=content, headers={"Content-Type": media_type})
    assert reply.status_code == 422
    (problem,) = reply.json()["detail"]
    assert (problem["loc"][0], problem["type"]) == ("body", kind)


def test_json_without_a_media_type_is_read(galileo_client: httpx.Client) -> None:
    """As FastAPI does."""
    assert galileo_client.post(KEYS, content=b'{"description":"x"}').status_code == 200


def test_the_rate_limit_answers_429_with_retry_after(galileo: GalileoSimulator, galileo_client: httpx.Client) -> None:
    """In the vendor's error body."""
    galileo.rate_limit = 0
    reply = galileo_client.post(KEYS, json=WANTED)
    assert (reply.status_code, reply.json(), reply.headers["Retry-After"]) == (
        429,
        {"detail": "Too Many Requests"},
        "60",
    )


def test_an_unknown_path_is_404_and_another_method_405(galileo_client: httpx.Client) -> None:
    """As FastAPI words them."""
    missing = galileo_client.post("/v2/other")
    assert (missing.status_code, missing.json()) == (404, {"detail": "Not Found"})
    other = galileo_client.delete(KEYS)
    assert (other.status_code, other.json()) == (405, {"detail": "Method Not Allowed"})
    assert other.headers["Allow"] == "POST"
