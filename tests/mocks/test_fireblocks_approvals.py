"""The Fireblocks simulator tells of approvals, page by page, and lets another admin decide them with a signature."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest
from issuant.mocks import Fault, MovableClock
from issuant.mocks.fireblocks import FireblocksSimulator

from tests.mocks.signing import PATH, Signer, approval_signature, csr_of, rsa_key

APPROVALS = "/v1/approvals"
DECIDERS = ["OWNER", "ADMIN", "NON_SIGNING_ADMIN"]


def ask(client: httpx.Client, name: str = "nightly") -> str:
    wanted = {"role": "EDITOR", "name": name, "csrPem": csr_of(rsa_key())}
    return client.post(PATH, json=wanted).headers["X-Request-ID"]


def another(fireblocks: FireblocksSimulator, role: str = "ADMIN") -> Signer:
    """Return how another user signs its requests, who has an approval key."""
    user = fireblocks.add_user(role=role, status="READY").id
    fireblocks.register_approval_key(user, public_key=rsa_key(2048, 1).public_key())
    return Signer(api_key=user, pem=fireblocks.private_key_pem, clock=fireblocks.clock)


def signature(text: str, number: int = 1) -> str:
    return approval_signature(text, rsa_key(2048, number))


def item(client: httpx.Client, request_id: str, mode: str = "SUMMARY", auth: httpx.Auth | None = None) -> Any:
    given = {} if auth is None else {"auth": auth}
    reply = client.get(f"{APPROVALS}/{request_id}", params={"quorumStatusMode": mode}, **given)  # type: ignore[arg-type]
    assert reply.status_code == 200
    return reply.json()


def approve(
    client: httpx.Client, request_id: str, auth: httpx.Auth, change: Mapping[str, object] | None = None
) -> httpx.Response:
    text = item(client, request_id)["requestPayload"]
    body = {"signature": signature(text), **(change or {})}
    return client.post(f"{APPROVALS}/{request_id}/approve", json=body, auth=auth)


def listed(client: httpx.Client, **query: str) -> list[str]:
    reply = client.get(APPROVALS, params=query)
    assert reply.status_code == 200
    return [json.loads(each["requestPayload"])["requestId"] for each in reply.json()["data"]]


def test_an_approval_is_found_by_the_request_id_of_the_creation(
    clock: MovableClock, fireblocks_client: httpx.Client
) -> None:
    """It is a text to sign, which says when it expires."""
    request_id = ask(fireblocks_client)
    found = item(fireblocks_client, request_id, mode="NONE")
    assert json.loads(found.pop("requestPayload")) == {
        "requestId": request_id,
        "requestType": "CREATE_API_USER",
        "requestTimestamp": int(clock().timestamp() * 1000),
        "expiresAt": int((clock() + timedelta(days=7)).timestamp()),
        "requestData": {"name": "nightly", "role": "EDITOR"},
    }
    assert found == {
        "requestSignature": "",
        "userStatus": "USER_NOT_ELIGIBLE_TO_APPROVE",
        "quorumStatus": None,
    }


def test_an_approval_may_have_an_id_of_its_own(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client
) -> None:
    """Nobody has seen that the vendor's is the X-Request-ID; then it is found in the list alone."""
    fireblocks.approvals_have_own_ids = True
    request_id = ask(fireblocks_client)
    assert fireblocks_client.get(f"{APPROVALS}/{request_id}").status_code == 404
    (own,) = listed(fireblocks_client, includeAllUsers="true")
    assert own != request_id
    assert fireblocks.approvals[own].name == "nightly"


@pytest.mark.parametrize(
    ("end", "state"), [("approve", "APPROVED"), ("reject", "REJECTED"), ("expire", "TIMED_OUT")], ids=str
)
def test_what_became_of_an_approval_is_told(
    clock: MovableClock, fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client, end: str, state: str
) -> None:
    """By id; the list has the ones that wait alone."""
    request_id, other = ask(fireblocks_client), ""
    assert item(fireblocks_client, request_id)["quorumStatus"]["requestStatus"] == "PENDING"
    match end:
        case "approve":
            fireblocks.approvals.approve(request_id)
        case "reject":
            fireblocks.approvals.reject(request_id)
        case _:
            clock.advance(timedelta(days=7))
    other = ask(fireblocks_client, "other")
    assert item(fireblocks_client, request_id)["quorumStatus"]["requestStatus"] == state
    assert listed(fireblocks_client, includeAllUsers="true") == [other]


