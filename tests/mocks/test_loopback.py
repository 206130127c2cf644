"""The server on loopback frames HTTP/1.1 strictly, answers in the vendor's words, and stops at once."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import issuant.mocks
import pytest
from issuant.mocks import Fault
from issuant.mocks.fireblocks import FireblocksSimulator
from issuant.mocks.fireworks import FireworksSimulator
from issuant.mocks.galileo import GalileoSimulator
from issuant.mocks.loopback import MAX_BODY, Server, serve

SECRETS = "/v1/accounts/mock-account/secrets"
BODY = json.dumps({"name": "wolfram", "keyName": "WOLFRAM", "value": "stored_TEST_not_a_key"})
HEAD = "Host: mock\r\nAuthorization: Bearer fw_TEST_not_a_key\r\nContent-Type: application/json\r\n"


@pytest.fixture
def server(fireworks: FireworksSimulator) -> Iterator[Server]:
    with serve(fireworks) as server:
        yield server


def raw(server: Server, *parts: str | bytes) -> tuple[int, bytes, dict[str, str]]:
    """Send bytes as they are; return the status, the body and the headers of the reply, and close."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        for part in parts:
            connection.sendall(part.encode("latin-1") if isinstance(part, str) else part)
        reply = http.client.HTTPResponse(connection)
        reply.begin()
        body = reply.read()
        return reply.status, body, {name.lower(): value for name, value in reply.getheaders()}


def client_hello() -> bytes:
    """Return what a TLS client sends first."""
    hello = ssl.MemoryBIO()
    client = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), hello, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return hello.read()


def get(server: Server) -> int:
    """Return the status of what is at the base URL's own path."""
    return raw(server, "GET / HTTP/1.1\r\nHost: mock\r\n\r\n")[0]


def test_the_address_is_a_free_port_and_the_base_path(
    fireworks: FireworksSimulator, fireblocks: FireblocksSimulator
) -> None:
    """Fireblocks' base URL ends with /v1; several servers run at once, one simulator on two of them."""
    with ExitStack() as stack:
        one, two, three = (stack.enter_context(serve(simulator)) for simulator in (fireworks, fireblocks, fireworks))
        assert one.base_url == f"http://127.0.0.1:{one.port}"
        assert two.base_url == f"http://127.0.0.1:{two.port}/v1"
        assert len({one.port, two.port, three.port}) == 3
        assert one.simulator is three.simulator
        for server in (one, two, three):
            assert get(server) == 404


def test_a_port_can_be_asked_for_and_may_be_taken(server: Server, galileo: GalileoSimulator) -> None:
    """A taken one is an OSError, and it is free again after the server has stopped."""
    with pytest.raises(OSError, match="in use"), serve(galileo, port=server.port):
        pass
    with serve(galileo) as first:
        get(first)
    with serve(galileo, port=first.port) as second:
        assert second.port == first.port
        assert get(second) == 404


def test_one_connection_carries_many_requests(server: Server) -> None:
    """HTTP/1.1 keeps it open."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.connect()
    held = connection.sock
    for _ in range(3):
        connection.request("GET", "/")
        assert connection.getresponse().read()
        assert connection.sock is held
    connection.close()


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY", "BREW"])
@pytest.mark.parametrize("name", issuant.mocks.names())
def test_every_method_is_answered_by_the_vendor(name: str, method: str) -> None:
    """An odd one too, and never with the standard library's HTML."""
    simulator = issuant.mocks.simulator(name)
    route = simulator.routes()[0]
    path = "/".join("some" if part.startswith("{") else part for part in route.path.split("/"))
    with serve(simulator) as server, httpx.Client(base_url=server.base_url.removesuffix(simulator.base_path)) as client:
        reply = client.request(method, path)
    allowed = [each.method for each in simulator.routes() if each.match(path) is not None]
    if method in allowed:
        assert reply.status_code == 401
    else:
        assert (reply.status_code, reply.headers["Allow"]) == (405, ", ".join(allowed))
    assert reply.headers["Content-Type"] == "application/json"
    assert reply.json()


