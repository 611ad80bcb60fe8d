"""A day of the fair, live: for organisers and the welcome desk."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.accounts.models import StationKind
from salon.accounts.queries import stations_of
from salon.entrance.engine.forecast import QUARTER, MeasuredArrivals, forecast
from salon.entrance.queries import live as queries
from salon.entrance.queries.arrivals import find_measured_arrivals
from salon.entrance.queries.conflicts import count_open
from salon.entrance.queries.entries import live_day, people_by_zone, span_of
from salon.entrance.queries.inside import count_inside
from salon.entrance.queries.places import inside_rooms, zones_of
from salon.entrance.queries.stations import healths_of, list_serial
from salon.entrance.routes import blueprint
from salon.entrance.rules.health import troubles_of, urgency_of
from salon.entrance.rules.inside import Inside
from salon.fair.access import get_request_edition
from salon.fair.models import Edition, ZoneKind
from salon.platform.database.identity import Domain, Role
from salon.platform.settings.clock import local, now, real_now
from salon.platform.web.access import only, settings
from salon.platform.words import formats
from salon.platform.work.alarms import alarm_words

Rows = list[list[Any]]


@dataclass(frozen=True)
class LiveTable:
    """A table of the live page, as shown: its name, its caption, the head of each column."""

    name: str
    caption: str
    heads: list[str]
    rows: Rows


@dataclass(frozen=True)
class DayScope:
    """The day of the fair that the page is about, and the moment at which it is read."""

    edition: Edition
    day: date
    moment: datetime

    @property
    def is_today(self) -> bool:
        return self.day == local(self.moment).date()

    @property
    def is_current(self) -> bool:
        """Return whether it is the day that the page shows by itself now."""
        return self.day == live_day(self.edition, self.moment)

    @property
    def is_later(self) -> bool:
        """Return whether people may have come on an earlier day."""
        return any(day.day_on < self.day for day in self.edition.days)


def _requested_scope() -> DayScope:
    """Return the day that the address names, else that of today. One that is not the fair's is a
    404."""
    edition, moment = get_request_edition(), now()
    asked = request.args.get("jour", "")
    if not asked:
        return DayScope(edition, live_day(edition, moment), moment)
    days = {day.day_on.isoformat(): day.day_on for day in edition.days}
    if asked not in days:
        abort(404)
    return DayScope(edition, days[asked], moment)


@blueprint.get("/organisation/entrees")
@only(Domain.WELCOME, Role.STATION, kinds=(StationKind.DESK,))
def live() -> ResponseReturnValue:
    scope = _requested_scope()
    figures = queries.live_figures(scope.edition, scope.day, scope.moment)
    measured, measured_in = find_measured_arrivals(scope.edition)
    return render_template(
        "entrance/live.html",
        scope=scope,
        measured=measured,
        measured_in=measured_in,
        figures=figures,
        count=_count_inside(scope, figures) if scope.is_today else None,
        tables=_tables(scope, figures, measured),
        address=url_for("entrance.live_figures", jour=request.args.get("jour")),
        conflicts=count_open(scope.edition.id),
        failing=alarm_words(settings()),
        coming_back=_coming_back(scope, figures),
    )


@blueprint.get("/organisation/entrees.json")
@only(Domain.WELCOME, Role.STATION, kinds=(StationKind.DESK,))
def live_figures() -> ResponseReturnValue:
    scope = _requested_scope()
    figures = queries.live_figures(scope.edition, scope.day, scope.moment)
    measured, _ = find_measured_arrivals(scope.edition)
    return jsonify(
        {
            "at": formats.hour(scope.moment),
            "figures": {
                "entered": formats.number(figures.entered),
                **(_inside(scope, figures) if scope.is_today else {}),
                "communes": formats.number(figures.communes),
                "returns": _coming_back(scope, figures),
            },
            "tables": {table.name: table.rows for table in _tables(scope, figures, measured)},
            "conflicts": count_open(scope.edition.id),
            "alarm": alarm_words(settings()),
        }
    )


def _coming_back(scope: DayScope, figures: queries.Live) -> str:
    """Return the entries of the day beside its people, and who of them had come before."""
    words = formats.plural(figures.entries, "passage d’entrée", "passages d’entrée")
    people = formats.plural(figures.entered, "personne")
    if not scope.is_later:
        return f"{words} pour {people}."
    first = formats.number(figures.first_time)
    return f"{words} pour {people}, dont {first} pour la première fois."


def _count_inside(scope: DayScope, figures: queries.Live) -> Inside:
    return count_inside(scope.edition.id, scope.moment, real_now(), figures.inside)


def _inside(scope: DayScope, figures: queries.Live) -> dict[str, str]:
    """Return the number of people inside as the doors tell it, and its limits in words."""
    count = _count_inside(scope, figures)
    return {"inside": formats.number(count.entered), "inside-words": count.words}


def _tables(
    scope: DayScope, figures: queries.Live, measured: MeasuredArrivals | None
) -> list[LiveTable]:
    """Return the tables of the page; those of the present moment only while the day is today's."""
    heads = ["Entrées"]
    if scope.is_later:
        heads.append("1re fois")
    if scope.is_today:
        heads.append("Présentes")
    counts = [
        ("category", "Par catégorie", "Catégorie", figures.by_category),
        ("door", "Par porte d’entrée", "Porte", figures.by_door),
        ("epci", "Par intercommunalité", "Intercommunalité", figures.by_epci),
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
    stations = LiveTable(
        "station",
        "État des stations",
        ["Station", "Usage", "État", "En attente", "Dernier passage"],
        _stations(scope.edition) if scope.is_current else [],
    )
    return [
        *([stations] if scope.is_current else []),
        LiveTable(
            "quarter",
            "Entrées par quart d’heure",
            ["À partir de", "Entrées", "Prévues"],
            _quarters(scope, figures, measured),
        ),
        _zones(scope),
        *(
            LiveTable(
                name,
                caption,
                [head, *heads],
                [
                    [
                        row.label,
                        row.entered,
                        *([row.first_time] if scope.is_later else []),
                        *([row.inside] if scope.is_today else []),
                    ]
                    for row in rows
                ],
            )
            for name, caption, head, rows in counts
        ),
        LiveTable("refusal", "Derniers refus", ["Heure", "Motif", "Personne", "Porte"], refusals),
    ]


def _quarters(scope: DayScope, figures: queries.Live, measured: MeasuredArrivals | None) -> Rows:
    """Return the quarter hours of the day, each with its entries and its forecast."""
    counts = dict(figures.by_quarter)
    opening = next((day for day in scope.edition.days if day.day_on == scope.day), None)
    if opening is None:
        return [[formats.hour(at), count, "–"] for at, count in counts.items()]
    expected_people = forecast(figures.expected, opening.opens_at, opening.closes_at, measured)
    at, last = min([*counts, *expected_people]), max([*counts, *expected_people])
    rows: Rows = []
    while at <= last:
        coming = at > scope.moment and at not in counts
        rows.append(
            [
                formats.hour(at),
                "–" if coming else counts.get(at, 0),
                round(expected_people.get(at, 0)),
            ]
        )
        at += QUARTER
    return rows


def _zones(scope: DayScope) -> LiveTable:
    """Return the people of each zone: those inside now, or those who entered it on another day."""
    zones = [zone for zone in zones_of(scope.edition.id) if zone.kind != ZoneKind.FAIR]
    if scope.is_today:
        head, people = "Présentes", inside_rooms(scope.edition.id, scope.moment)
    else:
        head, people = "Entrées", people_by_zone(scope.edition.id, *span_of(scope.day))
    rows: Rows = [[zone.label, people.get(zone.id, 0), zone.capacity or "–"] for zone in zones]
    return LiveTable("zone", "Dans les salles et espaces", ["Espace", head, "Places"], rows)


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
