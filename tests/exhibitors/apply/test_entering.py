"""An exhibitor who telephones is entered by an organiser, and takes its space over afterwards."""

from datetime import timedelta

import pytest
from flask import Flask

from salon.accounts.models import Account
from salon.billing.models import SalesDocument, SalesKind
from salon.exhibitor_space.engine.tasks import TaskStatus, tasks_of
from salon.exhibitors.models import (
    ApplicationStatus,
    Exhibitor,
    ExhibitorTerms,
    PriceItem,
    PriceUnit,
    Task,
)
from salon.exhibitors.queries.exhibitors import get_exhibitor
from salon.exhibitors.rules.application import AlreadyEntered
from salon.fair.models import Edition
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from salon.platform.database.journal import JournalEntry
from salon.platform.mail.delivery import words_of
from salon.platform.mail.outbox import Message
from salon.platform.settings.clock import local, now
from salon.platform.words.formats import day
from tests.badges.people import all_of, kinds_sent
from tests.billing.pages import issue_by
from tests.exhibitors.apply.company_server import CLOSED, LIGHTING
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand
from tests.factories import sign_in
from tests.pages import PageClient

ENTER = "/organisation/exposants/saisir"
EMAIL = "contact@eclairage.example"
CALL = {"main-last_name": "Cabanel", "main-phone": "04 67 00 00 00", "area": "12"}
ARTICLES = [{"title": "Montage", "text": "La veille."}]


@pytest.fixture
def organiser(app: Flask, terms: ExhibitorTerms) -> PageClient:
    """Return an organiser of a fair whose regulations are to be agreed to."""
    with transaction(terms):
        terms.regulations, terms.regulations_dated_on = ARTICLES, local(now()).date()
        terms.applications_close_at = now() - timedelta(hours=1)
    return sign_in(app, Role.ORGANISER)


def enter(client: PageClient, **fields: str) -> Exhibitor:
    answer = client.fill(ENTER, **{**CALL, **fields})
    assert answer.status_code == 302, answer.text[:3000]
    exhibitor_id = int(answer.location.rpartition("/")[2])
    current_session().expire_all()
    return get_exhibitor(exhibitor_id)


def test_a_telephone_call_is_enough_also_once_applications_are_closed(
    organiser: PageClient, terms: ExhibitorTerms
) -> None:
    option = next(item for item in all_of(PriceItem) if item.unit == PriceUnit.OPTION)
    chosen = {f"option-{option.id}": "1", "power_kw": "3", "wants_corner": "y"}
    exhibitor = enter(organiser, siret=LIGHTING, **{"main-email": EMAIL}, **chosen)
    assert (exhibitor.status, exhibitor.name, exhibitor.city, exhibitor.area) == (
        ApplicationStatus.SUBMITTED,
        "LUMIÈRE 34",
        "BEZIERS",
        12,
    )
    assert (exhibitor.power_kw, exhibitor.wants_corner) == (3, True)
    assert [row.price_item_id for row in exhibitor.options] == [option.id]
    assert exhibitor.accepted_regulations_on is None
    assert exhibitor.entered_by
    entries = [row for row in all_of(JournalEntry) if row.action == "exhibitor.enter"]
    assert [row.actor_name for row in entries] == [exhibitor.entered_by]
    assert kinds_sent(EMAIL) == ["exhibitor_enter"]
    message = next(row for row in all_of(Message) if row.kind == "exhibitor_enter")
    assert exhibitor.private_token in words_of(message)[1]


def test_what_a_call_cannot_give_is_a_task_of_its_space(
    app: Flask, organiser: PageClient, terms: ExhibitorTerms
) -> None:
    exhibitor = enter(organiser, siret=LIGHTING, **{"main-email": EMAIL})
    contact = sign_in(app, Role.EXHIBITOR, EMAIL)
    accept(organiser, exhibitor)
    today = local(now()).date()
    states = {state.task: state.status for state in tasks_of(exhibitor, terms, today)}
    assert {states[task] for task in (Task.PROFILE, Task.LOGO, Task.REGULATIONS)} == {
        TaskStatus.TO_DO
    }
    path = f"/mon-stand/{exhibitor.id}"
    assert f"{path}/reglement" in contact.get(path).text
    assert contact.fill(f"{path}/reglement").status_code == 400
    assert contact.fill(f"{path}/reglement", accepts="y").status_code == 302
    current_session().expire_all()
    exhibitor = get_exhibitor(exhibitor.id)
    assert exhibitor.accepted_regulations_on == terms.regulations_dated_on
    assert exhibitor.regulations_remark == ""


def accept(organiser: PageClient, exhibitor: Exhibitor) -> str:
    """Accept an exhibitor by the page; return what the page then says."""
    path = f"/organisation/exposants/{exhibitor.id}/decision"
    page = organiser.fill(path, move="accept", version=str(exhibitor.version))
    assert page.status_code == 302, page.text[:2000]
    current_session().expire_all()
    return organiser.get(page.location).text


