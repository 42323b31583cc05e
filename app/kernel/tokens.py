"""Two kinds of tokens.

*Drawn* (confirm, reset, API): 256 random bits, of which only the hash is stored; they expire.
*Derived* (unsubscribe, preferences, VERP): an HMAC over key, purpose, id and generation; nothing is stored, so that a
frozen message can be sent again, and raising the generation revokes them.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from app.kernel.errors import NotFound
from app.kernel.i18n import lazy

MAC_LETTERS = 24  # hexadecimal, so that servers which fold case do no harm: 96 bits; a forger gives up at 80


class BadToken(NotFound):
    """The link is not complete, or not one of ours."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """``token`` goes to the person, ``digest`` (64 hexadecimal digits) into the database."""

    token: str
    digest: str


@dataclass(frozen=True, slots=True)
class Derived:
    """What a derived token names: the id of the thing and the generation of its links."""

    id: int
    generation: int


class Keyring:
    """The key that signs, and the older ones that still verify."""

    def __init__(self, secret_key: str, previous: tuple[str, ...] = ()) -> None:
        self._keys = [hashlib.sha256(b"rundbrief.tokens:" + key.encode()).digest() for key in (secret_key, *previous)]

    def mac(self, purpose: str, payload: str) -> str:
        """The signature of today's key."""
        return _mac(self._keys[0], purpose, payload)

    def hashes(self, purpose: str, value: str) -> tuple[str, ...]:
        """The keyed hash of a value by today's key, then by the older ones."""
        data = f"hash:{purpose}:{value}".encode()
        return tuple(hmac.digest(key, data, "sha256").hex() for key in self._keys)

    def stamp(self, purpose: str) -> Callable[[int, int], bytes]:
        """What ``derive`` does for this purpose, for many ids: the same tokens, as bytes, in a third of the time."""
        inner, outer = _hmac_states(self._keys[0])
        inner.update(f"{purpose}:".encode())
        begin, finish = inner.copy, outer.copy

        def derived(id_: int, generation: int) -> bytes:
            payload = b"%d-%d" % (id_, generation)
            within, around = begin(), finish()
            within.update(payload)
            around.update(within.digest())
            return b"%b-%b" % (payload, around.hexdigest()[:MAC_LETTERS].encode())

        return derived

    def verifies(self, purpose: str, payload: str, mac: str) -> bool:
        """Whether any key, today's or an older one, made this signature."""
        given = mac.encode()  # compare_digest takes letters beyond ASCII as bytes only
        return any(hmac.compare_digest(_mac(key, purpose, payload).encode(), given) for key in self._keys)


_keyring = Keyring(secrets.token_hex())  # replaced at start by use()


def use(keyring: Keyring) -> None:
    """Sign and verify with these keys from now on (called once at start)."""
    global _keyring
    _keyring = keyring


def draw() -> Drawn:
    """A new random token of 256 bits."""
    token = secrets.token_urlsafe(32)
    return Drawn(token, digest(token))


def digest(token: str) -> str:
    """What is stored of a drawn token: its SHA-256, in 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def derive(purpose: str, id_: int, generation: int = 1) -> str:
    """A short token of lower-case letters and digits that names this id for this purpose, and for no other."""
    payload = f"{id_}-{generation}"
    return f"{payload}-{_keyring.mac(purpose, payload)}"


def stamp(purpose: str) -> Callable[[int, int], bytes]:
    """``derive`` for many ids of one purpose, with today's key: same tokens, as bytes, in a third of the time."""
    return _keyring.stamp(purpose)


def read(purpose: str, token: str) -> Derived:
    """What the token names. Raises BadToken if it was not derived by us for this purpose."""
    payload, _, mac = token.strip().lower().rpartition("-")
    id_, _, generation = payload.partition("-")
    if not (
        token.isascii() and id_.isdecimal() and generation.isdecimal() and _keyring.verifies(purpose, payload, mac)
    ):
        raise BadToken(lazy("Dieser Link ist unvollständig. Bitte öffnen Sie ihn direkt aus der E-Mail."))
    return Derived(int(id_), int(generation))


def keyed_hash(purpose: str, value: str) -> str:
    """What stands for a value that is not kept: 64 hexadecimal digits, of use only to whoever has our key."""
    return _keyring.hashes(purpose, value)[0]


def keyed_hashes(purpose: str, value: str) -> tuple[str, ...]:
    """What may stand for this value: its hash by today's key, then by each older one (SECRET_KEY_PREVIOUS)."""
    return _keyring.hashes(purpose, value)


def _mac(key: bytes, purpose: str, payload: str) -> str:
    return hmac.digest(key, f"{purpose}:{payload}".encode(), "sha256").hex()[:MAC_LETTERS]


def _hmac_states(key: bytes) -> tuple["hashlib._Hash", "hashlib._Hash"]:
    """SHA-256 that has read the inner and the outer padded key (RFC 2104): copied for each message, not computed."""
    block = key.ljust(64, b"\0")
    return hashlib.sha256(bytes(o ^ 0x36 for o in block)), hashlib.sha256(bytes(o ^ 0x5C for o in block))
