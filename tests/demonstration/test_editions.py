"""The fair of 2021, lived and billed, once the next edition is the public one."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from salon.accounts.services.stations import issue_station_token
from salon.badges.models import Badge
from salon.badges.queries import find_demonstration_badge
from salon.billing.models import SalesDocument, SalesKind
from salon.billing.services.reminders import post_invoice_reminders
from salon.demonstration.services import jump_to
from salon.fair.models import Edition, EditionState
from salon.fair.queries import get_edition, get_public_edition
from salon.fair.services import open_edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM
from salon.platform.settings.clock import clock, local, now
from tests.billing.sales import make_buyer, make_invoice
from tests.factories import make_edition, new_key
from tests.fair.test_practical import fields_of
from tests.pages import PageClient

MONEY = "/organisation/facturation"


def enter(app: Flask, role: str) -> PageClient:
    client = app.test_client()
    assert isinstance(client, PageClient)
    client.fill("/demonstration", "/demonstration/entrer", role=role)
    return client


def read(client: PageClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True).replace("\u00a0", " ").replace("\u202f", " ")


def to_collect(client: PageClient, path: str) -> str:
    """Return the figure « à encaisser » of the money overview, as its page shows it."""
    before_label, _, _ = read(client, path).partition("à encaisser")
    figures = re.findall(r"\d[\d ]*,\d\d", words_in(before_label))
    return str(figures[-1])


def words_in(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", unescape(text))).replace("\u202f", " ")


@pytest.fixture
def invoice(app: Flask) -> SalesDocument:
    """Return an invoice of 2021 that nobody paid, the evening of the fair."""
    jump_to("evening")
    edition = get_edition("2021")
    return make_invoice(make_buyer(edition), edition)


@pytest.fixture
def before(app: Flask, invoice: SalesDocument) -> str:
    """Return the amounts left to collect before the next edition is open."""
    return to_collect(enter(app, "organiser"), MONEY)


@pytest.fixture
def past(app: Flask, before: str) -> Edition:
    """2021, held, while the edition of 2022 is public."""
    opened = make_edition(slug="2022", day=date(2022, 10, 7), is_current=False)
    open_edition(Act(SYSTEM), opened.id)
    past = get_edition("2021")
    assert past.state == EditionState.HELD
    return past


@pytest.fixture
def past_of_prepared(app: Flask, before: str) -> Edition:
    """2021, held, while the edition of 2022, prepared from it on the pages, is public.

    Six clicks: « Réglages », « Éditions », « Préparer la suivante », « Préparer l’édition »,
    « Ouvrir au public », and the confirmation.
    """
    organiser, editions = enter(app, "organiser"), "/organisation/reglages/editions"
    assert f'href="{editions}"' in read(organiser, "/organisation/reglages")
    preparing = f"{editions}/2021/suivante"
    assert f'href="{preparing}"' in read(organiser, editions)
    values = fields_of(read(organiser, preparing))
    assert organiser.post(preparing, data=values).status_code == 302
    stamp = fields_of(read(organiser, editions))["stamp"]
    question = organiser.fill(editions, f"{editions}/2022", act="open", stamp=stamp)
    organiser.confirm(question)
    assert get_public_edition().slug == "2022"
    past = get_edition("2021")
    assert past.state == EditionState.HELD
    return past


def test_money_is_still_to_collect_and_is_collected(
    app: Flask, past_of_prepared: Edition, before: str, invoice: SalesDocument
) -> None:
    organiser = enter(app, "organiser")
    assert to_collect(organiser, f"/e/2021{MONEY}") == before != "0,00"
    assert to_collect(organiser, MONEY) == "0,00"
    pdf = organiser.get(f"{MONEY}/pieces/{invoice.id}.pdf")
    assert (pdf.status_code, pdf.mimetype) == (200, "application/pdf")
    page = f"/organisation/exposants/{invoice.exhibitor_id}/facturation"
    assert f'href="/e/2021{MONEY}"' in read(organiser, page)
    paying = f"{page}/reglement"
    today = local(now()).date().isoformat()
    answer = organiser.fill(page, paying, amount="10", method="cheque", received_on=today)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/e/2021/")
    credit = f"{MONEY}/factures/{invoice.id}/avoir"
    assert organiser.fill(credit, lines=[1], reason="Une ligne de trop").status_code == 302
    notes = select(SalesDocument).where(SalesDocument.from_id == invoice.id)
    (note,) = [
        document
        for document in current_session().scalars(notes)
        if document.kind == SalesKind.CREDIT_NOTE
    ]
    assert note.edition_id == past_of_prepared.id


def test_late_invoices_are_still_recalled(app: Flask, past: Edition) -> None:
    clock.jump(now() + timedelta(days=120))
    assert post_invoice_reminders(now()) > 0


def test_exhibitors_and_agents_still_have_their_pages(app: Flask, past: Edition) -> None:
    exhibitor = enter(app, "exhibitor")
    space = exhibitor.get("/mon-stand", follow_redirects=True)
    assert space.status_code == 200
    assert 'href="/e/2021/mon-stand/' in space.get_data(as_text=True)
    agent = enter(app, "agent")
    assert "/e/2021/" in read(agent, "/planning")
    coordinator = enter(app, "coordination")
    assert coordinator.get("/planning/suites.csv").status_code == 200
    organiser = enter(app, "organiser")
    of_past = organiser.get("/e/2021/organisation/rendez-vous/suites.csv").data
    assert len(of_past) > len(organiser.get("/organisation/rendez-vous/suites.csv").data)


def test_a_badge_of_2021_opens_its_page_and_no_door(
    app: Flask, client: PageClient, past: Edition
) -> None:
    badge: Badge | None = find_demonstration_badge(past)
    assert badge is not None
    assert f"/e/2021/badge/{badge.private_token}" in read(client, f"/badge/{badge.private_token}")
    headers = {"Authorization": f"Bearer {issue_station_token(Act(SYSTEM), 'Entrée', None)}"}
    scan = {
        "scan_id": new_key(),
        "code": badge.code,
        "scanned_at": now().isoformat(),
        "door": "A",
        "direction": "in",
    }
    answer = client.post("/api/v1/scans", json={"scans": [scan]}, headers=headers)
    assert answer.json["results"][0]["verdict"] == "wrong_edition"
