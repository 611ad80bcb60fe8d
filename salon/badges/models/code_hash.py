"""Hash of a badge's code, used to look badges up."""

from hashlib import sha256


def hash_of_code(code: str) -> str:
    """Return the SHA-256 of a badge's code, in hexadecimal.

    It identifies the badge; the code cannot be made again from it.
    """
    return sha256(code.encode()).hexdigest()
