"""The Fireblocks simulator lists its users, pairs them, and forgets the ones that an owner deletes."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from issuant.mocks import Fault, MovableClock
from issuant.mocks.fireblocks import FireblocksSimulator

from tests.mocks.signing import PATH, Signer, csr_of, rsa_key

CREATORS = {"OWNER", "ADMIN", "NON_SIGNING_ADMIN"}
OTHERS = ["SIGNER", "EDITOR", "APPROVER", "VIEWER", "AUDITOR", "SECURITY_ADMIN", "SECURITY_AUDITOR"]
SIGNING = {"role": "SIGNER", "name": "nightly", "csrPem": csr_of(rsa_key()), "coSignerSetupType": "SGX_MACHINE"}


def signed_by(fireblocks: FireblocksSimulator, user_id: str) -> Signer:
    return Signer(api_key=user_id, pem=fireblocks.private_key_pem, clock=fireblocks.clock)


def pairing_path(user_id: str) -> str:
    return f"{PATH}/{user_id}/pairing_token"


def test_a_created_user_is_listed_once_it_is_approved(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client
) -> None:
    """Its id is its API key; it waits for its device, and is READY when that is paired."""
    request_id = fireblocks_client.post(PATH, json=SIGNING).headers["X-Request-ID"]
    admin = {
        "id": fireblocks.api_key,
        "name": "mock-user",
        "role": "ADMIN",
        "enabled": True,
        "status": "READY",
        "userType": "API",
    }
    assert fireblocks_client.get(PATH).json() == {"users": [admin]}
    user_id = fireblocks.approvals.approve(request_id).id
    waiting = {
        "id": user_id,
        "name": "nightly",
        "role": "SIGNER",
        "enabled": False,
        "status": "PENDING_ACTIVATION",
        "userType": "API",
    }
    assert fireblocks_client.get(PATH).json() == {"users": [waiting, admin]}
    fireblocks.pair(fireblocks_client.post(pairing_path(user_id)).json()["pairingToken"])
    ready = {**waiting, "enabled": True, "status": "READY"}
    assert fireblocks_client.get(PATH).json() == {"users": [ready, admin]}


@pytest.mark.parametrize("decision", ["reject", "expire"])
def test_a_user_that_is_not_approved_is_never_listed(
    clock: MovableClock, fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client, decision: str
) -> None:
    """Rejected, or left for seven days."""
    request_id = fireblocks_client.post(PATH, json=SIGNING).headers["X-Request-ID"]
    if decision == "reject":
        fireblocks.approvals.reject(request_id)
    else:
        clock.advance(timedelta(days=7))
    assert len(fireblocks_client.get(PATH).json()["users"]) == 1


@pytest.mark.parametrize("role", [*sorted(CREATORS), *OTHERS])
@pytest.mark.parametrize("what", ["list", "addresses", "pairing"])
def test_only_admins_and_owners_ask(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client, role: str, what: str
) -> None:
    """The two shapes of 403 are those that the vendor's document gives each operation."""
    other = fireblocks.add_user(role="SIGNER").id
    auth = signed_by(fireblocks, fireblocks.add_user(role=role).id)
    if what == "pairing":
        reply = fireblocks_client.post(pairing_path(other), auth=auth)
    else:
        reply = fireblocks_client.get(PATH if what == "list" else f"{PATH}/{other}/whitelist_ip_addresses", auth=auth)
    if role in CREATORS:
        assert reply.is_success
    else:
        assert reply.status_code == 403
        assert set(reply.json()) == ({"message", "code"} if what == "pairing" else {"error"})


def test_a_pairing_token_comes_with_its_user(fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client) -> None:
    """201, and another token each time; the simulator keeps hashes alone."""
    user = fireblocks.add_user(role="SIGNER", name="nightly")
    first, second = (fireblocks_client.post(pairing_path(user.id)) for _ in range(2))
    assert first.status_code == 201
    token = first.json().pop("pairingToken")
    assert first.json() == {**user.document(), "pairingToken": token}
    assert second.json()["pairingToken"] != token
    assert token not in str(fireblocks.pairings.kept)


def test_a_pairing_token_is_for_a_user_that_is_not_set_up(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client
) -> None:
    """409 for one that is READY, and 404 for one that is not there."""
    ready = fireblocks_client.post(pairing_path(fireblocks.api_key))
    assert (ready.status_code, ready.json()["code"]) == (409, 409)
    assert "READY, not PENDING_ACTIVATION" in ready.json()["message"]
    nobody = fireblocks_client.post(pairing_path("nobody"))
    assert (nobody.status_code, nobody.json()["code"]) == (404, 404)


