"""Encryption of backups by age (https://age-encryption.org), through pyrage.

A recipients file holds public keys (age1…, ssh-ed25519…), one a line; an identity file holds the
private keys. Both are those of the `age` command, which opens such a backup as well.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

import pyrage

from salon.platform.files.backup.seal import BackupRefused
from salon.platform.settings.environment import UnsafeSettings, read_secret, reason_of

HEADER = b"age-encryption.org/"


def is_encrypted(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(len(HEADER)) == HEADER


def read_recipients(file: Path) -> list[object]:
    """Return the public keys of a file. Raises BackupRefused."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BackupRefused(f"{file} ne se lit pas : {reason_of(error)}.") from None
    readers = (pyrage.x25519.Recipient.from_str, pyrage.ssh.Recipient.from_str)
    return _keys(file, _lines(text), readers, "clé publique age (age1…)")


def read_identities(file: Path) -> list[object]:
    """Return the private keys of a file, which its owner alone may read. Raises BackupRefused."""
    try:
        text = read_secret(file)
    except UnsafeSettings as refusal:
        raise BackupRefused(str(refusal)) from None
    if "PRIVATE KEY-----" in text:
        return _keys(file, [text], (_ssh_identity,), "clé privée")
    return _keys(file, _lines(text), (pyrage.x25519.Identity.from_str,), "clé privée age")


def encrypt_backup(source: IO[bytes], target: Path, recipients: Sequence[object]) -> None:
    source.seek(0)
    with target.open("wb") as stream:
        pyrage.encrypt_io(source, stream, list(recipients))
        stream.flush()
        os.fsync(stream.fileno())


def decrypt_backup(source: Path, target: IO[bytes], identities: Sequence[object]) -> None:
    """Decrypt a backup. Raises BackupRefused when no key fits, or the file is damaged."""
    try:
        with source.open("rb") as stream:
            pyrage.decrypt_io(stream, target, list(identities))
    except (pyrage.DecryptError, OSError) as error:
        if getattr(error, "errno", None) is not None:
            raise  # the disk is full, say; a damaged file has no error number
        raise BackupRefused(
            "Cette sauvegarde chiffrée ne s’ouvre pas : la clé n’est pas la sienne, "
            "ou le fichier est abîmé. Rien n’a été écrit."
        ) from None


def _ssh_identity(text: str) -> object:
    return pyrage.ssh.Identity.from_buffer(text.encode() + b"\n")


def _lines(text: str) -> list[str]:
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _keys(
    file: Path, texts: Sequence[str], readers: Sequence[Callable[[str], object]], kind: str
) -> list[object]:
    keys = []
    for text in texts:
        for reader in readers:
            try:
                keys.append(reader(text))
                break
            except (pyrage.RecipientError, pyrage.IdentityError):
                continue
        else:
            raise BackupRefused(f"{file} : une ligne n’est pas une {kind}.")
    if not keys:
        raise BackupRefused(f"{file} ne contient aucune {kind}.")
    return keys
