"""A day: one books on a phone, comes, is met; another walks in; an agent falls ill; one moves."""

import json
import re
import urllib.request
import uuid
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from salon.appointments.models import Appointment
from salon.badges.queries import get_valid_badge, payload_of
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM
from salon.platform.settings.clock import now
from salon.staffing.models import ShiftStatus
from salon.staffing.queries.rota import shifts_of
from salon.village_day.services.day import note_absence
from tests.browser.conftest import LiveServer, OpenBrowser, enter, open_at
from tests.browser.my_rota import inside

SUBJECT = "Le préau de l’école prend l’eau"


@pytest.fixture
def people(open_browser: OpenBrowser) -> dict[str, Page]:
    """A visitor's phone, the desk of who coordinates, and the phone of who walks in."""
    sizes = {"visitor": (), "desk": (1280, 900), "passer": ()}
    return {name: open_browser(*size).new_page() for name, size in sizes.items()}


def test_a_day_from_the_booking_to_the_afternoon(
    people: dict[str, Page], live_server: LiveServer
) -> None:
    visitor, desk, passer = people["visitor"], people["desk"], people["passer"]
    open_at(visitor, "10 h 30")
    link = books(visitor)
    enter(desk, "Entrer comme organisateur")

    comes_in(live_server)
    desk.goto("/planning/rendez-vous")
    expect(sheet_link(desk)).to_contain_text(re.compile("Dans le salon|salon", re.I))
    sheet_link(desk).get_by_role("link").first.click()
    desk.get_by_role("button", name=re.compile("^Arrivé")).click()
    desk.get_by_role("button", name=re.compile("^Reçu")).first.click()
    expect(desk.get_by_role("button", name=re.compile("^Annuler « Reçu"))).to_be_visible()
    visitor.goto(link)
    expect(visitor.get_by_role("main")).to_contain_text(re.compile("terminé|reçu", re.I))

    passer.goto("/stand/66/file")
    passer.get_by_role("button", name="Prendre un numéro").click()
    expect(passer.get_by_role("heading", name="Numéro 1")).to_be_visible()
    desk.goto("/planning/file/66")
    desk.get_by_role("button", name=re.compile("^Appeler")).click()
    passer.reload()
    expect(passer.locator("[data-say]")).to_contain_text("C’est votre tour")

    lost = falls_ill(live_server)
    desk.goto("/organisation/rendez-vous/sauvetage")
    desk.get_by_role("button", name=re.compile("^Confirmer et prévenir")).click()
    expect(desk.get_by_text(re.compile("visiteurs? prévenu"))).to_be_visible()
    visitor.goto(lost)
    chooses_the_last_hour(visitor)


def books(phone: Page) -> str:
    """The first time of today that is offered; answers the private link."""
    phone.goto("/rendez-vous")
    phone.get_by_role("link", name="L’école et les bâtiments").click()
    phone.get_by_role("link", name="Soutien aux communes").click()
    phone.locator(".times button").first.click()
    phone.get_by_label("Votre question", exact=True).fill(SUBJECT)
    phone.get_by_label("Madame").check()
    phone.get_by_label("Prénom", exact=True).fill("Paule")
    phone.get_by_label("Nom", exact=True).fill("Rouanet")
    phone.get_by_label("Fonction", exact=True).select_option(label="Maire")
    phone.get_by_label("Commune", exact=True).fill("Olargues")
    phone.get_by_label("Adresse électronique", exact=True).fill("paule.rouanet@olargues.example")
    phone.get_by_role("button", name="Confirmer le rendez-vous").click()
    phone.get_by_role("link", name="Ouvrir la boîte aux lettres").click()
    phone.get_by_role("link", name="À confirmer avant").first.click()
    phone.locator("a[href*='/rendez-vous/confirmer/']").click()
    phone.get_by_role("button", name="Confirmer").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Votre rendez-vous")
    return phone.url


def comes_in(server: LiveServer) -> None:
    """The badge of who booked is read at the door, then the worker takes a turn."""
    token = server.flask("station-token", "Porte A").split()[-1]
    with inside(server):
        booked = (
            current_session()
            .scalars(select(Appointment).where(Appointment.subject == SUBJECT))
            .one()
        )
        code = payload_of(get_valid_badge(booked.attendee_id), "")
        at = now().isoformat()
    scan = {"scan_id": str(uuid.uuid4()), "code": code, "scanned_at": at}
    scans(server, token, [{**scan, "door": "A", "direction": "in"}])
    server.flask("worker", "--once")


def scans(server: LiveServer, token: str, items: list[dict[str, str]]) -> None:
    request = urllib.request.Request(
        f"{server.url}/api/v1/scans",
        json.dumps({"scans": items}).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        results = json.load(answer)["results"]
    assert [result["verdict"] for result in results] == ["accepted"]


def sheet_link(desk: Page) -> Locator:
    return desk.locator("li", has_text=SUBJECT).last


def falls_ill(server: LiveServer) -> str:
    """Who holds the first appointment that is still to come does not come; answers its link."""
    with inside(server) as (edition, _):
        statement = (
            select(Appointment)
            .where(
                Appointment.edition_id == edition.id,
                Appointment.subject != SUBJECT,
                Appointment.starts_at > now() + timedelta(hours=1),
            )
            .order_by(Appointment.starts_at)
        )
        lost = current_session().scalars(statement).first()
        assert lost is not None
        for shift in shifts_of(edition, ShiftStatus.PUBLISHED, [lost.agent_id]):
            if shift.ends_at > now():
                note_absence(shift.id, SYSTEM, now())
        return f"/rendez-vous/{lost.private_token}"


def chooses_the_last_hour(phone: Page) -> None:
    """Whatever the rescue gave, the visitor chooses the last time of the day."""
    phone.get_by_role("link", name=re.compile("Déplacer|heures")).first.click()
    last = phone.locator(".times button").last
    hour = " ".join(last.inner_text().split()[:3])
    last.click()
    phone.get_by_role("button", name=re.compile("^Confirmer")).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Votre rendez-vous")
    expect(phone.locator(".meeting__hour")).to_contain_text(hour.split()[0])
