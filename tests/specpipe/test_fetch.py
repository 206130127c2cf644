"""A document is fetched by one request that ends, whatever the server does."""

from __future__ import annotations

import gzip
import json
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
from specpipe import intake, limits
from specpipe.faults import PageError
from specpipe.intake import fetch

from tests.specpipe.documents import pets

BODY = json.dumps(pets()).encode()
PACKED = gzip.compress(BODY)
ENCODED = {
    "identity": ("identity", BODY),
    "gzip": ("gzip", PACKED),
    "x-gzip": ("X-GZip", PACKED),
    "deflate": ("deflate", zlib.compress(BODY)),
    "twice": ("gzip, gzip", gzip.compress(PACKED)),
    "brotli": ("br", b"\x0b"),
    "no-trailer": ("gzip", PACKED[:-1]),
    "no-end": ("gzip", PACKED[:40]),
    "wrong-sum": ("gzip", PACKED[:-8] + b"\0\0\0\0" + PACKED[-4:]),
    "not-packed": ("gzip", BODY),
    "more-behind": ("gzip", PACKED + b"more"),
    "nothing": ("gzip", b""),
    "expands": ("gzip", gzip.compress(bytes(32 * 2**20))),
}
"""Encodings, and bodies said to have them."""

QUICK = fetch.Patience(connect=0.5, read=0.5, whole=1.0)


class _Handler(BaseHTTPRequestHandler):
    stop: ClassVar[threading.Event] = threading.Event()

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/redirect":
            self._head(302, ("Location", "https://user:fw_TEST_not_a_key@other.example/api.json?a=fw_TEST_not_a_key"))
        elif path == "/odd-redirect":
            self._head(302, ("Location", "http://[bad"))
        elif path == "/missing":
            self._head(404)
        elif path == "/empty-redirect":
            self._head(304)
        elif path == "/silent":
            self.stop.wait(10)
        elif path == "/drip":
            self._head(200, ("Content-Type", "application/json"))
            self._drip(b" ")
        elif path == "/drip-head":
            self._drip(b"HTTP/1.1 200 OK\r\nX-A: b")
        elif path == "/large":
            self._head(200)
            self.wfile.write(b" " * 5000)
        elif path.startswith("/encoded/"):
            encoding, body = ENCODED[path.removeprefix("/encoded/")]
            self._head(200, ("Content-Encoding", encoding))
            self.wfile.write(body)
        elif path == "/asks":
            self._head(200)
            self.wfile.write(self.headers["Accept-Encoding"].encode())
        elif path == "/page":
            self._head(200, ("Content-Type", "text/html"))
            self.wfile.write(b"\n<!DOCTYPE html><html>Log in</html>")
        else:
            self._head(200, ("Content-Type", "text/html"))
            self.wfile.write(json.dumps(pets()).encode())

    def _head(self, status: int, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()

    def _drip(self, data: bytes) -> None:
        while not self.stop.wait(0.1):
            self.wfile.write(data)
            self.wfile.flush()
            data = b" "

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the standard library's name
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is what is tested."""


@contextmanager
def _serving() -> Iterator[str]:
    _Handler.stop.clear()
    server = _Server(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        _Handler.stop.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    """Host and port of a server that behaves and misbehaves by path."""
    with _serving() as address:
        yield address


def test_what_the_server_says_of_the_type_does_not_count(host: str) -> None:
    """The document is JSON, whatever the header says."""
    assert intake.read(f"http://{host}/api").document == pets()


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/missing", "the server answers with status 404"),
        ("/empty-redirect", "the server answers with status 304"),
        ("/redirect", r"redirects \(302\) to https://other\.example/api\.json\?…, which is not followed; give that"),
        ("/odd-redirect", r"redirects \(302\) to an address that cannot be read, which"),
        ("/silent", "no answer in time|no whole answer within"),
        ("/drip", "no whole answer within 1 s"),
        ("/drip-head", "no whole answer within 1 s"),
    ],
)
def test_what_is_no_document_is_said_in_time(host: str, path: str, problem: str) -> None:
    """Within seconds, and without what may be secret in the address."""
    start = time.monotonic()
    with pytest.raises(PageError, match=problem) as caught:
        fetch.fetch(f"http://name:fw_TEST_not_a_key@{host}{path}?token=fw_TEST_not_a_key", patience=QUICK)
    assert time.monotonic() - start < 5
    assert str(caught.value).startswith(f"http://{host}{path}?…: ")
    assert "TEST" not in str(caught.value)


def test_a_body_without_an_end_is_cut_off(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the limit for files."""
    monkeypatch.setattr(limits, "BYTES", 1000)
    with pytest.raises(PageError, match="the answer is larger than 1000 bytes"):
        fetch.fetch(f"http://{host}/large")


def test_no_encoding_is_asked_for(host: str) -> None:
    """The limit is on what the server sends."""
    assert fetch.fetch(f"http://{host}/asks") == b"identity"


@pytest.mark.parametrize("name", ["identity", "gzip", "x-gzip", "deflate"])
def test_an_answer_that_is_packed_all_the_same_is_unpacked(host: str, name: str) -> None:
    """Some servers do not listen."""
    assert fetch.fetch(f"http://{host}/encoded/{name}") == BODY


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("twice", "the answer is encoded as 'gzip, gzip', which was not asked for; save it and give its path"),
        ("brotli", "the answer is encoded as 'br', which was not asked for; save it and give its path"),
        ("no-trailer", "the packed answer looks cut off, fetch it anew"),
        ("no-end", "the packed answer looks cut off, fetch it anew"),
        ("nothing", "the packed answer looks cut off, fetch it anew"),
        ("wrong-sum", "the packed answer cannot be unpacked: "),
        ("not-packed", "the packed answer cannot be unpacked: "),
        ("more-behind", "the packed answer cannot be unpacked: something stands behind its end"),
    ],
)
def test_what_is_packed_otherwise_is_refused(host: str, name: str, problem: str) -> None:
    """By the name of its encoding, or by what is wrong with it."""
    with pytest.raises(PageError) as caught:
        fetch.fetch(f"http://{host}/encoded/{name}")
    assert str(caught.value).startswith(f"http://{host}/encoded/{name}: {problem}")


