"""How many hours the public may book; what closes the hours of a theme, and where they open."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from salon.appointments.engine.slots import Reason, reserved_by_default
from salon.appointments.models import StandBooking, ThemeBooking
from salon.appointments.presenters.offered import REMEDIES, hours_of
from salon.appointments.queries.offered import OfferedTheme, drafted_themes, offered_themes
from salon.appointments.queries.offers import offers_of
from salon.fair.models import Edition
from salon.platform.database.db import transaction
from salon.platform.web.access import allowed_of
from salon.staffing.models import Shift, ShiftStatus
from tests.appointments.make import Fair, make_fair
from tests.appointments.organiser.pages import organiser_of, page_of, spaced
from tests.appointments.organiser.test_settings_routes import PLACE
from tests.staffing.make import make_village


@pytest.mark.parametrize(
    ("minimum", "present", "reserved"),
    [(0, 3, 0), (1, 0, 0), (1, 1, 0), (1, 2, 1), (2, 2, 1), (2, 5, 2), (9, 3, 2)],
)
def test_somebody_receives_by_appointment_unless_it_was_set_otherwise(
    minimum: int, present: int, reserved: int
) -> None:
    assert reserved_by_default(minimum, present) == reserved


def offered(fair: Fair) -> dict[str, OfferedTheme]:
    return {theme.name: theme for theme in offered_themes(fair.edition, fair.before)}


def test_one_agent_a_stand_and_nothing_set_lets_hours_be_booked(
    app: Flask, edition: Edition
) -> None:
    fair = make_fair(edition, agents={"Département": 1}, kept_free=None)
    theme = fair.village.themes["Département"]
    count = len(offers_of(edition, theme.id, fair.before))
    assert count == 2 * 3 * 60 // 25 + 1 * 60 // 25
    assert offered(fair)[theme.name] == OfferedTheme(theme.id, theme.name, count)
    page = spaced(page_of(organiser_of(app), PLACE))
    assert f"{count} heures à réserver, sur 1 thème" in page


def test_a_theme_without_hours_says_what_closes_them_and_where_they_open(
    app: Flask, edition: Edition
) -> None:
    fair = make_fair(edition, agents={"Département": 1}, kept_free=1)
    theme = fair.village.themes["Département"]
    assert offered(fair)[theme.name].reason is Reason.COVER
    client = organiser_of(app)
    page = spaced(page_of(client, PLACE))
    assert "Aucune heure à réserver" in page
    assert "tous les agents présents sont gardés libres pour le public" in page
    assert "aucun agent n’y répond" in page
    with transaction() as session:
        session.execute(update(StandBooking).values(kept_free=0))
    assert offered(fair)[theme.name].count
    with transaction() as session:
        session.execute(update(ThemeBooking).values(is_open=False))
    assert offered(fair)[theme.name] == OfferedTheme(theme.id, theme.name, 0)
    assert "la réservation est fermée" in page_of(client, PLACE)
    with transaction() as session:
        session.execute(update(ThemeBooking).values(is_open=True))
        over = fair.edition.ends_at + timedelta(hours=1)
    late = {row.name: row.reason for row in offered_themes(edition, over)}
    assert late[theme.name] is Reason.TOO_SOON


def test_the_publication_says_how_many_hours_the_draft_would_offer(
    app: Flask, edition: Edition
) -> None:
    fair = make_fair(edition, agents={"Département": 1}, kept_free=None)
    with transaction() as session:
        session.execute(
            update(Shift)
            .where(Shift.status == ShiftStatus.DRAFT, Shift.starts_at >= fair.at(13))
            .values(ends_at=fair.at(14))
        )
    before, after = offered_themes(edition, fair.before), drafted_themes(edition, fair.before)
    assert hours_of(before).count > hours_of(after).count > 0
    page = spaced(page_of(organiser_of(app), "/organisation/village/publication"))
    assert f"{hours_of(after).count} heures à réserver, sur 1 thème" in page


def test_each_reason_has_a_page_that_opens_hours(app: Flask, edition: Edition) -> None:
    assert set(REMEDIES) == {None, *Reason}
    assert all(allowed_of(app, endpoint) for _, endpoint, _ in REMEDIES.values())
    make_village(edition)
    themes = [OfferedTheme(1, "L’eau", 0, reason) for reason in REMEDIES]
    assert len(hours_of(themes).closed) == len(REMEDIES)
