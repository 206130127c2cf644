"""What tests need to talk to the Fireblocks simulator: signed requests and certificate signing requests.

It signs with PyJWT, where the simulator verifies by hand, so that neither can hide a mistake of the other.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Generator, Mapping
from functools import cache

import httpx
import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import NameOID
from issuant.mocks.clock import Clock

PATH = "/v1/management/api_users"


class Signer(httpx.Auth):
    """Signs the exact bytes of a request; `claims`, `head` and `header` replace what it would send, None leaves out."""

    requires_request_body = True

    def __init__(
        self,
        *,
        api_key: str,
        pem: str,
        clock: Clock,
        claims: Mapping[str, object] | None = None,
        head: Mapping[str, object] | None = None,
        header: Mapping[str, str | None] | None = None,
    ) -> None:
        self.api_key = api_key
        self.pem = pem
        self.clock = clock
        self.claims = claims or {}
        self.head = head or {}
        self.header = header or {}
        self.sent = 0

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        self.sent += 1
        now = self.clock().timestamp()
        claims: dict[str, object] = {
            "uri": request.url.raw_path.decode("ascii"),
            "nonce": f"{id(self)}-{self.sent}",
            "iat": now,
            "exp": now + 29,
            "sub": self.api_key,
            "bodyHash": hashlib.sha256(request.content).hexdigest(),
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        head = dict(self.head)
        algorithm = str(head.pop("alg", "RS256"))
        # PyJWT wants no key at all for "none", and spells that as an empty text.
        shared = "" if algorithm == "none" else "a_TEST_shared_secret_of_thirty_two_bytes"
        key = parsed(self.pem) if algorithm == "RS256" else shared
        token = jwt.PyJWT().encode(claims, key, algorithm=algorithm, headers=head)
        fields: dict[str, str | None] = {"X-API-Key": self.api_key, "Authorization": f"Bearer {token}", **self.header}
        for name, value in fields.items():
            if value is not None:
                request.headers[name] = value
        yield request


def approval_signature(text: str, key: rsa.RSAPrivateKey) -> str:
    """Return the signature of an approval key over the text of an approval, in base64url."""
    scheme = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=padding.PSS.DIGEST_LENGTH)
    return base64.urlsafe_b64encode(key.sign(text.encode(), scheme, hashes.SHA256())).decode().rstrip("=")


@cache
def rsa_key(bits: int = 2048, number: int = 0) -> rsa.RSAPrivateKey:
    """Return a key of `bits`, the same for the same `number`: making one is slow."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@cache
def parsed(pem: str) -> rsa.RSAPrivateKey:
    """Return the key in `pem`, parsed once: that is slower than signing."""
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def pem_of(key: rsa.RSAPrivateKey) -> str:
    """Return `key` in PEM."""
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return pem.decode()


def csr_of(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> str:
    """Return a PKCS #10 request of `key` in PEM."""
    # The signature of an Ed25519 key has its own hash.
    digest = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mock")])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, digest)
    return request.public_bytes(serialization.Encoding.PEM).decode()


def csr_signed_by_another() -> str:
    """Return a request whose public key is not the one that signed it."""
    first, second = rsa_key(2048, 0), rsa_key(2048, 1)
    der = x509.load_pem_x509_csr(csr_of(first).encode()).public_bytes(serialization.Encoding.DER)
    swapped = der.replace(_modulus(first), _modulus(second))
    assert swapped != der
    return x509.load_der_x509_csr(swapped).public_bytes(serialization.Encoding.PEM).decode()


def _modulus(key: rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_numbers().n.to_bytes(256, "big")
