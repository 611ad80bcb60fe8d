"""Codes of badges: which can be told from made-up ones, and by whom."""

import base64
import hashlib
import hmac

from flask import Flask

from salon.badges.engine.codes import new_code, tagged_code
from salon.badges.engine.qr import CODE
from salon.fair.models import Edition
from salon.platform.documents.qr import qr_matrix
from tests.badges.people import badge_of, register_one
from tests.factories import make_edition


def tag_is_right(code: str, key: bytes) -> bool:
    """Return the check of RFC 2104, written apart from the maker."""
    content = base64.b32decode(code + "======")
    return hmac.new(key, content[:12], hashlib.sha256).digest()[:4] == content[12:]


def test_a_code_carries_its_tag_in_the_same_26_characters() -> None:
    key = bytes(range(32))
    codes = {new_code(key) for _ in range(200)}
    assert len(codes) == 200
    for code in codes:
        assert CODE.fullmatch(code)
        assert tag_is_right(code, key)
        assert not tag_is_right(code, key[::-1])
        assert code[-1] in "AEIMQUY4", "the padding bits are zero: one code has one spelling"
        assert len(qr_matrix(f"HTTPS://SALON-DES-MAIRES-HERAULT.FR/B/{code}"[-61:])) == 29
    assert tagged_code(key, b"\0" * 12) == tagged_code(key, b"\0" * 12)


def test_the_codes_of_an_edition_are_tagged_with_its_key(app: Flask, edition: Edition) -> None:
    badge = badge_of(register_one().id)
    other_edition = make_edition(is_current=False)
    assert tag_is_right(badge.code, edition.code_key)
    assert not tag_is_right(badge.code, other_edition.code_key)
