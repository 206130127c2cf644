"""How much is read of a reply, and what is left of one that breaks off. Memory stays bounded whatever comes."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from functools import cache
from itertools import chain
from types import SimpleNamespace

import httpx
import pytest
from issuant import GalileoAccount, IssuedKey, KeyRequest, Secret, connect
from issuant.body import LONGEST_REPLY
from issuant.errors import Effect, UnusableReplyError
from issuant.mocks import Fault, simulator
from issuant.mocks.galileo import GalileoSimulator
from issuant.mocks.loopback import serve

from tests.issuant.recording import QUICK, Recorder, a_call, both, performed

MEGABYTE = 1 << 20


class Pieces(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that comes in pieces."""

    def __init__(self, pieces: Callable[[], Iterable[bytes]]) -> None:
        self._pieces = pieces
        self.taken = 0
        self.is_closed = False

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces():
            self.taken += len(piece)
            yield piece

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece

    def close(self) -> None:
        self.is_closed = True

    async def aclose(self) -> None:
        self.close()


def reply(body: Pieces, *, status: int = 200, coding: str | None = None) -> httpx.Response:
    headers = {} if coding is None else {"Content-Encoding": coding}
    return httpx.Response(status, headers=headers, stream=body)


def whole(content: bytes) -> Pieces:
    return Pieces(lambda: iter([content]))


def endless() -> Iterator[bytes]:
    for _ in range(1024):
        yield b" " * 65536
    raise AssertionError("nobody reads 64 MiB")


def breaking(content: bytes) -> Pieces:
    """A body whose connection breaks off behind `content`."""

    def pieces() -> Iterator[bytes]:
        yield content
        raise httpx.ReadError("gone")

    return Pieces(pieces)


FIELDS = {"id": "key-1"}
PLAIN = json.dumps(FIELDS).encode()


