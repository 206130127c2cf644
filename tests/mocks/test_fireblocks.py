"""The Fireblocks simulator verifies the request, checks role and body, and answers with an approval to come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from issuant.mocks import Fault, MovableClock
from issuant.mocks.fireblocks import FireblocksSimulator

from tests.mocks.signing import PATH, Signer, csr_of, csr_signed_by_another, pem_of, rsa_key

SIGNING = ["OWNER", "ADMIN", "SIGNER", "COLLATERALS_SIGNER", "NCW_ADMIN", "NCW_SIGNER"]
OTHERS = ["EDITOR", "APPROVER", "VIEWER", "NON_SIGNING_ADMIN", "AUDITOR", "SECURITY_ADMIN", "SECURITY_AUDITOR"]
PAGE_EXAMPLE = "-----BEGIN CERTIFICATE REQUEST-----aaa-----END CERTIFICATE REQUEST-----"
WANTED: dict[str, object] = {"role": "EDITOR", "name": "nightly", "csrPem": csr_of(rsa_key())}


def create(client: httpx.Client, change: Mapping[str, object] | None = None, key: str | None = None) -> httpx.Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    return client.post(PATH, json={**WANTED, **(change or {})}, headers=headers)


def test_a_user_is_created_as_an_approval_with_an_empty_reply(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client
) -> None:
    """200, no body, no media type; the request id is all that comes back."""
    reply = create(fireblocks_client)
    assert (reply.status_code, reply.content) == (200, b"")
    assert "Content-Type" not in reply.headers
    request_id = reply.headers["X-Request-ID"]
    assert UUID(request_id).version == 4
    approval = fireblocks.approvals[request_id]
    assert (approval.state, approval.name, approval.role, approval.user_id) == ("pending", "nightly", "EDITOR", None)
    assert list(fireblocks.users) == [fireblocks.api_key]


def test_an_approved_user_signs_with_the_key_of_the_request(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client
) -> None:
    """The user's id is its API key; before the approval there is no such user."""
    reply = create(fireblocks_client, {"role": "NON_SIGNING_ADMIN"})
    user = fireblocks.approvals.approve(reply.headers["X-Request-ID"])
    assert (user.name, user.role, user.status) == ("nightly", "NON_SIGNING_ADMIN", "READY")
    assert fireblocks.approvals[reply.headers["X-Request-ID"]].user_id == user.id
    own = Signer(api_key=user.id, pem=pem_of(rsa_key()), clock=fireblocks.clock)
    assert fireblocks_client.post(PATH, json=WANTED, auth=own).status_code == 200
    admins = Signer(api_key=user.id, pem=fireblocks.private_key_pem, clock=fireblocks.clock)
    refused = fireblocks_client.post(PATH, json=WANTED, auth=admins)
    assert (refused.status_code, refused.json()["code"]) == (401, -1)


def test_a_user_whose_role_signs_waits_for_activation(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client
) -> None:
    """It has to be paired with a co-signer first."""
    change = {"role": "SIGNER", "coSignerSetupType": "SGX_MACHINE", "coSignerSetupIsFirstUser": True}
    request_id = create(fireblocks_client, change).headers["X-Request-ID"]
    approval = fireblocks.approvals[request_id]
    wish = approval.wish
    assert (wish.co_signer_setup_type, wish.co_signer_setup_is_first_user) == ("SGX_MACHINE", True)
    assert fireblocks.approvals.approve(request_id).status == "PENDING_ACTIVATION"


def test_a_rejected_request_makes_no_user_and_stays_rejected(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client
) -> None:
    """Neither can it be approved afterwards."""
    request_id = create(fireblocks_client).headers["X-Request-ID"]
    fireblocks.approvals.reject(request_id)
    assert fireblocks.approvals[request_id].state == "rejected"
    with pytest.raises(LookupError, match="is rejected, not pending"):
        fireblocks.approvals.approve(request_id)
    assert len(fireblocks.users) == 1


def test_a_request_expires_after_seven_days(
    clock: MovableClock, fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client
) -> None:
    """To the second."""
    first, second = (create(fireblocks_client).headers["X-Request-ID"] for _ in range(2))
    clock.advance(timedelta(days=7, seconds=-1))
    assert fireblocks.approvals.approve(first)
    clock.advance(timedelta(seconds=1))
    assert fireblocks.approvals[second].state == "expired"
    assert fireblocks.approvals[first].state == "approved"
    for decide in (fireblocks.approvals.approve, fireblocks.approvals.reject):
        with pytest.raises(LookupError, match="is expired, not pending"):
            decide(second)


def test_an_unknown_request_cannot_be_approved(fireblocks: FireblocksSimulator) -> None:
    """The error says so."""
    with pytest.raises(LookupError, match="no approval has the request id 'nothing'"):
        fireblocks.approvals.approve("nothing")


