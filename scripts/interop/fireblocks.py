"""Fireblocks' own SDK at the mock: API users, approvals, pairing. The environment alone says where it is.

Each line is what was done and what came of it, with a tab between; the first thing that is not so ends it.
What an owner does in the console is done at the mock's control surface.
"""

# ruff: noqa: S101 - asserts are what this is made of

from __future__ import annotations

import json
import os
from http.client import HTTPConnection
from urllib.parse import urlsplit
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from fireblocks.client import Fireblocks  # type: ignore[import-not-found]  # it is in an environment of its own
from fireblocks.models import CreateAPIUser  # type: ignore[import-not-found]  # the same

KEY_BITS = 2048  # the vendor wants 4096, which take a second; the mock takes both


def main() -> None:
    """Do it all."""
    with Fireblocks() as client:
        before = listed(client)
        print("listed the API users", f"{len(before)} user", sep="\t")
        request_id = try_creating(client)
        try_approvals(client, request_id)
        print("the owner approved", decided(request_id), sep="\t")
        (user_id,) = listed(client).keys() - before.keys()
        assert listed(client)[user_id] == "PENDING_ACTIVATION"
        print("listed the new API user", user_id, sep="\t")
        try_pairing(client, user_id)


def try_creating(client: Fireblocks) -> str:
    """Ask for an API user twice with one idempotency key, and return the id of the one request that came of it."""
    wanted = CreateAPIUser(name="interop", role="SIGNER", csr_pem=csr(), co_signer_setup_type="SGX_MACHINE")
    idempotency_key = str(uuid4())
    replies = [
        client.api_user.create_api_user(create_api_user=wanted, idempotency_key=idempotency_key).result()
        for _ in range(2)
    ]
    request_ids = {reply.headers["X-Request-ID"] for reply in replies}
    assert [(reply.status_code, reply.data) for reply in replies] == [(200, None)] * 2
    assert len(request_ids) == 1, request_ids
    print("asked for an API user, twice with one idempotency key", "one request", sep="\t")
    return str(request_ids.pop())


def try_approvals(client: Fireblocks, request_id: str) -> None:
    """Find the request in the list, and get it by itself."""
    page = client.approvals_beta.get_approvals(include_all_users=True, page_size=30).result().data
    payloads = [json.loads(item.request_payload) for item in page.data]
    assert [payload["requestId"] for payload in payloads] == [request_id]
    print("listed the approvals", f"{len(payloads)} pending", sep="\t")
    found = client.approvals_beta.get_approval_by_id(request_id, quorum_status_mode="FULL").result().data
    status = found.quorum_status.request_status.value
    assert status == "PENDING", status
    print("got one with its quorum", status, sep="\t")


def try_pairing(client: Fireblocks, user_id: str) -> None:
    """Ask for a pairing token and for the addresses of a user."""
    paired = client.api_user.issue_api_user_pairing_token(user_id).result()
    assert (paired.status_code, paired.data.id) == (201, user_id)
    assert paired.data.pairing_token
    print("issued a pairing token", paired.data.status.value, sep="\t")
    addresses = client.whitelist_ip_addresses.get_whitelist_ip_addresses(user_id).result().data
    assert addresses.user_id == user_id
    print("got the addresses it may call from", addresses.whitelisted_ips, sep="\t")


def listed(client: Fireblocks) -> dict[str, str]:
    """Return the status of every API user, by id."""
    users = client.api_user.get_api_users().result().data.users
    return {user.id: user.status.value for user in users}


def decided(request_id: str) -> str:
    """Approve as the owner does in the console, and return what became of it."""
    connection = HTTPConnection(urlsplit(os.environ["FIREBLOCKS_BASE_PATH"]).netloc, timeout=10)
    connection.request("POST", f"/_mock/approvals/{request_id}/approve")
    reply = json.loads(connection.getresponse().read())
    connection.close()
    assert reply["state"] == "approved", reply
    return str(reply["state"])


def csr() -> str:
    """Return a certificate request for a key that nobody keeps."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, hashes.SHA256())
    return request.public_bytes(serialization.Encoding.PEM).decode("ascii")


if __name__ == "__main__":
    main()
