"""Signed requests, verified by PyJWT and hashlib; key pairs and certificate requests, verified by cryptography."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import math
import threading
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import anyio
import httpx
import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID
from issuant.auth.fireblocks import FireblocksAuth, csr_fault, make_key_pair, parse_private_key
from issuant.errors import CredentialError
from issuant.mocks import simulator
from issuant.mocks.fireblocks import FireblocksSimulator

from tests.issuant.auth.calling import LOOPS
from tests.issuant.recording import NOW, Recorder, now

API_KEY = "6f1b2c3d-0000-4000-8000-000000000001"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CURVE_KEY = ec.generate_private_key(ec.SECP256R1())


def pem_of(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
    form: serialization.PrivateFormat = serialization.PrivateFormat.PKCS8,
    encryption: serialization.KeySerializationEncryption | None = None,
) -> str:
    return key.private_bytes(serialization.Encoding.PEM, form, encryption or serialization.NoEncryption()).decode()


PEM = pem_of(KEY)


def send(url: str, *, auth: httpx.Auth | None = None, method: str = "POST", **body: Any) -> httpx.Request:
    recorder = Recorder([httpx.Response(200)])
    with httpx.Client(transport=recorder, auth=auth or FireblocksAuth(API_KEY, PEM, clock=now)) as client:
        client.request(method, url, **body)
    return recorder.requests[0]


def claims_of(request: httpx.Request) -> dict[str, Any]:
    scheme, _, token = request.headers["Authorization"].partition(" ")
    assert scheme == "Bearer"
    assert jwt.get_unverified_header(token) == {"alg": "RS256", "typ": "JWT"}
    # The clock of the test stands in 2030: times are compared by hand below.
    unchecked = {"verify_exp": False, "verify_iat": False, "verify_sub": False}
    return jwt.decode(token, KEY.public_key(), algorithms=["RS256"], options=unchecked)  # type: ignore[arg-type]


def test_a_request_names_its_api_key_and_carries_these_claims_alone() -> None:
    """The token is good for less than the 30 seconds that the vendor documents."""
    request = send("https://api.fireblocks.io/v1/management/api_users", json={"a": 1})
    claims = claims_of(request)
    assert request.headers["X-API-Key"] == API_KEY
    assert set(claims) == {"uri", "nonce", "iat", "exp", "sub", "bodyHash"}
    assert claims["sub"] == API_KEY
    assert claims["iat"] == int(NOW.timestamp())
    assert claims["iat"] < claims["exp"] < claims["iat"] + 30
    assert UUID(claims["nonce"]).version == 4


@pytest.mark.parametrize(
    ("url", "uri"),
    [
        pytest.param("https://api.fireblocks.io/v1/a", "/v1/a", id="path-with-the-prefix"),
        pytest.param("https://api.fireblocks.io/v1/a?x=1&y=b%20c", "/v1/a?x=1&y=b%20c", id="query"),
        pytest.param("https://api.fireblocks.io/v1/a%2Fb", "/v1/a%2Fb", id="encoded-slash"),
        pytest.param("https://api.fireblocks.io/v1/ä", "/v1/%C3%A4", id="encoded-by-the-client"),
        pytest.param("http://127.0.0.1:8080/v1/a", "/v1/a", id="host-and-port-left-out"),
    ],
)
def test_the_uri_is_what_goes_over_the_wire(url: str, uri: str) -> None:
    """Path and query, as encoded in the request line."""
    request = send(url)
    assert claims_of(request)["uri"] == uri == request.url.raw_path.decode()


def chunks() -> Any:
    yield b'{"a":'
    yield b" 1}"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({}, id="none"),
        pytest.param({"content": b""}, id="empty"),
        pytest.param({"json": {"name": "ключ", "role": "VIEWER"}}, id="json"),
        pytest.param({"content": b'{ "a" :  1 }\n'}, id="bytes-as-they-are"),
        pytest.param({"data": {"a": "b c"}}, id="form"),
        pytest.param({"content": chunks()}, id="stream"),
    ],
)
def test_the_hash_is_over_the_exact_bytes_that_are_sent(body: dict[str, Any]) -> None:
    """Whatever made them; nothing is hashed where there is no body."""
    request = send("https://api.fireblocks.io/v1/a", **body)
    assert claims_of(request)["bodyHash"] == hashlib.sha256(request.read()).hexdigest()
    if not request.content:
        assert claims_of(request)["bodyHash"] == hashlib.sha256(b"").hexdigest()


def test_every_request_has_a_nonce_of_its_own() -> None:
    """Also where they are sent within one second."""
    auth = FireblocksAuth(API_KEY, PEM, clock=now)
    nonces = {claims_of(send("https://api.fireblocks.io/v1/a", auth=auth))["nonce"] for _ in range(20)}
    assert len(nonces) == 20


async def chunks_in_time() -> AsyncIterator[bytes]:
    for chunk in chunks():
        yield chunk


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(lambda: {"json": {"a": 1}}, id="json"),
        pytest.param(lambda: {"content": chunks_in_time()}, id="stream"),
    ],
)
def test_async_requests_are_signed_too(body: Callable[[], Any]) -> None:
    """The body is read before it is hashed."""
    recorder = Recorder([httpx.Response(200)])

    async def go() -> None:
        auth = FireblocksAuth(API_KEY, PEM, clock=now)
        async with httpx.AsyncClient(transport=recorder, auth=auth) as client:
            await client.post("https://api.fireblocks.io/v1/a", **body())

    asyncio.run(go())
    assert claims_of(recorder.requests[0])["bodyHash"] == hashlib.sha256(recorder.requests[0].content).hexdigest()


@pytest.mark.parametrize("loop", LOOPS)
def test_async_requests_are_signed_beside_the_event_loop(loop: str) -> None:
    """A signature takes milliseconds; many at once have their own nonces, and the vendor takes them all."""
    vendor = simulator("fireblocks")
    assert isinstance(vendor, FireblocksSimulator)
    threads: set[int] = set()

    def nonce() -> str:
        threads.add(threading.get_ident())
        return str(uuid4())

    auth = FireblocksAuth(vendor.api_key, vendor.private_key_pem, nonce=nonce)
    replies: list[int] = []

    async def main() -> None:
        async with httpx.AsyncClient(transport=vendor.transport(), auth=auth) as client:

            async def one() -> None:
                replies.append((await client.get("https://mock.invalid/v1/management/api_users")).status_code)

            async with anyio.create_task_group() as tasks:
                for _ in range(50):
                    tasks.start_soon(one)

    anyio.run(main, backend=loop)
    assert replies == [200] * 50
    assert threads
    assert threading.get_ident() not in threads


def test_sync_requests_are_signed_where_they_are_sent() -> None:
    """No thread is made for them."""
    threads: list[int] = []

    def nonce() -> str:
        threads.append(threading.get_ident())
        return "once"

    send("https://api.fireblocks.io/v1/a", auth=FireblocksAuth(API_KEY, PEM, clock=now, nonce=nonce))
    assert threads == [threading.get_ident()]


def test_lifetime_backdate_and_nonce_are_as_they_were_given() -> None:
    """A clock that is fast is met by moving the time of issue back."""
    auth = FireblocksAuth(
        API_KEY, PEM, lifetime=timedelta(seconds=55), backdate=timedelta(seconds=20), clock=now, nonce=lambda: "once"
    )
    claims = claims_of(send("https://api.fireblocks.io/v1/a", auth=auth))
    assert claims["iat"] == int(NOW.timestamp()) - 20
    assert claims["exp"] == claims["iat"] + 55
    assert claims["nonce"] == "once"


def test_the_time_is_that_of_the_clock_in_any_zone() -> None:
    """And by default that of this machine."""
    before = int(datetime.now(UTC).timestamp())
    claims = claims_of(send("https://api.fireblocks.io/v1/a", auth=FireblocksAuth(API_KEY, PEM)))
    assert before <= claims["iat"] <= int(datetime.now(UTC).timestamp())


def test_the_key_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parsing it for each request costs a hundred times the signature."""
    parsed = []
    load = serialization.load_pem_private_key

    def counting(*args: Any, **options: Any) -> Any:
        parsed.append(args)
        return load(*args, **options)

    monkeypatch.setattr(serialization, "load_pem_private_key", counting)
    auth = FireblocksAuth(API_KEY, PEM)
    for _ in range(5):
        send("https://api.fireblocks.io/v1/a", auth=auth)
    assert len(parsed) == 1


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        pytest.param({"lifetime": timedelta(seconds=0.5)}, "lifetime", id="lifetime-too-short"),
        pytest.param({"lifetime": timedelta(seconds=61)}, "lifetime", id="lifetime-too-long"),
        pytest.param({"lifetime": timedelta(seconds=-5)}, "lifetime", id="lifetime-negative"),
        pytest.param({"backdate": timedelta(seconds=-1)}, "backdate", id="backdate-negative"),
        pytest.param({"backdate": timedelta(seconds=61)}, "backdate", id="backdate-too-long"),
        pytest.param({"api_key": ""}, "api_key", id="no-api-key"),
        pytest.param({"api_key": "a b"}, "api_key", id="api-key-with-a-blank"),
    ],
)
def test_what_is_out_of_bounds_is_refused(arguments: dict[str, Any], field: str) -> None:
    """By the name of the argument."""
    with pytest.raises(CredentialError) as caught:
        FireblocksAuth(**{"api_key": API_KEY, "private_key": PEM} | arguments)
    assert caught.value.field == field