@pytest.mark.parametrize("role", [*SIGNING, *OTHERS])
def test_only_admins_and_owners_create(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client, role: str
) -> None:
    """Others get 403 in the shape that the vendor's page gives."""
    user = fireblocks.add_user(role=role)
    caller = Signer(api_key=user.id, pem=fireblocks.private_key_pem, clock=fireblocks.clock)
    reply = fireblocks_client.post(PATH, json=WANTED, auth=caller)
    if role in {"OWNER", "ADMIN", "NON_SIGNING_ADMIN"}:
        assert reply.status_code == 200
        return
    assert reply.status_code == 403
    assert reply.json()["error"]["type"] == "FORBIDDEN"
    assert reply.json()["error"]["message"]
    assert UUID(reply.headers["X-Request-ID"])
    assert not fireblocks.approvals


def test_a_user_of_an_unknown_role_cannot_be_added(fireblocks: FireblocksSimulator) -> None:
    """The error names the roles."""
    with pytest.raises(ValueError, match="no role 'KING'; there are OWNER, ADMIN"):
        fireblocks.add_user(role="KING")


@pytest.mark.parametrize("role", SIGNING)
def test_a_role_that_signs_needs_a_co_signer(fireblocks_client: httpx.Client, role: str) -> None:
    """And is taken with one."""
    refused = create(fireblocks_client, {"role": role})
    assert refused.status_code == 400
    assert "coSignerSetupType is required" in refused.json()["message"]
    assert create(fireblocks_client, {"role": role, "coSignerSetupType": "NITRO_MACHINE"}).status_code == 200


@pytest.mark.parametrize("role", OTHERS)
def test_a_role_that_does_not_sign_needs_none(fireblocks_client: httpx.Client, role: str) -> None:
    """One may be named all the same."""
    assert create(fireblocks_client, {"role": role}).status_code == 200
    assert create(fireblocks_client, {"role": role, "coSignerSetupType": "FIREBLOCKS_CCMT"}).status_code == 200


@pytest.mark.parametrize("length", [1, 30])
def test_a_name_has_up_to_30_characters(fireblocks_client: httpx.Client, length: int) -> None:
    """Characters, not bytes."""
    assert create(fireblocks_client, {"name": "é" * length}).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"role": "KING"}, id="unknown-role"),
        pytest.param({"role": ["EDITOR"]}, id="role-list"),
        pytest.param({"name": ""}, id="empty-name"),
        pytest.param({"name": "n" * 31}, id="long-name"),
        pytest.param({"name": 1}, id="name-number"),
        pytest.param({"coSignerSetupType": "TOASTER"}, id="unknown-co-signer"),
        pytest.param({"coSignerSetupType": None}, id="co-signer-null"),
        pytest.param({"coSignerSetupIsFirstUser": "true"}, id="first-user-text"),
        pytest.param({"coSignerSetupIsFirstUser": None}, id="first-user-null"),
        pytest.param({"csrPem": None}, id="csr-null"),
        pytest.param({"csrPem": PAGE_EXAMPLE}, id="csr-fake"),
        pytest.param({"csrPem": csr_of(rsa_key()) * 2}, id="csr-twice"),
        pytest.param({"csrPem": csr_of(rsa_key()).replace("CERTIFICATE REQUEST", "CERTIFICATE")}, id="csr-other-pem"),
        pytest.param({"csrPem": csr_of(rsa_key(1024))}, id="csr-short-key"),
        pytest.param({"csrPem": csr_of(ec.generate_private_key(ec.SECP256R1()))}, id="csr-elliptic"),
        pytest.param({"csrPem": csr_of(ed25519.Ed25519PrivateKey.generate())}, id="csr-edwards"),
        pytest.param({"csrPem": csr_signed_by_another()}, id="csr-wrong-signature"),
        pytest.param({"csrPem": pem_of(rsa_key()) + csr_of(rsa_key())}, id="csr-after-private-key"),
        pytest.param({"csrPem": csr_of(rsa_key()) + pem_of(rsa_key())}, id="csr-before-private-key"),
        pytest.param({"csrPem": "Subject: mock\n" + csr_of(rsa_key())}, id="csr-after-text"),
    ],
)
def test_a_wrong_body_is_400(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client, change: dict[str, object]
) -> None:
    """Message and code, a request id, and nothing was asked for."""
    reply = create(fireblocks_client, change)
    assert reply.status_code == 400
    assert isinstance(reply.json()["message"], str)
    assert reply.json()["code"] == 400
    assert UUID(reply.headers["X-Request-ID"])
    assert not fireblocks.approvals


def test_white_space_may_stand_around_a_csr(fireblocks_client: httpx.Client) -> None:
    """Files end in line breaks, of either kind."""
    csr = csr_of(rsa_key()).replace("\n", "\r\n")
    assert create(fireblocks_client, {"csrPem": f"\r\n {csr} \n"}).status_code == 200