def test_what_grows_beyond_the_limit_is_not_unpacked(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even in memory."""
    monkeypatch.setattr(limits, "BYTES", 2**20)
    tracemalloc.start()
    try:
        with pytest.raises(PageError, match="the answer is larger than 1048576 bytes"):
            fetch.fetch(f"http://{host}/encoded/expands")
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    finally:
        tracemalloc.stop()


def test_a_login_page_is_called_one(host: str) -> None:
    """It comes with status 200."""
    with pytest.raises(PageError, match="/page: this is a login page"):
        intake.read(f"http://{host}/page")


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("ftp://x.example/a", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("http://", "not a usable address|no answer"),
        ("http://[bad/a", "not a usable address"),
        ("http://127.0.0.1:1/a", "no answer"),
    ],
)
def test_an_address_that_cannot_be_asked_is_said_so(url: str, problem: str) -> None:
    """No other scheme is tried."""
    with pytest.raises(PageError, match=problem):
        intake.read(url)


def test_a_path_is_no_address() -> None:
    """Not even one with a colon."""
    assert [fetch.is_address(text) for text in ("a/b.yaml", "c:/x.yaml", "a://b", "../a://b")] == [
        False,
        False,
        True,
        False,
    ]


def test_references_to_files_are_not_followed_from_an_address(host: str) -> None:
    """They stay, and lead out of the document."""
    document = {"openapi": "3.0.0", "paths": {"/a": {"$ref": "/etc/passwd"}}}
    taken = intake.Intake(name="x", document=document, repairs=intake.read(f"http://{host}/").repairs, refused={})
    from specpipe import structure

    (fault,) = structure.check(taken.document, refused=taken.refused).faults
    assert str(fault) == "#/paths/~1a/$ref: the reference '/etc/passwd' leads nowhere"
