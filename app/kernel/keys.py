"""The private key that signs our mails: read from a file, with an answer to everything that can be wrong with it."""

from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

LEAST_BITS: Final = 2048
MAKE_ONE: Final = "Make one: openssl genrsa -out dkim.pem 2048"


class SigningKey:
    """An RSA key that signs with SHA-256 (RSASSA-PKCS1-v1_5, RFC 8017, 8.2)."""

    def __init__(self, private: RSAPrivateKey) -> None:
        self._private = private

    def sign(self, digest: bytes) -> bytes:
        """The signature of what has this SHA-256 digest."""
        return self._private.sign(digest, PKCS1v15(), Prehashed(hashes.SHA256()))

    def public(self) -> bytes:
        """The public half, in DER (SubjectPublicKeyInfo, RFC 5280)."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self._private.public_key().public_bytes(serialization.Encoding.DER, form)


def read_rsa(path: str) -> SigningKey:
    """The RSA key in this PEM file (RFC 8301: at least 2048 bits). Raises ValueError that says what to do."""
    try:
        pem = Path(path).read_bytes()
    except OSError as error:
        raise ValueError(f"{path} cannot be read ({error.strerror}). Check the path and who may read it.") from error
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ValueError(f"{path} is not a private key in PEM without a password. {MAKE_ONE}") from error
    if not isinstance(key, RSAPrivateKey) or key.key_size < LEAST_BITS:
        raise ValueError(f"{path} is not an RSA key of at least {LEAST_BITS} bits. {MAKE_ONE}")
    return SigningKey(key)
