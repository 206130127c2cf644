"""A simulator whose state is kept goes on where it was left: all that it accepted, counted and drew holds."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from random import SystemRandom
from typing import Any

import httpx
import pytest
from issuant import mocks
from issuant.mocks import Fault, MovableClock, Reply, Request, Simulator, StateError, keep
from issuant.mocks.base import Route
from issuant.mocks.clock import Clock, system_clock
from issuant.mocks.fireblocks import FireblocksSimulator
from issuant.mocks.fireworks import FireworksSimulator
from issuant.mocks.galileo import GalileoSimulator
from issuant.mocks.messages import NO_HEADERS
from issuant.mocks.state import restore, snapshot

from tests.mocks.carriers import SECRET, SECRETS
from tests.mocks.signing import PATH, Signer, csr_of, rsa_key

ORIGIN = "https://mock.invalid"
KEYS = "/v1/accounts/mock-account/users/mock-user/apiKeys"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "mock.state"


def fireworks_at(simulator: Simulator) -> httpx.Client:
    headers = {"Authorization": f"Bearer {simulator.api_key}"}
    return httpx.Client(transport=simulator.transport(), base_url=ORIGIN, headers=headers)


def fireblocks_at(simulator: FireblocksSimulator) -> httpx.Client:
    signer = Signer(api_key=simulator.api_key, pem=simulator.private_key_pem, clock=simulator.clock)
    return httpx.Client(transport=simulator.transport(), base_url=ORIGIN, auth=signer)


def galileo_at(simulator: GalileoSimulator) -> httpx.Client:
    headers = {"Galileo-API-Key": simulator.api_key}
    return httpx.Client(transport=simulator.transport(), base_url=ORIGIN, headers=headers)


def busy_fireworks(clock: Clock) -> FireworksSimulator:
    """One that holds something of every kind."""
    simulator = FireworksSimulator(clock=clock)
    simulator.clock.advance(timedelta(hours=5))
    simulator.rate_limit, simulator.retry_after_form = 50, "date"
    with fireworks_at(simulator) as client:
        client.post("/v1/accounts/mock-account/users", json={"role": "user", "email": "a@b.c"}).raise_for_status()
        client.post(SECRETS, json=SECRET).raise_for_status()
        wanted = {"displayName": "é", "expireTime": "2031-01-01T00:00:00Z", "annotations": {"$time": "x"}}
        client.post(KEYS, json={"apiKey": wanted}).raise_for_status()
        assert "nextPageToken" in client.get(KEYS, params={"pageSize": "1"}).json()
    return simulator


def busy_fireblocks(clock: Clock) -> FireblocksSimulator:
    """One that holds something of every kind."""
    simulator = FireblocksSimulator(clock=clock)
    simulator.approvals.threshold = 2
    simulator.approvals_have_own_ids = True
    simulator.register_approval_key(simulator.api_key, public_key=rsa_key().public_key())
    waiting = simulator.add_user(role="SIGNER", whitelisted_ips=["192.0.2.1"])
    with fireblocks_at(simulator) as client:
        wanted = {"role": "VIEWER", "name": "n", "csrPem": csr_of(rsa_key())}
        for number in range(3):
            client.post(PATH, json=wanted, headers={"Idempotency-Key": f"key-{number}"}).raise_for_status()
        simulator.faults.add(Fault.status(500))
        client.post(PATH, json=wanted, headers={"Idempotency-Key": "burnt"})
        client.post(f"{PATH}/{waiting.id}/pairing_token", headers={"Idempotency-Key": "pair"}).raise_for_status()
        asked = {"includeAllUsers": "true", "pageSize": "1"}
        assert "next" in client.get("/v1/approvals", params=asked).json()
    first, second, _ = simulator.approvals
    simulator.approvals.approve(first)
    simulator.approvals.reject(second)
    return simulator


def busy_galileo(clock: Clock) -> GalileoSimulator:
    """One that holds something of every kind."""
    simulator = GalileoSimulator(clock=clock)
    simulator.add_user(email="second@mock.invalid")
    with galileo_at(simulator) as client:
        given = {"description": "d", "expires_at": "2031-01-01T00:00:00Z", "api_key": "own_TEST_value_not_a_key"}
        client.post("/v2/users/api_keys", json=given).raise_for_status()
        client.get("/current_user", headers={"Galileo-API-Key": "own_TEST_value_not_a_key"}).raise_for_status()
        client.post("/login", data={"username": simulator.username, "password": simulator.password}).raise_for_status()
    return simulator


BUSY: dict[str, Callable[[Clock], Simulator]] = {
    "fireworks": busy_fireworks,
    "fireblocks": busy_fireblocks,
    "galileo": busy_galileo,
}


def parts(simulator: Simulator) -> dict[str, Any]:
    """All that a simulator holds, by name, without what it is made of."""
    found = {}
    for name, value in vars(simulator).items():
        found[name] = {each: getattr(value, each) for each in value.STATE} if hasattr(value, "STATE") else value
    return found


@pytest.mark.parametrize("name", BUSY)
def test_a_simulator_that_is_taken_up_holds_the_same(name: str, clock: MovableClock, file: Path) -> None:
    """Everything but what is written as a hash; and no part of it is empty here, so that none is left out."""
    before = BUSY[name](clock)
    with keep(file, before):
        pass
    after = mocks.simulator(name, clock=clock)
    with keep(file, after):
        assert snapshot(after) == snapshot(before)
        assert after.clock() == before.clock()
        assert after.new_uuid() == before.new_uuid()
        assert after.new_secret("x_TEST") == before.new_secret("x_TEST")
    empty = {at for at, value in _flat(parts(before)).items() if value in ({}, [], ())}
    assert empty <= {"_arrivals"}


def _flat(found: dict[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in found.items():
        is_part = isinstance(value, dict) and name in {"approvals", "queue", "logins", "pages", "outcomes", "pairings"}
        flat.update({f"{name}.{key}": item for key, item in value.items()} if is_part else {name: value})
    return flat


@pytest.mark.parametrize("name", BUSY)
def test_no_value_is_in_the_file(name: str, clock: MovableClock, file: Path) -> None:
    """Neither what a caller stored or chose, nor what was issued; only what is fake from the start, and its own."""
    simulator = BUSY[name](clock)
    with keep(file, simulator):
        pass
    text = file.read_text()
    for value in ("stored_TEST_not_a_key", "own_TEST_value_not_a_key", "fw_TEST_issued_0001_not_a_key"):
        assert value not in text
    for token in ("galileo_TEST_token_0001", "galileo_TEST_refresh_0002"):
        assert token not in text
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_key_that_was_issued_is_accepted_afterwards(clock: MovableClock, file: Path) -> None:
    """And one that was deleted is not."""
    with keep(file, first := FireworksSimulator(clock=clock)), fireworks_at(first) as client:
        kept, gone = (client.post(KEYS, json={"apiKey": {}}).json() for _ in range(2))
        client.post(f"{KEYS}:delete", json={"keyId": gone["keyId"]}).raise_for_status()
    with keep(file, second := FireworksSimulator(clock=clock)), fireworks_at(second) as client:
        statuses = [
            client.get(KEYS, headers={"Authorization": f"Bearer {made['key']}"}).status_code for made in (kept, gone)
        ]
        assert statuses == [200, 401]
        assert client.post(KEYS, json={"apiKey": {}}).json()["key"] == "fw_TEST_issued_0003_not_a_key"


def test_an_approval_is_granted_in_another_life(clock: MovableClock, file: Path) -> None:
    """The user can sign then; the admin's own key is the same, whoever has it written down."""
    with keep(file, first := FireblocksSimulator(clock=clock)), fireblocks_at(first) as client:
        asked = client.post(PATH, json={"role": "VIEWER", "name": "n", "csrPem": csr_of(rsa_key())})
    second = FireblocksSimulator(clock=clock)
    second.private_key_pem = "of another process"
    with keep(file, second):
        assert (second.api_key, second.private_key_pem) == (first.api_key, first.private_key_pem)
        user = second.approvals.approve(asked.headers["X-Request-ID"])
        signer = Signer(api_key=second.api_key, pem=first.private_key_pem, clock=clock)
        with httpx.Client(transport=second.transport(), base_url=ORIGIN, auth=signer) as client:
            assert user.id in [listed["id"] for listed in client.get(PATH).json()["users"]]
        assert second.add_user(role="VIEWER").public_key == second.users[second.api_key].public_key