@pytest.mark.parametrize("seconds", [1, 29, 60])
def test_the_bounds_themselves_are_taken(seconds: int) -> None:
    """From one second to one minute."""
    FireblocksAuth(API_KEY, PEM, lifetime=timedelta(seconds=seconds), backdate=timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("pem", "words"),
    [
        pytest.param("", "not a private key", id="empty"),
        pytest.param("no PEM", "not a private key", id="no-pem"),
        pytest.param(PEM.replace("M", "!", 40), "not a private key", id="damaged"),
        pytest.param(pem_of(CURVE_KEY), "not an RSA key", id="elliptic-curve"),
        pytest.param(
            pem_of(KEY, encryption=serialization.BestAvailableEncryption(b"x")), "is encrypted", id="encrypted"
        ),
        pytest.param(
            KEY.public_key()
            .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
            .decode(),
            "not a private key",
            id="public-key",
        ),
    ],
)
def test_what_is_no_rsa_key_is_refused(pem: str, words: str) -> None:
    """By the name of the field; nothing of it is in the error or its context."""
    with pytest.raises(CredentialError, match=words) as caught:
        parse_private_key(pem, field="FIREBLOCKS_SECRET_KEY")
    assert caught.value.field == "FIREBLOCKS_SECRET_KEY"
    assert caught.value.__context__ is None
    assert PEM[40:60] not in str(caught.value)


