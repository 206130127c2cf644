"""Which way a call goes and whose word for the server is taken: proxies, and certificates of one's own."""

from __future__ import annotations

import asyncio
import datetime
import hashlib
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from issuant import GalileoAccount, Identity, KeyRequest, Secret, connect, connect_async
from issuant.errors import Effect, NotSentError, UsageError
from issuant.mocks import simulator
from issuant.mocks.loopback import serve

from tests.issuant.recording import QUICK, both
from tests.leaks.detector import leaks, shown_by_error

ACCOUNT = GalileoAccount(api_key="galileo_TEST_not_a_key")
PASSWORD = "pw_TEST_not_a_key"
USER = {
    "id": "6f1b2c3d-0000-4000-8000-000000000002",
    "email": "me@example.com",
    "first_name": "",
    "last_name": "",
    "role": "user",
    "organization_id": "6f1b2c3d-0000-4000-8000-000000000003",
    "organization_name": "org",
    "created_at": "2030-01-01T00:00:00Z",
    "updated_at": "2030-01-01T00:00:00Z",
}
DAY = datetime.timedelta(days=1)


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def signed(
    name: str, public: ec.EllipticCurvePublicKey, signer: ec.EllipticCurvePrivateKey, extension: x509.ExtensionType
) -> bytes:
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(named(name)).issuer_name(named("test authority"))
    builder = builder.public_key(public).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - DAY).not_valid_after(now + DAY).add_extension(extension, critical=False)
    return builder.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@dataclass(frozen=True)
class Authority:
    """An authority that nobody trusts, in a file and in a folder, and a server's certificate that it has signed."""

    file: Path
    folder: Path
    served: Path


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    folder = tmp_path_factory.mktemp("authority")
    own, servers = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    basic = x509.BasicConstraints(ca=True, path_length=None)
    certificate = signed("test authority", own.public_key(), own, basic)
    # OpenSSL looks a certificate up by the hash of its subject, as `openssl rehash` would name it.
    subject = hashlib.sha1(named("test authority").public_bytes()[2:], usedforsecurity=False).digest()
    names = [x509.DNSName("vendor.invalid"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    key = servers.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "hashed").mkdir()
    found = Authority(folder / "ca.pem", folder / "hashed", folder / "server.pem")
    found.file.write_bytes(certificate)
    (found.folder / f"{int.from_bytes(subject[:4], 'little'):08x}.0").write_bytes(certificate)
    server = signed("vendor.invalid", servers.public_key(), own, x509.SubjectAlternativeName(names))
    found.served.write_bytes(key + server)
    return found


class Handler(BaseHTTPRequestHandler):
    """Notes the line and the headers of each request in its server's `seen`."""

    protocol_version = "HTTP/1.1"
    server: Noting

    def parse_request(self) -> bool:
        is_whole = super().parse_request()
        self.server.seen.append((self.requestline, dict(self.headers)))
        return is_whole

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's own name
        pass

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Noting(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, handler: type[Handler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.target = 0

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that does not trust the certificate breaks off: that is what is tested."""


@contextmanager
def running(server: Noting) -> Iterator[Noting]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class Vendor(Handler):
    def do_GET(self) -> None:
        self.answer(200, json.dumps(USER).encode())


@pytest.fixture
def vendor(authority: Authority) -> Iterator[Noting]:
    """A vendor behind TLS, whose certificate the test's own authority has signed."""
    server = Noting(Vendor)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.served)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    with running(server):
        yield server


class Proxy(Handler):
    """Opens a tunnel to the `target` of its server, wherever it was to lead; takes whole URLs there as well."""

    def do_CONNECT(self) -> None:
        with socket.create_connection(("127.0.0.1", self.server.target), timeout=5) as upstream:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=pumped, args=(upstream, self.connection))
            back.start()
            pumped(self.connection, upstream)
            back.join(5)
        self.close_connection = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name: value for name, value in self.headers.items() if not name.startswith("Proxy-")}
        found = httpx.post(self.path, content=body, headers=headers, trust_env=False)
        self.answer(found.status_code, found.content)


class Refusing(Handler):
    def do_CONNECT(self) -> None:
        self.answer(407, b"")


def pumped(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)


@pytest.fixture
def proxy() -> Iterator[Noting]:
    with running(Noting(Proxy)) as server:
        yield server


