"""The code of a stand's poster: nobody finds it without seeing the poster or the space.

It is derived from the exhibitor's private token and does not give it away.
"""

import base64
from hashlib import sha256

LENGTH = 16


def stand_code(private_token: str) -> str:
    """Sixteen base32 characters (80 bits)."""
    digest = sha256(b"contacts:" + private_token.encode()).digest()
    return base64.b32encode(digest).decode()[:LENGTH]