def test_an_idempotency_key_and_a_nonce_are_remembered(clock: MovableClock, file: Path) -> None:
    """The stored reply is sent again, and a request that was seen is refused."""
    wanted = {"role": "VIEWER", "name": "n", "csrPem": csr_of(rsa_key())}
    headers = {"Idempotency-Key": "once"}
    with keep(file, first := FireblocksSimulator(clock=clock)), fireblocks_at(first) as client:
        earlier = client.post(PATH, json=wanted, headers=headers)
    with keep(file, second := FireblocksSimulator(clock=clock)), fireblocks_at(second) as client:
        again = client.post(PATH, json=wanted, headers=headers)
        assert again.headers["X-Request-ID"] == earlier.headers["X-Request-ID"]
        assert len(second.approvals) == 1
        assert client.send(earlier.request, auth=None).status_code == 401


def test_a_login_and_a_full_minute_go_on(clock: MovableClock, file: Path) -> None:
    """So does the limit."""
    with keep(file, first := GalileoSimulator(clock=clock)), galileo_at(first) as client:
        token = client.post("/login/api_key", json={"api_key": first.api_key}).json()["access_token"]
        first.rate_limit = 1
        bearer = {"Authorization": f"Bearer {token}", "Galileo-API-Key": ""}
        assert client.get("/current_user", headers=bearer).status_code == 200
    with keep(file, second := GalileoSimulator(clock=clock)), galileo_at(second) as client:
        assert client.get("/current_user", headers=bearer).status_code == 429
        second.clock.advance(timedelta(minutes=1))
        assert client.get("/current_user", headers=bearer).status_code == 200


