"""A visitor's own appointments, by the badge and by their private links."""

import html

from icalendar import Calendar

from salon.appointments.models import AppointmentStatus
from salon.appointments.queries.rescue import read_rescue
from salon.appointments.rules.booking import Limit
from salon.appointments.services.rescue import apply_rescue
from salon.badges.models import Attendee
from salon.badges.services import cancel_attendee
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.settings.clock import now
from salon.staffing.models import ShiftStatus
from salon.village_day.services.day import note_absence
from tests.appointments.make import (
    Fair,
    book,
    check_invariants,
    make_fair,
    make_visitor,
    messages,
)
from tests.appointments.visitor.browsing import only_appointment
from tests.badges.people import MONS, badge_of, make_person, register
from tests.factories import act_in
from tests.pages import PageClient
from tests.staffing.make import ORGANISER, shifts


def test_the_private_page_says_when_where_and_with_whom(
    client: PageClient, edition: Edition
) -> None:
    fair = make_fair(edition)
    agent = fair.agents["Département"][0]
    appointment = book(fair, at=fair.at(9, 30), agent=agent)
    answer = client.get(f"/rendez-vous/{appointment.private_token}")
    for words in ("9\u00a0h\u00a030", agent.polite_name, "Confirmé", "Déplacer", "Annuler"):
        assert words in answer.text, words
    assert appointment.attendee.email not in answer.text
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_link_that_nobody_was_given_is_no_page(client: PageClient, edition: Edition) -> None:
    fair = make_fair(edition)
    token = client.token("/rendez-vous/themes/" + fair.village.themes["Département"].slug)
    for end in ("", ".ics", "/deplacer", "/annuler", "/documents/1"):
        assert client.get(f"/rendez-vous/inconnu{end}").status_code == 404, end
    for end in ("/deplacer", "/annuler", "/accepter"):
        answer = client.post(f"/rendez-vous/inconnu{end}", data={"csrf_token": token})
        assert answer.status_code == 404, end
    for path in ("/rendez-vous/liste/inconnu", "/badge/inconnu/rendez-vous"):
        assert client.get(path).status_code == 404, path