@pytest.mark.parametrize("role", DECIDERS)
def test_another_admin_approves_with_a_signature(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client, role: str
) -> None:
    """204 without a body; the user is there at once."""
    request_id = ask(fireblocks_client)
    reply = approve(fireblocks_client, request_id, another(fireblocks, role))
    assert (reply.status_code, reply.content) == (204, b"")
    assert reply.headers["X-Request-ID"]
    found = item(fireblocks_client, request_id)["quorumStatus"]
    assert found == {
        "requestStatus": "APPROVED",
        "quorum": {"type": "SIMPLE", "threshold": 1, "currentApprovalCount": 1, "status": "APPROVED"},
    }
    latest = fireblocks_client.get(PATH).json()["users"][0]
    assert (latest["id"], latest["name"]) == (fireblocks.approvals[request_id].user_id, "nightly")


def test_a_quorum_of_two_needs_two(fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client) -> None:
    """The same one twice does not count twice, and sees that it has approved."""
    fireblocks.approvals.threshold = 2
    first, second = another(fireblocks), another(fireblocks)
    request_id = ask(fireblocks_client)
    assert approve(fireblocks_client, request_id, first).status_code == 204
    assert approve(fireblocks_client, request_id, first).status_code == 204
    full = item(fireblocks_client, request_id, "FULL", auth=first)
    assert full["userStatus"] == "USER_APPROVED"
    assert full["quorumStatus"] == {
        "requestStatus": "PENDING",
        "quorum": {
            "type": "SIMPLE",
            "threshold": 2,
            "currentApprovalCount": 1,
            "status": "PENDING",
            "members": [0, 1],
        },
        "users": [
            {"index": 0, "userId": first.api_key, "status": "APPROVED"},
            {"index": 1, "userId": second.api_key, "status": "PENDING"},
        ],
    }
    assert len(fireblocks.users) == 3
    assert approve(fireblocks_client, request_id, second).status_code == 204
    assert len(fireblocks.users) == 4


def test_another_admin_rejects_without_a_signature(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client
) -> None:
    """204, and no user comes of it."""
    request_id = ask(fireblocks_client)
    reply = fireblocks_client.post(f"{APPROVALS}/{request_id}/reject", auth=another(fireblocks))
    assert (reply.status_code, reply.content) == (204, b"")
    assert fireblocks.approvals[request_id].state == "rejected"


@pytest.mark.parametrize("again", ["approve", "reject"])
@pytest.mark.parametrize("first", ["approve", "reject", "expire"])
def test_what_is_decided_cannot_be_decided_again(
    clock: MovableClock, fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client, first: str, again: str
) -> None:
    """409 says what it is."""
    auth, request_id = another(fireblocks), ask(fireblocks_client)

    def decide(how: str) -> httpx.Response:
        if how == "approve":
            return approve(fireblocks_client, request_id, auth)
        return fireblocks_client.post(f"{APPROVALS}/{request_id}/reject", auth=auth)

    if first == "expire":
        clock.advance(timedelta(days=7))
    else:
        assert decide(first).status_code == 204
    reply = decide(again)
    assert (reply.status_code, reply.json()["code"]) == (409, 409)
    assert "not pending" in reply.json()["message"]


