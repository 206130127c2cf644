"""What goes wrong on the wire goes wrong alike on each way, for a client in this process and for one off a socket."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from issuant.mocks import Fault, Simulator
from issuant.mocks.fireworks import FireworksSimulator
from issuant.mocks.loopback import serve

from tests.mocks.carriers import SECRET, SECRETS, Carrier, secret_request

Carry = Callable[[Simulator], Carrier]
KEY = {"Authorization": "Bearer fw_TEST_not_a_key"}
LIMIT = 1_000_000


@pytest.fixture(params=["in-process", "loopback"])
def client(request: pytest.FixtureRequest, fireworks: FireworksSimulator) -> Iterator[httpx.Client]:
    """A client that may read a reply bit by bit."""
    if request.param == "in-process":
        with httpx.Client(transport=fireworks.transport(), base_url="https://mock.invalid", headers=KEY) as found:
            yield found
    else:
        with serve(fireworks) as server, httpx.Client(base_url=server.base_url, headers=KEY) as found:
            yield found


@pytest.mark.parametrize(
    ("fault", "took_effect"), [(Fault.reset_before(), 0), (Fault.reset_after(), 1)], ids=["before", "after"]
)
def test_a_reset_connection_is_a_read_error(
    fireworks: FireworksSimulator, carry: Carry, fault: Fault, took_effect: int
) -> None:
    """Not the end of one; the state shows if the request took effect."""
    fireworks.faults.add(fault)
    carrier = carry(fireworks)
    with pytest.raises(httpx.ReadError):
        carrier.send(secret_request())
    assert len(fireworks.secrets) == took_effect
    assert carrier.send(secret_request("second")).status_code == 200


def test_an_incomplete_body_is_a_protocol_error(fireworks: FireworksSimulator, carry: Carry) -> None:
    """After it took effect, and the next request has a connection of its own."""
    fireworks.faults.add(Fault.incomplete())
    carrier = carry(fireworks)
    with pytest.raises(httpx.RemoteProtocolError, match=r"without sending complete message body \(received 3"):
        carrier.send(secret_request())
    assert len(fireworks.secrets) == 1
    assert carrier.send(secret_request("second")).status_code == 200


@pytest.mark.parametrize("fault", [Fault.oversized(2), Fault.gzip_bomb(2)], ids=["oversized", "gzip-bomb"])
def test_a_body_that_is_too_large_is_the_reply_all_the_same(
    fireworks: FireworksSimulator, carry: Carry, fault: Fault
) -> None:
    """Whoever reads it whole finds nothing wrong."""
    fireworks.faults.add(fault)
    reply = carry(fireworks).send(secret_request())
    assert len(reply.content) > 2 * LIMIT
    assert reply.json()["keyName"] == "WOLFRAM"


def test_an_oversized_body_announces_no_length(fireworks: FireworksSimulator, client: httpx.Client) -> None:
    """So that looking at a header is not enough."""
    fireworks.faults.add(Fault.oversized(2))
    with client.stream("GET", SECRETS) as reply:
        assert "Content-Length" not in reply.headers
        assert reply.headers["Transfer-Encoding"] == "chunked"


def test_a_bomb_is_small_on_the_wire(fireworks: FireworksSimulator, client: httpx.Client) -> None:
    """What a limit must count is what comes of it."""
    fireworks.faults.add(Fault.gzip_bomb(20))
    with client.stream("GET", SECRETS) as reply:
        raw = b"".join(reply.iter_raw())
    assert len(raw) < LIMIT / 5
    assert reply.headers["Content-Length"] == str(len(raw))
    assert reply.headers["Content-Encoding"] == "gzip"


def test_an_endless_body_is_read_for_as_long_as_one_likes(fireworks: FireworksSimulator, client: httpx.Client) -> None:
    """And whoever leaves it harms no one."""
    fireworks.faults.add(Fault.endless())
    read = 0
    with client.stream("GET", SECRETS) as reply:
        for piece in reply.iter_raw():
            assert not piece.strip()
            read += len(piece)
            if read > LIMIT:
                break
    assert client.get(SECRETS).status_code == 200


def test_an_endless_body_ends_with_its_server(fireworks: FireworksSimulator) -> None:
    """It does not hold up the stop."""
    fireworks.faults.add(Fault.endless())
    with serve(fireworks) as server, httpx.stream("GET", f"{server.base_url}{SECRETS}", headers=KEY) as reply:
        next(reply.iter_raw())
        started = time.monotonic()
    assert time.monotonic() - started < 2


def test_a_drip_comes_byte_by_byte(fireworks: FireworksSimulator, client: httpx.Client) -> None:
    """Each within the client's limit, all of it long after that."""
    fireworks.faults.add(Fault.drip(0.005))
    started = time.monotonic()
    with client.stream("POST", SECRETS, json=SECRET, timeout=0.1) as reply:
        pieces = list(reply.iter_raw())
    assert json.loads(b"".join(pieces))["keyName"] == "WOLFRAM"
    assert time.monotonic() - started > 0.005 * len(b"".join(pieces)) > 0.1


def test_a_drip_that_is_slower_than_the_limit_is_a_timeout(fireworks: FireworksSimulator, carry: Carry) -> None:
    """The head has come, and the client waits for each byte no longer than it said."""
    fireworks.faults.add(Fault.drip(10))
    with pytest.raises(httpx.ReadTimeout):
        carry(fireworks).send(secret_request(), read=0.05)
    assert len(fireworks.secrets) == 1


def test_a_reply_in_this_process_is_not_read_before_its_client_reads_it(fireworks: FireworksSimulator) -> None:
    """As one off the network."""
    with httpx.Client(transport=fireworks.transport(), base_url="https://mock.invalid") as client:
        with client.stream("GET", SECRETS) as reply:
            assert not reply.is_stream_consumed
            assert json.loads(b"".join(reply.iter_raw()))["code"] == 16
        assert reply.is_stream_consumed


@pytest.mark.parametrize("method", ["HEAD", "GET"])
@pytest.mark.parametrize("fault", [Fault.oversized(1), Fault.incomplete(), Fault.drip(9)], ids=lambda fault: fault.kind)
def test_where_no_body_follows_nothing_happens_to_it(
    fireworks: FireworksSimulator, client: httpx.Client, method: str, fault: Fault
) -> None:
    """The reply to HEAD has none, whatever would have become of it."""
    if method == "GET":
        fireworks.faults.add(Fault.body(b"never sent", status=204))
    else:
        fireworks.faults.add(fault)
    assert client.request(method, SECRETS).content == b""