def test_a_head_request_gets_no_body(server: Server) -> None:
    """And the connection stays in step."""
    with httpx.Client(base_url=server.base_url) as client:
        assert client.head(SECRETS).content == b""
        assert client.put(SECRETS).json()["code"] == 12


def test_a_chunked_body_is_read(fireworks: FireworksSimulator, server: Server) -> None:
    """With extensions and trailers, and the next request is found after it."""
    half = len(BODY) // 2
    chunks = f"{half:x};note=1\r\n{BODY[:half]}\r\n{len(BODY) - half:X}\r\n{BODY[half:]}\r\n0\r\nTrailer: 1\r\n\r\n"
    request = f"POST {SECRETS} HTTP/1.1\r\n{HEAD}Transfer-Encoding: chunked\r\n\r\n{chunks}"
    second = f"GET / HTTP/1.1\r\n{HEAD}Connection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(f"{request}{second}".encode())
        replies = b""
        while received := connection.recv(65536):
            replies += received
    assert replies.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"HTTP/1.1 404 Not Found\r\n" in replies
    assert len(fireworks.secrets) == 1


def test_httpx_may_stream_a_body(fireworks: FireworksSimulator, server: Server) -> None:
    """It sends it in chunks."""
    headers = {"Authorization": "Bearer fw_TEST_not_a_key", "Content-Type": "application/json"}
    reply = httpx.post(
        f"{server.base_url}{SECRETS}", headers=headers, content=iter([BODY[:9].encode(), BODY[9:].encode()])
    )
    assert reply.status_code == 200
    assert len(fireworks.secrets) == 1


@pytest.mark.parametrize(
    "framing",
    [
        "Content-Length: abc\r\n\r\n",
        "Content-Length: -1\r\n\r\n",
        "Content-Length: +3\r\n\r\n{}",
        "Content-Length: 1_0\r\n\r\n",
        "Content-Length:\r\n\r\n",
        "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: gzip\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}}}0\r\n\r\n",
    ],
    ids=[
        "letters", "negative", "plus", "underscore", "empty", "two", "length-and-chunks", "gzip", "chunk-size",
        "chunk-negative", "chunk-end",
    ],
)  # fmt: skip
def test_malformed_framing_is_400_and_ends_the_connection(
    fireworks: FireworksSimulator, server: Server, framing: str
) -> None:
    """In the vendor's error body; nothing took effect."""
    status, body, headers = raw(server, f"POST {SECRETS} HTTP/1.1\r\n{HEAD}{framing}")
    assert status == 400
    assert json.loads(body)["code"] == 3
    assert headers["connection"] == "close"
    assert not fireworks.secrets


@pytest.mark.parametrize(
    "framing",
    [f"Content-Length: {MAX_BODY + 1}\r\n\r\n", f"Transfer-Encoding: chunked\r\n\r\n{MAX_BODY + 1:x}\r\n"],
    ids=["length", "chunks"],
)
def test_a_body_that_is_too_large_is_413(server: Server, framing: str) -> None:
    """The reply arrives though the body was being sent, in the vendor's error body."""
    status, body, headers = raw(server, f"POST {SECRETS} HTTP/1.1\r\n{HEAD}{framing}", b" " * (MAX_BODY + 1))
    assert status == 413
    assert json.loads(body)["code"] == 3
    assert headers["connection"] == "close"


def test_a_body_of_the_largest_size_is_taken(server: Server) -> None:
    """It is read to its end, and then judged."""
    request = f"POST {SECRETS} HTTP/1.1\r\n{HEAD}Content-Length: {MAX_BODY}\r\n\r\n"
    assert raw(server, request, b"{" + b" " * (MAX_BODY - 2) + b"}")[0] == 400