@both
@pytest.mark.parametrize(
    ("content", "coding"),
    [
        pytest.param(PLAIN, None, id="plain"),
        pytest.param(PLAIN, "identity", id="identity"),
        pytest.param(gzip.compress(PLAIN), "gzip", id="gzip"),
        pytest.param(gzip.compress(PLAIN), " GZip ", id="gzip-however-written"),
        pytest.param(gzip.compress(PLAIN), "x-gzip", id="gzip-by-its-old-name"),
        pytest.param(zlib.compress(PLAIN), "deflate", id="deflate"),
        pytest.param(gzip.compress(PLAIN) + b"\0" * 100, "gzip", id="something-behind-the-gzip"),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_a_body_is_read_whole_and_decoded(flavour: str, content: bytes, coding: str | None, size: int) -> None:
    """In whatever pieces it comes."""
    body = Pieces(lambda: iter([content[at : at + size] for at in range(0, len(content), size)]))
    found = performed(flavour, a_call(), Recorder([lambda _: reply(body, coding=coding)]))
    assert dict(found.fields() or {}) == FIELDS
    assert not found.broke_off
    assert body.is_closed


@both
def test_a_body_that_a_transport_has_read_already_is_taken_as_it_is(flavour: str) -> None:
    """Decoded, as httpx does it then."""
    packed = gzip.compress(PLAIN)
    wire = Recorder([lambda _: httpx.Response(200, headers={"Content-Encoding": "gzip"}, content=packed)])
    assert dict(performed(flavour, a_call(), wire).fields() or {}) == FIELDS


@both
def test_a_body_that_a_transport_has_read_already_is_no_longer_than_any(flavour: str) -> None:
    """What is longer than may be kept breaks off."""
    wire = Recorder([lambda _: httpx.Response(200, content=b" " * (LONGEST_REPLY + 1))])
    assert performed(flavour, a_call(), wire).broke_off


@both
@pytest.mark.parametrize(
    ("content", "coding"),
    [
        pytest.param(gzip.compress(gzip.compress(PLAIN)), "gzip, gzip", id="gzip-twice"),
        pytest.param(b"\x1b\x2c", "br", id="brotli"),
        pytest.param(b"\x28\xb5\x2f\xfd", "zstd", id="zstandard"),
    ],
)
def test_a_coding_that_nobody_asked_for_is_left_on(flavour: str, content: bytes, coding: str) -> None:
    """The reply then holds no fields; it is not decoded to whatever size."""
    found = performed(flavour, a_call(), Recorder([lambda _: reply(whole(content), coding=coding)]))
    assert found.fields() is None
    assert not found.is_empty


@both
def test_only_gzip_is_asked_for(flavour: str) -> None:
    """Whatever else the HTTP client could decode."""
    wire = Recorder([httpx.Response(200)])
    performed(flavour, a_call(), wire)
    assert wire.requests[0].headers["Accept-Encoding"] == "gzip"


@both
@pytest.mark.parametrize(
    ("body", "coding"),
    [
        pytest.param(lambda: breaking(PLAIN[:5]), None, id="the-connection-breaks"),
        pytest.param(lambda: whole(gzip.compress(PLAIN)[:-9]), "gzip", id="gzip-is-cut-off"),
        pytest.param(lambda: whole(b"no gzip at all"), "gzip", id="no-gzip"),
        pytest.param(lambda: Pieces(endless), None, id="endless"),
    ],
)
def test_a_body_that_is_not_all_there_is_said_to_break_off(
    flavour: str, body: Callable[[], Pieces], coding: str | None
) -> None:
    """The connection is closed all the same."""
    found: list[Pieces] = []

    def answer(_: httpx.Request) -> httpx.Response:
        found.append(body())
        return reply(found[-1], coding=coding)

    assert performed(flavour, a_call(), Recorder([answer])).broke_off
    assert len(found) == 1
    assert found[0].is_closed


@both
@pytest.mark.parametrize("coding", [None, "gzip"])
def test_an_empty_body_does_not_break_off(flavour: str, coding: str | None) -> None:
    """Even where it is said to be packed."""
    found = performed(flavour, a_call(), Recorder([lambda _: reply(whole(b""), status=204, coding=coding)]))
    assert (found.is_empty, found.broke_off) == (True, False)


@both
def test_a_connection_that_cannot_be_closed_costs_no_reply(flavour: str) -> None:
    """It is read by then, and may hold the one copy of a key."""

    class Stuck(Pieces):
        def close(self) -> None:
            raise OSError("stuck")

    found = performed(flavour, a_call(), Recorder([lambda _: reply(Stuck(lambda: iter([PLAIN])))]))
    assert dict(found.fields() or {}) == FIELDS


def test_a_connection_that_breaks_off_and_cannot_be_closed_costs_no_reply() -> None:
    """What had come by then is read."""

    class Stuck(Pieces):
        def close(self) -> None:
            raise OSError("stuck")

    found = performed("sync", a_call(), Recorder([lambda _: reply(Stuck(endless))]))
    assert (found.status, found.broke_off) == (200, True)


@both
def test_what_comes_behind_the_end_of_a_packed_body_is_not_read_for_ever(flavour: str) -> None:
    """It counts as it comes, though none of it is kept."""
    body = Pieces(lambda: chain([gzip.compress(PLAIN)], endless()))
    found = performed(flavour, a_call(), Recorder([lambda _: reply(body, coding="gzip")]))
    assert dict(found.fields() or {}) == FIELDS
    assert body.taken <= LONGEST_REPLY + MEGABYTE


@cache
def bomb(megabytes: int, layers: int = 1) -> bytes:
    """Return so many megabytes of blanks, packed."""
    packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    content = b"".join(packer.compress(b" " * MEGABYTE) for _ in range(megabytes)) + packer.flush()
    for _ in range(layers - 1):
        content = gzip.compress(content)
    return content


def peak_of(act: Callable[[], object]) -> int:
    """Return how many bytes were held at most while `act` ran, beyond those before."""
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@both
@pytest.mark.parametrize(
    ("pieces", "coding"),
    [
        pytest.param(endless, None, id="endless"),
        pytest.param(lambda: iter([bomb(64)]), "gzip", id="gzip-bomb"),
        pytest.param(lambda: iter([bomb(64, layers=2)]), "gzip, gzip", id="gzip-bomb-within-gzip"),
        pytest.param(lambda: iter([gzip.compress(b""), *[b"\0" * MEGABYTE] * 64]), "gzip", id="behind-gzip"),
    ],
)
def test_no_reply_takes_more_memory_than_a_few_times_what_is_read_of_one(
    flavour: str, pieces: Callable[[], Iterator[bytes]], coding: str | None
) -> None:
    """Some 16 MiB, and what it takes to put the pieces together."""
    list(zip(range(1), pieces(), strict=False))  # what is made once is not counted
    wire = Recorder([lambda _: reply(Pieces(pieces), coding=coding)])
    peak = peak_of(lambda: performed(flavour, a_call(), wire))
    assert peak < 3 * LONGEST_REPLY


def test_the_bomb_is_one() -> None:
    """Decoded as the HTTP client does it, it takes all that it is packed from."""

    packed = bomb(64)

    def decode() -> None:
        httpx.Response(200, headers={"Content-Encoding": "gzip"}, content=packed)

    assert peak_of(decode) > 64 * MEGABYTE


@both
@pytest.mark.parametrize("extra", [-1, 0, 1], ids=["below", "as-long-as-may-be", "above"])
def test_the_bound_is_16_mib(flavour: str, extra: int) -> None:
    """A list of ten thousand keys has some three."""
    content = PLAIN + b" " * (LONGEST_REPLY - len(PLAIN) + extra)
    found = performed(flavour, a_call(), Recorder([lambda _: reply(whole(content))]))
    assert found.broke_off is (extra > 0)
    assert dict(found.fields() or {}) == FIELDS


@both
def test_a_body_that_drips_for_ever_is_left(flavour: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However steadily it does: each piece comes in time, and the whole does not."""
    passed = iter(range(0, 10_000, 10))
    monkeypatch.setattr("issuant.body.time", SimpleNamespace(monotonic=lambda: float(next(passed))))
    body = Pieces(lambda: iter([b" "] * 1000))
    assert performed(flavour, a_call(), Recorder([lambda _: reply(body)])).broke_off
    assert body.taken == 13  # seconds of 10 each, until 120 have passed


VALUE = "galileo_TEST_issued_not_a_key"
CREATED = {
    "id": "6f1b2c3d-0000-4000-8000-000000000001",
    "api_key": VALUE,
    "description": "k",
    "created_at": "2030-01-01T00:00:00Z",
    "updated_at": "2030-01-01T00:00:00Z",
    "created_by": "6f1b2c3d-0000-4000-8000-000000000002",
    "truncated": "gal…",
}


def test_a_created_key_whose_reply_breaks_off_is_told_by_id_and_value() -> None:
    """Both had come by then; the create is not sent again."""
    half = json.dumps(CREATED).encode()[:150]
    assert VALUE.encode() in half
    wire = Recorder([lambda _: reply(breaking(half))])
    with (
        connect(GalileoAccount(api_key="galileo_TEST_not_a_key"), transport=wire, retries=QUICK) as galileo,
        pytest.raises(UnusableReplyError, match="breaks off") as caught,
    ):
        galileo.issue(KeyRequest(name="k"))
    error = caught.value
    assert (error.id, error.secret, error.effect) == (CREATED["id"], Secret(VALUE), Effect.CREATED)
    assert error.attempts == len(wire.requests) == 1


def test_a_created_key_whose_reply_is_whole_is_no_less_one_for_what_breaks_behind_it() -> None:
    """The connection may break off after the last byte of the JSON."""
    wire = Recorder([lambda _: reply(breaking(json.dumps(CREATED).encode()))])
    with connect(GalileoAccount(api_key="galileo_TEST_not_a_key"), transport=wire, retries=QUICK) as galileo:
        outcome = galileo.issue(KeyRequest(name="k"))
    assert isinstance(outcome, IssuedKey)
    assert outcome.secret == Secret(VALUE)


def test_a_reading_whose_reply_breaks_off_is_sent_again() -> None:
    """It changes nothing."""
    vendor = simulator("galileo")
    assert isinstance(vendor, GalileoSimulator)
    vendor.faults.add(Fault.incomplete(), times=2)
    account = GalileoAccount(api_key=vendor.api_key)
    with serve(vendor) as server, connect(account, base_url=server.base_url, retries=QUICK) as galileo:
        assert galileo.whoami().id
    assert len(vendor.faults) == 0
