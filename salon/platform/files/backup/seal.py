"""Seal at the end of a backup: proves that it is whole, unchanged, and made under a secret key.

It is the comment of the zip file, SEAL_LENGTH hexadecimal signs: the SHA-256 of every byte before
it, the name of the key (which reveals nothing of it), and an HMAC-SHA256 of both under a key
derived from the secret key. Anybody who changes a backup can compute the first two, never the
third.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass
from typing import IO

from salon.platform.files.encryption import derived_key
from salon.platform.settings.installation import Settings

DIGEST_LENGTH, NAME_LENGTH = 64, 16
SEAL_LENGTH = DIGEST_LENGTH + NAME_LENGTH + DIGEST_LENGTH
BLOCK = 1 << 20


class BackupRefused(RuntimeError):
    """The backup cannot be made, or the archive cannot be restored here; the message is in
    French."""


class UnknownSeal(BackupRefused):
    """The backup is whole, but another secret key sealed it."""


@dataclass(frozen=True)
class SealingKey:
    """Key of the seals, derived from one secret key."""

    name: str
    key: bytes

    @classmethod
    def of(cls, secret: str) -> "SealingKey":
        key = derived_key(secret, "backup seal")
        return cls(hashlib.sha256(b"name" + key).hexdigest()[:NAME_LENGTH], key)

    def seal(self, digest: str) -> str:
        """Return the whole seal of an archive whose bytes have this SHA-256."""
        claim = digest + self.name
        return claim + hmac.new(self.key, claim.encode(), hashlib.sha256).hexdigest()


def write_seal(stream: IO[bytes], secret: str) -> None:
    """Seal an archive that ends with SEAL_LENGTH bytes kept free."""
    digest, _ = _digest_before_seal(stream)
    stream.seek(-SEAL_LENGTH, os.SEEK_END)
    stream.write(SealingKey.of(secret).seal(digest).encode())
    stream.flush()
    os.fsync(stream.fileno())


def check_seal(stream: IO[bytes], settings: Settings) -> None:
    """Raise BackupRefused for a damaged or changed archive, UnknownSeal for another key's."""
    digest, seal = _digest_before_seal(stream)
    if not seal.startswith(digest.encode()):
        raise BackupRefused(
            "Ce fichier n’est pas une sauvegarde du salon, ou il est tronqué ou abîmé. "
            "Rien n’a été écrit."
        )
    name = seal[DIGEST_LENGTH : DIGEST_LENGTH + NAME_LENGTH].decode("ascii", "replace")
    for secret in (settings.secret_key, *settings.secret_key_fallbacks):
        key = SealingKey.of(secret)
        if key.name == name:
            if hmac.compare_digest(key.seal(digest).encode(), seal):
                return
            raise BackupRefused(
                "Cette sauvegarde a été modifiée après avoir été scellée. Rien n’a été écrit."
            )
    raise UnknownSeal(
        "Cette sauvegarde est entière, mais la clé secrète d’ici ne l’a pas scellée : elle vient "
        "d’une autre installation, ou quelqu’un l’a refaite."
    )


def _digest_before_seal(stream: IO[bytes]) -> tuple[str, bytes]:
    """Return SHA-256 of a file without its last SEAL_LENGTH bytes, and these bytes."""
    left = stream.seek(0, os.SEEK_END) - SEAL_LENGTH
    stream.seek(0)
    digest = hashlib.sha256()
    while left > 0 and (block := stream.read(min(left, BLOCK))):
        digest.update(block)
        left -= len(block)
    return digest.hexdigest(), stream.read()