def test_a_pairing_token_lives_one_hour(
    clock: MovableClock, fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client
) -> None:
    """To the second."""
    early, late = (fireblocks.add_user(role="SIGNER").id for _ in range(2))
    tokens = [fireblocks_client.post(pairing_path(user)).json()["pairingToken"] for user in (early, late)]
    clock.advance(timedelta(hours=1, seconds=-1))
    assert fireblocks.pair(tokens[0]).status == "READY"
    clock.advance(timedelta(seconds=1))
    with pytest.raises(LookupError, match="unknown, used up or expired"):
        fireblocks.pair(tokens[1])


def test_a_pairing_token_is_used_once(fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client) -> None:
    """And every other token of the same user goes with it."""
    user = fireblocks.add_user(role="SIGNER").id
    tokens = [fireblocks_client.post(pairing_path(user)).json()["pairingToken"] for _ in range(2)]
    fireblocks.pair(tokens[0])
    for token in tokens:
        with pytest.raises(LookupError, match="unknown, used up or expired"):
            fireblocks.pair(token)


def test_a_pairing_token_is_sent_again_for_the_same_idempotency_key(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client
) -> None:
    """The stored reply, for the same user; for another one the key is another's."""
    user, other = (fireblocks.add_user(role="SIGNER").id for _ in range(2))
    headers = {"Idempotency-Key": "one"}
    first, again = (fireblocks_client.post(pairing_path(user), headers=headers) for _ in range(2))
    assert again.content == first.content
    assert fireblocks_client.post(pairing_path(other), headers=headers).content != first.content


def test_after_an_internal_error_a_pairing_needs_another_key(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client
) -> None:
    """As every other POST."""
    user = fireblocks.add_user(role="SIGNER").id
    fireblocks.faults.add(Fault.status(503))
    statuses = [
        fireblocks_client.post(pairing_path(user), headers={"Idempotency-Key": key}).status_code
        for key in ("one", "one", "two", "k" * 41)
    ]
    assert statuses == [503, 400, 201, 400]


def test_addresses_are_those_of_the_user(fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client) -> None:
    """None where none was set; an unknown user is 404."""
    user = fireblocks.add_user(role="VIEWER", whitelisted_ips=["192.0.2.1", "192.0.2.2"]).id
    found = fireblocks_client.get(f"{PATH}/{user}/whitelist_ip_addresses")
    assert found.json() == {"userId": user, "whitelistedIps": ["192.0.2.1", "192.0.2.2"]}
    own = fireblocks_client.get(f"{PATH}/{fireblocks.api_key}/whitelist_ip_addresses")
    assert own.json() == {"userId": fireblocks.api_key, "whitelistedIps": []}
    nobody = fireblocks_client.get(f"{PATH}/nobody/whitelist_ip_addresses")
    assert (nobody.status_code, nobody.json()["error"]["type"]) == (404, "NOT_FOUND")


def test_a_deleted_user_is_gone(fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client) -> None:
    """It is not listed, its key and its tokens are not accepted, and it cannot be deleted twice."""
    user = fireblocks.add_user(role="ADMIN").id
    token = fireblocks_client.post(pairing_path(user)).json()["pairingToken"]
    auth = signed_by(fireblocks, user)
    assert fireblocks_client.get(PATH, auth=auth).status_code == 200
    fireblocks.remove_user(user)
    refused = fireblocks_client.get(PATH, auth=auth)
    assert (refused.status_code, refused.json()["code"]) == (401, -7)
    assert user not in fireblocks_client.get(PATH).text
    assert fireblocks_client.post(pairing_path(user)).status_code == 404
    with pytest.raises(LookupError, match="unknown, used up or expired"):
        fireblocks.pair(token)
    for act in (fireblocks.remove_user, fireblocks.register_approval_key):
        with pytest.raises(LookupError, match="no API user has the id"):
            act(user)


def test_the_rate_limit_is_each_operations_own(
    fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client
) -> None:
    """Whatever id stands in the path, it is the same operation."""
    fireblocks.rate_limit = 1
    first, second = (fireblocks.add_user(role="SIGNER").id for _ in range(2))
    replies = [fireblocks_client.get(PATH), *(fireblocks_client.post(pairing_path(user)) for user in (first, second))]
    assert [reply.status_code for reply in replies] == [200, 201, 429]
    assert replies[-1].headers["Retry-After"] == "60"