def test_a_repeated_decision_gets_the_stored_reply(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client
) -> None:
    """With the same idempotency key; after an internal error the key is of no more use."""
    auth, request_id = another(fireblocks), ask(fireblocks_client)
    path = f"{APPROVALS}/{request_id}/reject"
    fireblocks.faults.add(Fault.status(500))
    statuses = [
        fireblocks_client.post(path, headers={"Idempotency-Key": key}, auth=auth).status_code
        for key in ("one", "one", "two", "two", "three", "k" * 41)
    ]
    assert statuses == [500, 400, 204, 204, 409, 400]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"signature": "AAAA"}, id="no-signature-of-anybody"),
        pytest.param({"signature": "not base64url"}, id="no-base64url"),
        pytest.param({"signature": "A"}, id="cut-base64url"),
        pytest.param({"signature": 12}, id="number"),
        pytest.param({"signature": signature("another text")}, id="of-another-text"),
        pytest.param({"keyId": "another"}, id="of-another-key"),
        pytest.param({"keyId": None}, id="key-null"),
    ],
)
def test_a_wrong_signature_is_400(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client, change: dict[str, object]
) -> None:
    """And the approval goes on waiting."""
    request_id = ask(fireblocks_client)
    reply = approve(fireblocks_client, request_id, another(fireblocks), change)
    assert (reply.status_code, reply.json()["code"]) == (400, 400)
    assert fireblocks.approvals[request_id].state == "pending"


def test_the_key_that_signs_requests_signs_no_approval(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client
) -> None:
    """A key has to be registered for it; the id of the right one may be named."""
    request_id = ask(fireblocks_client)
    text = item(fireblocks_client, request_id)["requestPayload"]
    user = fireblocks.add_user(role="ADMIN").id
    auth = Signer(api_key=user, pem=fireblocks.private_key_pem, clock=fireblocks.clock)
    body = {"signature": signature(text, 2)}
    path = f"{APPROVALS}/{request_id}/approve"
    assert fireblocks_client.post(path, json=body, auth=auth).status_code == 400
    key_id = fireblocks.register_approval_key(user, public_key=rsa_key(2048, 2).public_key())
    assert fireblocks_client.post(path, json={**body, "keyId": key_id}, auth=auth).status_code == 204


@pytest.mark.parametrize("how", ["approve", "reject"])
def test_only_those_who_are_asked_decide(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client, how: str
) -> None:
    """Neither the one who asked for the user, nor another role; an unknown request is 404."""
    request_id = ask(fireblocks_client)
    asking = Signer(api_key=fireblocks.api_key, pem=fireblocks.private_key_pem, clock=fireblocks.clock)
    body = {"signature": "AAAA"}
    for auth in (asking, another(fireblocks, "SIGNER"), another(fireblocks, "VIEWER")):
        reply = fireblocks_client.post(f"{APPROVALS}/{request_id}/{how}", json=body, auth=auth)
        assert (reply.status_code, reply.json()["code"]) == (403, 403)
    missing = fireblocks_client.post(f"{APPROVALS}/nothing/{how}", json=body, auth=another(fireblocks))
    assert (missing.status_code, missing.json()["code"]) == (404, 404)
    assert fireblocks.approvals[request_id].state == "pending"


def test_a_queue_is_the_callers_own(fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client) -> None:
    """What the caller has approved is in it where that is asked for; another's, and all, for some roles."""
    fireblocks.approvals.threshold = 2
    auth, request_id = another(fireblocks), ask(fireblocks_client)
    assert listed(fireblocks_client) == []
    assert listed(fireblocks_client, userId=auth.api_key) == [request_id]
    approve(fireblocks_client, request_id, auth)
    assert listed(fireblocks_client, userId=auth.api_key) == []
    assert listed(fireblocks_client, userId=auth.api_key, includeUserApproved="true") == [request_id]
    (all_users,) = fireblocks_client.get(APPROVALS, params={"includeAllUsers": "true"}).json()["data"]
    assert all_users["userStatus"] == "USER_STATUS_NOT_APPLICABLE"
    assert all_users["quorumStatus"] is None


