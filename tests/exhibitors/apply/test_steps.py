"""The steps of an application, up to the summary and its sending."""

import re
from decimal import Decimal

import pytest

from salon.billing.services.prices import change_price
from salon.exhibitors.models import (
    ApplicationStatus,
    Exhibitor,
    ExhibitorTerms,
    PriceItem,
    PriceUnit,
)
from salon.exhibitors.services.prices import Price
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import JournalEntry
from tests.badges.people import all_of, kinds_sent
from tests.exhibitors.apply.company_server import CompanyServer
from tests.exhibitors.apply.filling import (
    ACTIVITY,
    CONTACTS,
    EMAIL,
    ORGANISATION,
    WISHES,
    fill,
    fill_all,
    fresh,
    html,
    page_of,
    start,
    wishes_page,
)
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand, make_theme
from tests.pages import PageClient


def test_the_whole_application(client: PageClient, edition: Edition, terms: ExhibitorTerms) -> None:
    theme = make_theme(edition, make_stand(make_hall(edition)))
    exhibitor = start(client)
    fill_all(client, exhibitor)
    answer = fill(client, page_of(exhibitor, "activite"), **ACTIVITY, themes=str(theme.id))
    assert answer.status_code == 302
    item = next(item for item in all_of(PriceItem) if item.code == "repas")
    fill(client, page_of(exhibitor, "options"), **{f"option-{item.id}": "4"})
    summary = html(client.get(page_of(exhibitor, "recapitulatif")))
    assert "2\u202f" not in summary.split("Prix estimé")[0]
    for sentence in ("Lumière 34", "Fibre", "12\u00a0m²", "Déjeuner", "1\u202f440,00", "90,92"):
        assert sentence in summary
    refused = fill(client, page_of(exhibitor, "recapitulatif"))
    assert refused.status_code == 400
    assert fresh(exhibitor).status == ApplicationStatus.DRAFT
    response = fill(client, page_of(exhibitor, "recapitulatif"), accepts="y")
    assert (response.status_code, response.location) == (302, page_of(exhibitor))
    stored_exhibitor = fresh(exhibitor)
    assert stored_exhibitor.status == ApplicationStatus.SUBMITTED
    assert stored_exhibitor.submitted_at is not None
    assert kinds_sent(EMAIL) == ["application_started", "exhibitor_submit"]
    page = html(client.get(page_of(stored_exhibitor)))
    assert "À l’étude" in page
    assert "répond par courriel" in page
    actions = [entry.action for entry in all_of(JournalEntry)]
    assert actions == ["exhibitor.start", "exhibitor.submit"]


@pytest.mark.parametrize("patience_s", [0.3])
def test_a_step_opens_once_the_former_ones_are_filled(
    client: PageClient, terms: ExhibitorTerms, search: CompanyServer
) -> None:
    search.mode = "hang"
    exhibitor = start(client)
    answer = client.get(page_of(exhibitor, "souhaits"))
    assert answer.location.endswith("/organisation")
    fill(client, page_of(exhibitor, "organisation"), **ORGANISATION)
    assert client.get(page_of(exhibitor, "souhaits")).location.endswith("/contacts")
    assert client.get(page_of(exhibitor, "contacts")).status_code == 200


def test_sending_what_is_incomplete_leads_to_what_is_missing(
    client: PageClient, terms: ExhibitorTerms
) -> None:
    exhibitor = start(client)
    fill(client, page_of(exhibitor, "organisation"), **ORGANISATION)
    version = fresh(exhibitor).version
    data = {"csrf_token": client.token(page_of(exhibitor, "contacts")), "accepts": "y"}
    answer = client.post(
        page_of(exhibitor, "recapitulatif"), data={**data, "version": str(version)}
    )
    assert answer.status_code == 302
    assert answer.location.endswith("/contacts#main-first_name")
    assert fresh(exhibitor).status == ApplicationStatus.DRAFT


def test_finishing_later_keeps_what_is_half_filled(
    client: PageClient, terms: ExhibitorTerms
) -> None:
    exhibitor = start(client)
    fields = {**ORGANISATION, "city": "", "action": "later"}
    answer = fill(client, page_of(exhibitor, "organisation"), **fields)
    assert answer.location == page_of(exhibitor)
    assert (fresh(exhibitor).name, fresh(exhibitor).city) == ("Lumière 34", "")
    assert "Reprendre à «\u00a0Organisme\u00a0»" in html(client.get(page_of(exhibitor)))


def test_a_draft_goes_on_at_the_stand_until_something_of_it_was_chosen(
    client: PageClient, terms: ExhibitorTerms
) -> None:
    exhibitor = start(client)
    fill(client, page_of(exhibitor, "organisation"), **ORGANISATION)
    fill(client, page_of(exhibitor, "contacts"), **CONTACTS)
    fill(client, page_of(exhibitor, "activite"), **ACTIVITY, action="later")
    assert "Reprendre à «\u00a0Stand\u00a0»" in html(client.get(page_of(exhibitor)))
    fill(client, page_of(exhibitor, "souhaits"), **WISHES, action="later")
    assert "Reprendre à «\u00a0Récapitulatif\u00a0»" in html(client.get(page_of(exhibitor)))


