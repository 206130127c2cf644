"""Signed requests for Fireblocks, and the key pair and certificate request of a new API user. No I/O.

Facts
- The token is a JWT, RS256, with uri (path and query, /v1 included), nonce, iat, exp, sub (the API key) and bodyHash
  (hex SHA-256 of the exact bytes of the body; of nothing where there is none).
- The documentation wants exp below iat + 30 seconds; the vendor's SDKs send iat + 55. The default stays within 30.
- "iat in the future" is an error of its own (code -12): `backdate` moves iat back for a clock that is fast.
- A 401 means that nothing was done, and its `Date` shows the vendor's clock: where ours is off, the request is signed
  anew by theirs and sent once more, a create too. Which code a token has that comes too late is not looked at.
- The key pair is the caller's, RSA of 4096 bits; only the certificate request is sent.
"""

from __future__ import annotations

import hashlib
import os
import re
import uuid
from collections.abc import AsyncGenerator, Callable, Generator
from dataclasses import dataclass
from datetime import timedelta

import httpx

from issuant.auth.header import credential
from issuant.auth.unread import leave, leave_async
from issuant.clock import Clock, now_utc
from issuant.errors import CredentialError, MissingExtraError
from issuant.replies import skew_of
from issuant.secret import Secret

_MISSING: str | None = None
try:
    import jwt
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import padding, rsa
    from cryptography.x509.oid import NameOID
except ImportError as missing:
    _MISSING = {"jwt": "PyJWT"}.get(missing.name or "", missing.name)
if _MISSING is not None:
    raise MissingExtraError(
        f"Fireblocks needs {_MISSING}, which is not installed.",
        advice="Install issuant[fireblocks].",
        provider="fireblocks",
    )

LIFETIME = timedelta(seconds=29)
SMALLEST_SKEW = timedelta(seconds=3)  # `Date` has whole seconds, and a reply takes a while
LARGEST_SKEW = timedelta(hours=1)
KEY_BITS = 4096
SMALLEST_KEY_BITS = 2048
_LARGEST_KEY_BITS = 16384  # OpenSSL verifies by no larger one, and takes seconds to sign with it
_ONE_CSR = re.compile(
    r"\s*-----BEGIN (NEW )?CERTIFICATE REQUEST-----[A-Za-z0-9+/=\s]+-----END (NEW )?CERTIFICATE REQUEST-----\s*"
)


def parse_private_key(pem: Secret | str, *, field: str = "private_key") -> rsa.RSAPrivateKey:
    """Return the RSA key in `pem`, parsed.

    Raises CredentialError, naming `field`, for anything else: no PEM, an encrypted key, another kind of key.
    """
    pem = Secret.wrap(pem)
    found = _load(pem)
    if isinstance(found, rsa.RSAPrivateKey):
        return found
    reason = found if isinstance(found, str) else "is a key, but not an RSA key"
    raise CredentialError(
        f"{field} {reason}.",
        advice="Give the RSA private key of the API user as unencrypted PEM, or the path of a file that holds it.",
        field=field,
        provider="fireblocks",
    )


def _load(pem: Secret) -> object:
    # What is skipped is OpenSSL's own check, which looks for factors of both primes: 251 of 253 ms for 4096 bits, in
    # which an event loop stands still. `_is_sound` takes 2 ms for all that can go wrong with a key of one's own.
    try:
        found = serialization.load_pem_private_key(
            pem.reveal().encode(), password=None, unsafe_skip_rsa_key_validation=True
        )
    except TypeError:
        return "is encrypted"
    except (ValueError, UnsupportedAlgorithm):
        return "is not a private key in PEM"
    return found if not isinstance(found, rsa.RSAPrivateKey) or _is_sound(found) else "is an RSA key that is damaged"


