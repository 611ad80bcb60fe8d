"""Every count of every screen and file equals the raw rows of a drawn fair of two days."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from salon.open_data.services import publish
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.settings.clock import real_now
from tests.entrance.two_days.drawn import DAYS, FIRST, SECOND, DrawnFair, at, draw
from tests.entrance.two_days.recount import Figure, Passage, Raw, by_quarter, read_raw
from tests.factories import act_in, new_key, sign_in
from tests.open_data.make import files_of
from tests.pages import PageClient
from tests.reads.make import make_token, read

SEED = 20211001
LABELS = {
    "visitor": "Visiteur",
    "elected": "Élu",
    "exhibitor": "Exposant",
    "agent": "Agent",
    "organiser": "Organisation",
    "press": "Presse",
    "guest": "Invité officiel",
}
Rows = list[list[Any]]


class Screens:
    """What an organiser, a reader of open data and another service read at a moment."""

    def __init__(self, organiser: PageClient, fair: DrawnFair, token: str) -> None:
        self.organiser, self.fair, self.token = organiser, fair, token
        self._live: dict[date, Any] = {}

    def live(self, day: date) -> Any:
        if day not in self._live:
            answer = self.organiser.get(f"/organisation/entrees.json?jour={day}")
            self._live[day] = answer.get_json()
        return self._live[day]

    def page(self, day: date) -> str:
        return self.organiser.get(f"/organisation/entrees?jour={day}").get_data(as_text=True)

    def table(self, day: date, name: str) -> Rows:
        rows: Rows = self.live(day)["tables"][name]
        return rows

    @cached_property
    def overview(self) -> str:
        return self.organiser.get("/organisation").get_data(as_text=True)

    @cached_property
    def registered(self) -> list[dict[str, str]]:
        content = self.organiser.get("/organisation/participants.csv").get_data(as_text=True)
        return list(csv.DictReader(io.StringIO(content.lstrip("\ufeff")), delimiter=";"))

    @cached_property
    def published(self) -> dict[str, list[dict[str, str]]]:
        """Return the tables of the open data, once the fair is over."""
        files = files_of(self.fair.edition)
        publish(act_in(self.fair.edition, SYSTEM, real_now()), 1, list(files.values()), new_key())
        return {
            name: list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")), delimiter=";"))
            for name, file in files.items()
            if name.startswith("frequentation") and name.endswith(".csv")
        }

    @cached_property
    def attendance(self) -> Any:
        assert self.published
        answer = read(self.organiser, self.token, f"{self.fair.edition.slug}/attendance")
        return answer.get_json()


def number(text: str) -> int:
    return int("".join(character for character in text if character.isdigit()))


def shown(page: str, label: str) -> int:
    """Return the figure above a label of a page."""
    value = r'figure__value"[^>]*>([^<]*)(?:<span[^>]*>[^<]*</span>)?</p>'
    found = re.search(rf'{value}\s*<p class="figure__label">{label}', page)
    assert found, label
    return number(found[1])


def counts(rows: Rows, column: int = 1) -> Mapping[str, int]:
    return {row[0]: row[column] for row in rows if row[column]}


def quarters(rows: Rows) -> Mapping[str, int]:
    return {row[0]: row[1] for row in rows if row[1] not in (0, "–")}


def hour(moment: datetime) -> str:
    return f"{moment.hour}\u00a0h" + (f"\u00a0{moment.minute:02}" if moment.minute else "")


def category(raw: Raw, passages: list[Passage]) -> Counter[str]:
    return raw.by(lambda person: LABELS[person.category], passages)


def epci(raw: Raw, passages: list[Passage]) -> Counter[str]:
    return raw.by(lambda person: person.epci or "Autres organismes", passages)


def doors(passages: list[Passage]) -> Counter[str]:
    return Counter(f"Porte {passage.door}" for passage in passages)


def present(raw: Raw, day: date) -> list[Passage]:
    """Return the arrivals of a day of people who are inside now."""
    inside = raw.inside() if day == raw.moment.date() else set()
    return [passage for passage in raw.arrivals(day) if passage.person in inside]


LIVE = "Jour J en direct"
FIGURES = [
    Figure(
        LIVE,
        "personnes entrées",
        lambda screens, day: number(screens.live(day)["figures"]["entered"]),
        lambda raw, day: len(raw.arrivals(day)),
    ),
    Figure(
        LIVE,
        "attendues",
        lambda screens, day: number(re.findall(r"entrées, sur ([^<]*)<", screens.page(day))[0]),
        lambda raw, day: raw.expected(day),
    ),
    Figure(
        LIVE,
        "passages, personnes, premières fois",
        lambda screens, day: [
            int(count) for count in re.findall(r"\d+", screens.live(day)["figures"]["returns"])
        ],
        lambda raw, day: [
            len(list(raw.entries(day))),
            len(raw.arrivals(day)),
            *([len(raw.newcomers(day))] if day != raw.days[0] else []),
        ],
    ),
    Figure(
        LIVE,
        "à l’intérieur",
        lambda screens, day: number(screens.live(day)["figures"].get("inside", "0")),
        lambda raw, day: len(raw.inside()) if day == raw.moment.date() else 0,
    ),
    Figure(
        LIVE,
        "communes",
        lambda screens, day: number(screens.live(day)["figures"]["communes"]),
        lambda raw, day: len(
            {raw.people[passage.person].commune for passage in raw.arrivals(day)} - {""}
        ),
    ),
    Figure(
        LIVE,
        "quarts d’heure",
        lambda screens, day: quarters(screens.table(day, "quarter")),
        lambda raw, day: {hour(at): count for at, count in by_quarter(raw.arrivals(day)).items()},
    ),
    Figure(
        LIVE,
        "catégories",
        lambda screens, day: counts(screens.table(day, "category")),
        lambda raw, day: category(raw, raw.arrivals(day)),
    ),
    Figure(
        LIVE,
        "catégories, présentes",
        lambda screens, day: (
            counts(screens.table(day, "category"), -1)
            if "inside" in screens.live(day)["figures"]
            else {}
        ),
        lambda raw, day: category(raw, present(raw, day)),
    ),
    Figure(
        LIVE,
        "portes",
        lambda screens, day: counts(screens.table(day, "door")),
        lambda raw, day: doors(raw.arrivals(day)),
    ),
    Figure(
        LIVE,
        "intercommunalités",
        lambda screens, day: counts(screens.table(day, "epci")),
        lambda raw, day: epci(raw, raw.arrivals(day)),
    ),
    Figure(
        LIVE,
        "intercommunalités, première fois",
        lambda screens, day: counts(screens.table(day, "epci"), 2) if day == SECOND else {},
        lambda raw, day: epci(raw, raw.newcomers(day)) if day == SECOND else {},
    ),
    Figure(
        LIVE,
        "salle",
        lambda screens, day: screens.table(day, "zone")[0][1],
        lambda raw, day: raw.in_room(day),
    ),
    Figure(
        LIVE,
        "refus",
        lambda screens, day: [(row[0], row[3]) for row in screens.table(day, "refusal")],
        lambda raw, day: [(hour(at), door) for at, door in raw.refusals if at.date() == day][:8],
    ),
    Figure(
        "Vue d’ensemble",
        "entrés, les deux jours",
        lambda screens, _: shown(screens.overview, "entrés"),
        lambda raw, _: len(raw.first_entries()),
    ),
    Figure(
        "participants.csv",
        "venue prévue ce jour",
        lambda screens, day: sum(
            row["État"] == "Inscrit"
            and f"{day.day}" in re.findall(r"\d+|1er", row["Venue"].replace("1er", "1"))
            for row in screens.registered
        ),
        lambda raw, day: raw.expected(day),
    ),
]
"""The table to extend: a screen, a figure of a day, how it is read, how it is counted again."""


def totals(rows: list[dict[str, str]]) -> int:
    return sum(int(row["visiteurs"]) for row in rows)


def named(rows: list[dict[str, str]], column: str) -> dict[str, int]:
    return {row[column]: int(row["visiteurs"]) for row in rows if row[column] != "Autres"}


def in_span(raw: Raw, start: str, end: str) -> int:
    first, last = datetime.fromisoformat(start), datetime.fromisoformat(end)
    return sum(first <= passage.at < last for passage in raw.first_entries())


def of_names(counted: Counter[str], names: Mapping[str, int]) -> dict[str, int]:
    return {name: counted[name] for name in names}


PUBLISHED = [
    Figure(
        "frequentation-jours.csv",
        "visiteurs",
        lambda screens, day: {
            row["jour"]: int(row["visiteurs"])
            for row in screens.published["frequentation-jours.csv"]
        }[day.isoformat()],
        lambda raw, day: len(raw.arrivals(day)),
    ),
    Figure(
        "API, attendance",
        "by_day",
        lambda screens, day: {row["day"]: row["people"] for row in screens.attendance["by_day"]}[
            day.isoformat()
        ],
        lambda raw, day: len(raw.arrivals(day)),
    ),
    Figure(
        "API, attendance",
        "people",
        lambda screens, _: screens.attendance["people"],
        lambda raw, _: len(raw.first_entries()),
    ),
]
"""The same for what is published once the fair is over."""


@pytest.fixture
def fair(app: Flask) -> DrawnFair:
    return draw(SEED)


def differences(
    figures: list[Figure], screens: Screens, raw: Raw
) -> Iterator[tuple[str, str, str, object, object]]:
    for figure in figures:
        for day in DAYS:
            read_value, counted = figure.read(screens, day), figure.recount(raw, day)
            if read_value != counted:
                yield figure.screen, figure.name, day.isoformat(), read_value, counted


@pytest.mark.long
def test_each_count_of_each_day_is_that_of_the_raw_rows(
    app: Flask, fair: DrawnFair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    organiser, token = sign_in(app, Role.ORGANISER), make_token(fair.edition)
    path = tmp_path / "salon.sqlite"
    drawn = {sending.item.scan_id: sending.item.scanned_at for sending in fair.sendings}
    moments = (at(FIRST, 11, 7), at(FIRST, 20), at(SECOND, 8), at(SECOND, 12, 30), at(SECOND, 23))
    for moment in moments:
        fair.send_until(moment)
        monkeypatch.setattr("salon.entrance.routes.live.now", lambda moment=moment: moment)
        raw, screens = read_raw(path, moment), Screens(organiser, fair, token)
        assert list(differences(FIGURES, screens, raw)) == [], moment
    assert fair.sendings == []
    assert raw.happened == drawn, "each scan once, at its own time, however late it came"
    assert len(raw.first_entries()) < sum(len(raw.arrivals(day)) for day in DAYS), "some came twice"
    assert list(differences(PUBLISHED, screens, raw)) == []
    tables = screens.published
    for name, rows in tables.items():
        if name != "frequentation-jours.csv":
            assert totals(rows) == len(raw.first_entries()), name
    for row in tables["frequentation-quarts-d-heure.csv"]:
        assert int(row["visiteurs"]) == in_span(raw, row["debut"], row["fin"])
    for name, column, counted in (
        ("frequentation-categories.csv", "categorie", category(raw, raw.first_entries())),
        ("frequentation-epci.csv", "intercommunalite", epci(raw, raw.first_entries())),
    ):
        told = named(tables[name], column)
        assert told
        assert told == of_names(counted, told)
    for key, label in (("by_category", "label"), ("by_epci", "label")):
        told = {row[label]: row["people"] for row in screens.attendance[key]}
        assert sum(told.values()) == len(raw.first_entries())
    current_session().rollback()
