"""Badge codes: 96 random bits and a 32-bit tag that a station can check without network.

The tag is HMAC-SHA-256 of the random bytes under the edition's key, truncated (RFC 2104, section
5). `static/js/station/genuine.js` checks it; the server looks codes up and does not need it.
"""

import base64
import hmac
import re
import secrets

RANDOM_BYTES = 12
TAG_BYTES = 4
SHORT_CODE = re.compile(r"[A-Z2-7]{8}")


def new_code(key: bytes) -> str:
    """Return the code of a new badge."""
    return tagged_code(key, secrets.token_bytes(RANDOM_BYTES))


def tagged_code(key: bytes, body: bytes) -> str:
    """Return 26 base32 characters: the 12 bytes of `body`, their tag, two padding bits at zero."""
    tag = hmac.digest(key, body, "sha256")[:TAG_BYTES]
    return base64.b32encode(body + tag).decode().rstrip("=")


def short_code_in(text: str) -> str | None:
    """Return the first eight characters of a code, as printed on a badge and typed: « k7q2 m3zp ».
    None when the text is something else."""
    short_code = re.sub(r"[\s.\-–]+", "", text).upper()
    return short_code if SHORT_CODE.fullmatch(short_code) else None
