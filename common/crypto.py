"""SM4-GCM and HMAC-SM3 (GB/T 32907, GB/T 32905), from the cryptography library."""

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

VERSION = b"\x01"
NONCE_BYTES = 12
TAG_BYTES = 16
KEY_BYTES = 16


class Unsealable(Exception):
    """Sealed bytes were altered, cut, or belong to another place or key."""


@lru_cache(maxsize=8)
def _keyed(key: bytes) -> hmac.HMAC:
    """The state after the key was taken in; only copies of it are carried on."""
    return hmac.HMAC(key, hashes.SM3())


def hmac_sm3(key: bytes, message: bytes) -> bytes:
    """The 32-byte HMAC-SM3 of ``message``."""
    mac = _keyed(bytes(key)).copy()
    mac.update(message)
    return mac.finalize()


def new_key() -> bytes:
    """A fresh random SM4 key of 16 bytes."""
    return os.urandom(KEY_BYTES)


def encrypt(key: bytes, plain: bytes, place: bytes) -> bytes:
    """Version, nonce, tag and ciphertext; only ``key`` at the same ``place`` opens them."""
    nonce = os.urandom(NONCE_BYTES)
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(place)
    body = encryptor.update(plain) + encryptor.finalize()
    return VERSION + nonce + encryptor.tag + body


def decrypt(key: bytes, sealed: bytes, place: bytes) -> bytes:
    """The plain bytes.

    Raises:
        Unsealable: the bytes, the key or the place do not belong together.
    """
    head = len(VERSION) + NONCE_BYTES + TAG_BYTES
    if sealed[:1] != VERSION or len(sealed) < head:
        raise Unsealable("unknown format")
    nonce, tag = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES : head]
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(place)
    try:
        return decryptor.update(sealed[head:]) + decryptor.finalize()
    except InvalidTag as fault:
        raise Unsealable("altered or out of place") from fault
