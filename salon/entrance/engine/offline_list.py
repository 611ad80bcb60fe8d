"""List of badges for stations without network; it reveals no name and makes no badge.

For each badge the first 8 bytes of the SHA-256 of its code, and the holder's label sealed with a
key that only the code gives. The list without a badge reveals nothing.

A label is AES-256-GCM with a 64-bit tag (NIST SP 800-38D, appendix C: short messages, few of them).
Its nonce is a keyed digest of the label itself (as in SIV modes, RFC 8452): the key of a badge
seals the few labels of its life under different nonces, but for one chance in 2**32. Both are short
because 60,000 of them travel: sealed bytes cannot be compressed.
"""

import hashlib
import hmac
import struct
from collections.abc import Iterable
from dataclasses import dataclass

DIGEST_BYTES = 8
NONCE_BYTES = 4
TAG_BYTES = 8
LONGEST_BOX = 255
SEPARATOR = "\x1f"
CATEGORIES = ("visitor", "elected", "exhibitor", "agent", "organiser", "press", "guest")
"""A category is sent as its index here; `static/js/station/list.js` has the same list."""

LONGEST_FIELD = 60
"""Most characters of a name, a function, an organisation."""

MAGIC = b"SDM1"
HEADER = struct.Struct(">4sIII")
"""Magic, edition, serial, number of records; each record is the digest, a byte (1: revoked), the
length of the box, the box."""


@dataclass(frozen=True, slots=True)
class Label:
    """A person as shown to a host or on a kiosk."""

    first_name: str
    last_name: str
    function: str
    on_behalf_of: str
    category: str
    is_vip: bool
    needs: tuple[str, ...] = ()


def digest_of(code_hash: str) -> bytes:
    """Return the 8 bytes that identify the badge in the list."""
    return bytes.fromhex(code_hash)[:DIGEST_BYTES]


def seal(code: str, label: Label, successor: str = "") -> bytes:
    """Return nonce, sealed label and tag: at most 255 bytes; opened by `open_box` in the pages.

    `successor`: the printed number of the badge that its holder has instead.
    """
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    text = SEPARATOR.join(
        (
            label.first_name[:LONGEST_FIELD],
            label.last_name[:LONGEST_FIELD],
            label.function[:LONGEST_FIELD],
            label.on_behalf_of[:LONGEST_FIELD],
            str(CATEGORIES.index(label.category)),
            "1" if label.is_vip else "",
            ",".join(label.needs),
            successor,
        )
    ).rstrip(SEPARATOR)
    plain = _cut(text.encode(), LONGEST_BOX - NONCE_BYTES - TAG_BYTES)
    key = hashlib.sha256(b"label:" + code.encode()).digest()
    nonce = hmac.digest(key, b"nonce:" + plain, "sha256")[:NONCE_BYTES]
    sealing = Cipher(
        algorithms.AES(key), modes.GCM(nonce.rjust(12, b"\0"), min_tag_length=TAG_BYTES)
    ).encryptor()
    sealed = sealing.update(plain) + sealing.finalize()
    return nonce + sealed + sealing.tag[:TAG_BYTES]


def _cut(text: bytes, most: int) -> bytes:
    """Return at most that many bytes, without cutting a character."""
    return text[:most].decode("utf-8", "ignore").encode()


def pack(edition_id: int, serial: int, records: Iterable[tuple[bytes, bool, bytes]]) -> bytes:
    """Return the list as a device reads it; `records`: (digest, is revoked, box)."""
    packed = [digest + bytes((is_revoked, len(box))) + box for digest, is_revoked, box in records]
    return HEADER.pack(MAGIC, edition_id, serial, len(packed)) + b"".join(packed)
