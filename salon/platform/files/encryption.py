"""Encryption at rest, under the secret key: Fernet (AES-128-CBC, HMAC-SHA256) of `cryptography`.

Use `encrypt` and `decrypt` for any text that must be read again (a form kept for its author), and
`EncryptedText` for a whole column. Each purpose has its own key, derived from SECRET_KEY by HKDF:
what was encrypted for one purpose is not read for another. Texts encrypted under a key of
SECRET_KEY_FALLBACKS are still read; writing uses the current key.

`cryptography` takes 65 ms to import: its functions are imported when first used.
"""

import base64
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from flask import current_app
from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator

from salon.platform.settings.installation import Settings

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


class Undecipherable(ValueError):
    """The text was encrypted under another key or for another purpose, was changed, or is too
    old."""


def derived_key(secret: str, purpose: str) -> bytes:
    """Return 32 bytes derived from a secret key, for one purpose (HKDF-SHA256, RFC 5869)."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, salt=None, info=f"salon {purpose}".encode()).derive(secret.encode())


def encrypt(text: str, purpose: str) -> str:
    """Encrypt a text under the current secret key. The result is printable ASCII."""
    return _cipher_of(purpose).encrypt(text.encode()).decode()


def decrypt(ciphertext: str, purpose: str, lifetime: int | None = None) -> str:
    """Return the text that `encrypt` was given, at most `lifetime` seconds ago where set.

    Raises Undecipherable.
    """
    from cryptography.fernet import InvalidToken

    try:
        return _cipher_of(purpose).decrypt(ciphertext.encode(), ttl=lifetime).decode()
    except (InvalidToken, UnicodeEncodeError):
        raise Undecipherable from None


def _cipher_of(purpose: str) -> "MultiFernet":
    settings = cast(Settings, current_app.config["SALON"])
    return _cipher((settings.secret_key, *settings.secret_key_fallbacks), purpose)


@lru_cache(maxsize=32)
def _cipher(secrets: tuple[str, ...], purpose: str) -> "MultiFernet":
    from cryptography.fernet import Fernet, MultiFernet

    keys = (base64.urlsafe_b64encode(derived_key(secret, purpose)) for secret in secrets)
    return MultiFernet([Fernet(key) for key in keys])


class EncryptedText(TypeDecorator[str]):
    """A text that the database stores encrypted; "" stays "", so that SQL can look for it.

    A text that no key deciphers reads as "": the person proves their identity anew, no page fails.
    """

    impl = String
    cache_ok = True

    def __init__(self, purpose: str = "") -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return encrypt(value, self.purpose) if value else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        if not value:
            return value
        try:
            return decrypt(value, self.purpose)
        except Undecipherable:
            return ""