def address(server: Noting, user: str = "") -> str:
    return f"http://{user}127.0.0.1:{server.server_port}"


def asked(flavour: str, **options: Any) -> Identity:
    """Ask who one is, which sends a GET."""

    async def scenario() -> Identity:
        async with connect_async(ACCOUNT, retries=QUICK, **options) as galileo:
            return await galileo.whoami()

    if flavour == "async":
        return asyncio.run(scenario())
    with connect(ACCOUNT, retries=QUICK, **options) as galileo:
        return galileo.whoami()


def trusted(how: str, authority: Authority) -> Any:
    match how:
        case "file":
            return str(authority.file)
        case "path":
            return authority.file
        case "folder":
            return authority.folder
    return ssl.create_default_context(cafile=authority.file)


@both
@pytest.mark.parametrize("how", ["file", "path", "folder", "context"])
def test_an_authority_of_ones_own_is_trusted_where_it_is_named(
    flavour: str, how: str, vendor: Noting, authority: Authority
) -> None:
    """By a file, a folder or a context."""
    base_url = f"https://127.0.0.1:{vendor.server_port}"
    assert asked(flavour, base_url=base_url, verify=trusted(how, authority)).id == USER["id"]
    assert len(vendor.seen) == 1


@both
def test_an_authority_that_is_not_named_is_not_trusted(flavour: str, vendor: Noting) -> None:
    """No request arrives, and no key with it; the advice is to name it."""
    with pytest.raises(NotSentError, match="nobody who is trusted") as caught:
        asked(flavour, base_url=f"https://127.0.0.1:{vendor.server_port}")
    assert (caught.value.effect, caught.value.attempts) == (Effect.NONE, 1)
    assert "verify=" in caught.value.advice
    assert vendor.seen == []


@both
def test_a_certificate_of_another_host_is_not_trusted(flavour: str, vendor: Noting, authority: Authority) -> None:
    """Whoever has signed it; the advice is to check the base URL, and not to trust anybody else."""
    with pytest.raises(NotSentError, match="of another host") as caught:
        asked(flavour, base_url=f"https://localhost:{vendor.server_port}", verify=authority.file)
    assert "verify" not in caught.value.advice
    assert vendor.seen == []


@pytest.fixture
def odd(tmp_path: Path) -> dict[str, Any]:
    """What is no certificate to be trusted."""
    (tmp_path / "empty").write_text("")
    (tmp_path / "text").write_text("no certificate")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "ca.pem").write_text("no name that OpenSSL would look up")
    names = ("empty", "text", "folder", "missing")
    given: dict[str, Any] = {name: tmp_path / name for name in names}
    return given | {"false": False, "none": None, "zero": 0, "bytes": b"ca.pem", "no-path": "", "nul": "a\0b"}


@pytest.mark.parametrize("open_", [connect, connect_async], ids=["sync", "async"])
@pytest.mark.parametrize(
    "what", ["empty", "text", "folder", "missing", "false", "none", "zero", "bytes", "no-path", "nul"]
)
def test_what_cannot_be_trusted_is_refused_by_name(
    what: str, odd: dict[str, Any], open_: Callable[..., object]
) -> None:
    """When connecting. To trust whoever answers is not offered."""
    with pytest.raises(UsageError) as caught:
        open_(ACCOUNT, verify=odd[what])
    assert caught.value.field == "verify"
    assert caught.value.__context__ is None
    if isinstance(odd[what], Path):
        assert str(odd[what]) in caught.value.reason


@both
def test_a_call_goes_through_the_proxy_that_is_given(
    flavour: str, vendor: Noting, proxy: Noting, authority: Authority
) -> None:
    """By a tunnel: the proxy learns the host, and neither key nor path."""
    proxy.target = vendor.server_port
    found = asked(flavour, base_url="https://vendor.invalid", verify=authority.file, proxy=address(proxy))
    assert found.id == USER["id"]
    ((line, headers),) = proxy.seen
    assert line == "CONNECT vendor.invalid:443 HTTP/1.1"
    assert "galileo_TEST_not_a_key" not in str(headers)
    ((line, headers),) = vendor.seen
    assert line == "GET /current_user HTTP/1.1"
    assert headers["Galileo-API-Key"] == "galileo_TEST_not_a_key"


