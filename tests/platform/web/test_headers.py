"""Addresses that open something by themselves are shown to nobody else."""

from flask import Flask

from salon.platform.web.headers import TOKEN_PATHS, fixed_headers

SECRETS = {"token", "code"}
"""Names of the part of an address that is a secret."""
KNOWN_PARTS = {"/organisation/reglages/territoire/voisins/<code>/retirer"}
"""The code of a département."""


def test_each_address_with_a_secret_tells_it_to_no_other_site_and_to_no_engine(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if SECRETS & rule.arguments]
    assert len(rules) > 40
    told = [
        rule.rule
        for rule in rules
        if rule.rule not in KNOWN_PARTS and not rule.rule.startswith(TOKEN_PATHS)
    ]
    assert told == []


def test_what_they_are_answered_with() -> None:
    for path in TOKEN_PATHS:
        headers = fixed_headers(f"{path}a-secret", https=True)
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in fixed_headers("/exposants", https=True)
