"""`issuant approvals`: what waits for people, and what became of one request, by the exit code too."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from issuant.mocks.fireblocks import FireblocksSimulator

from tests.cli.conftest import Issuant, Vendors
from tests.mocks.signing import csr_of, rsa_key


@pytest.fixture
def request_id(issuant: Issuant, vendors: Vendors) -> str:
    """Return the id of a request that waits."""
    ended = issuant(
        *("issue", "fireblocks", "--name", "nightly", "--role", "VIEWER", "--csr", "-", "--json"),
        stdin=csr_of(rsa_key()).encode(),
    )
    assert ended.code == 3, ended.err
    return str(json.loads(ended.out)["request_id"])


def test_what_waits_is_listed(request_id: str, issuant: Issuant) -> None:
    """Separated by tabs, or as an object in each line; to list it ends with 0."""
    plain, as_json = issuant("approvals", "fireblocks"), issuant("approvals", "fireblocks", "--json")
    (row,) = (line.split("\t") for line in plain.out.splitlines())
    (found,) = map(json.loads, as_json.out.splitlines())
    assert row[:2] == [request_id, "pending"]
    assert (found["id"], found["state"]) == (request_id, "pending")
    assert (plain.code, as_json.code) == (0, 0)


def approve(simulator: FireblocksSimulator, request_id: str) -> None:
    simulator.approvals.approve(request_id)


def reject(simulator: FireblocksSimulator, request_id: str) -> None:
    simulator.approvals.reject(request_id)


@pytest.mark.parametrize(
    ("decide", "state", "code"),
    [
        pytest.param(lambda *_: None, "pending", 3, id="pending"),
        pytest.param(approve, "approved", 0, id="approved"),
        pytest.param(reject, "rejected", 1, id="rejected"),
    ],
)
def test_the_exit_code_tells_what_became_of_it(
    decide: Callable[[FireblocksSimulator, str], None],
    state: str,
    code: int,
    request_id: str,
    issuant: Issuant,
    vendors: Vendors,
) -> None:
    """In words and as JSON."""
    decide(vendors.fireblocks, request_id)
    plain, as_json = (issuant("approvals", "fireblocks", request_id, *more) for more in ([], ["--json"]))
    assert (plain.code, as_json.code) == (code, code), plain.err
    assert state in plain.out
    assert json.loads(as_json.out)["state"] == state


@pytest.mark.parametrize("by_id", [True, False], ids=["id-and-name", "name-alone"])
def test_the_key_that_came_of_it_is_found_by_its_name(
    by_id: bool, request_id: str, issuant: Issuant, vendors: Vendors
) -> None:
    """Where the request has no id, it may as well be an older one of that name: a candidate, and nothing certain."""
    vendors.fireblocks.approvals.approve(request_id)
    (user,) = (user for user in vendors.fireblocks.users.values() if user.name == "nightly")
    ended = issuant("approvals", "fireblocks", *([request_id] if by_id else []), "--name", "nightly", "--json")
    found = json.loads(ended.out)
    assert ended.code == (0 if by_id else 4), ended.err
    assert found["key_id"] == (user.id if by_id else None)
    assert found["candidates"] == ([] if by_id else [user.id])


def test_what_cannot_be_told_ends_with_4(issuant: Issuant, vendors: Vendors) -> None:
    """With a note that says why."""
    ended = issuant("approvals", "fireblocks", "--name", "nobody", "--json")
    assert ended.code == 4
    found = json.loads(ended.out)
    assert found["state"] == "unknown"
    assert found["note"]


@pytest.mark.parametrize("more", [[], ["--name", "nightly"]], ids=["alone", "with-a-name"])
def test_what_can_be_no_request_id_is_refused(more: list[str], issuant: Issuant, vendors: Vendors) -> None:
    """The name does not take its place: another request would be followed."""
    ended = issuant("approvals", "fireblocks", "a/b", *more)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("issuant: REQUEST_ID: it holds a slash")
    assert not vendors.requests


def test_an_unknown_request_id_is_not_taken_for_another_of_the_name(request_id: str, issuant: Issuant) -> None:
    """It ends with 4, with what the users of that name tell."""
    ended = issuant("approvals", "fireblocks", request_id[::-1], "--name", "nightly", "--json")
    found = json.loads(ended.out)
    assert (ended.code, found["state"], found["id"]) == (4, "unknown", request_id[::-1])


def test_a_provider_without_approvals_is_refused(issuant: Issuant, vendors: Vendors) -> None:
    """Nothing is sent."""
    ended = issuant("approvals", "galileo")
    assert (ended.code, ended.out) == (2, "")
    assert not vendors.requests