@both
def test_a_proxy_is_given_its_password_and_the_vendor_is_not(
    flavour: str, vendor: Noting, proxy: Noting, authority: Authority
) -> None:
    """It stands in the URL, which may be a Secret."""
    proxy.target = vendor.server_port
    url = Secret(address(proxy, f"me:{PASSWORD}@"))
    asked(flavour, base_url="https://vendor.invalid", verify=authority.file, proxy=url)
    assert proxy.seen[0][1]["Proxy-Authorization"].startswith("Basic ")
    assert "Proxy-Authorization" not in vendor.seen[0][1]


def test_plain_http_goes_through_a_proxy_on_this_machine(proxy: Noting) -> None:
    """With the whole URL, as proxies of plain HTTP are asked."""
    mock = simulator("galileo")
    with serve(mock) as server:
        account = GalileoAccount(api_key="galileo_TEST_not_a_key")
        with connect(account, base_url=server.base_url, proxy=address(proxy)) as galileo:
            galileo.issue(KeyRequest(name="k"))
        assert proxy.seen[0][0] == f"POST {server.base_url}/v2/users/api_keys HTTP/1.1"


@both
def test_what_a_proxy_refuses_was_not_sent(flavour: str) -> None:
    """Its password stands in no text and in no local of a frame of ours, and is tried once: the proxy may count."""
    with running(Noting(Refusing)) as proxy, pytest.raises(NotSentError, match="user name and a password") as caught:
        asked(flavour, base_url="https://vendor.invalid", proxy=address(proxy, f"me:{PASSWORD}@"))
    assert caught.value.attempts == 1
    assert len(proxy.seen) == 1
    assert leaks(shown_by_error(caught.value), [PASSWORD]) == []


@both
def test_a_connection_shows_no_password_of_its_proxy(flavour: str) -> None:
    """Neither does what it is made of."""
    open_: Any = connect if flavour == "sync" else connect_async
    opened = open_(ACCOUNT, proxy=f"http://me:{PASSWORD}@127.0.0.1:9")
    assert PASSWORD not in f"{opened!r} {vars(opened)} {vars(opened._transport)}"


@pytest.mark.parametrize("open_", [connect, connect_async], ids=["sync", "async"])
@pytest.mark.parametrize(
    "url",
    [
        pytest.param("", id="empty"),
        pytest.param("proxy:3128", id="no-scheme"),
        pytest.param(f"ftp://me:{PASSWORD}@proxy:3128", id="another-scheme"),
        pytest.param("http://", id="no-host"),
        pytest.param(f"http://me:{PASSWORD}@[", id="no-url"),
        pytest.param(f"http://me:{PASSWORD}@proxy:port", id="no-port"),
        pytest.param(f"socks5://me:{PASSWORD}@proxy:1080", id="needs-another-package"),
        pytest.param(17, id="number"),
    ],
)
def test_what_is_no_proxy_is_refused_and_not_shown(open_: Callable[..., object], url: Any) -> None:
    """When connecting."""
    with pytest.raises(UsageError) as caught:
        open_(ACCOUNT, proxy=url)
    assert "proxy" in f"{caught.value}"
    assert leaks(shown_by_error(caught.value), [PASSWORD]) == []
    assert caught.value.__context__ is None


@pytest.mark.parametrize("open_", [connect, connect_async], ids=["sync", "async"])
def test_a_proxy_and_a_transport_are_not_given_together(open_: Callable[..., object]) -> None:
    """The one would be ignored."""
    with pytest.raises(UsageError) as caught:
        open_(ACCOUNT, proxy="http://127.0.0.1:9", transport=httpx.MockTransport(lambda _: httpx.Response(200)))
    assert caught.value.field == "proxy"


def test_plain_http_goes_through_no_proxy_on_another_machine() -> None:
    """The key could be read on the way."""
    with pytest.raises(UsageError, match="plain http") as caught:
        connect(ACCOUNT, base_url="http://127.0.0.1:9", proxy="http://proxy.example:3128")
    assert caught.value.field == "proxy"
    connect(ACCOUNT, base_url="http://127.0.0.1:9", proxy="http://127.0.0.1:3128").close()
    connect(ACCOUNT, base_url="https://vendor.invalid", proxy="http://proxy.example:3128").close()
