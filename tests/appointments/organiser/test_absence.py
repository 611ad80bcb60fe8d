"""An absence in one act: stand-ins asked, appointments moved, the result shown, all taken back."""

from datetime import datetime

import pytest
from flask import Flask

from salon.appointments.models import Appointment, AppointmentStatus
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.mail.outbox import MessageStatus
from salon.staffing.models import Agent, Shift, ShiftStatus, StandIn, StandInStatus
from salon.staffing.queries.rota import shifts_of
from salon.village_day.services.day import note_arrival
from salon.village_day.services.standins import take_shift
from tests.appointments.make import Fair, book, check_invariants, make_fair, messages
from tests.appointments.organiser.pages import coordinator_of, hidden, organiser_of, page_of
from tests.factories import set_time
from tests.pages import PageClient
from tests.staffing.make import ORGANISER, make_agent, shifts

DAY = "/organisation/village/jour"
STAND_INS = "/organisation/village/remplacements"


@pytest.fixture
def fair(app: Flask, edition: Edition, monkeypatch: pytest.MonkeyPatch) -> Fair:
    """At 8:30, two agents at the Département from 9 to 12 and from 13 to 17, a third off duty."""
    fair = make_fair(edition)
    make_agent(fair.village, name="Zoé Astier")
    at(monkeypatch, fair.at(8, 30))
    return fair


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    modules = ("appointments.routes.absence", "appointments.routes.organiser")
    set_time(
        monkeypatch,
        moment,
        *(
            f"salon.{module}"
            for module in (*modules, "village_day.routes.day", "village_day.routes.stand_in_board")
        ),
    )


def published(agent: Agent) -> list[Shift]:
    current_session().rollback()
    return shifts(agent, ShiftStatus.PUBLISHED)


def requests_of(agent: Agent) -> list[StandIn]:
    current_session().rollback()
    rows = current_session().query(StandIn).order_by(StandIn.id).all()
    return [row for row in rows if row.agent_id == agent.id]


def declare(client: PageClient, shift: Shift, until: str = "") -> str:
    path = f"{DAY}/{shift.id}/absence"
    page = page_of(client, path)
    answer = client.post(path, data={**hidden(page), "until": until, "reason": "Malade"})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return page_of(client, answer.location)


def test_one_act_for_all_the_day_asks_moves_and_shows(app: Flask, fair: Fair) -> None:
    ill, colleague = fair.agents["Département"]
    kept = book(fair, at=fair.at(10), agent=ill)
    book(fair, at=fair.at(14), agent=colleague)
    proposed = book(fair, at=fair.at(14), agent=ill)
    client = organiser_of(app)
    morning, afternoon = published(ill)
    asking = page_of(client, f"{DAY}/{morning.id}/absence")
    assert "9 h – 12 h, Département" in asking
    assert "1 rendez-vous" in asking
    page = declare(client, morning)
    assert "2 vacations à pourvoir" in page
    assert "Absente toute la journée" in page
    assert "1 collègue sollicité" in page
    assert "Confié à :</strong>" in page
    assert "Autre heure proposée :</strong>" in page
    current_session().expire_all()
    assert (kept.agent_id, kept.status) == (colleague.id, AppointmentStatus.BOOKED)
    assert proposed.status == AppointmentStatus.TO_CHOOSE
    assert [shift.absent_at is not None for shift in published(ill)] == [True, True]
    assert {row.shift_id for row in requests_of(ill)} == {morning.id, afternoon.id}
    for address in (DAY, STAND_INS):  # the board and the page of stand-ins read the same rows
        assert "2 vacations à pourvoir" in page_of(client, address), address
    check_invariants(fair.edition)


def test_an_absence_until_an_hour_leaves_the_rest_of_the_day(app: Flask, fair: Fair) -> None:
    ill, _ = fair.agents["Département"]
    early, late = (book(fair, at=fair.at(hour), agent=ill) for hour in (9, 11))
    client, (morning, _) = organiser_of(app), published(ill)
    page = declare(client, morning, fair.at(10, 30).isoformat())
    assert "Absente jusqu’à 10 h 30" in page
    spans = [(shift.starts_at, shift.ends_at, bool(shift.absent_at)) for shift in published(ill)]
    assert spans == [
        (fair.at(9), fair.at(10, 30), True),
        (fair.at(10, 30), fair.at(12), False),
        (fair.at(13), fair.at(17), False),
    ]
    assert [row.shift.ends_at for row in requests_of(ill)] == [fair.at(10, 30)]
    current_session().expire_all()
    assert (early.agent_id == ill.id, late.agent_id == ill.id) == (False, True)
    draft = shifts_of(fair.edition, ShiftStatus.DRAFT, [ill.id])
    assert [shift.ends_at for shift in draft] == [fair.at(10, 30), fair.at(12), fair.at(17)]