NUMBERS = KEY.private_numbers()
PUBLIC = NUMBERS.public_numbers


def numbers_of(p: int, q: int) -> dict[str, int]:
    """Return the numbers of a key that are computed from two factors, whatever these are."""
    d = pow(PUBLIC.e, -1, math.lcm(p - 1, q - 1))
    return {"p": p, "q": q, "d": d, "dmp1": d % (p - 1), "dmq1": d % (q - 1), "iqmp": pow(q, -1, p), "n": p * q}


def pem_with(changes: dict[str, int]) -> str:
    """Return KEY with some of its numbers changed, as RSA PRIVATE KEY (RFC 8017, A.1.2), which nothing has checked."""
    own = {name: getattr(NUMBERS, name) for name in ("p", "q", "d", "dmp1", "dmq1", "iqmp")}
    found = own | {"n": PUBLIC.n, "e": PUBLIC.e} | changes
    order = ("n", "e", "d", "p", "q", "dmp1", "dmq1", "iqmp")
    numbers = (0, *(found[name] for name in order))
    content = b"".join(der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big")) for number in numbers)
    text = base64.encodebytes(der(0x30, content)).decode()
    return f"-----BEGIN RSA PRIVATE KEY-----\n{text}-----END RSA PRIVATE KEY-----\n"


def der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def composite(bits: int) -> int:
    """Return a product of two odd numbers whose predecessor has no factor in common with the exponent."""
    found = (2 ** (bits // 2) + 1) * (2 ** (bits - bits // 2) + 5)
    return found if math.gcd(found - 1, PUBLIC.e) == 1 else composite(bits + 2)


UNSOUND: dict[str, dict[str, int]] = {
    "another-modulus": {"n": PUBLIC.n + 2},
    "even-modulus": {"n": PUBLIC.n + 1},
    "another-exponent": {"e": 3},
    "even-exponent": {"e": 65538},
    "another-d": {"d": NUMBERS.d + 2},
    "another-p": {"p": NUMBERS.p + 2},
    "another-q": {"q": NUMBERS.q + 2},
    "p-is-one": {"p": 1, "q": PUBLIC.n},
    "another-dmp1": {"dmp1": NUMBERS.dmp1 + 2},
    "another-dmq1": {"dmq1": NUMBERS.dmq1 + 2},
    "another-iqmp": {"iqmp": NUMBERS.iqmp + 1},
    "a-factor-that-is-no-prime": numbers_of(composite(1024), NUMBERS.q),
    "one-factor-twice": {**numbers_of(NUMBERS.p, NUMBERS.q), "q": NUMBERS.p, "n": NUMBERS.p**2},
    "more-bits-than-can-be-verified": numbers_of(composite(16000), NUMBERS.q),
}


@pytest.mark.parametrize("name", UNSOUND)
def test_a_key_that_is_damaged_is_refused(name: str) -> None:
    """What OpenSSL's own check finds is found, and soon: in its numbers, or in what it signs."""
    pem = pem_with(UNSOUND[name])
    with pytest.raises(ValueError, match=r"Invalid private key|RSA"):
        serialization.load_pem_private_key(pem.encode(), password=None)
    begun = time.process_time()
    with pytest.raises(CredentialError, match="is damaged") as caught:
        parse_private_key(pem)
    assert time.process_time() - begun < 1
    assert caught.value.field == "private_key"
    assert caught.value.__context__ is None


def test_a_key_with_its_own_numbers_is_taken() -> None:
    """So that it is their change that the others are refused for."""
    parse_private_key(pem_with({}))
    parse_private_key(pem_with(numbers_of(NUMBERS.p, NUMBERS.q)))


def test_parsing_a_key_of_4096_bits_holds_an_event_loop_up_for_no_time() -> None:
    """OpenSSL's own check takes 250 ms of CPU, in which nothing else goes on."""
    pem = pem_of(rsa.generate_private_key(public_exponent=65537, key_size=4096))
    taken = []
    for _ in range(3):
        begun = time.process_time()
        parse_private_key(pem)
        taken.append(time.process_time() - begun)
    assert min(taken) < 0.1


@pytest.mark.parametrize("form", [serialization.PrivateFormat.PKCS8, serialization.PrivateFormat.TraditionalOpenSSL])
def test_both_forms_of_pem_are_taken(form: serialization.PrivateFormat) -> None:
    """PKCS #8, and the older one that openssl writes as RSA PRIVATE KEY."""
    assert parse_private_key(pem_of(KEY, form)).private_numbers() == KEY.private_numbers()


def test_no_attribute_prints_the_private_key() -> None:
    """The parsed key has no repr of its own numbers."""
    assert PEM[40:60] not in f"{vars(FireblocksAuth(API_KEY, PEM))}"
    assert API_KEY not in f"{vars(FireblocksAuth(API_KEY, PEM))}"


def test_a_made_key_pair_is_rsa_4096_and_signs_its_own_request() -> None:
    """The private key is unencrypted PKCS #8, and the request names the user."""
    pair = make_key_pair("nightly")
    key = serialization.load_pem_private_key(pair.private_key.reveal().encode(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    assert key.key_size == 4096
    assert key.public_key().public_numbers().e == 65537
    request = x509.load_pem_x509_csr(pair.csr_pem.encode())
    public = request.public_key()
    assert isinstance(public, rsa.RSAPublicKey)
    assert public.public_numbers() == key.public_key().public_numbers()
    public.verify(request.signature, request.tbs_certrequest_bytes, padding.PKCS1v15(), hashes.SHA256())
    assert [name.value for name in request.subject.get_attributes_for_oid(NameOID.COMMON_NAME)] == ["nightly"]
    assert pair.private_key.reveal().startswith("-----BEGIN PRIVATE KEY-----")
    assert pair.private_key.reveal()[40:60] not in repr(pair)
    assert csr_fault(pair.csr_pem) is None


def csr_of(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> x509.CertificateSigningRequest:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mock")])
    return x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())


def pem_csr(request: x509.CertificateSigningRequest) -> str:
    return request.public_bytes(serialization.Encoding.PEM).decode()


def with_another_signature() -> str:
    """Return a request whose last byte, which is of its signature, is another."""
    der = csr_of(KEY).public_bytes(serialization.Encoding.DER)
    return pem_csr(x509.load_der_x509_csr(der[:-1] + bytes([der[-1] ^ 1])))


NO_CSR = "is not one certificate signing request in PEM and nothing else"
CSR = pem_csr(csr_of(KEY))
SHORT_KEY = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - to be refused


@pytest.mark.parametrize(
    ("csr", "fault"),
    [
        pytest.param(CSR, None, id="sound"),
        pytest.param(CSR.replace("\n", "\r\n"), None, id="sound-with-crlf"),
        pytest.param(f"\n {CSR}\n\t\n", None, id="white-space-around"),
        pytest.param(CSR.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"), None, id="the-older-name"),
        pytest.param(with_another_signature(), "is not signed by the key it asks for", id="another-signature"),
        pytest.param(pem_csr(csr_of(CURVE_KEY)), "is a request for a key that is not RSA", id="elliptic-curve"),
        pytest.param(
            pem_csr(csr_of(SHORT_KEY)), "is a request for a key of fewer than 2048 bits", id="a-key-that-is-too-short"
        ),
        pytest.param(PEM, NO_CSR, id="private-key"),
        pytest.param(PEM + CSR, NO_CSR, id="private-key-in-front"),
        pytest.param(CSR + PEM, NO_CSR, id="private-key-behind"),
        pytest.param(CSR + CSR, NO_CSR, id="two-requests"),
        pytest.param(f"a note\n{CSR}", NO_CSR, id="words-in-front"),
        pytest.param(f"{CSR}a note\n", NO_CSR, id="words-behind"),
        pytest.param("", NO_CSR, id="empty"),
        pytest.param(CSR[:200], NO_CSR, id="cut-off"),
        pytest.param("-----BEGIN ключ-----", NO_CSR, id="not-ascii"),
        pytest.param(
            "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n",
            "is not a certificate signing request in PEM",
            id="other-bytes-in-a-request",
        ),
    ],
)
def test_a_certificate_request_is_checked_before_it_is_sent(csr: str, fault: str | None) -> None:
    """A sound one has no fault; another says what is wrong. What stands beside it may be the private key."""
    assert csr_fault(csr) == fault


@pytest.mark.parametrize("name", ["界" * 30, "🔑" * 30, "é" * 30, "x" * 30], ids=["3-bytes", "4-bytes", "2-bytes", "1"])
def test_a_key_pair_is_made_for_a_name_of_any_alphabet(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A common name has at most 64 characters; what stands there is the name or its beginning."""
    monkeypatch.setattr("issuant.auth.fireblocks.KEY_BITS", 2048)
    pair = make_key_pair(name)
    assert csr_fault(pair.csr_pem) is None
    subject = x509.load_pem_x509_csr(pair.csr_pem.encode()).subject
    (common_name,) = (found.value for found in subject.get_attributes_for_oid(NameOID.COMMON_NAME))
    assert isinstance(common_name, str)
    assert common_name
    assert name.startswith(common_name)