def test_autosave_keeps_what_is_right_and_says_what_is_not(
    client: PageClient, terms: ExhibitorTerms
) -> None:
    exhibitor = start(client)
    fields = {**ORGANISATION, "website": "pas une adresse", "action": "autosave"}
    answer = fill(client, page_of(exhibitor, "organisation"), **fields)
    assert answer.status_code == 200
    assert re.match(
        r"Enregistré à \d+\u00a0h\u00a0\d\d, sauf : Site internet\.", answer.json["message"]
    )
    assert answer.json["version"] == fresh(exhibitor).version
    assert (fresh(exhibitor).name, fresh(exhibitor).website) == ("Lumière 34", "")


def test_autosave_on_the_way_writes_to_nobody(client: PageClient, terms: ExhibitorTerms) -> None:
    exhibitor = start(client)
    other_fields = {**CONTACTS, "main-email": "autre@eclairage.example"}
    fill(client, page_of(exhibitor, "organisation"), **ORGANISATION)
    fill(client, page_of(exhibitor, "contacts"), **other_fields, action="autosave")
    assert kinds_sent("autre@eclairage.example") == []
    fill(client, page_of(exhibitor, "contacts"), **other_fields)
    fill(client, page_of(exhibitor, "contacts"), **other_fields)
    assert kinds_sent("autre@eclairage.example") == ["application_link"]


def test_other_contacts_come_and_go(client: PageClient, terms: ExhibitorTerms) -> None:
    exhibitor = start(client)
    fill(client, page_of(exhibitor, "organisation"), **ORGANISATION)
    path = page_of(exhibitor, "contacts")
    billing = {"billing-last_name": "Pech", "billing-email": "compta@eclairage.example"}
    assert fill(client, path, **CONTACTS, **{"billing-last_name": "Pech"}).status_code == 400
    assert fill(client, path, **CONTACTS, **billing).status_code == 302
    assert [contact.kind for contact in fresh(exhibitor).contacts] == ["main", "billing"]
    assert fill(client, path, **CONTACTS).status_code == 302
    assert [contact.kind for contact in fresh(exhibitor).contacts] == ["main"]


def two_tabs(client: PageClient, exhibitor: Exhibitor) -> dict[str, str]:
    """Return the hidden fields of a first tab, before a second one saved."""
    page = html(client.get(page_of(exhibitor, "organisation")))
    tab = dict(re.findall(r'name="(csrf_token|version)"[^>]*value="([^"]+)"', page))
    saved = fill(client, page_of(exhibitor, "organisation"), **{**ORGANISATION, "city": "Sète"})
    assert saved.status_code == 302
    return tab


def test_two_tabs_never_overwrite_each_other(client: PageClient, terms: ExhibitorTerms) -> None:
    """The second sees both, then decides."""
    exhibitor = start(client)
    tab = two_tabs(client, exhibitor)
    path = page_of(exhibitor, "organisation")
    answer = client.post(path, data={**tab, **ORGANISATION, "city": "Agde"})
    assert answer.status_code == 409
    page = html(answer)
    assert "Sète" in page
    assert 'value="Agde"' in page
    assert fresh(exhibitor).city == "Sète"
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert version is not None
    tab["version"] = version[1]
    second_answer = client.post(path, data={**tab, **ORGANISATION, "city": "Agde"})
    assert second_answer.status_code == 302
    assert fresh(exhibitor).city == "Agde"


def test_autosave_never_overwrites_another_tab(client: PageClient, terms: ExhibitorTerms) -> None:
    exhibitor = start(client)
    tab = two_tabs(client, exhibitor)
    data = {**tab, **ORGANISATION, "city": "Agde", "action": "autosave"}
    answer = client.post(page_of(exhibitor, "organisation"), data=data)
    assert answer.status_code == 409
    assert "validez de nouveau" in answer.json["message"]
    assert fresh(exhibitor).city == "Sète"


def test_the_same_step_sent_twice_is_no_conflict(client: PageClient, terms: ExhibitorTerms) -> None:
    exhibitor = start(client)
    path = page_of(exhibitor, "organisation")
    page = html(client.get(path))
    tab = dict(re.findall(r'name="(csrf_token|version)"[^>]*value="([^"]+)"', page))
    for _ in range(2):
        assert client.post(path, data={**tab, **ORGANISATION}).status_code == 302


