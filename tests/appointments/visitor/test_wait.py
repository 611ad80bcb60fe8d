"""Waiting lists, joined by the page of a theme and answered by their private link."""

from datetime import timedelta

from salon.appointments.models import Appointment, WaitingEntry, WaitingStatus
from salon.appointments.queries.offers import offers_of
from salon.appointments.rules.booking import Limit
from salon.appointments.rules.waiting import AlreadyWaiting
from salon.appointments.services.booking import cancel_appointment
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.settings.clock import now
from tests.appointments.make import (
    PUBLIC,
    Fair,
    book,
    check_invariants,
    make_fair,
    make_visitor,
    messages,
)
from tests.appointments.visitor.browsing import (
    QUESTION,
    WHO,
    confirm_address,
    count_appointments,
    expire_holds,
    show_badge,
    slug_of,
)
from tests.badges.people import all_of
from tests.pages import PageClient


def make_full(edition: Edition) -> Fair:
    """Make a fair of one agent, all of whose times are taken; 45 minutes each."""
    fair = make_fair(edition, agents={"Département": 1}, minutes=45, per_visitor=100)
    visitor = make_visitor(edition)
    while offers := offers_of(edition, fair.theme_id(), now()):
        book(fair, at=offers[0].starts_at, visitor=visitor, accepted=list(Limit))
    return fair


def join(client: PageClient, fair: Fair, **typed: str) -> str:
    """Join the list of a full theme by its form; return the address that follows."""
    path = f"/rendez-vous/themes/{slug_of(fair)}"
    fields = {"part": "whole_day", **QUESTION, **typed}
    answer = client.fill(path, to=f"/rendez-vous/attente/{slug_of(fair)}", **fields)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def test_a_stranger_waits_is_offered_a_time_and_takes_it(
    client: PageClient, edition: Edition
) -> None:
    fair = make_full(edition)
    taken = count_appointments()
    requested_answer = client.get(join(client, fair, **WHO))
    assert "Vous n’êtes pas encore sur la liste" in requested_answer.text
    assert all_of(WaitingEntry) == []
    path = confirm_address(client).location
    assert "Vous êtes le premier de la liste" in client.get(path).text
    assert [message.kind for message in messages("waiting_joined")] == ["waiting_joined"]
    cancel_appointment(Act(PUBLIC), _first())
    page = client.get(path).text
    assert "Une heure vous est proposée" in page
    assert "gardée pour vous jusqu’à" in page
    answer = client.fill(path, to=f"{path}/accepter")
    assert answer.status_code == 302
    assert "Votre rendez-vous" in client.get(answer.location).text
    assert count_appointments() == taken + 1
    assert "A obtenu un rendez-vous" in client.get(path).text
    check_invariants(edition)


def _first() -> Appointment:
    return min(all_of(Appointment), key=lambda item: item.starts_at)


def test_an_offer_is_declined_or_comes_too_late(client: PageClient, edition: Edition) -> None:
    fair = make_full(edition)
    visitor = make_visitor(edition)
    show_badge(client, visitor)
    path = join(client, fair)
    cancel_appointment(Act(PUBLIC), _first())
    token = client.token(path)
    expire_holds(now() - timedelta(minutes=1))
    late = client.post(f"{path}/accepter", data={"csrf_token": token})
    assert late.location == path
    assert "n’est plus gardée" in client.get(path).text
    answer = client.post(f"{path}/refuser", data={"csrf_token": token})
    assert client.confirm(answer).location == path
    assert all_of(WaitingEntry)[0].status == WaitingStatus.WAITING


def test_one_waits_once_on_a_theme_and_leaves_when_one_wants(
    client: PageClient, edition: Edition
) -> None:
    fair = make_full(edition)
    show_badge(client, make_visitor(edition))
    path = join(client, fair)
    address = f"/rendez-vous/attente/{slug_of(fair)}"
    second_answer = client.fill(address, part="morning", **QUESTION)
    assert second_answer.status_code == 409
    assert AlreadyWaiting.message in second_answer.text
    assert client.post(f"{path}/quitter").status_code == 400
    for _ in range(2):
        assert client.fill(f"{path}/quitter").location == path
    assert all_of(WaitingEntry)[0].status == WaitingStatus.LEFT
    assert "A quitté la liste" in client.get(path).text


def test_one_does_not_wait_for_what_is_free(client: PageClient, edition: Edition) -> None:
    fair = make_fair(edition)
    address = f"/rendez-vous/attente/{slug_of(fair)}"
    answer = client.fill(address, part="morning", **QUESTION, **WHO)
    assert answer.status_code == 409
    assert "Des heures sont libres" in answer.text
    assert client.fill(address, part="nuit", **QUESTION, **WHO).status_code == 400
    assert all_of(WaitingEntry) == []
