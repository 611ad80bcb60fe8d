"""The code of a stand's poster, derived from the exhibitor's private token.

The code cannot be guessed, and does not reveal the token.
"""

import base64
from hashlib import sha256

LENGTH = 16


def stand_code(private_token: str) -> str:
    """Return sixteen base32 characters (80 bits)."""
    digest = sha256(b"contacts:" + private_token.encode()).digest()
    return base64.b32encode(digest).decode()[:LENGTH]
