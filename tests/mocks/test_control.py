"""A served simulator can be steered from another process on this machine, and from nowhere else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from issuant import mocks
from issuant.mocks import MovableClock
from issuant.mocks.fireblocks import FireblocksSimulator
from issuant.mocks.fireworks import FireworksSimulator
from issuant.mocks.galileo import GalileoSimulator
from issuant.mocks.loopback import serve

from tests.mocks.signing import PATH, Signer, csr_of, rsa_key


@pytest.fixture
def control(galileo: GalileoSimulator) -> Iterator[httpx.Client]:
    """A client that has no credential, at Galileo's control surface."""
    with serve(galileo) as server, httpx.Client(base_url=f"{server.base_url}/_mock/") as client:
        yield client


@pytest.fixture
def console(fireblocks: FireblocksSimulator) -> Iterator[httpx.Client]:
    """The same at Fireblocks, whose base URL has a path."""
    with serve(fireblocks) as server, httpx.Client(base_url=f"http://127.0.0.1:{server.port}/_mock/") as client:
        yield client


@pytest.fixture
def asked(fireblocks: FireblocksSimulator, fireblocks_client: httpx.Client) -> str:
    """The id of a request for a SIGNER that waits."""
    wanted = {"role": "SIGNER", "name": "n", "csrPem": csr_of(rsa_key()), "coSignerSetupType": "SGX_MACHINE"}
    return fireblocks_client.post(PATH, json=wanted).headers["X-Request-ID"]


@pytest.mark.parametrize("name", mocks.names())
def test_every_simulator_tells_what_it_is_set_to_and_no_value(name: str) -> None:
    """How many things it holds, not what they are."""
    simulator = mocks.simulator(name)
    with serve(simulator) as server:
        reply = httpx.get(f"http://127.0.0.1:{server.port}/_mock/state")
    assert reply.status_code == 200
    told = reply.json()
    assert (told["provider"], told["offset"], told["rate_limit"], told["faults"]) == (name, 0.0, None, 0)
    assert told["holds"]
    assert all(isinstance(count, int) for count in told["holds"].values())
    assert simulator.api_key not in reply.text
    assert "not_a_key" not in reply.text


def test_no_vendor_has_such_paths(control: httpx.Client, galileo: GalileoSimulator) -> None:
    """In the process they are nothing to a vendor, and served they meet none of its faults and limits."""
    galileo.faults.plan("drop-before*9")
    galileo.rate_limit = 0
    assert control.get("state").status_code == 200
    assert len(galileo.faults) == 9
    for name in mocks.names():
        simulator = mocks.simulator(name)
        with httpx.Client(transport=simulator.transport()) as client:
            assert client.get("https://mock.invalid/_mock/state").json() == json.loads(simulator.refuse(404).body)


@pytest.mark.parametrize(
    ("wanted", "step"),
    [
        pytest.param({"advance": 3600}, timedelta(hours=1), id="forward"),
        pytest.param({"advance": -0.5}, timedelta(seconds=-0.5), id="back"),
        pytest.param({"set": "2030-01-09T03:04:05.678901Z"}, timedelta(days=7), id="to-a-time"),
        pytest.param({"set": "2030-01-02T04:04:05.678901+01:00"}, timedelta(), id="with-an-offset"),
    ],
)
def test_the_clock_is_moved(
    control: httpx.Client, galileo: GalileoSimulator, clock: MovableClock, wanted: dict[str, object], step: timedelta
) -> None:
    """And goes on as it did."""
    reply = control.post("clock", json=wanted)
    assert (reply.status_code, reply.json()["now"]) == (200, (clock() + step).isoformat())
    clock.advance(timedelta(seconds=1))
    assert galileo.clock() == clock() + step


def test_a_fault_is_planned_and_forgotten(control: httpx.Client, galileo: GalileoSimulator) -> None:
    """With times and operation, as on the command line."""
    assert control.post("faults", json={"fault": "status:503*2@GET /healthcheck"}).json()["faults"] == 2
    vendor = str(control.base_url).removesuffix("/_mock/")
    assert [httpx.get(f"{vendor}{path}").status_code for path in ("/healthcheck", "/current_user")] == [503, 401]
    assert control.delete("faults").json()["faults"] == 0
    assert httpx.get(f"{vendor}/healthcheck").status_code == 200