@pytest.mark.parametrize(
    ("line", "status"),
    [("nonsense", 400), ("GET / HTTP/9.9.9", 400), ("GET / HTTP/2.0", 505), ("GET /" + "a" * 70000 + " HTTP/1.1", 414)],
    ids=["no-request", "version", "http-2", "too-long"],
)
def test_a_wrong_request_line_is_refused_in_the_vendors_words(server: Server, line: str, status: int) -> None:
    """Not in the standard library's HTML."""
    received, body, _ = raw(server, f"{line}\r\nHost: mock\r\n\r\n")
    assert received == status
    assert "message" in json.loads(body)


def test_an_http_1_0_client_gets_its_reply_and_the_end(server: Server) -> None:
    """The connection is closed after it, even where it asks for more."""
    status, _, headers = raw(server, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    assert (status, headers["connection"]) == (404, "close")


def test_a_whole_url_as_a_target_is_understood(server: Server) -> None:
    """As a client sends it to a proxy."""
    assert raw(server, f"PUT http://mock{SECRETS} HTTP/1.1\r\nHost: mock\r\n\r\n")[0] == 405


def test_a_client_that_leaves_in_the_middle_of_a_body_harms_no_one(
    fireworks: FireworksSimulator, server: Server
) -> None:
    """Nothing takes effect, and the next one is served."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(f"POST {SECRETS} HTTP/1.1\r\n{HEAD}Content-Length: {len(BODY)}\r\n\r\n{BODY[:9]}".encode())
    assert get(server) == 404
    assert not fireworks.secrets


def test_a_client_that_speaks_tls_harms_no_one(server: Server) -> None:
    """It is refused, and mostly gone before it has read that: the block ends well all the same."""
    for _ in range(20):  # each leaves at another moment
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
            connection.sendall(client_hello())
    assert raw(server, client_hello())[0] == 400
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection, pytest.raises(ssl.SSLError):
        ssl.create_default_context().wrap_socket(connection, server_hostname="localhost")
    assert get(server) == 404


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_without_a_body_leaves_the_connection_in_step(
    fireworks: FireworksSimulator, server: Server, status: int
) -> None:
    """No bytes follow its head."""
    fireworks.faults.add(Fault.body(b"never sent", status=status))
    with httpx.Client(base_url=server.base_url) as client:
        reply = client.get("/")
        assert (reply.status_code, reply.content) == (status, b"")
        assert client.get("/").status_code == 404


def test_a_hundred_connections_at_once_are_all_served(server: Server) -> None:
    """None is reset, though all are opened before one is answered."""
    connections = [socket.create_connection(("127.0.0.1", server.port), timeout=10) for _ in range(100)]
    for connection in connections:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: mock\r\n\r\n")
    for connection in connections:
        assert connection.recv(65536).startswith(b"HTTP/1.1 404 ")
        connection.close()


def test_stopping_ends_idle_and_waiting_connections_at_once(fireworks: FireworksSimulator) -> None:
    """A late reply does not hold it up."""
    fireworks.faults.add(Fault.delay(60))
    with serve(fireworks) as server:
        idle = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        waiting = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        waiting.sendall(b"GET / HTTP/1.1\r\nHost: mock\r\n\r\n")
        while len(fireworks.faults):
            time.sleep(0.01)
        started = time.monotonic()
    assert time.monotonic() - started < 2
    assert idle.recv(1) == b""
    idle.close()
    waiting.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port), timeout=10)


def test_a_failure_of_the_simulator_is_not_swallowed(fireworks: FireworksSimulator) -> None:
    """The client loses its connection, and the block ends with the error."""

    def broken(_: object) -> bool:
        raise ZeroDivisionError

    fireworks.faults.add(Fault.empty(), when=broken)
    with (
        pytest.raises(RuntimeError, match="the fireworks simulator failed") as raised,
        serve(fireworks) as server,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        httpx.get(server.base_url)
    assert isinstance(raised.value.__cause__, ZeroDivisionError)


def test_the_server_logs_nothing(server: Server, capfd: pytest.CaptureFixture[str]) -> None:
    """Neither a request nor a refusal."""
    raw(server, "nonsense\r\n\r\n")
    get(server)
    assert capfd.readouterr() == ("", "")
