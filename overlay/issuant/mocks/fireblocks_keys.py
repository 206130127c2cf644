"""RSA for the Fireblocks simulator: its own key, signing requests and signatures. It alone uses cryptography.

cryptography is imported when it is used; where it is missing, ImportError names the extra that brings it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from .codec import WRITTEN, Writing

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

_LEAST_BITS = 2048
# One block and white space around it: what stands beside it in a file is often the private key.
_ONE_CSR = re.compile(
    r"\s*-----BEGIN CERTIFICATE REQUEST-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE REQUEST-----\s*", re.ASCII
)


def require_cryptography() -> None:
    """Raise ImportError, with what to install, when cryptography is missing."""
    try:
        import cryptography  # noqa: F401
    except ImportError:
        missing = "the Fireblocks simulator needs cryptography: install issuant[mock]"
        raise ImportError(missing, name="cryptography") from None


@cache
def mock_private_key() -> RSAPrivateKey:
    """Return the key of the first user, made once in a process: it is for no account, and making one takes long."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    return rsa.generate_private_key(public_exponent=65537, key_size=_LEAST_BITS)


def private_pem(key: RSAPrivateKey) -> str:
    """Return `key` in PKCS #8 PEM, not encrypted."""
    from cryptography.hazmat.primitives import serialization

    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return pem.decode("ascii")


def public_pem(key: RSAPublicKey) -> str:
    """Return a public key in PEM."""
    from cryptography.hazmat.primitives import serialization

    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.PEM, form).decode("ascii")


def read_public_pem(pem: str) -> RSAPublicKey:
    """Return the key of a PEM that `public_pem` has made. Raises ValueError for another."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = serialization.load_pem_public_key(pem.encode("utf-8"))
    if not isinstance(key, rsa.RSAPublicKey):
        raise ValueError("not an RSA key")
    return key


@cache
def public_key_of(private_key_pem: str) -> RSAPublicKey:
    """Return the public half of a key that `private_pem` has written."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = serialization.load_pem_private_key(private_key_pem.encode("ascii"), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError("not an RSA key")
    return key.public_key()


PEM = {WRITTEN: Writing(write=public_pem, read=read_public_pem)}
"""The metadata of a field that holds a public key."""


def csr_public_key(pem: str) -> RSAPublicKey:
    """Return the key that a PKCS #10 request in PEM asks for.

    Raises ValueError when it is no such request, is not signed by its own key, or the key is not RSA of 2048 bits.
    """
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import rsa

    if _ONE_CSR.fullmatch(pem) is None:
        raise ValueError("not one certificate request in PEM and nothing else")
    try:
        request = x509.load_pem_x509_csr(pem.encode("utf-8"))
        key = request.public_key()
        signed = request.is_signature_valid
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("not a certificate request") from None
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < _LEAST_BITS:
        raise ValueError(f"the key is not RSA of {_LEAST_BITS} bits or more")
    if not signed:
        raise ValueError("not signed by its own key")
    return key


def is_signed_by(key: RSAPublicKey, signature: bytes, content: bytes) -> bool:
    """Tell whether `signature` is that of `key` over `content`: RSASSA-PKCS1-v1_5 with SHA-256, the RS256 of a JWT."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    try:
        key.verify(signature, content, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def is_approved_by(key: RSAPublicKey, signature: bytes, content: bytes) -> bool:
    """Tell whether `signature` is that of an approval key over `content`: RSASSA-PSS with SHA-256, RSA_PS256."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    scheme = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=padding.PSS.DIGEST_LENGTH)
    try:
        key.verify(signature, content, scheme, hashes.SHA256())
    except InvalidSignature:
        return False
    return True
