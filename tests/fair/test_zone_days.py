"""Hours of zones after a change of days, and after its undoing."""

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Flask

from salon.fair.engine.day_moves import moves_between
from salon.fair.models import Edition, Zone, ZoneHours, ZoneKind
from salon.fair.services import days as services
from salon.fair.services.days import DayHours
from salon.fair.services.zone_days import hours_after, openings_of, restore_hours
from salon.platform.database.consequences import Consequences, Fate
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.database.versions import stamp_of
from salon.platform.settings.clock import local, paris
from tests.factories import act_in, sign_in
from tests.fair.test_practical import fields_of
from tests.tables import each

FIRST = date(2027, 10, 1)
DAY = timedelta(days=1)
PATH = "/organisation/reglages/jours"


def at(text: str | None) -> datetime | None:
    """Return « 2 08:30 »: a day of October 2027, and an hour on the clock."""
    if text is None:
        return None
    day, _, hour = text.partition(" ")
    return paris(FIRST + timedelta(days=int(day) - 1), time.fromisoformat(hour))


def span(opens: str | None, closes: str | None, early: str | None = None) -> ZoneHours:
    return ZoneHours(at(opens), at(closes), at(early))


def fair(*days: str) -> list[tuple[Any, Any]]:
    """Return the hours of a fair: « 1 08:30-18:00 »."""
    spans = []
    for text in days:
        opens, _, closes = text.partition("-")
        spans.append((at(opens), at(f"{opens.split()[0]} {closes}")))
    return spans


ONE, TWO = fair("1 08:30-18:00"), fair("1 08:30-18:00", "2 08:30-16:00")


@each(
    ("why", "hours", "before", "after", "expected"),
    [
        (
            "an added day has the hours of the fair where the first has them",
            [span("1 08:30", "1 18:00", "1 07:00")],
            *(ONE, TWO),
            [span("1 08:30", "1 18:00", "1 07:00"), span("2 08:30", "2 16:00", "2 07:00")],
        ),
        (
            "an added day has the zone's own hours, which end with the fair",
            [span("1 09:30", "1 17:00")],
            *(ONE, TWO),
            [span("1 09:30", "1 17:00"), span("2 09:30", "2 16:00")],
        ),
        (
            "an early entry on the eve is from midnight on the added day",
            [span("1 08:30", "1 12:00", "0 14:00")],
            *(ONE, TWO),
            [span("1 08:30", "1 12:00", "0 14:00"), span("2 08:30", "2 12:00", "2 00:00")],
        ),
        (
            "a day added before the first",
            [span("2 09:00", "2 12:00")],
            *(TWO[1:], TWO),
            [span("1 09:00", "1 12:00"), span("2 09:00", "2 12:00")],
        ),
        (
            "the hours of a day given up go",
            [span("1 09:00", "1 12:00"), span("2 10:00", "2 12:00")],
            *(TWO, ONE),
            [span("1 09:00", "1 12:00")],
        ),
        (
            "the first day given up leaves the second",
            [span("1 09:00", "1 12:00"), span("2 10:00", "2 12:00")],
            *(TWO, TWO[1:]),
            [span("2 10:00", "2 12:00")],
        ),
        (
            "a zone that opened on the day given up alone keeps its hours",
            [span("2 10:00", "2 12:00")],
            *(TWO, ONE),
            [span("2 10:00", "2 12:00")],
        ),
        (
            "each day moves, with its early entry of the eve",
            [span("1 08:30", "1 18:00", "0 14:00"), span("2 10:00", "2 12:00")],
            *(TWO, fair("8 08:30-18:00", "10 08:30-16:00")),
            [span("8 08:30", "8 18:00", "7 14:00"), span("10 10:00", "10 12:00")],
        ),
        (
            "other hours of a day are followed on that day",
            [span("1 08:30", "1 18:00"), span("2 09:00", "2 15:00")],
            *(TWO, fair("1 08:00-19:00", "2 08:30-14:00")),
            [span("1 08:00", "1 19:00"), span("2 09:00", "2 14:00")],
        ),
        (
            "a zone that closes after the fair still does",
            [span("1 19:00", "2 01:00"), span("2 19:00", "2 23:00")],
            *(TWO, fair("1 08:30-17:00", "2 08:30-15:00")),
            [span("1 19:00", "2 01:00"), span("2 19:00", "2 23:00")],
        ),
        ("always open", [ZoneHours()], ONE, TWO, [ZoneHours()]),
        ("open until", [span(None, "1 18:00")], ONE, TWO[:1], [span(None, "1 18:00")]),
        ("open from", [span("1 08:30", None)], ONE, TWO, [span("1 08:30", None)]),
        ("on the eve alone", [span("0 14:00", "0 20:00")], ONE, TWO, [span("0 14:00", "0 20:00")]),
    ],
    ids=lambda row: str(row[0]),
)
def test_hours_follow_the_days(
    why: str, hours: list[ZoneHours], before: Any, after: Any, expected: list[ZoneHours]
) -> None:
    former, new = openings_of(before), openings_of(after)
    assert hours_after(hours, moves_between(list(former), list(new)), former, new) == tuple(
        expected
    )


