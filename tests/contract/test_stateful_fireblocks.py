"""The links of the Fireblocks document lead from a creation through its approval to the user, and nothing is undone.

No operation deletes anything: what ends here is an approval, which is decided once, and a user in the console.

Facts: what no link can say
- Who asks for a user does not approve it: approvals are decided as another admin.
- The body of an approval is a signature over the text of that approval.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import httpx
import pytest
from issuant.mocks import MovableClock, Reply, Request
from issuant.mocks.fireblocks import FireblocksSimulator
from issuant.mocks.fireblocks_queue import payload
from requests import PreparedRequest
from requests.auth import AuthBase

from tests.contract import stands
from tests.contract.credentials import credential
from tests.contract.documents import Document, effective
from tests.contract.stateful import Step, Walk, walk_until
from tests.mocks.signing import PATH, Signer, approval_signature, parsed

SEQUENCES = 40
FEW = 15
DECISIONS = {"approveApproval": "approve", "rejectApproval": "reject"}


class TwoAdmins(AuthBase):
    """Asks as one admin and decides as another, who signs what is approved."""

    def __init__(self, simulator: FireblocksSimulator) -> None:
        self.simulator = simulator
        other = simulator.add_user(role="ADMIN", status="READY")
        simulator.register_approval_key(other.id)
        self.asking = credential(simulator)
        self.deciding = credential(simulator, api_key=other.id)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        parts = (request.path_url or "").split("/")
        if parts[-1] not in DECISIONS.values():
            asked: PreparedRequest = self.asking(request)
            return asked
        if parts[-1] == "approve" and parts[-2] in self.simulator.approvals:
            text = payload(self.simulator.approvals[parts[-2]])
            made = approval_signature(text, parsed(self.simulator.private_key_pem))
            request.prepare_body(data=None, files=None, json={"signature": made})
        decided: PreparedRequest = self.deciding(request)
        return decided


def document() -> Document:
    """Return the document with acceptable data alone, and without what would repeat a stored reply."""
    found = effective("fireblocks")
    stands.ask_for_a_co_signer(found)
    del found["paths"]["/approvals"]["get"]["parameters"]
    del found["paths"]["/approvals"]["get"]["responses"]["200"]["links"]
    for item in found["paths"].values():
        for operation in item.values():
            operation["parameters"] = [
                parameter
                for parameter in operation.get("parameters", ())
                if parameter.get("name") != "userId" and not parameter.get("$ref", "").endswith("/X-Idempotency-Key")
            ]
    return found


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A walk, and the simulator that it left."""

    simulator: FireblocksSimulator
    walk: Walk

    def decided(self, how: str) -> Iterator[tuple[tuple[Step, ...], int, str]]:
        """Yield each decision that succeeded on what the same sequence created: the sequence, its place, the id."""
        for steps in self.walk.sequences:
            for place, step in enumerate(steps):
                request_id = step.path.split("/")[-2]
                has_created = any(each.operation == "createApiUser" and each.succeeded for each in steps[:place])
                if DECISIONS.get(step.operation) == how and step.succeeded and has_created:
                    yield steps, place, request_id

    def faults(self) -> set[str]:
        """Return what is wrong with what came after the decisions, in the same sequence or in a later one."""
        found, decided, approved = set(self.walk.failures), set(), set()
        for step in (step for steps in self.walk.sequences for step in steps if step.succeeded):
            if step.operation in DECISIONS:
                request_id = step.path.split("/")[-2]
                if request_id in decided:
                    found.add("decided twice")
                decided.add(request_id)
                user_id = self.simulator.approvals[request_id].user_id
                if step.operation == "approveApproval" and user_id is not None:
                    approved.add(user_id)
            elif step.operation == "getApiUsers" and not approved <= _ids(step):
                found.add("approved and not listed")
        return found


def _ids(step: Step) -> set[str]:
    return {user["id"] for user in step.reply["users"]}


def run(
    is_enough: Callable[[Outcome], bool],
    kind: type[FireblocksSimulator] = FireblocksSimulator,
    sequences: int = SEQUENCES,
) -> Outcome:
    simulator = kind(clock=MovableClock(stands.NOW))
    found = walk_until(
        lambda walked: is_enough(Outcome(simulator=simulator, walk=walked)),
        simulator,
        document(),
        TwoAdmins(simulator),
        parameters={},
        sequences=sequences,
    )
    return Outcome(simulator=simulator, walk=found)


