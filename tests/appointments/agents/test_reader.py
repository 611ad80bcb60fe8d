"""The badge that is read at the stand: who has come, and for which appointment."""

from salon.appointments.services.meeting import note_arrival
from salon.platform.database.act import Act
from salon.platform.database.identity import SYSTEM
from tests.appointments.agents.made import (
    READER,
    again,
    code_of,
    press,
    sheet,
    text,
)
from tests.appointments.make import Fair, book, make_visitor
from tests.pages import PageClient


def test_a_badge_notes_the_arrival_of_who_has_an_appointment(
    client: PageClient, fair: Fair
) -> None:
    mayor = make_visitor(fair.edition, last_name="Roque")
    appointment = book(fair, at=fair.at(10), visitor=mayor)
    code = code_of(mayor)
    answer = press(client, READER, code=f"{code[:4].lower()} {code[4:8]}")
    assert 'data-answer="arrived"' in answer.get_data(as_text=True)
    assert again(appointment).arrived_at == fair.at(10, 10)
    for wrong, status, words in (
        ("ZZZZ2222", 200, 'data-answer="unknown"'),
        ("", 400, "Lisez un badge"),
        ("<b>", 200, "&lt;b&gt;"),
    ):
        answer = press(client, READER, code=wrong)
        assert answer.status_code == status
        assert words in answer.get_data(as_text=True)


def test_somebody_of_the_commune_may_come_instead_when_a_person_says_so(
    client: PageClient, fair: Fair
) -> None:
    mayor, clerk = make_visitor(fair.edition), make_visitor(fair.edition)
    stranger = make_visitor(fair.edition, commune="34032")
    appointment = book(fair, at=fair.at(10), visitor=mayor)
    page = press(client, READER, code=code_of(clerk)).get_data(as_text=True)
    assert 'data-answer="delegate"' in page
    assert again(appointment).arrived_at is None
    address = f"{sheet(appointment)}/pour"
    assert press(client, f"{address}/{stranger.id}").status_code == 404
    assert press(client, f"{address}/{clerk.id}").status_code == 302
    assert again(appointment).arrived_at == fair.at(10, 10)
    page = press(client, READER, code=code_of(stranger)).get_data(as_text=True)
    assert 'data-answer="none"' in page
    assert f"visiteur={stranger.id}" in page


def test_who_was_received_already_is_not_noted_again(client: PageClient, fair: Fair) -> None:
    clerk = make_visitor(fair.edition)
    appointment = book(fair, at=fair.at(10))
    note_arrival(Act(SYSTEM, fair.at(9, 58)), appointment, "tap")
    press(client, f"{sheet(appointment)}/recu")
    assert press(client, f"{sheet(appointment)}/pour/{clerk.id}").status_code == 302
    assert "déjà noté comme terminé" in text(client, sheet(appointment))
