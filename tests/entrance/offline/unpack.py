"""Reads the sealed list as a station does, without the code of `offline_list.py`."""

import hashlib
import struct
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


@dataclass(frozen=True)
class Unpacked:
    edition: int
    serial: int
    records: dict[bytes, tuple[bool, bytes]]


def unpack(body: bytes) -> Unpacked:
    magic, edition, serial, count = struct.unpack(">4sIII", body[:16])
    assert magic == b"SDM1"
    records, place = {}, 16
    for _ in range(count):
        digest, revoked, length = body[place : place + 8], body[place + 8], body[place + 9]
        records[digest] = (bool(revoked), body[place + 10 : place + 10 + length])
        place += 10 + length
    assert place == len(body)
    return Unpacked(edition, serial, records)


def find(unpacked: Unpacked, code: str) -> tuple[bool, bytes] | None:
    return unpacked.records.get(hashlib.sha256(code.encode()).digest()[:8])


def open_box(code: str, box: bytes) -> list[str] | None:
    """Return the fields of a label, or None when this code does not open it."""
    key = hashlib.sha256(b"label:" + code.encode()).digest()
    nonce, sealed, tag = box[:4].rjust(12, b"\0"), box[4:-8], box[-8:]
    opening = Cipher(algorithms.AES(key), modes.GCM(nonce, tag, min_tag_length=8)).decryptor()
    try:
        return (opening.update(sealed) + opening.finalize()).decode().split("\x1f")
    except InvalidTag:
        return None