def test_the_file_is_right_when_the_reply_arrives(clock: MovableClock, file: Path) -> None:
    """A copy of it is what a killed process would have left."""
    with keep(file, first := GalileoSimulator(clock=clock)), galileo_at(first) as client:
        made = client.post("/v2/users/api_keys", json={"description": "d"}).json()
        (copy := file.with_name("copy")).write_bytes(file.read_bytes())
        with keep(copy, second := GalileoSimulator(clock=clock)):
            assert list(second.keys) == [made["id"]]


def test_a_reply_that_was_lost_is_kept_too(clock: MovableClock, file: Path) -> None:
    """The change has happened, as the vendor's would."""
    with keep(file, first := GalileoSimulator(clock=clock)), galileo_at(first) as client:
        first.faults.add(Fault.reset_after())
        with pytest.raises(httpx.ReadError):
            client.post("/v2/users/api_keys", json={"description": "d"})
        providers = json.loads(file.read_text())["providers"]
        assert len(providers["galileo"]["holds"]["keys"]) == 1


def test_what_changes_nothing_writes_nothing(clock: MovableClock, file: Path) -> None:
    """A health check is no reason to write a file."""
    with keep(file, first := GalileoSimulator(clock=clock)), galileo_at(first) as client:
        before = file.stat()
        client.get("/healthcheck")
        assert file.stat().st_ino == before.st_ino
        client.post("/v2/users/api_keys", json={"description": "d"})
        assert file.stat().st_ino != before.st_ino


def test_what_is_done_without_a_request_is_kept_at_the_end(clock: MovableClock, file: Path) -> None:
    """Even where the block ends with an error."""
    first = GalileoSimulator(clock=clock)

    def fail() -> None:
        first.add_user(email="late@mock.invalid")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), keep(file, first):
        fail()
    with keep(file, second := GalileoSimulator(clock=clock)):
        assert "late@mock.invalid" in [user.email for user in second.users.values()]


def test_a_simulator_whose_block_has_ended_is_kept_no_more(clock: MovableClock, file: Path) -> None:
    """It goes on by itself."""
    with keep(file, first := GalileoSimulator(clock=clock)):
        pass
    before = file.read_bytes()
    with galileo_at(first) as client:
        client.post("/v2/users/api_keys", json={"description": "d"}).raise_for_status()
    assert file.read_bytes() == before


def test_several_simulators_share_a_file(clock: MovableClock, file: Path) -> None:
    """A change of one leaves the other's."""
    with keep(file, one := FireworksSimulator(clock=clock), two := GalileoSimulator(clock=clock)):
        with fireworks_at(one) as client:
            client.post(SECRETS, json=SECRET).raise_for_status()
        with galileo_at(two) as client:
            client.post("/v2/users/api_keys", json={"description": "d"}).raise_for_status()
    with keep(file, two := GalileoSimulator(clock=clock), one := FireworksSimulator(clock=clock)):
        assert (len(one.secrets), len(two.keys)) == (1, 1)