def test_wishes_are_kept(client: PageClient, edition: Edition, terms: ExhibitorTerms) -> None:
    hall = make_hall(edition, name="2")
    exhibitor, path = wishes_page(client)
    fields = {
        **WISHES,
        "wished_hall_id": str(hall.id),
        "wants_water": "y",
        "near-0": "Fibre d’Oc",
        "near-1": "",
        "near-2": "=SOMME(A1)",
        "apart-0": "Autre Éclairage",
        "co_exhibitors-0-name": "Bornes du Libron",
        "co_exhibitors-0-website": "www.bornes.example",
        "co_exhibitors-1-name": "",
        "wish_note": "Près de l’entrée.",
    }
    assert fill(client, path, **fields).status_code == 302
    stored_exhibitor = fresh(exhibitor)
    assert (
        stored_exhibitor.area,
        stored_exhibitor.wants_corner,
        stored_exhibitor.wants_water,
        stored_exhibitor.power_kw,
    ) == (
        12,
        True,
        True,
        3,
    )
    assert (stored_exhibitor.wished_hall_id, stored_exhibitor.near, stored_exhibitor.apart) == (
        hall.id,
        ["Fibre d’Oc", "=SOMME(A1)"],
        ["Autre Éclairage"],
    )
    assert [
        (co_exhibitor.name, co_exhibitor.website) for co_exhibitor in stored_exhibitor.co_exhibitors
    ] == [("Bornes du Libron", "https://www.bornes.example")]
    assert fill(client, path, **WISHES).status_code == 302
    assert (fresh(stored_exhibitor).co_exhibitors, fresh(stored_exhibitor).near) == ([], [])


def test_a_line_is_added_for_another_co_exhibitor(
    client: PageClient, terms: ExhibitorTerms
) -> None:
    exhibitor, path = wishes_page(client)
    fields = {**WISHES, "co_exhibitors-0-name": "Bornes du Libron", "action": "add"}
    page = html(fill(client, path, **fields))
    assert 'name="co_exhibitors-1-name"' in page
    assert 'value="Bornes du Libron"' in page
    assert re.search(r'<input[^>]*autofocus[^>]*name="co_exhibitors-1-name"', page)
    halfway = html(fill(client, path, area="", action="add"))
    assert "à corriger" not in halfway
    full = {f"co_exhibitors-{number}-name": f"Co {number}" for number in range(5)}
    page = html(fill(client, path, **WISHES, **full, action="add"))
    assert 'name="co_exhibitors-5-name"' not in page
    assert fresh(exhibitor).co_exhibitors == []
    refused_answer = fill(client, page_of(exhibitor, "activite"), **ACTIVITY, action="add")
    assert refused_answer.status_code == 400


def test_an_option_taken_once_is_a_box_to_tick(
    client: PageClient, edition: Edition, terms: ExhibitorTerms
) -> None:
    exhibitor, path = wishes_page(client)
    fill(client, path, **WISHES)
    with transaction() as session:
        item = PriceItem(
            edition_id=edition.id,
            code="menage",
            label="Nettoyage",
            unit=PriceUnit.OPTION,
            unit_price=Decimal("45.00"),
            vat_rate=Decimal("20"),
            maximum=1,
        )
        session.add(item)
    path, field = page_of(exhibitor, "options"), f"option-{item.id}"
    for sent, value in (({field: "y"}, [1]), ({}, [])):
        assert fill(client, path, **sent).status_code == 302
        assert [option.quantity for option in fresh(exhibitor).options] == value
        ticked = re.search(rf'<input[^>]*checked[^>]*id="{field}"', html(client.get(path)))
        assert (ticked is not None) == bool(value)


def test_options_stay_when_their_price_changes_while_their_page_is_open(
    client: PageClient, terms: ExhibitorTerms
) -> None:
    exhibitor, wishes = wishes_page(client)
    fill(client, wishes, **WISHES)
    lunch = next(item for item in all_of(PriceItem) if item.code == "repas")
    path = page_of(exhibitor, "options")
    fill(client, path, **{f"option-{lunch.id}": "4"})
    open_page = html(client.get(path))
    hidden = dict(re.findall(r'name="(csrf_token|version)"[^>]*value="([^"]+)"', open_page))
    dearer = Price("repas", "Déjeuner", lunch.unit, Decimal("30"), Decimal("10"))
    replacing = change_price(Act(SYSTEM), lunch.id, dearer)
    answer = client.post(path, data={**hidden, f"option-{lunch.id}": "4"})
    assert answer.status_code == 409
    assert f"option-{replacing.id}" in html(answer)
    [option] = fresh(exhibitor).options
    assert (option.price_item_id, option.quantity) == (replacing.id, 4)
    assert fill(client, path, **{f"option-{replacing.id}": "5"}).status_code == 302
    assert [option.quantity for option in fresh(exhibitor).options] == [5]


def test_only_the_main_contact_has_the_plain_labels(
    client: PageClient, terms: ExhibitorTerms
) -> None:
    exhibitor = start(client)
    fill(client, page_of(exhibitor, "organisation"), **ORGANISATION)
    page = html(client.get(page_of(exhibitor, "contacts")))
    for label in ("Nom", "Prénom", "Adresse électronique", "Téléphone"):
        assert page.count(f">{label}</label>") == 1
        assert f">{label} (facturation)</label>" in page


def test_what_the_organiser_asks_stands_above_each_step(
    client: PageClient, edition: Edition, terms: ExhibitorTerms
) -> None:
    exhibitor = make_exhibitor(
        edition, status=ApplicationStatus.CHANGES_ASKED, status_reason="Précisez la puissance."
    )
    for step in ("organisation", "souhaits", "recapitulatif"):
        assert "Précisez la puissance." in html(client.get(page_of(exhibitor, step)))