def make_zone(edition: Edition, label: str, opens: time | None, closes: time | None) -> Zone:
    day = edition.days[0].day_on
    with transaction() as session:
        zone = Zone(
            edition_id=edition.id,
            kind=ZoneKind.CONFERENCE,
            label=label,
            opens_at=opens and paris(day, opens),
            closes_at=closes and paris(day, closes),
        )
        session.add(zone)
    return zone


def change(edition: Edition, *days: DayHours) -> Consequences:
    stamp = stamp_of(services.days_of(edition))
    return services.change_days(act_in(edition, SYSTEM), {"days": days}, stamp)


def named(consequences: Consequences) -> dict[Fate, list[str]]:
    return {
        consequence.fate: list(consequence.names)
        for consequence in consequences
        if consequence.label == "Zones" and consequence.names
    }


def test_a_day_added_then_given_up_names_the_zones_and_is_undone(
    app: Flask, edition: Edition
) -> None:
    first = edition.days[0].day_on
    fair_zone = make_zone(edition, "Le salon", time(9), time(17, 30))
    lounge = make_zone(edition, "Salon d’honneur", None, None)
    own = make_zone(edition, "Atelier", time(14), time(15))
    one = DayHours(first, time(9), time(17, 30))
    two = DayHours(first + DAY, time(9), time(16))
    assert named(change(edition, one, two)) == {Fate.UPDATED: ["Le salon", "Atelier"]}
    assert [local(at) for at in fair_zone.later_hours[0][:2] if at] == [
        local(paris(first + DAY, hour)) for hour in (time(9), time(16))
    ]
    assert lounge.later_hours in ((), [])
    late = [DayHours(day.day_on + 30 * DAY, day.opens, day.closes) for day in (one, two)]
    assert named(change(edition, *late)) == {Fate.MOVED: ["Le salon", "Atelier"]}
    two_days = [zone.hours for zone in (fair_zone, own)]
    shorter = DayHours(late[0].day_on, time(10), time(17, 30))
    given_up = named(change(edition, shorter))
    assert given_up == {Fate.UPDATED: ["Le salon", "Atelier"]}
    assert [len(zone.hours) for zone in (fair_zone, own)] == [1, 1]
    entry = services.last_change(edition)
    assert entry is not None
    services.undo_days_change(act_in(edition, SYSTEM), entry.id)
    current_session().expire_all()
    assert [zone.hours for zone in (fair_zone, own)] == two_days


def test_a_zone_with_its_own_hours_is_named_when_those_of_its_day_change(
    app: Flask, edition: Edition
) -> None:
    make_zone(edition, "Atelier", time(14), time(15))
    make_zone(edition, "Le salon", time(9), time(17, 30))
    done = named(change(edition, DayHours(edition.days[0].day_on, time(8), time(19))))
    assert done == {Fate.SHORTENED: ["Le salon"], Fate.KEPT: ["Atelier"]}


def test_an_undoing_of_1_0_0_gives_each_day_the_hours_of_the_first(edition: Edition) -> None:
    first = edition.days[0].day_on
    change(edition, *(DayHours(first + n * DAY, time(9), time(16)) for n in range(2)))
    zone = make_zone(edition, "Atelier", time(14), time(15))
    hours = ZoneHours(paris(first, time(10)), paris(first, time(12)))
    restore_hours(edition, zone, hours._asdict())
    assert zone.hours == (hours, hours.repeated_on(first + DAY, first))


def test_the_page_that_asks_names_the_zones(app: Flask, edition: Edition) -> None:
    make_zone(edition, "Atelier Lebrun", time(14), time(15))
    organiser = sign_in(app, Role.ORGANISER)
    fields = fields_of(organiser.get(PATH).text)
    second = edition.days[0].day_on + DAY
    added = {
        "days-1-day_on": str(second),
        "days-1-opens": "09:00",
        "days-1-closes": "12:30",
    }
    question = organiser.post(PATH, data=fields | added)
    assert "Atelier Lebrun" in question.text
    assert "Se met à jour" in question.text