def test_a_simulator_with_an_attribute_of_another_kind_cannot_be_kept(file: Path) -> None:
    """It is named, rather than lost without a word; no file is made."""

    class Odd(GalileoSimulator):
        def __init__(self, *, clock: Clock = system_clock) -> None:
            super().__init__(clock=clock)
            self.seen = {object()}

    with pytest.raises(StateError, match=r"^galileo\.seen cannot be kept: a set cannot be written$"), keep(file, Odd()):
        pass
    assert not file.exists()


def test_a_source_of_randomness_without_a_state_cannot_be_kept(file: Path) -> None:
    """Such as the system's own."""
    simulator = GalileoSimulator(random=SystemRandom())
    with pytest.raises(StateError, match=r"^galileo\.random cannot be kept"), keep(file, simulator):
        pass


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda told: told["holds"].pop("keys"), id="something-is-missing"),
        pytest.param(lambda told: told["holds"].update(more={}), id="something-is-new"),
        pytest.param(lambda told: told["holds"]["logins"].pop("access"), id="a-part-lacks-something"),
        pytest.param(lambda told: told.update(holds=[]), id="no-object"),
        pytest.param(lambda told: told["holds"].update(keys=5), id="no-dict"),
        pytest.param(lambda told: told["holds"].update(keys={"k": {"$galileo_keys.ApiKey": {}}}), id="no-key"),
        pytest.param(lambda told: told.update(clock="soon"), id="no-offset"),
        pytest.param(lambda told: told["random"].update(words="00"), id="no-state-of-randomness"),
        pytest.param(lambda told: told.pop("random"), id="no-randomness"),
    ],
)
def test_what_another_simulator_wrote_is_refused(change: Callable[[dict[str, Any]], object]) -> None:
    """A version that holds other things does not read this one's."""
    told: dict[str, Any] = snapshot(mocks.simulator("galileo"))
    change(told)
    with pytest.raises(StateError, match="galileo"):
        restore(mocks.simulator("galileo"), told)


def test_a_simulator_that_forgets_a_part_is_found(clock: MovableClock, file: Path) -> None:
    """The comparison above would see it."""

    class Forgetful(GalileoSimulator):
        def __init__(self, *, clock: Clock = system_clock) -> None:
            super().__init__(clock=clock)
            self.logins.STATE = ("refresh",)  # type: ignore[assignment]

    simulator = Forgetful(clock=clock)
    with galileo_at(simulator) as client:
        client.post("/login/api_key", json={"api_key": simulator.api_key}).raise_for_status()
    with keep(file, simulator):
        pass
    with keep(file, after := Forgetful(clock=clock)):
        assert (len(simulator.logins.access), len(after.logins.access)) == (1, 0)


class Plain(Simulator):
    """A vendor that knows nothing of states: what it holds are dicts and texts."""

    name = "plain"

    def __init__(self, *, clock: Clock = system_clock) -> None:
        super().__init__(clock=clock)
        self.api_key = "plain_TEST_not_a_key"
        self._accepted: dict[str, datetime | None] = {}

    def routes(self) -> tuple[Route, ...]:
        return (Route(method="POST", path="/keys", answer=self._create),)

    def refuse(self, status: int, message: str = "", *, headers: Mapping[str, str] = NO_HEADERS) -> Reply:
        return Reply.json(status, {}, headers)

    def env(self, base_url: str, folder: Path) -> dict[str, str]:
        return {}

    def _create(self, request: Request, parts: Mapping[str, str]) -> Reply:
        self._accepted[self.new_uuid()] = self.clock()
        return Reply.json(201, sorted(self._accepted))


def test_a_vendor_that_knows_nothing_of_it_is_kept_whole(clock: MovableClock, file: Path) -> None:
    """Its attributes are its state, private ones too."""
    made = []
    for _ in range(2):
        simulator = Plain(clock=clock)
        with keep(file, simulator), httpx.Client(transport=simulator.transport(), base_url=ORIGIN) as client:
            made.append(client.post("/keys").json())
    assert [len(ids) for ids in made] == [1, 2]
    assert set(made[0]) < set(made[1])
