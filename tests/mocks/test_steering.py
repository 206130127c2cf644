"""The words for steering a simulator from another process; each goes to this machine and no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from issuant.mocks.fireblocks import FireblocksSimulator
from issuant.mocks.fireblocks_approvals import Wish
from issuant.mocks.loopback import Server, serve
from issuant.mocks.steering import ACTS, SteeringError, steer


@pytest.fixture
def server(fireblocks: FireblocksSimulator) -> Iterator[Server]:
    user = fireblocks.users[fireblocks.api_key]
    for request_id in ("one", "two/three"):
        wish = Wish(name="n", role="SIGNER", public_key=user.public_key)
        fireblocks.approvals.ask(wish, request_id=request_id, initiator=user.id)
    with serve(fireblocks) as found:
        yield found


def test_each_word_does_what_it_says(server: Server, fireblocks: FireblocksSimulator) -> None:
    """The base URL is what the clients are told."""
    url = server.base_url
    assert steer(url, "state")["provider"] == "fireblocks"
    assert steer(url, "clock", "7d")["offset"] == timedelta(days=7).total_seconds()
    assert steer(url, "clock", "-7d")["offset"] == 0
    assert str(steer(url, "clock", "2030-01-03T00:00:00Z")["now"]).startswith("2030-01-03T00:00:00")
    assert steer(url, "fault", "empty*3")["faults"] == 3
    assert steer(url, "clear-faults")["faults"] == 0
    assert steer(url, "rate-limit", "10")["rate_limit"] == 10
    assert steer(url, "rate-limit", "none")["rate_limit"] is None
    assert steer(url, "retry-after", "date")["retry_after"] == "date"
    assert steer(url, "approve", "one")["state"] == "approved"
    assert steer(url, "reject", "two/three")["state"] == "rejected"
    approvals = steer(url, "approvals")["approvals"]
    assert isinstance(approvals, list)
    assert [approval["state"] for approval in approvals] == ["approved", "rejected"]
    user_id = approvals[0]["user_id"]
    fireblocks.pairings.issue("fireblocks_TEST_pairing_not_a_key", user_id)
    assert steer(url, "pair", "fireblocks_TEST_pairing_not_a_key")["id"] == user_id
    assert steer(url, "remove-user", user_id) == {}
    assert user_id not in fireblocks.users


def test_every_word_is_tried_above() -> None:
    """A new one has to be added there."""
    assert set(ACTS) == {
        "state", "clock", "fault", "clear-faults", "rate-limit", "retry-after", "approvals", "approve", "reject",
        "remove-user", "pair",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("act", "what", "words"),
    [
        pytest.param("dance", None, "'dance' is nothing", id="unknown"),
        pytest.param("clock", None, "needs a step such as 7d, or a time", id="missing"),
        pytest.param("state", "x", "needs nothing", id="too-much"),
        pytest.param("rate-limit", "many", "neither a number", id="no-number"),
        pytest.param("clock", "7days", "'7days' is not a step such as 7d, or a time", id="no-time"),
    ],
)
def test_what_is_no_request_is_not_sent(act: str, what: str | None, words: str) -> None:
    """Nothing listens there."""
    with pytest.raises(ValueError, match=words):
        steer("http://127.0.0.1:9", act, what)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.fireblocks.io/v1",
        "http://192.0.2.1",
        "http://localhost.example",
        "https://127.0.0.1",
        "file:///etc/passwd",
        "",
        "http://",
    ],
)
def test_another_machine_is_not_talked_to(url: str) -> None:
    """Least of all the vendor."""
    with pytest.raises(ValueError, match="no address of a simulator"):
        steer(url, "state")


def test_what_a_simulator_refuses_is_an_error(server: Server) -> None:
    """With its words."""
    with pytest.raises(SteeringError, match=r"HTTP 404: no approval has the id 'x'"):
        steer(server.base_url, "approve", "x")
    with pytest.raises(SteeringError, match="HTTP 400: 'boom' is no fault"):
        steer(server.base_url, "fault", "boom")
    with pytest.raises(SteeringError, match="'POST /nonsense' is no operation that is answered; there are POST /v1/"):
        steer(server.base_url, "fault", "empty@POST /nonsense")


def test_where_nothing_is_served_is_an_error(server: Server) -> None:
    """It does not hold the exception of the HTTP client."""
    with serve(server.simulator) as gone:
        pass
    with pytest.raises(SteeringError, match="nothing is served there") as raised:
        steer(gone.base_url, "state")
    assert raised.value.__context__ is None


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}"], ids=["html", "a-list", "no-words"])
def test_what_is_no_simulator_is_an_error(body: bytes) -> None:
    """Another server on this machine."""

    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(500)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Other) as other:
        thread = Thread(target=other.handle_request)
        thread.start()
        with pytest.raises(SteeringError, match="no simulator"):
            steer(f"http://127.0.0.1:{other.server_port}", "state")
        thread.join(5)