def test_an_agreement_by_telephone_is_noted_with_its_day_and_by_whom(
    organiser: PageClient, terms: ExhibitorTerms
) -> None:
    today = local(now()).date()
    late = {"way": "telephone", "given_on": (today + timedelta(days=1)).isoformat()}
    refused = organiser.fill(ENTER, **CALL, name="Bornes", **late)
    assert "au plus tard aujourd’hui" in refused.text
    assert organiser.fill(ENTER, **CALL, name="Bornes", way="paper").status_code == 400
    assert all_of(Exhibitor) == []
    exhibitor = enter(organiser, name="Bornes", way="telephone", given_on=today.isoformat())
    assert exhibitor.accepted_regulations_on == terms.regulations_dated_on
    noted = f"Accord donné par téléphone le {day(today)}, noté par {exhibitor.entered_by}"
    assert exhibitor.regulations_remark == noted
    later = enter(organiser, name="Bancs publics")
    path = f"/organisation/exposants/{later.id}"
    assert f"{path}/accord" in organiser.get(path).text
    answer = organiser.fill(f"{path}/accord", way="paper", given_on=today.isoformat())
    assert answer.status_code == 302
    assert "Sur papier".lower() in organiser.get(path).text
    assert f"{path}/accord" not in organiser.get(path).text


def test_the_same_siret_leads_to_its_application_and_the_same_name_asks(
    organiser: PageClient, terms: ExhibitorTerms
) -> None:
    edition = current_session().get_one(Edition, terms.edition_id)
    known = make_exhibitor(edition, name="Lumière 34", siret=LIGHTING)
    again = organiser.fill(ENTER, **CALL, siret=LIGHTING)
    assert again.status_code == 409
    assert f'href="/organisation/exposants/{known.id}"' in again.text
    assert AlreadyEntered(known.id, known.name, is_certain=True).message in again.text
    namesake = organiser.fill(ENTER, **CALL, name="LUMIERE 34")
    assert namesake.status_code == 409
    assert len(all_of(Exhibitor)) == 1
    assert enter(organiser, name="LUMIERE 34", is_namesake="y").id != known.id


def test_the_rules_of_the_public_form_are_kept(
    organiser: PageClient, terms: ExhibitorTerms
) -> None:
    for fields, words in (
        ({"siret": CLOSED}, "cet établissement est fermé"),
        ({"name": ""}, "Indiquez le nom à afficher."),
        ({"name": "Bornes", "area": "4000"}, "Choisissez une surface de"),
        ({"name": "Bornes", "main-phone": ""}, "Indiquez le téléphone."),
        ({"name": "Bornes", "main-last_name": ""}, "Indiquez le nom."),
        ({"name": "Bornes", "main-email": "contact@"}, "adresse"),
    ):
        answer = organiser.fill(ENTER, **{**CALL, **fields})
        assert answer.status_code in (400, 409), fields
        assert words in answer.text, fields
    assert all_of(Exhibitor) == []


def correct(organiser: PageClient, exhibitor: Exhibitor, **changes: str) -> None:
    current_session().expire_all()
    fields = {
        **{name: str(getattr(exhibitor, name)) for name in ("version", "name", "area", "power_kw")},
        **{"kind": exhibitor.kind.value, "contact-last_name": "Cabanel", **changes},
    }
    answer = organiser.fill(f"/organisation/exposants/{exhibitor.id}/modifier", **fields)
    assert answer.status_code == 302, answer.text[:3000]


def test_from_a_call_without_address_to_the_invoice(
    organiser: PageClient, terms: ExhibitorTerms
) -> None:
    exhibitor = enter(organiser, siret=LIGHTING)
    assert all_of(Message) == []
    assert exhibitor.private_token in organiser.get(f"/organisation/exposants/{exhibitor.id}").text
    assert "Sans adresse, rien n’est parti." in accept(organiser, exhibitor)
    stand = make_stand(make_hall(exhibitor.edition, name="2"), number="23")
    with transaction(exhibitor):
        exhibitor.stand_id = stand.id
    for kind in ("devis", "commande", "facture"):
        answer = issue_by(organiser, exhibitor, kind)
        assert answer.status_code == 302, answer.text[:3000]
    by_kind = {row.kind: row for row in all_of(SalesDocument)}
    assert set(by_kind) == {SalesKind.QUOTE, SalesKind.ORDER, SalesKind.INVOICE}
    assert by_kind[SalesKind.ORDER].remark.startswith("Accord reçu par l’organisation")
    assert all_of(Message) == []
    correct(organiser, exhibitor, wish_note="Près de l’entrée")
    assert all_of(Message) == []
    correct(organiser, exhibitor, **{"contact-email": EMAIL})
    assert kinds_sent(EMAIL) == ["exhibitor_enter"]
    assert [row.email for row in all_of(Account) if row.role == Role.EXHIBITOR] == [EMAIL]


def test_nobody_agrees_to_regulations_that_are_not_written(
    organiser: PageClient, terms: ExhibitorTerms
) -> None:
    exhibitor = enter(organiser, name="Éclairage de la Plaine")
    with transaction(terms):
        terms.regulations, terms.regulations_dated_on = [], None
    path = f"/organisation/exposants/{exhibitor.id}"
    assert organiser.get(f"{path}/accord").status_code == 404
    agreement = {"way": "telephone", "given_on": f"{local(now()):%Y-%m-%d}"}
    assert enter(organiser, name="Lumière du Larzac", **agreement).regulations_remark == ""
    assert f"{path}/accord" not in organiser.get(path).text