def test_the_rate_limit_is_set_and_taken_away(control: httpx.Client, galileo: GalileoSimulator) -> None:
    """One setting leaves the other."""
    told = control.post("rate_limit", json={"limit": 0, "retry_after": "date"}).json()
    assert (told["rate_limit"], told["retry_after"]) == (0, "date")
    assert control.post("rate_limit", json={"retry_after": "seconds"}).json()["rate_limit"] == 0
    assert control.post("rate_limit", json={"limit": None}).json()["rate_limit"] is None
    assert (galileo.rate_limit, galileo.retry_after_form) == (None, "seconds")


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        pytest.param("clock", b"", "valid JSON", id="nothing"),
        pytest.param("clock", b"[]", "JSON object", id="a-list"),
        pytest.param("clock", b"{}", "advance", id="neither"),
        pytest.param("clock", b'{"advance": 1, "set": "2030-01-02T03:04:05Z"}', "advance", id="both"),
        pytest.param("clock", b'{"advance": true}', "advance", id="a-boolean"),
        pytest.param("clock", b'{"advance": "1"}', "advance", id="a-text"),
        pytest.param("clock", b'{"advance": 1e300}', "year", id="too-far"),
        pytest.param("clock", b'{"advance": 1e12}', "year", id="beyond-the-calendar"),
        pytest.param("clock", b'{"set": "2030-01-02T03:04:05"}', "offset", id="naive"),
        pytest.param("clock", b'{"set": "9999-12-31T00:00:00Z"}', "year", id="the-end-of-the-calendar"),
        pytest.param("clock", b'{"move": 1}', "advance", id="unknown-field"),
        pytest.param("faults", b'{"fault": "boom"}', "no fault", id="unknown-fault"),
        pytest.param("faults", b"{}", "no fault", id="no-fault"),
        pytest.param("rate_limit", b'{"limit": -1}', "limit", id="negative"),
        pytest.param("rate_limit", b'{"limit": true}', "limit", id="a-boolean-limit"),
        pytest.param("rate_limit", b'{"limit": 1.5}', "limit", id="half-a-request"),
        pytest.param("rate_limit", b'{"limit": 1, "retry_after": "soon"}', "retry_after", id="another-form"),
    ],
)
def test_what_cannot_be_done_is_refused_and_changes_nothing(
    control: httpx.Client, galileo: GalileoSimulator, path: str, body: bytes, words: str
) -> None:
    """With what is wrong."""
    before = control.get("state").json()
    reply = control.post(path, content=body)
    assert reply.status_code == 400
    assert words in reply.json()["message"]
    assert control.get("state").json() == before


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "nothing", 404), ("GET", "clock", 405), ("POST", "approvals", 404), ("GET", "", 404)],
    ids=["unknown", "another-method", "another-vendors", "the-root"],
)
def test_what_is_not_there_is_refused(control: httpx.Client, method: str, path: str, status: int) -> None:
    """In words of its own, not the vendor's."""
    reply = control.request(method, path)
    assert (reply.status_code, list(reply.json())) == (status, ["message"])