@pytest.mark.parametrize("name", ["role", "name", "csrPem"])
def test_a_required_field_that_is_missing_is_400(fireblocks_client: httpx.Client, name: str) -> None:
    """The message names it."""
    reply = fireblocks_client.post(PATH, json={field: value for field, value in WANTED.items() if field != name})
    assert reply.status_code == 400
    assert name in reply.json()["message"]


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(b"{", "application/json"), (b"[]", "application/json"), (b"", "application/json"), (b"{}", "text/plain")],
    ids=["cut", "list", "empty", "text"],
)
def test_a_body_that_is_no_json_object_is_400(fireblocks_client: httpx.Client, content: bytes, media_type: str) -> None:
    """It is signed well, so that it is the body that is refused."""
    reply = fireblocks_client.post(PATH, content=content, headers={"Content-Type": media_type})
    assert (reply.status_code, reply.json()["code"]) == (400, 400)


def test_the_stored_reply_is_sent_again_for_24_hours(
    clock: MovableClock, fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client
) -> None:
    """The same request id, whatever the body says, and nothing is asked for twice; then the key is free again."""
    first = create(fireblocks_client, key="k" * 40)
    clock.advance(timedelta(hours=24, seconds=-1))
    again = create(fireblocks_client, {"name": "other"}, key="k" * 40)
    assert (again.status_code, again.content) == (200, b"")
    assert again.headers["X-Request-ID"] == first.headers["X-Request-ID"]
    assert len(fireblocks.approvals) == 1
    clock.advance(timedelta(seconds=1))
    late = create(fireblocks_client, key="k" * 40)
    assert late.headers["X-Request-ID"] != first.headers["X-Request-ID"]
    assert len(fireblocks.approvals) == 2


def test_an_idempotency_key_is_its_users_own(fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client) -> None:
    """Two users may choose the same one."""
    other = Signer(api_key=fireblocks.add_user(role="OWNER").id, pem=fireblocks.private_key_pem, clock=fireblocks.clock)
    create(fireblocks_client, key="one")
    fireblocks_client.post(PATH, json=WANTED, headers={"Idempotency-Key": "one"}, auth=other)
    assert len(fireblocks.approvals) == 2


def test_a_refusal_is_not_stored(fireblocks_client: httpx.Client) -> None:
    """The same key works once the body is right."""
    assert create(fireblocks_client, {"name": ""}, key="one").status_code == 400
    assert create(fireblocks_client, key="one").status_code == 200


def test_without_a_key_each_request_counts(fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client) -> None:
    """Two approvals wait."""
    create(fireblocks_client)
    create(fireblocks_client)
    assert len(fireblocks.approvals) == 2


@pytest.mark.parametrize("key", ["", "k" * 41], ids=["empty", "too-long"])
def test_an_idempotency_key_has_1_to_40_characters(fireblocks_client: httpx.Client, key: str) -> None:
    """Else it is 400."""
    reply = create(fireblocks_client, key=key)
    assert reply.status_code == 400
    assert "Idempotency-Key" in reply.json()["message"]


def test_after_an_internal_error_the_same_key_gives_400(
    clock: MovableClock, fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client
) -> None:
    """For as long as a key is remembered; another key works at once."""
    fireblocks.faults.add(Fault.status(500))
    assert create(fireblocks_client, key="one").status_code == 500
    burnt = create(fireblocks_client, key="one")
    assert burnt.status_code == 400
    assert "same idempotency key after an internal error" in burnt.json()["message"]
    assert create(fireblocks_client, key="two").status_code == 200
    clock.advance(timedelta(hours=24))
    assert create(fireblocks_client, key="one").status_code == 200


@pytest.mark.parametrize("status", [429, 409], ids=str)
def test_another_refusal_leaves_the_key_usable(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client, status: int
) -> None:
    """Only internal errors burn it."""
    fireblocks.faults.add(Fault.status(status))
    assert create(fireblocks_client, key="one").status_code == status
    assert create(fireblocks_client, key="one").status_code == 200


def test_the_rate_limit_is_each_users_own(fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client) -> None:
    """429 with message, code and Retry-After."""
    fireblocks.rate_limit = 1
    assert create(fireblocks_client).status_code == 200
    refused = create(fireblocks_client)
    assert (refused.status_code, refused.json()["code"], refused.headers["Retry-After"]) == (429, 429, "60")
    other = Signer(api_key=fireblocks.add_user(role="OWNER").id, pem=fireblocks.private_key_pem, clock=fireblocks.clock)
    assert fireblocks_client.post(PATH, json=WANTED, auth=other).status_code == 200


def test_an_unknown_path_is_404_and_another_method_405(fireblocks_client: httpx.Client) -> None:
    """With a request id each; the path starts with /v1."""
    missing = fireblocks_client.post("/management/api_users", json=WANTED)
    assert (missing.status_code, missing.json()["error"]["type"]) == (404, "NOT_FOUND")
    other = fireblocks_client.put(PATH)
    assert (other.status_code, other.headers["Allow"]) == (405, "POST, GET")
    assert UUID(missing.headers["X-Request-ID"]) != UUID(other.headers["X-Request-ID"])