def test_it_goes_into_a_calendar(client: PageClient, edition: Edition) -> None:
    fair = make_fair(edition)
    appointment = book(fair, at=fair.at(9))
    answer = client.get(f"/rendez-vous/{appointment.private_token}.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8; method=REQUEST"
    event = Calendar.from_ical(answer.data).walk("vevent")[0]
    assert event.decoded("dtstart").timestamp() == appointment.starts_at.timestamp()


def test_it_moves_once_confirmed(client: PageClient, edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    appointment = book(fair, at=fair.at(9))
    path = f"/rendez-vous/{appointment.private_token}"
    page = client.get(f"{path}/deplacer").text
    assert "heure actuelle" in page
    fields = {"starts_at": fair.at(10, 15).isoformat(), "agent": ""}
    answer = client.fill(f"{path}/deplacer", **fields)
    assert answer.status_code == 200
    assert "Déplacer à 10\u00a0h\u00a015" in answer.text
    assert appointment.attendee.email not in answer.text
    assert only_appointment().starts_at == fair.at(9)
    assert messages("appointment_moved") == []
    for _ in range(2):
        assert client.confirm(answer).location == path
    assert only_appointment().starts_at == fair.at(10, 15)
    assert len(messages("appointment_moved")) == 1
    check_invariants(edition)


def test_a_move_to_a_taken_time_is_refused_with_the_nearest(
    client: PageClient, edition: Edition
) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    appointment = book(fair, at=fair.at(9))
    book(fair, at=fair.at(10, 15))
    path = f"/rendez-vous/{appointment.private_token}/deplacer"
    answer = client.fill(path, starts_at=fair.at(10, 15).isoformat(), agent="")
    assert answer.status_code == 409
    assert "les plus proches" in answer.text
    assert client.fill(path, starts_at="demain", agent="").status_code == 400
    current_session().expire_all()
    assert appointment.starts_at == fair.at(9)


def test_the_hours_of_another_appointment_are_greyed_with_the_reason(
    client: PageClient, edition: Edition
) -> None:
    fair = make_fair(edition, agents={"Département": 2})
    visitor = make_visitor(edition)
    appointment = book(fair, visitor=visitor, at=fair.at(9))
    book(fair, visitor=visitor, at=fair.at(10, 15))
    path = f"/rendez-vous/{appointment.private_token}/deplacer"
    page = client.get(path).text
    busy = fair.at(10, 15).isoformat()
    assert f'value="{busy}"' not in page, "no button at an hour that would be refused"
    assert "déjà un rendez-vous à 10\u00a0h\u00a015" in page
    assert f'value="{fair.at(13).isoformat()}"' in page
    assert client.fill(path, starts_at=busy, agent="", confirmed="yes").status_code == 409


def test_a_visitor_takes_a_cancelled_appointment_again(
    client: PageClient, edition: Edition
) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    appointment = book(fair, at=fair.at(9))
    path = f"/rendez-vous/{appointment.private_token}"
    client.post(f"{path}/annuler", data={"csrf_token": client.token(f"{path}/annuler")})
    page = client.get(path).text
    assert page.count("Rétablir m") == 1, "the page after the act offers it beside its message"
    assert client.fill(path, to=f"{path}/retablir").location == path
    again = only_appointment()
    assert (again.status, again.cancelled_at) == (AppointmentStatus.BOOKED, None)
    assert len(messages("appointment_booked")) == 2, "the cancellation had left: it is corrected"
    check_invariants(edition)


def test_an_appointment_whose_time_is_taken_does_not_come_back(
    client: PageClient, edition: Edition
) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    appointment = book(fair, at=fair.at(9))
    path = f"/rendez-vous/{appointment.private_token}"
    client.post(f"{path}/annuler", data={"csrf_token": client.token(f"{path}/annuler")})
    book(fair, at=fair.at(9))
    answer = client.fill(path, to=f"{path}/retablir")
    assert answer.status_code == 409
    assert "n’est plus libre" in answer.text
    current_session().refresh(appointment)
    assert appointment.status == AppointmentStatus.CANCELLED
    check_invariants(edition)


def test_it_is_cancelled_once_confirmed(client: PageClient, edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    appointment = book(fair, at=fair.at(9))
    path = f"/rendez-vous/{appointment.private_token}"
    assert client.post(f"{path}/annuler").status_code == 400
    assert only_appointment().status == AppointmentStatus.BOOKED
    fields = {"csrf_token": client.token(f"{path}/annuler")}
    for _ in range(2):
        assert client.post(f"{path}/annuler", data=fields).location == path
    assert only_appointment().status == AppointmentStatus.CANCELLED
    assert len(messages("appointment_cancelled")) == 1
    page = client.get(path).text
    assert "Rendez-vous annulé" in page
    assert "une autre personne peut la prendre" in page
    assert "est allée à" not in page, "nobody has taken the time"
    assert client.get(f"{path}/deplacer").status_code == 409


def lose(fair: Fair) -> None:
    """The first agent is absent from their first shift, and the rescue is confirmed."""
    absent_agent = fair.agents["Département"][0]
    note_absence(Act(ORGANISER), shifts(absent_agent, ShiftStatus.PUBLISHED)[0].id)
    apply_rescue(act_in(fair.edition, ORGANISER), read_rescue(fair.edition, now()).stamp, None)


def test_a_lost_time_is_proposed_another_and_accepted(client: PageClient, edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    appointment = book(fair, at=fair.at(9))
    lose(fair)
    path = f"/rendez-vous/{appointment.private_token}"
    page = client.get(path).text
    assert "Une autre heure est à choisir" in page
    assert "Accepter 13\u00a0h" in page
    for _ in range(2):
        assert client.fill(path, to=f"{path}/accepter").location == path
    stored_appointment = only_appointment()
    assert (stored_appointment.status, stored_appointment.starts_at) == (
        AppointmentStatus.BOOKED,
        fair.at(13),
    )
    check_invariants(edition)


def test_when_no_time_is_left_the_page_says_so(client: PageClient, edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    appointment = book(fair, at=fair.at(9))
    for hour in (13, 14, 15, 16):
        for minute in (0, 25):
            book(fair, at=fair.at(hour, minute), accepted=list(Limit))
    with transaction() as session:
        for need in shifts(fair.agents["Département"][0], ShiftStatus.PUBLISHED)[1:]:
            session.merge(need).absent_at = now()
    lose(fair)
    path = f"/rendez-vous/{appointment.private_token}"
    page = client.get(path).text
    assert "Aucune heure n’est proposée" in page
    assert "Nous ne pouvons pas promettre" in page
    token = client.token(path)
    refused = client.post(f"{path}/accepter", data={"csrf_token": token})
    assert refused.location == path
    assert "plus valable" in client.get(path).text


def test_what_is_over_says_so(client: PageClient, edition: Edition) -> None:
    fair = make_fair(edition)
    appointment = book(fair, at=fair.at(9))
    path = f"/rendez-vous/{appointment.private_token}"
    for status, words in (("met", "Reçu"), ("missed", "Pas venu")):
        with transaction() as session:
            session.merge(appointment).status = AppointmentStatus(status)
        page = client.get(path).text
        assert words in page
        assert "/annuler" not in page


def test_the_badge_shows_its_appointments_and_those_of_the_commune(
    client: PageClient, edition: Edition
) -> None:
    fair = make_fair(edition)
    visitor, other_attendee = make_visitor(edition), make_visitor(edition)
    own = book(fair, at=fair.at(9), visitor=visitor)
    other_appointment = book(fair, at=fair.at(9), visitor=other_attendee)
    path = f"/badge/{badge_of(visitor.id).private_token}/rendez-vous"
    page = client.get(path).text
    assert own.private_token in page
    # Whoever says to be of a commune may see its hours and themes, not take them nor know whose.
    around = page.partition("Les autres rendez-vous")[2].partition("</ul>")[0]
    assert "9\u00a0h" in around
    assert other_appointment.theme.name in around
    stand = f"stand&nbsp;{other_appointment.stand.number}"
    for secret in (
        other_attendee.last_name,
        other_appointment.private_token,
        other_appointment.subject,
        "Confirmé",
        stand,
    ):
        assert secret not in around, secret
    cancel_attendee(Act(SYSTEM), visitor.id)
    assert client.get(path).status_code == 404


def test_the_badge_names_those_who_were_registered_together(
    client: PageClient, edition: Edition
) -> None:
    fair = make_fair(edition)
    registration = register(
        make_person(place=MONS), make_person(place=MONS), contact="s@mons.example"
    )
    visitor, companion = (current_session().get_one(Attendee, item) for item in registration.added)
    other_appointment = book(fair, at=fair.at(9), visitor=companion)
    page = client.get(f"/badge/{badge_of(visitor.id).private_token}/rendez-vous").text
    assert companion.last_name in html.unescape(page)
    assert other_appointment.private_token in page
