"""The QR code of a badge: an upper-case address that ends with 26 base32 characters.

Nothing else is in it: no name, no signature. It opens nothing personal and can be revoked.
"""

import re

LONGEST_PREFIX = 35
"""Characters before the code that still fit in version 3 (29 modules), level M."""

CODE = re.compile(r"[A-Z2-7]{26}", re.ASCII | re.IGNORECASE)
ADDRESS = re.compile(
    r"https?://[a-z0-9.\-\[\]:]{1,253}/b/([A-Z2-7]{26})/?", re.ASCII | re.IGNORECASE
)
TERMINATORS = " \t\r\n\x00\x03\x04\ufeff\u00a0"
LONGEST_READING = 400


def qr_payload(prefix: str, code: str) -> str:
    """Return the text of the QR code, in upper case so that it is encoded as alphanumeric."""
    return (prefix + code).upper()


def code_in(text: str) -> str | None:
    """Return the code in a scanned text: an address of any host or the bare code. None without
    code."""
    if len(text) > LONGEST_READING:
        return None
    reading = text.strip(TERMINATORS)
    if CODE.fullmatch(reading):
        return reading.upper()
    address = ADDRESS.fullmatch(reading)
    return address[1].upper() if address else None