@pytest.mark.parametrize("until", ["", "10:30"])
def test_an_absence_is_taken_back_with_what_it_moved(app: Flask, fair: Fair, until: str) -> None:
    ill, _ = fair.agents["Département"]
    rows = [book(fair, at=fair.at(hour), agent=ill) for hour in (9, 10)]
    before = [(row.agent_id, row.starts_at) for row in rows]
    client, (morning, _) = organiser_of(app), published(ill)
    spans = [(shift.starts_at, shift.ends_at) for shift in published(ill)]
    page = declare(client, morning, fair.at(10, 30).isoformat() if until else "")
    number = published(ill)[0].id
    path = f"{DAY}/{number}/absence/annuler"
    answer = client.post(path, data=hidden(page, path))
    assert answer.status_code == 302
    current_session().expire_all()
    assert [(row.agent_id, row.starts_at) for row in rows] == before
    assert [(shift.starts_at, shift.ends_at) for shift in published(ill)] == spans
    assert all(shift.absent_at is None for shift in published(ill))
    assert {row.status for row in requests_of(ill)} == {StandInStatus.WITHDRAWN}
    to_visitors = [row for row in messages() if row.kind.startswith("appointment_")][2:]
    assert {row.status for row in to_visitors} == {MessageStatus.CALLED_OFF}
    assert "Aucune vacation à pourvoir" in page_of(client, STAND_INS)
    assert "à pourvoir" not in page_of(client, DAY)
    check_invariants(fair.edition)
    again = client.post(path, data=hidden(page, path))
    assert again.status_code == 409


def test_a_shift_already_taken_stays_with_who_took_it(app: Flask, fair: Fair) -> None:
    ill, _ = fair.agents["Département"]
    booked = [book(fair, at=fair.at(hour), agent=ill) for hour in (9, 14)]
    client, (morning, _) = organiser_of(app), published(ill)
    declare(client, morning)
    first = requests_of(ill)[0]
    take_shift(Act(ORGANISER, fair.at(8, 40)), first.asks[0].id)
    page = page_of(client, f"{DAY}/{morning.id}/absence")
    assert "Astier remplace" in page
    path = f"{DAY}/{morning.id}/absence/annuler"
    client.post(path, data=hidden(page, path))
    page = page_of(client, DAY)
    assert "1 rendez-vous reste comme le sauvetage l’a placé : 9 h" in page
    current_session().expire_all()
    assert [row.agent_id == ill.id for row in booked] == [False, True]
    assert [shift.starts_at for shift in published(ill)] == [fair.at(13)]


def test_who_comes_after_all_is_not_replaced_any_more(app: Flask, fair: Fair) -> None:
    ill, _ = fair.agents["Département"]
    client, (morning, _) = organiser_of(app), published(ill)
    declare(client, morning)
    note_arrival(Act(ORGANISER, fair.at(8, 45)), morning.id, "tap")
    statuses = {row.shift_id: row.status for row in requests_of(ill)}
    assert statuses[morning.id] == StandInStatus.WITHDRAWN
    for address in (DAY, STAND_INS):
        assert "1 vacation à pourvoir" in page_of(client, address), address


def test_an_absence_that_nobody_is_asked_for_is_on_both_pages(app: Flask, fair: Fair) -> None:
    ill, _ = fair.agents["Département"]
    client, (morning, _) = organiser_of(app), published(ill)
    declare(client, morning, fair.at(12).isoformat())
    number = requests_of(ill)[0].id
    client.post(
        f"{STAND_INS}/{number}/clore",
        data={"csrf_token": client.token(DAY), "confirmed": "yes"},
    )
    for address in (DAY, STAND_INS):
        page = page_of(client, address)
        assert "1 vacation à pourvoir" in page, address
        assert "Chercher qui peut remplacer" in page, address


def test_a_coordinator_declares_the_own_agents_alone(app: Flask, fair: Fair) -> None:
    ill, _ = fair.agents["Département"]
    morning = published(ill)[0]
    other = coordinator_of(app, fair, "SDIS 34")
    path = f"{DAY}/{morning.id}/absence"
    assert other.get(path).status_code == 404
    assert other.post(path, data={"csrf_token": other.token(DAY)}).status_code == 404
    own = coordinator_of(app, fair, "Département")
    assert "Absente toute la journée" in declare(own, morning)
    refused = own.post(path, data={**hidden(page_of(own, DAY)), "until": "tomorrow"})
    assert refused.status_code == 400
    assert current_session().query(Appointment).count() == 0


def test_an_absence_that_lasts_longer_is_taken_back_whole(app: Flask, fair: Fair) -> None:
    ill, _ = fair.agents["Département"]
    rows = [book(fair, at=fair.at(hour), agent=ill) for hour in (9, 14)]
    client, (morning, _) = organiser_of(app), published(ill)
    declare(client, morning, fair.at(10, 30).isoformat())
    afternoon = published(ill)[-1]
    for _ in range(2):  # the second press of the button changes nothing
        path = f"{DAY}/{afternoon.id}/absence"
        client.post(path, data={"csrf_token": client.token(DAY), "until": ""})
    assert "Absente toute la journée" in page_of(client, path)
    client.post(f"{path}/annuler", data={"csrf_token": client.token(DAY)})
    current_session().expire_all()
    assert [row.agent_id for row in rows] == [ill.id, ill.id]
    spans = [(shift.starts_at, bool(shift.absent_at)) for shift in published(ill)]
    assert spans == [(fair.at(9), False), (fair.at(13), False)]
