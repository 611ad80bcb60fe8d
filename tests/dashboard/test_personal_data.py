"""The public page takes the lifetimes of personal data from the declaration."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask

from salon.dashboard.engine.personal_data import PERSONAL_DATA
from salon.dashboard.engine.public_lifetimes import MONTH, YEAR, PublicLine, duration
from salon.fair.models import Edition


def stated_lifetimes(app: Flask) -> dict[str, str]:
    page = app.test_client().get("/confidentialite").text
    table = page[page.index("Combien de temps") : page.index("Vos droits")]
    rows = re.findall(r"<tr><td>(.*?)</td><td>(.*?)</td></tr>", table)
    return {unescape(data): unescape(time).replace("\xa0", " ") for data, time in rows}


def test_a_declared_lifetime_is_what_the_page_says(
    app: Flask, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert stated_lifetimes(app)["Journaux techniques"] == "6 mois"
    assert stated_lifetimes(app)["Inscription et badge des visiteurs"] == "12 mois après le salon"
    journal = PERSONAL_DATA["journal_entries"]
    monkeypatch.setitem(
        PERSONAL_DATA, "journal_entries", replace(journal, lifetime=timedelta(days=91))
    )
    assert stated_lifetimes(app)["Journaux techniques"] == "3 mois"


def test_a_line_whose_tables_live_for_different_times_says_nothing() -> None:
    with pytest.raises(ValueError, match="scans agents"):
        PublicLine("Tout", "scans agents").lifetime  # noqa: B018


@pytest.mark.parametrize(
    ("days", "unit", "words"),
    [
        (2, MONTH, "2 jours"),
        (30, MONTH, "30 jours"),
        (90, MONTH, "3 mois"),
        (180, MONTH, "6 mois"),
        (365, MONTH, "12 mois"),
        (365, YEAR, "1 an"),
        (730, MONTH, "2 ans"),
        (3653, MONTH, "10 ans"),
    ],
)
def test_a_lifetime_is_said_in_days_months_or_years(days: int, unit: str, words: str) -> None:
    assert duration(timedelta(days=days), unit).replace("\xa0", " ") == words