@pytest.mark.parametrize(
    ("headers", "is_served"),
    [
        pytest.param({"Host": "127.0.0.1"}, True, id="loopback"),
        pytest.param({"Host": "localhost:8080"}, True, id="localhost"),
        pytest.param({"Host": "[::1]:8080"}, True, id="loopback-6"),
        pytest.param({"Host": "127.255.10.1:8080"}, True, id="loopback-elsewhere"),
        pytest.param({"Host": "127.999.1.1"}, False, id="no-address"),
        pytest.param({"Host": "127.0.0.256"}, False, id="no-address-by-one"),
        pytest.param({"Host": "attacker.example"}, False, id="a-name-that-was-made-to-point-here"),
        pytest.param({"Host": "127.0.0.1.attacker.example"}, False, id="one-that-begins-alike"),
        pytest.param({"Host": "localhost.attacker.example:80"}, False, id="another"),
        pytest.param({"Host": ""}, False, id="no-host"),
        pytest.param({"Host": "127.0.0.1", "Origin": "https://attacker.example"}, False, id="a-page-in-a-browser"),
        pytest.param({"Host": "127.0.0.1", "Origin": "null"}, False, id="a-page-from-nowhere"),
    ],
)
def test_a_request_that_is_not_for_this_machine_is_refused(
    control: httpx.Client, galileo: GalileoSimulator, headers: dict[str, str], is_served: bool
) -> None:
    """Before anything is done."""
    reply = control.post("clock", json={"advance": 60}, headers=headers)
    assert reply.status_code == (200 if is_served else 403)
    assert (galileo.clock.offset == timedelta(seconds=60)) is is_served


def test_a_host_that_is_not_loopback_reaches_the_vendor(control: httpx.Client) -> None:
    """The refusal is the control surface's alone."""
    vendor = str(control.base_url).removesuffix("/_mock/")
    assert httpx.get(f"{vendor}/healthcheck", headers={"Host": "api.galileo.ai"}).status_code == 200


def test_an_approval_is_granted_as_the_owner_grants_it(
    console: httpx.Client, fireblocks: FireblocksSimulator, asked: str
) -> None:
    """The user is there, and can be paired with a token."""
    (listed,) = console.get("approvals").json()["approvals"]
    assert (listed["id"], listed["state"], listed["name"], listed["user_id"]) == (asked, "pending", "n", None)
    decided = console.post(f"approvals/{asked}/approve").json()
    assert (decided["state"], decided["user_id"] in fireblocks.users) == ("approved", True)
    signer = Signer(api_key=fireblocks.api_key, pem=fireblocks.private_key_pem, clock=fireblocks.clock)
    server = f"http://127.0.0.1:{console.base_url.port}"
    token = httpx.post(f"{server}{PATH}/{decided['user_id']}/pairing_token", auth=signer).json()["pairingToken"]
    assert console.post("pairings", json={"token": token}).json()["status"] == "READY"
    assert console.post("pairings", json={"token": token}).status_code == 404


def test_an_approval_is_rejected_or_left_to_expire(
    console: httpx.Client, fireblocks: FireblocksSimulator, asked: str
) -> None:
    """It is decided once."""
    fireblocks.approvals.ask(fireblocks.approvals[asked].wish, request_id="another", initiator=fireblocks.api_key)
    assert console.post(f"approvals/{asked}/reject").json()["state"] == "rejected"
    assert console.post(f"approvals/{asked}/approve").status_code == 409
    console.post("clock", json={"advance": timedelta(days=7).total_seconds()})
    states = {approval["id"]: approval["state"] for approval in console.get("approvals").json()["approvals"]}
    assert states == {asked: "rejected", "another": "expired"}
    assert console.post("approvals/another/approve").status_code == 409


def test_a_user_is_deleted_as_an_owner_does(console: httpx.Client, fireblocks: FireblocksSimulator) -> None:
    """It is gone; a second time there is none."""
    user = fireblocks.add_user(role="VIEWER")
    assert [console.delete(f"users/{user.id}").status_code for _ in range(2)] == [200, 404]
    assert user.id not in fireblocks.users


@pytest.mark.parametrize("act", ["approve", "reject"])
def test_an_approval_that_is_not_there_cannot_be_decided(console: httpx.Client, act: str) -> None:
    """404, not 409."""
    assert console.post(f"approvals/nothing/{act}").status_code == 404


def test_a_control_surface_that_lets_everyone_in_is_found(
    fireworks: FireworksSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check of the Host header is what refuses."""
    monkeypatch.setattr("issuant.mocks.control._LOOPBACK", re.compile(".*"))
    with serve(fireworks) as server:
        reply = httpx.get(f"{server.base_url}/_mock/state", headers={"Host": "attacker.example"})
    assert reply.status_code == 200
