"""Two days: a waiting list for a day, the times of a day, a visit with the hours of its day."""

from datetime import date, time, timedelta

import pytest

from salon.appointments.models import Appointment, AppointmentStatus, WaitingEntry
from salon.appointments.queries.offers import offers_of
from salon.appointments.rules.booking import Limit
from salon.appointments.services.booking import cancel_appointment
from salon.fair.models import Edition, EditionDay
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.settings.clock import local, now, paris
from salon.platform.words.formats import day, short_days
from salon.staffing.engine.shift_changes import PlannedShift
from salon.staffing.services.rows import NewRow, set_rows
from tests.appointments.make import ORGANISER, PUBLIC, Fair, book, make_fair, make_visitor
from tests.appointments.visit.test_queries import make_topics
from tests.appointments.visitor.browsing import QUESTION, WHO, confirm_address, slug_of
from tests.badges.people import all_of
from tests.factories import act_in
from tests.fair.test_practical import text_of
from tests.pages import PageClient
from tests.staffing.make import publish


@pytest.fixture
def fair(edition: Edition) -> Fair:
    """One agent receives on both days."""
    second = edition.days[0].day_on + timedelta(days=1)
    with transaction() as session:
        hours = {"opens": time(9), "closes": time(16)}
        session.add(EditionDay(edition_id=edition.id, day_on=second, **hours))
    current_session().expire_all()
    fair = make_fair(edition, agents={"Département": 1}, minutes=45, per_visitor=100)
    ((agent,),) = fair.agents.values()
    current_session().expire_all()
    shifts = [
        PlannedShift(fair.stand_id(), paris(day_on, time(9)), paris(day_on, time(12)))
        for day_on in (edition.days[0].day_on, second)
    ]
    set_rows(act_in(edition, ORGANISER), [NewRow(agent.id, agent.rota_version, shifts)])
    publish(fair.village)
    return fair


def plain(words: str) -> str:
    return words.replace("\u00a0", " ")


def fill_up(fair: Fair, edition: Edition, day_on: date) -> None:
    """Take every time of a day."""
    visitor = make_visitor(edition)
    while times := [
        offer.starts_at
        for offer in offers_of(edition, fair.theme_id(), now())
        if local(offer.starts_at).date() == day_on
    ]:
        book(fair, at=times[0], visitor=visitor, accepted=list(Limit))


def test_who_can_come_on_a_full_day_waits_for_it_alone(
    client: PageClient, edition: Edition, fair: Fair
) -> None:
    first, second = (fair_day.day_on for fair_day in edition.days)
    fill_up(fair, edition, first)
    path = f"/rendez-vous/themes/{slug_of(fair)}"
    page = text_of(client.get(path))
    assert f"Plus rien {plain(short_days([first]))}." in page
    assert plain(day(second)) in text_of(client.get(f"{path}?jour={second}"))
    wait = f"/rendez-vous/attente/{slug_of(fair)}"
    fields = {"part": "whole_day", **QUESTION, **WHO}
    free = client.fill(wait, **fields, day_on=second.isoformat())
    assert "Des heures sont libres" in text_of(free)
    assert client.fill(wait, **fields, day_on="2020-01-01").status_code == 400
    assert client.fill(wait, **fields, day_on=first.isoformat()).status_code == 302
    listed = text_of(client.get(confirm_address(client).location))
    assert plain(short_days([first])).capitalize() in listed
    (entry,) = all_of(WaitingEntry)
    assert entry.day_on == first
    fill_up(fair, edition, second)
    for day_on, hold_count in ((second, 0), (first, 1)):
        taken = next(
            appointment
            for appointment in all_of(Appointment)
            if local(appointment.starts_at).date() == day_on
            and appointment.status == AppointmentStatus.BOOKED
        )
        cancel_appointment(Act(PUBLIC), taken)
        current_session().expire_all()
        (entry,) = all_of(WaitingEntry)
        assert (entry.hold is not None) == bool(hold_count), day_on


def test_a_visit_keeps_its_day_and_the_hours_of_that_day(
    client: PageClient, edition: Edition, fair: Fair
) -> None:
    make_topics(fair)
    answers = "besoin=aides&de=09:00&a=17:30&avec=rendez-vous&avec=stands&jour=1"
    page = text_of(client.get(f"/mon-parcours?{answers}"))
    second = edition.days[1].day_on
    assert plain(day(second)).capitalize() in page
    assert "De 9 h à 16 h" in page, "it closes at 16 h that day"
    late = client.get("/mon-parcours?besoin=aides&de=16:00&a=17:30&avec=stands&jour=1")
    assert late.status_code == 400
    assert "le salon est ouvert de 9 h à 16 h" in text_of(late)
