"""The day of the fair, live: for organisers and the welcome desk."""

from datetime import datetime
from typing import Any

from flask import jsonify, render_template
from flask.typing import ResponseReturnValue

from salon.accounts.models import StationKind
from salon.accounts.queries import stations_of
from salon.entrance.engine.forecast import QUARTER, forecast
from salon.entrance.queries import live as queries
from salon.entrance.queries.arrivals import find_measured_arrivals
from salon.entrance.queries.conflicts import count_open
from salon.entrance.queries.places import inside_of, zones_of
from salon.entrance.queries.stations import healths_of, list_serial
from salon.entrance.routes import blueprint
from salon.entrance.rules.health import troubles_of, urgency_of
from salon.fair.access import get_request_edition
from salon.fair.models import Edition, ZoneKind
from salon.platform.database.identity import Domain, Role
from salon.platform.settings.clock import local, now, real_now
from salon.platform.web.access import only, settings
from salon.platform.words import formats
from salon.platform.work.alarms import alarm_words

Rows = list[list[Any]]


@blueprint.get("/organisation/entrees")
@only(Domain.WELCOME, Role.STATION, kinds=(StationKind.DESK,))
def live() -> ResponseReturnValue:
    moment, edition = now(), get_request_edition()
    figures = queries.live_figures(edition.id, moment)
    measured, measured_in = find_measured_arrivals(edition)
    return render_template(
        "entrance/live.html",
        measured=measured,
        measured_in=measured_in,
        figures=figures,
        tables=_tables(edition, figures, moment),
        moment=moment,
        conflicts=count_open(edition.id),
        failing=alarm_words(settings()),
    )


@blueprint.get("/organisation/entrees.json")
@only(Domain.WELCOME, Role.STATION, kinds=(StationKind.DESK,))
def live_figures() -> ResponseReturnValue:
    moment, edition = now(), get_request_edition()
    figures = queries.live_figures(edition.id, moment)
    return jsonify(
        {
            "at": formats.hour(moment),
            "figures": {
                "entered": formats.number(figures.entered),
                "inside": formats.number(figures.inside),
                "communes": formats.number(figures.communes),
            },
            "tables": {name: rows for name, _, rows in _tables(edition, figures, moment)},
            "conflicts": count_open(edition.id),
            "alarm": alarm_words(settings()),
        }
    )


def _tables(
    edition: Edition, figures: queries.Live, moment: datetime
) -> list[tuple[str, str, Rows]]:
    """Return (name, caption, rows) of each table of the live page, as shown."""
    counts = [
        ("category", "Par catégorie", figures.by_category),
        ("door", "Par porte d’entrée", figures.by_door),
        ("epci", "Par intercommunalité", figures.by_epci),
    ]
    refusals: Rows = [
        [
            formats.hour(refusal.happened_at),
            refusal.verdict.label,
            refusal.holder or "Inconnu",
            refusal.door,
        ]
        for refusal in figures.refusals
    ]
    return [
        ("station", "État des stations", _stations(edition)),
        ("quarter", "Premières entrées par quart d’heure", _quarters(edition, figures, moment)),
        ("zone", "Dans les salles et espaces", _zones(edition, moment)),
        *(
            (name, caption, [[row.label, row.entered, row.inside] for row in rows])
            for name, caption, rows in counts
        ),
        ("refusal", "Derniers refus", refusals),
    ]


def _quarters(edition: Edition, figures: queries.Live, moment: datetime) -> Rows:
    """Return the quarter hours of the day, each with its entries and its forecast."""
    counts = dict(figures.by_quarter)
    days = [day for day in edition.days if day.day_on == local(moment).date()]
    if not days:
        return [[formats.hour(at), count, "–"] for at, count in counts.items()]
    expected = queries.expected_by_half_day(edition.id)
    measured, _ = find_measured_arrivals(edition)
    expected_people = forecast(expected, days[0].opens_at, days[0].closes_at, measured)
    at, last = min([*counts, *expected_people]), max([*counts, *expected_people])
    rows: Rows = []
    while at <= last:
        coming = at > moment and at not in counts
        rows.append(
            [
                formats.hour(at),
                "–" if coming else counts.get(at, 0),
                round(expected_people.get(at, 0)),
            ]
        )
        at += QUARTER
    return rows


def _zones(edition: Edition, moment: datetime) -> Rows:
    inside = inside_of(edition.id, moment)
    inner = [zone for zone in zones_of(edition.id) if zone.kind != ZoneKind.FAIR]
    return [[zone.label, inside.get(zone.id, 0), zone.capacity or "–"] for zone in inner]


def _stations(edition: Edition) -> Rows:
    """Return the stations in service, the worst first."""
    in_service = [
        station
        for station in stations_of(edition.id)
        if station.enrolled_at and not station.revoked_at
    ]
    newest, moment = list_serial(edition.id), real_now()
    rows = []
    for health in healths_of(edition.id, in_service):
        troubles = troubles_of(health.facts, newest, moment)
        report = health.report
        rows.append(
            (
                urgency_of(health.facts, troubles, moment),
                [
                    health.station.name,
                    health.station.kind.label,
                    ". ".join(troubles) or "En ordre",
                    report.waiting if report else "–",
                    formats.hour(health.last_scan_at) if health.last_scan_at else "Aucun",
                ],
            )
        )
    return [row for _, row in sorted(rows, key=lambda named_row: (named_row[0], named_row[1][0]))]
