"""Views whose answers grow with the fair are made beside pages and scans."""

import pytest
from flask import Flask

from webserver import LONG_PATHS


@pytest.mark.parametrize(
    ("path", "is_long"),
    [
        ("/organisation/participants.xlsx", True),
        ("/e/herault-2021/organisation/participants.csv", True),
        ("/planning/file/b12/numeros.pdf", True),
        ("/organisation/participants", False),
        ("/organisation/participantsxcsv", False),
        ("/exposants", False),
        ("/api/v1/scans", False),
        ("/", False),
    ],
)
def test_the_web_server_knows_long_answers_by_their_path(
    app: Flask, path: str, is_long: bool
) -> None:
    assert bool(getattr(app, LONG_PATHS).fullmatch(path)) == is_long


def test_every_export_of_a_table_is_a_long_answer(app: Flask) -> None:
    exports = [rule for rule in app.url_map.iter_rules() if "any(csv" in rule.rule]
    assert len(exports) >= 11
    others = [
        rule.rule
        for rule in exports
        if not getattr(app.view_functions[rule.endpoint], "is_long", False)
    ]
    assert others == []