ENDS = {
    "approved-and-listed": ("approve", "getApiUsers"),
    "approved-and-looked-at": ("approve", "getApprovalById"),
    "rejected-and-looked-at": ("reject", "getApprovalById"),
}
"""How a creation is decided, and what is asked after it in the same sequence."""

ASKED = {"issueApiUserPairingToken", "getWhitelistIpAddresses", "getApprovals"}


def ended(found: Outcome, how: str, then: str) -> bool:
    """Tell whether a creation was followed to this end."""
    return any(
        step.operation == then and step.succeeded
        for steps, place, _ in found.decided(how)
        for step in steps[place + 1 :]
    )


def is_whole(found: Outcome) -> bool:
    return found.walk.reached() >= ASKED and all(ended(found, how, then) for how, then in ENDS.values())


@pytest.fixture(scope="module")
def healthy() -> Outcome:
    return run(is_whole)


def test_every_sequence_holds(healthy: Outcome) -> None:
    """All checks of schemathesis, and what is decided stays so."""
    assert healthy.walk.failures == {}
    assert healthy.faults() == set()


@pytest.mark.parametrize(("how", "then"), ENDS.values(), ids=list(ENDS))
def test_a_creation_is_followed_to_its_end(healthy: Outcome, how: str, then: str) -> None:
    """The sequences did take place, so that the test above says something."""
    assert ended(healthy, how, then)


def test_an_approved_user_is_asked_about(healthy: Outcome) -> None:
    """By the id in the list: a pairing token for one whose role signs, and the addresses of any."""
    assert healthy.walk.reached() >= ASKED


class Undecided(FireblocksSimulator):
    """Forgets each decision."""

    def handle(self, request: Request) -> Reply:
        reply = super().handle(request)
        kept = self.approvals.kept
        kept.update({name: replace(approval, state="pending") for name, approval in kept.items()})
        return reply


class Forgetful(FireblocksSimulator):
    """Lists the users that it began with alone."""

    def handle(self, request: Request) -> Reply:
        reply = super().handle(request)
        if request.method != "GET" or request.path != PATH or reply.status != 200:
            return reply
        listed = json.loads(reply.body)["users"]
        return replace(reply, body=json.dumps({"users": listed[-2:]}).encode())


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        pytest.param(Undecided, "decided twice", id="decision-forgotten"),
        pytest.param(Forgetful, "approved and not listed", id="user-not-listed"),
    ],
)
def test_a_broken_simulator_is_caught(kind: type[FireblocksSimulator], fault: str) -> None:
    """By the sequence that it breaks."""
    assert fault in run(lambda found: fault in found.faults(), kind, sequences=FEW).faults()


class Immortal(FireblocksSimulator):
    """Goes on with users that the owner deletes."""

    def remove_user(self, user_id: str) -> None:
        kept = dict(self.users)
        super().remove_user(user_id)
        self.users.update(kept)


def left_of_a_deleted_user(simulator: FireblocksSimulator) -> set[str]:
    """Delete a user that was in use, and return what it can still do or be found by."""
    user_id = simulator.add_user(role="ADMIN").id
    own = Signer(api_key=user_id, pem=simulator.private_key_pem, clock=simulator.clock)
    admin = Signer(api_key=simulator.api_key, pem=simulator.private_key_pem, clock=simulator.clock)
    with httpx.Client(transport=simulator.transport(), base_url="https://mock.invalid", auth=admin) as client:

        def answers() -> set[str]:
            tried = {
                "calls": client.get(PATH, auth=own),
                "pairs": client.post(f"{PATH}/{user_id}/pairing_token"),
                "addresses": client.get(f"{PATH}/{user_id}/whitelist_ip_addresses"),
            }
            listed = {"listed"} if user_id in client.get(PATH).text else set()
            return listed | {name for name, reply in tried.items() if reply.is_success}

        assert answers() == {"calls", "pairs", "addresses", "listed"}
        simulator.remove_user(user_id)
        return answers()


def test_nothing_is_left_of_a_deleted_user() -> None:
    """Its key is not accepted, its id is not found; a simulator that goes on with it is noticed."""
    assert left_of_a_deleted_user(FireblocksSimulator(clock=MovableClock(stands.NOW))) == set()
    broken = left_of_a_deleted_user(Immortal(clock=MovableClock(stands.NOW)))
    assert broken == {"calls", "pairs", "addresses", "listed"}