@pytest.mark.parametrize(
    ("role", "own", "others"),
    [
        ("OWNER", 200, 403),
        ("ADMIN", 200, 200),
        ("NON_SIGNING_ADMIN", 200, 200),
        ("APPROVER", 200, 403),
        ("SIGNER", 200, 403),
        ("SECURITY_ADMIN", 200, 200),
        ("SECURITY_AUDITOR", 200, 200),
        ("VIEWER", 403, 403),
        ("EDITOR", 403, 403),
    ],
    ids=str,
)
def test_who_may_read_approvals(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client, role: str, own: int, others: int
) -> None:
    """One's own queue, and that of others."""
    request_id, auth = ask(fireblocks_client), another(fireblocks, role)
    one = f"{APPROVALS}/{request_id}"
    assert [fireblocks_client.get(path, auth=auth).status_code for path in (APPROVALS, one)] == [own, own]
    admin = {"userId": fireblocks.api_key}
    wide = [
        fireblocks_client.get(APPROVALS, params={"includeAllUsers": "true"}, auth=auth),
        fireblocks_client.get(APPROVALS, params=admin, auth=auth),
        fireblocks_client.get(one, params=admin, auth=auth),
    ]
    assert [reply.status_code for reply in wide] == [others] * 3


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("pageSize=0", 400),
        ("pageSize=31", 400),
        ("pageSize=", 400),
        ("pageSize=1.0", 400),
        ("pageSize=%C2%B2", 400),
        ("pageSize=1&pageSize=2", 400),
        ("quorumStatusMode=FULL", 400),
        ("quorumStatusMode=summary", 400),
        ("includeAllUsers=True", 400),
        ("includeUserApproved=1", 400),
        ("includeAllUsers=true&userId=some", 400),
        ("pageCursor=unknown", 400),
        ("userId=nobody", 404),
        ("quorumStatusMode=SUMMARY&pageSize=30&other=1", 200),
    ],
)
def test_what_a_list_may_be_asked(fireblocks_client: httpx.Client, query: str, status: int) -> None:
    """Everything else is refused with message and code."""
    reply = fireblocks_client.get(f"{APPROVALS}?{query}")
    assert reply.status_code == status
    if status != 200:
        assert reply.json()["code"] == status


def test_pages_hold_every_approval_once(fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client) -> None:
    """Oldest first; what is decided between two pages is left out, and the last page names no next one."""
    ids = [ask(fireblocks_client, f"n{number}") for number in range(5)]
    query = {"includeAllUsers": "true", "pageSize": "2"}
    first = fireblocks_client.get(APPROVALS, params=query).json()
    fireblocks.approvals.reject(ids[1])
    fireblocks.approvals.reject(ids[2])
    last = fireblocks_client.get(APPROVALS, params={**query, "pageCursor": first["next"]}).json()
    found = [json.loads(each["requestPayload"])["requestId"] for each in [*first["data"], *last["data"]]]
    assert found == [ids[0], ids[1], ids[3], ids[4]]
    assert "next" not in last
    assert not any(request_id in first["next"] for request_id in ids)


def test_twenty_are_a_page_where_nothing_is_said(fireblocks_client: httpx.Client) -> None:
    """And thirty are the most."""
    for number in range(21):
        ask(fireblocks_client, f"n{number}")
    assert len(listed(fireblocks_client, includeAllUsers="true")) == 20
    assert len(listed(fireblocks_client, includeAllUsers="true", pageSize="30")) == 21


@pytest.mark.parametrize("change", ["expired", "another-question", "another-caller"])
def test_a_cursor_is_for_one_question_and_an_hour(
    clock: MovableClock, fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client, change: str
) -> None:
    """Else it is 400; of another page size it may be."""
    for number in range(3):
        ask(fireblocks_client, f"n{number}")
    query = {"includeAllUsers": "true", "pageSize": "1"}
    query["pageCursor"] = fireblocks_client.get(APPROVALS, params=query).json()["next"]
    clock.advance(timedelta(hours=1, seconds=-1))
    assert fireblocks_client.get(APPROVALS, params={**query, "pageSize": "2"}).status_code == 200
    auth = Signer(api_key=fireblocks.api_key, pem=fireblocks.private_key_pem, clock=fireblocks.clock)
    match change:
        case "expired":
            clock.advance(timedelta(seconds=1))
        case "another-question":
            query["quorumStatusMode"] = "SUMMARY"
        case _:
            auth = another(fireblocks)
    reply = fireblocks_client.get(APPROVALS, params=query, auth=auth)
    assert (reply.status_code, reply.json()["message"]) == (400, "pageCursor is not valid")