def _is_sound(key: rsa.RSAPrivateKey) -> bool:
    """Tell whether the numbers of a key fit each other, and whether what it signs is found to be signed by it.

    The numbers are looked at first: OpenSSL may hang or crash when it uses some that do not fit. A factor that is no
    prime fits nowhere but in a signature, which it makes wrong.
    """
    numbers = key.private_numbers()
    n, e = numbers.public_numbers.n, numbers.public_numbers.e
    p, q, d = numbers.p, numbers.q, numbers.d
    if key.key_size > _LARGEST_KEY_BITS or not (p > 2 < q and p % 2 == q % 2 == e % 2 == 1 and 1 < e < n and 0 < d < n):
        return False
    fits = [p * q == n, e * d % (p - 1) == 1, e * d % (q - 1) == 1]
    fits += (numbers.dmp1 == d % (p - 1), numbers.dmq1 == d % (q - 1), 0 < numbers.iqmp < p, numbers.iqmp * q % p == 1)
    if not all(fits):
        return False
    probe = os.urandom(32)
    try:
        signature = key.sign(probe, padding.PKCS1v15(), hashes.SHA256())
        key.public_key().verify(signature, probe, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


class FireblocksAuth(httpx.Auth):
    """X-API-Key and a signed token for each request. The key is parsed once; the exact bytes sent are hashed.

    It may be shared between threads, and between tasks of asyncio or trio, where it signs in a worker thread.
    A clock that is off by more than 3 seconds, and by at most an hour, is made up for from the first 401 on.

    Args:
        api_key: the id of the API user.
        private_key: its RSA private key as unencrypted PEM.
        lifetime: how long a token is good for, 1 to 60 seconds; the vendor documents less than 30, and its SDKs use 55.
        backdate: how far `iat` is moved back, for a clock that is ahead of the vendor's.
        clock: gives the time.
        nonce: gives a text that is used once.

    Raises CredentialError for a malformed key, or a lifetime out of bounds.
    """

    requires_request_body = True  # the hash is over the bytes that go out, whatever made them

    def __init__(
        self,
        api_key: Secret | str,
        private_key: Secret | str,
        *,
        lifetime: timedelta = LIFETIME,
        backdate: timedelta = timedelta(),
        clock: Clock = now_utc,
        nonce: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        api_key, private_key = Secret.wrap(api_key), Secret.wrap(private_key)
        api_key = credential(api_key, field="api_key")
        if not timedelta(seconds=1) <= lifetime <= timedelta(seconds=60):
            raise CredentialError("lifetime is not between 1 and 60 seconds.", advice="Give 29.", field="lifetime")
        if not timedelta() <= backdate <= timedelta(seconds=60):
            raise CredentialError("backdate is not between 0 and 60 seconds.", advice="Give 0.", field="backdate")
        self._api_key = api_key
        self._key = parse_private_key(private_key)
        self._lifetime = int(lifetime.total_seconds())
        self._backdate = int(backdate.total_seconds())
        self._clock = clock
        self._nonce = nonce
        self._offset = timedelta()
        self._skew: timedelta | None = None

    @property
    def clock_skew(self) -> timedelta | None:
        """How far the vendor's clock was ahead of ours when a request was last refused with 401; None before that."""
        return self._skew

    def use_clock(self, clock: Clock) -> None:
        """Go by `clock` from now on, unless one was given already."""
        if self._clock is now_utc:
            self._clock = clock

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.read()
        used = self._sign(request)
        response = yield request
        if self._learns_offset(response, used):
            leave(response)
            self._sign(request)
            yield request

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        from anyio.to_thread import run_sync

        await request.aread()
        used = await run_sync(self._sign, request)  # milliseconds of CPU, in which other tasks go on
        response = yield request
        if self._learns_offset(response, used):
            await leave_async(response)
            await run_sync(self._sign, request)
            yield request

    def _learns_offset(self, response: httpx.Response, used: timedelta) -> bool:
        """Tell whether a refused request that was signed with the offset `used` has another chance with a new one."""
        skew = skew_of(response.headers.get("date"), self._clock()) if response.status_code == 401 else None
        if skew is None:
            return False
        self._skew = skew
        if abs(skew) > LARGEST_SKEW or abs(skew - used) <= SMALLEST_SKEW:
            return False
        self._offset = skew
        return True

    def _sign(self, request: httpx.Request) -> timedelta:
        """Put the credential on a request, and return the offset that its times were moved by."""
        offset = self._offset
        request.headers["X-API-Key"] = self._api_key.reveal()
        request.headers["Authorization"] = f"Bearer {self._token(request, offset)}"
        return offset

    def _token(self, request: httpx.Request, offset: timedelta) -> str:
        issued = int((self._clock() + offset).timestamp()) - self._backdate
        return jwt.encode(
            {
                "uri": request.url.raw_path.decode("ascii"),
                "nonce": self._nonce(),
                "iat": issued,
                "exp": issued + self._lifetime,
                "sub": self._api_key.reveal(),
                "bodyHash": hashlib.sha256(request.content).hexdigest(),
            },
            self._key,
            algorithm="RS256",
        )


@dataclass(frozen=True, kw_only=True)
class KeyPair:
    """A new private key in PEM (PKCS #8), and the certificate request in PEM that goes with it."""

    private_key: Secret
    csr_pem: str


def make_key_pair(name: str) -> KeyPair:
    """Make an RSA-4096 key and a certificate request whose common name is `name`. Takes up to some seconds of CPU."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    common_name = name.encode()[:64].decode(errors="ignore")  # X.520 ends it there
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    csr = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    return KeyPair(private_key=Secret(pem), csr_pem=csr.public_bytes(serialization.Encoding.PEM).decode())


def csr_fault(csr_pem: str) -> str | None:
    """Return what is wrong with a certificate request in PEM; None for one RSA request signed by its own key.

    Anything beside it is refused: what stands there would be sent, and in such files that is often the private key.
    """
    if not _ONE_CSR.fullmatch(csr_pem):
        return "is not one certificate signing request in PEM and nothing else"
    try:
        csr = x509.load_pem_x509_csr(csr_pem.encode())
        sound = csr.is_signature_valid
        public = csr.public_key()
    except (ValueError, UnsupportedAlgorithm, InvalidSignature):
        return "is not a certificate signing request in PEM"
    if not isinstance(public, rsa.RSAPublicKey):
        return "is a request for a key that is not RSA"
    if public.key_size < SMALLEST_KEY_BITS:
        return f"is a request for a key of fewer than {SMALLEST_KEY_BITS} bits"
    return None if sound else "is not signed by the key it asks for"
