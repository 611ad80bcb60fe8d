"""The application on its pages, from the SIRET to the tracking page."""

import gc
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from werkzeug.datastructures import MultiDict

from salon.config import Settings
from salon.deliver import words_of
from salon.exhibitors.models import ApplicationStatus, Exhibitor, ExhibitorTerms, PriceItem
from salon.fair.models import Edition
from salon.identity import Role
from salon.journal import JournalEntry
from salon.limits import count_try
from salon.outbox import Message
from salon.times import now
from tests.badges.people import all_of, kinds_sent
from tests.exhibitors.apply.company_server import CLOSED, LIGHTING, TOWN, CompanyServer
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand, make_terms, make_theme
from tests.factories import new_key, sign_in
from tests.pages import PageClient

EMAIL = "contact@eclairage.example"
START = "/exposants/inscription"
ORGANISATION = {
    "legal_name": "Éclairage du Biterrois",
    "name": "Lumière 34",
    "kind": "company",
    "address": "12 rue des Vignes",
    "postal_code": "34500",
    "city": "Béziers",
}
CONTACTS = {
    "main-civility": "madame",
    "main-first_name": "Élise",
    "main-last_name": "Cabanel",
    "main-function": "Responsable commerciale",
    "main-email": EMAIL,
    "main-phone": "04 67 00 00 00",
}
ACTIVITY = {"sector": "energy", "presentation": "Éclairage public et bornes."}
WISHES = {"area": "12", "power_kw": "3", "wished_hall_id": "0", "wants_corner": "y"}


def html(response: Any) -> str:
    return str(response.get_data(as_text=True))


def start(client: PageClient, siret: str = LIGHTING, email: str = EMAIL) -> Exhibitor:
    answer = client.fill(START, siret=siret, email=email)
    assert answer.status_code == 302, html(answer)[:3000]
    found = all_of(Exhibitor)[-1]
    assert answer.location.endswith(f"/{found.private_token}/organisation")
    return found


def page_of(found: Exhibitor, step: str = "") -> str:
    return f"{START}/{found.private_token}" + (f"/{step}" if step else "")


def fill(client: PageClient, path: str, **fields: Any) -> Any:
    """Opens a step and sends it with its token and version."""
    page = html(client.get(path))
    hidden = dict(re.findall(r'name="(csrf_token|version)"[^>]*value="([^"]+)"', page))
    return client.post(path, data={**hidden, **fields})


def fill_all(client: PageClient, found: Exhibitor) -> None:
    """Every step, up to the summary."""
    steps: list[tuple[str, dict[str, str]]] = [
        ("organisation", ORGANISATION),
        ("contacts", CONTACTS),
        ("activite", ACTIVITY),
        ("souhaits", WISHES),
        ("options", {}),
    ]
    for (name, fields), following in zip(
        steps, ["contacts", "activite", "souhaits", "options", "recapitulatif"], strict=True
    ):
        answer = fill(client, page_of(found, name), **fields)
        assert answer.status_code == 302, html(answer)[:3000]
        assert answer.location.endswith(f"/{following}")


def fresh(found: Exhibitor) -> Exhibitor:
    return next(one for one in all_of(Exhibitor) if one.id == found.id)


# The first page


def test_a_siret_fills_the_first_step(client: PageClient, terms: ExhibitorTerms) -> None:
    found = start(client)
    assert (found.status, found.siret, found.legal_name, found.name) == (
        ApplicationStatus.DRAFT,
        LIGHTING,
        "ECLAIRAGE DU BITERROIS",
        "LUMIÈRE 34",
    )
    assert (found.postal_code, found.city, found.vat_number) == (
        "34500",
        "BEZIERS",
        "FR64443061841",
    )
    assert kinds_sent(EMAIL) == ["application_started"]
    page = html(client.get(page_of(found, "organisation")))
    assert "Nous avons trouvé votre organisme" in page
    assert 'value="ECLAIRAGE DU BITERROIS"' in page


@pytest.mark.parametrize("mode", ["hang", "drip"])
def test_a_search_that_is_slow_leaves_the_form_empty(
    app: Flask, client: PageClient, terms: ExhibitorTerms, search: CompanyServer, mode: str
) -> None:
    search.mode = mode
    found = start(client)
    assert (found.siret, found.legal_name, found.city) == (LIGHTING, "", "")
    assert "À remplir à la main" in html(client.get(page_of(found, "organisation")))


@pytest.mark.parametrize(
    ("siret", "said"),
    [
        ("44306184100048", "Ce numéro SIRET n’est pas valable"),
        ("443061841", "Ce numéro SIRET n’est pas valable"),
        ("4430618410004A", "Ce numéro SIRET n’est pas valable"),
        ("", "Indiquez le numéro SIRET."),
        ("=CMD()", "Ce numéro SIRET n’est pas valable"),
    ],
)
def test_a_wrong_siret_is_refused(
    client: PageClient, terms: ExhibitorTerms, search: CompanyServer, siret: str, said: str
) -> None:
    answer = client.fill(START, siret=siret, email=EMAIL)
    assert answer.status_code == 400
    assert said in html(answer)
    assert (all_of(Exhibitor), search.asked, kinds_sent()) == ([], [], [])


@pytest.mark.parametrize("typed", ["443 061 841 00047", "443.061.841.00047", " 44306184100047 "])
def test_a_siret_is_read_as_it_is_written(
    client: PageClient, terms: ExhibitorTerms, typed: str
) -> None:
    assert start(client, siret=typed).siret == LIGHTING


def test_who_has_no_siret_applies_too(client: PageClient, terms: ExhibitorTerms) -> None:
    answer = client.fill(
        f"{START}?sans-siret=1",
        kind="company",
        name="Leuchten GmbH",
        country="DE",
        foreign_number="HRB 12345",
        email=EMAIL,
    )
    assert answer.status_code == 302
    found = all_of(Exhibitor)[0]
    assert (found.siret, found.country, found.foreign_number, found.name) == (
        "",
        "DE",
        "HRB 12345",
        "Leuchten GmbH",
    )
    answer = fill(
        client,
        page_of(found, "organisation"),
        **{**ORGANISATION, "country": "DE", "postal_code": "D-10115", "city": "Berlin"},
    )
    assert answer.status_code == 302
    assert fresh(found).postal_code == "D-10115"


def test_the_same_form_twice_gives_one_draft(client: PageClient, terms: ExhibitorTerms) -> None:
    data = {"csrf_token": client.token(START), "submission_key": new_key()}
    answers = [client.post(START, data={**data, "siret": LIGHTING, "email": EMAIL}) for _ in "12"]
    assert answers[0].location == answers[1].location
    assert len(all_of(Exhibitor)) == 1
    assert kinds_sent() == ["application_started"]


@pytest.mark.parametrize("status", ["submitted", "changes_asked", "waiting", "offered", "accepted"])
def test_a_siret_that_applied_is_told_without_anything_of_the_first(
    client: PageClient, edition: Edition, terms: ExhibitorTerms, status: str
) -> None:
    """S-11: the link goes to the first's own contact, and nothing of it is shown."""
    first = make_exhibitor(
        edition, status=ApplicationStatus(status), email="premier@secret.example", siret=LIGHTING
    )
    answer = client.fill(START, siret=LIGHTING, email="second@autre.example")
    assert answer.status_code == 409
    page = html(answer)
    assert "Une candidature est déjà en cours" in page
    for secret in ("premier@secret.example", first.private_token, first.name, "Cabanel"):
        assert secret not in page
    assert len(all_of(Exhibitor)) == 1
    assert kinds_sent("premier@secret.example") == ["application_link"]
    assert kinds_sent("second@autre.example") == []


def test_the_same_person_gets_the_link_of_the_draft_again(
    client: PageClient, terms: ExhibitorTerms
) -> None:
    start(client)
    assert client.fill(START, siret=LIGHTING, email=EMAIL.upper()).status_code == 409
    assert kinds_sent(EMAIL) == ["application_started", "application_link"]


def test_a_mistyped_address_does_not_shut_a_company_out(
    client: PageClient, terms: ExhibitorTerms
) -> None:
    start(client, email="contcat@eclairage.example")
    start(client)
    assert len(all_of(Exhibitor)) == 2


@pytest.mark.parametrize("status", ["refused", "withdrawn"])
def test_a_company_that_left_may_apply_again(
    client: PageClient, edition: Edition, terms: ExhibitorTerms, status: str
) -> None:
    make_exhibitor(edition, status=ApplicationStatus(status), email=EMAIL, siret=LIGHTING)
    start(client)


def test_starts_are_limited(client: PageClient, terms: ExhibitorTerms) -> None:
    for number in range(10):
        client.fill(START, siret=LIGHTING, email=f"c{number}@x.example")
    answer = client.fill(START, siret=LIGHTING, email="c@x.example")
    assert answer.status_code == 429


# Open, closed


@pytest.mark.parametrize(
    ("opens", "closes", "said"),
    [
        (1, 2, "Les candidatures ne sont pas encore ouvertes"),
        (-2, -1, "Les candidatures sont closes"),
    ],
)
def test_closed_applications_say_their_dates(
    client: PageClient, edition: Edition, opens: int, closes: int, said: str
) -> None:
    make_terms(
        edition,
        applications_open_at=now() + timedelta(days=opens),
        applications_close_at=now() + timedelta(days=closes),
    )
    page = client.get(START)
    assert page.status_code == 200
    assert said in html(page)
    token = client.token("/connexion")
    data = {"csrf_token": token, "submission_key": new_key(), "siret": LIGHTING, "email": EMAIL}
    assert client.post(START, data=data).status_code == 409
    assert all_of(Exhibitor) == []


def test_before_the_terms_are_known_the_page_says_so(client: PageClient, edition: Edition) -> None:
    assert "Leurs dates seront publiées" in html(client.get(START))


def test_the_form_says_why_it_asks(client: PageClient, terms: ExhibitorTerms) -> None:
    """L-01."""
    for path in (START, f"{START}?sans-siret=1"):
        page = html(client.get(path))
        for word in ("Responsable", "Base légale", "Durée", "Vos droits", "CNIL", "6.1.b"):
            assert word in page


def test_the_messages_hold_the_link(
    client: PageClient, terms: ExhibitorTerms, settings: Settings
) -> None:
    found = start(client)
    client.fill(START, siret=LIGHTING, email=EMAIL)
    subjects = []
    for message in all_of(Message):
        subject, body = words_of(message)
        subjects.append(subject)
        assert f"{settings.public_url}{page_of(found)}\n" in body
    assert subjects == [
        "Votre candidature au salon des maires est commencée",
        "Le lien de votre candidature au salon des maires",
    ]


def test_the_search_is_not_asked_beyond_its_rate(
    client: PageClient, terms: ExhibitorTerms, search: CompanyServer, settings: Settings
) -> None:
    for _ in range(settings.searches_per_minute):
        count_try("company:127.0.0.1", settings.searches_per_minute, 60)
    assert start(client).legal_name == ""
    assert search.asked == []


def test_a_draft_waits_in_vain_once_applications_are_closed(
    client: PageClient, edition: Edition
) -> None:
    make_terms(edition, applications_close_at=now() - timedelta(hours=1))
    found = make_exhibitor(edition, status=ApplicationStatus.DRAFT)
    assert client.get(page_of(found, "organisation")).location == page_of(found)
    assert "celle-ci n’était pas partie" in html(client.get(page_of(found)))
    data = {"csrf_token": client.token("/connexion"), "version": "1"}
    for step, fields in (("organisation", ORGANISATION), ("recapitulatif", {"accepts": "y"})):
        assert client.post(page_of(found, step), data={**data, **fields}).status_code == 409
    assert fresh(found).version == 1


# The steps


def test_the_whole_application(client: PageClient, edition: Edition, terms: ExhibitorTerms) -> None:
    theme = make_theme(edition, make_stand(make_hall(edition)))
    found = start(client)
    fill_all(client, found)
    answer = fill(client, page_of(found, "activite"), **ACTIVITY, themes=str(theme.id))
    assert answer.status_code == 302
    item = next(one for one in all_of(PriceItem) if one.code == "repas")
    fill(client, page_of(found, "options"), **{f"option-{item.id}": "4"})
    summary = html(client.get(page_of(found, "recapitulatif")))
    assert "2\u202f" not in summary.split("Prix estimé")[0]
    for said in ("Lumière 34", "Fibre", "12\u00a0m²", "Déjeuner", "1\u202f440,00", "90,92"):
        assert said in summary
    refused = fill(client, page_of(found, "recapitulatif"))
    assert refused.status_code == 400
    assert fresh(found).status == ApplicationStatus.DRAFT
    sent = fill(client, page_of(found, "recapitulatif"), accepts="y")
    assert (sent.status_code, sent.location) == (302, page_of(found))
    found = fresh(found)
    assert found.status == ApplicationStatus.SUBMITTED
    assert found.submitted_at is not None
    assert kinds_sent(EMAIL) == ["application_started", "exhibitor_submit"]
    page = html(client.get(page_of(found)))
    assert "À l’étude" in page
    assert "répond par courriel" in page
    actions = [one.action for one in all_of(JournalEntry)]
    assert actions == ["exhibitor.start", "exhibitor.submit"]


def test_a_step_opens_once_the_former_ones_are_filled(
    client: PageClient, terms: ExhibitorTerms, search: CompanyServer
) -> None:
    search.mode = "hang"
    found = start(client)
    answer = client.get(page_of(found, "souhaits"))
    assert answer.location.endswith("/organisation")
    fill(client, page_of(found, "organisation"), **ORGANISATION)
    assert client.get(page_of(found, "souhaits")).location.endswith("/contacts")
    assert client.get(page_of(found, "contacts")).status_code == 200


def test_sending_what_is_incomplete_leads_to_what_is_missing(
    client: PageClient, terms: ExhibitorTerms
) -> None:
    found = start(client)
    fill(client, page_of(found, "organisation"), **ORGANISATION)
    version = fresh(found).version
    data = {"csrf_token": client.token(page_of(found, "contacts")), "accepts": "y"}
    answer = client.post(page_of(found, "recapitulatif"), data={**data, "version": str(version)})
    assert answer.status_code == 302
    assert answer.location.endswith("/contacts#main-first_name")
    assert fresh(found).status == ApplicationStatus.DRAFT


def test_finishing_later_keeps_what_is_half_filled(
    client: PageClient, terms: ExhibitorTerms
) -> None:
    found = start(client)
    fields = {**ORGANISATION, "city": "", "action": "later"}
    answer = fill(client, page_of(found, "organisation"), **fields)
    assert answer.location == page_of(found)
    assert (fresh(found).name, fresh(found).city) == ("Lumière 34", "")
    assert "Reprendre à «\u00a0Organisme\u00a0»" in html(client.get(page_of(found)))


def test_autosave_keeps_what_is_right_and_says_what_is_not(
    client: PageClient, terms: ExhibitorTerms
) -> None:
    found = start(client)
    fields = {**ORGANISATION, "website": "pas une adresse", "action": "autosave"}
    answer = fill(client, page_of(found, "organisation"), **fields)
    assert answer.status_code == 200
    assert re.match(
        r"Enregistré à \d+\u00a0h\u00a0\d\d, sauf : Site internet\.", answer.json["message"]
    )
    assert answer.json["version"] == fresh(found).version
    assert (fresh(found).name, fresh(found).website) == ("Lumière 34", "")


def test_autosave_on_the_way_writes_to_nobody(client: PageClient, terms: ExhibitorTerms) -> None:
    found = start(client)
    other = {**CONTACTS, "main-email": "autre@eclairage.example"}
    fill(client, page_of(found, "organisation"), **ORGANISATION)
    fill(client, page_of(found, "contacts"), **other, action="autosave")
    assert kinds_sent("autre@eclairage.example") == []
    fill(client, page_of(found, "contacts"), **other)
    fill(client, page_of(found, "contacts"), **other)
    assert kinds_sent("autre@eclairage.example") == ["application_link"]


def test_other_contacts_come_and_go(client: PageClient, terms: ExhibitorTerms) -> None:
    found = start(client)
    fill(client, page_of(found, "organisation"), **ORGANISATION)
    path = page_of(found, "contacts")
    billing = {"billing-last_name": "Pech", "billing-email": "compta@eclairage.example"}
    assert fill(client, path, **CONTACTS, **{"billing-last_name": "Pech"}).status_code == 400
    assert fill(client, path, **CONTACTS, **billing).status_code == 302
    assert [one.kind for one in fresh(found).contacts] == ["main", "billing"]
    assert fill(client, path, **CONTACTS).status_code == 302
    assert [one.kind for one in fresh(found).contacts] == ["main"]


@pytest.mark.parametrize("action", ["continue", "autosave", "later"])
def test_choices_that_are_not_offered_are_not_kept(
    client: PageClient, terms: ExhibitorTerms, action: str
) -> None:
    found, _ = wishes_page(client)
    before = fresh(found)
    hostile = {
        "organisation": {"kind": "organiser", "country": "ZZ"},
        "activite": {"sector": "=CMD()", "themes": "un"},
        "souhaits": {"power_kw": "abc", "wished_hall_id": "99999", "area": "douze"},
        "options": {"option-99999": "3", "option-x": "1"},
    }
    for step, fields in hostile.items():
        filled = {"organisation": ORGANISATION, "activite": ACTIVITY, "souhaits": WISHES}
        typed = {**filled.get(step, {}), **fields, "action": action}
        answer = fill(client, page_of(found, step), **typed)
        assert answer.status_code in (200, 302, 400)
        assert (answer.status_code == 400) == (action == "continue" and step != "options")
    after = fresh(found)
    assert (after.kind, after.country, after.sector) == (before.kind, "FR", before.sector)
    assert (after.themes, after.power_kw, after.wished_hall_id, after.area) == ([], 0, None, 9)


def two_tabs(client: PageClient, found: Exhibitor) -> dict[str, str]:
    """The hidden fields of a first tab, before a second one saved."""
    page = html(client.get(page_of(found, "organisation")))
    tab = dict(re.findall(r'name="(csrf_token|version)"[^>]*value="([^"]+)"', page))
    saved = fill(client, page_of(found, "organisation"), **{**ORGANISATION, "city": "Sète"})
    assert saved.status_code == 302
    return tab


def test_two_tabs_never_overwrite_each_other(client: PageClient, terms: ExhibitorTerms) -> None:
    """R-12: the second sees both, then decides."""
    found = start(client)
    tab = two_tabs(client, found)
    path = page_of(found, "organisation")
    answer = client.post(path, data={**tab, **ORGANISATION, "city": "Agde"})
    assert answer.status_code == 409
    page = html(answer)
    assert "Sète" in page
    assert 'value="Agde"' in page
    assert fresh(found).city == "Sète"
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert version is not None
    tab["version"] = version[1]
    again = client.post(path, data={**tab, **ORGANISATION, "city": "Agde"})
    assert again.status_code == 302
    assert fresh(found).city == "Agde"


def test_autosave_never_overwrites_another_tab(client: PageClient, terms: ExhibitorTerms) -> None:
    found = start(client)
    tab = two_tabs(client, found)
    data = {**tab, **ORGANISATION, "city": "Agde", "action": "autosave"}
    answer = client.post(page_of(found, "organisation"), data=data)
    assert answer.status_code == 409
    assert "validez de nouveau" in answer.json["message"]
    assert fresh(found).city == "Sète"


def test_the_same_step_sent_twice_is_no_conflict(client: PageClient, terms: ExhibitorTerms) -> None:
    found = start(client)
    path = page_of(found, "organisation")
    page = html(client.get(path))
    tab = dict(re.findall(r'name="(csrf_token|version)"[^>]*value="([^"]+)"', page))
    for _ in range(2):
        assert client.post(path, data={**tab, **ORGANISATION}).status_code == 302


def wishes_page(client: PageClient) -> tuple[Exhibitor, str]:
    found = start(client)
    fill(client, page_of(found, "organisation"), **ORGANISATION)
    fill(client, page_of(found, "contacts"), **CONTACTS)
    fill(client, page_of(found, "activite"), **ACTIVITY)
    return fresh(found), page_of(found, "souhaits")


@pytest.mark.parametrize("area", ["0", "10000", "5", "121", "-9", "9,5", "neuf", "", "9" * 400])
@pytest.mark.parametrize("action", ["continue", "autosave"])
def test_an_area_out_of_bounds_is_refused(
    client: PageClient, terms: ExhibitorTerms, area: str, action: str
) -> None:
    found, path = wishes_page(client)
    answer = fill(client, path, **{**WISHES, "area": area, "action": action})
    if action == "continue":
        assert answer.status_code == 400
        assert re.search("surface|nombre entier", html(answer))
    else:
        assert answer.status_code == 200
    assert fresh(found).area == 9


def test_wishes_are_kept(client: PageClient, edition: Edition, terms: ExhibitorTerms) -> None:
    hall = make_hall(edition, name="2")
    found, path = wishes_page(client)
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
    found = fresh(found)
    assert (found.area, found.wants_corner, found.wants_water, found.power_kw) == (
        12,
        True,
        True,
        3,
    )
    assert (found.wished_hall_id, found.near, found.apart) == (
        hall.id,
        ["Fibre d’Oc", "=SOMME(A1)"],
        ["Autre Éclairage"],
    )
    assert [(one.name, one.website) for one in found.co_exhibitors] == [
        ("Bornes du Libron", "https://www.bornes.example")
    ]
    assert fill(client, path, **WISHES).status_code == 302
    assert (fresh(found).co_exhibitors, fresh(found).near) == ([], [])


def test_a_line_is_added_for_another_co_exhibitor(
    client: PageClient, terms: ExhibitorTerms
) -> None:
    found, path = wishes_page(client)
    fields = {**WISHES, "co_exhibitors-0-name": "Bornes du Libron", "action": "add"}
    page = html(fill(client, path, **fields))
    assert 'name="co_exhibitors-1-name"' in page
    assert 'value="Bornes du Libron"' in page
    full = {f"co_exhibitors-{number}-name": f"Co {number}" for number in range(5)}
    page = html(fill(client, path, **WISHES, **full, action="add"))
    assert 'name="co_exhibitors-5-name"' not in page
    assert fresh(found).co_exhibitors == []
    other = fill(client, page_of(found, "activite"), **ACTIVITY, action="add")
    assert other.status_code == 400


@pytest.mark.parametrize("field", ["near", "apart", "co_exhibitors"])
def test_more_lines_than_allowed_are_not_kept(
    client: PageClient, terms: ExhibitorTerms, field: str
) -> None:
    found, path = wishes_page(client)
    name = "co_exhibitors-{}-name" if field == "co_exhibitors" else field + "-{}"
    lines = {name.format(number): f"Nom {number}" for number in range(9)}
    fill(client, path, **WISHES, **lines)
    assert len(getattr(fresh(found), field)) <= 5


def test_three_themes_at_most(client: PageClient, edition: Edition, terms: ExhibitorTerms) -> None:
    hall = make_hall(edition)
    ids = [make_theme(edition, make_stand(hall), slug=f"t{n}").id for n in range(4)]
    found, _ = wishes_page(client)
    path = page_of(found, "activite")
    page = html(client.get(path))
    hidden = dict(re.findall(r'name="(csrf_token|version)"[^>]*value="([^"]+)"', page))
    for chosen, status, kept in ((ids, 400, 0), (ids[:3], 302, 3), ([999], 400, 3)):
        data = MultiDict(
            [*hidden.items(), *ACTIVITY.items(), *(("themes", str(i)) for i in chosen)]
        )
        answer = client.post(path, data=data)
        assert answer.status_code == status
        assert len(fresh(found).themes) == kept
        hidden["version"] = str(fresh(found).version)


@pytest.mark.parametrize("length", [501, 5_000])
def test_a_presentation_is_500_characters(
    client: PageClient, terms: ExhibitorTerms, length: int
) -> None:
    found, _ = wishes_page(client)
    path = page_of(found, "activite")
    assert fill(client, path, sector="energy", presentation="a" * length).status_code == 400
    lines = "\r\n".join(["é" * 49] * 10)
    assert fill(client, path, sector="energy", presentation=lines).status_code == 302
    assert len(fresh(found).presentation) == 499


@pytest.mark.parametrize("quantity", ["-1", "21", "1,5", "deux", "9" * 30])
def test_a_wrong_quantity_is_refused(
    client: PageClient, terms: ExhibitorTerms, quantity: str
) -> None:
    found, path = wishes_page(client)
    fill(client, path, **WISHES)
    item = next(one for one in all_of(PriceItem) if one.code == "repas")
    answer = fill(client, page_of(found, "options"), **{f"option-{item.id}": quantity})
    assert answer.status_code == 400
    assert fresh(found).options == []


def test_fields_that_are_not_asked_are_ignored(
    client: PageClient, edition: Edition, terms: ExhibitorTerms
) -> None:
    """Mass assignment: neither state, nor stand, nor role, nor price comes from a form."""
    stand = make_stand(make_hall(edition))
    item = next(one for one in all_of(PriceItem) if one.code == "m2")
    found, _path = wishes_page(client)
    extra = {
        "status": "accepted",
        "role": "organiser",
        "stand_id": str(stand.id),
        "parent_id": "1",
        "edition_id": "99",
        "private_token": "choisi",
        "slug": "choisi",
        f"option-{item.id}": "0",
        "siret": TOWN,
    }
    for step, fields in (
        ("organisation", ORGANISATION),
        ("contacts", CONTACTS),
        ("activite", ACTIVITY),
        ("souhaits", WISHES),
        ("options", {}),
        ("recapitulatif", {"accepts": "y"}),
    ):
        assert fill(client, page_of(found, step), **{**extra, **fields}).status_code == 302
    found = fresh(found)
    assert (found.status, found.stand_id, found.parent_id, found.slug, found.siret) == (
        ApplicationStatus.SUBMITTED,
        None,
        None,
        None,
        LIGHTING,
    )
    assert (found.edition_id, found.options) == (edition.id, [])
    assert found.private_token != "choisi"


# A closed company, another SIRET


def test_a_closed_company_is_told_then_refused(client: PageClient, terms: ExhibitorTerms) -> None:
    found = start(client, siret=CLOSED)
    page = html(client.get(page_of(found, "organisation")))
    assert "Cet établissement est fermé" in page
    fill_all(client, found)
    answer = fill(client, page_of(found, "recapitulatif"), accepts="y")
    assert answer.status_code == 409
    assert "cet établissement est fermé" in html(answer)
    assert fresh(found).status == ApplicationStatus.DRAFT
    corrected = fill(client, page_of(found, "siret"), siret=LIGHTING)
    assert corrected.status_code == 302
    assert (fresh(found).siret, fresh(found).city) == (LIGHTING, "BEZIERS")
    assert fresh(found).area == 12
    assert fill(client, page_of(found, "recapitulatif"), accepts="y").status_code == 302
    assert fresh(found).status == ApplicationStatus.SUBMITTED


def test_a_wrong_siret_changes_nothing(client: PageClient, terms: ExhibitorTerms) -> None:
    found = start(client)
    answer = fill(client, page_of(found, "siret"), siret="12345678901234")
    assert answer.status_code == 400
    assert fresh(found).siret == LIGHTING


def test_two_drafts_of_a_siret_cannot_both_be_sent(
    client: PageClient, terms: ExhibitorTerms
) -> None:
    first, second = start(client, email="un@eclairage.example"), start(client)
    for found in (first, second):
        fill_all(client, found)
    assert fill(client, page_of(second, "recapitulatif"), accepts="y").status_code == 302
    answer = fill(client, page_of(first, "recapitulatif"), accepts="y")
    assert answer.status_code == 409
    assert second.private_token not in html(answer)
    assert fresh(first).status == ApplicationStatus.DRAFT
    assert kinds_sent(EMAIL)[-1] == "application_link"


# The logo


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 120)) -> io.BytesIO:
    stream = io.BytesIO()
    Image.new("RGB", size, (11, 86, 112)).save(stream, kind)
    stream.seek(0)
    return stream


def files_in(settings: Settings) -> list[str]:
    return sorted(one.name for one in (settings.data / "uploads").glob("*"))


def activity_page(client: PageClient) -> tuple[Exhibitor, str]:
    found, _ = wishes_page(client)
    return found, page_of(found, "activite")


def test_a_logo_is_kept_replaced_and_removed(
    client: PageClient, terms: ExhibitorTerms, settings: Settings
) -> None:
    found, path = activity_page(client)
    assert fill(client, path, **ACTIVITY, logo=(picture(), "logo.png")).status_code == 302
    first = fresh(found).logo_file
    assert files_in(settings) == [first]
    shown = client.get(f"{page_of(found)}/logo.webp")
    assert (shown.status_code, shown.mimetype, shown.data[8:12]) == (200, "image/webp", b"WEBP")
    assert fill(client, path, **ACTIVITY, logo=(picture("JPEG"), "l.jpg")).status_code == 302
    second = fresh(found).logo_file
    assert second != first
    assert files_in(settings) == [second]
    answer = client.post(f"{page_of(found)}/logo/retirer", data={"csrf_token": client.token(path)})
    assert answer.status_code == 302
    assert (fresh(found).logo_file, files_in(settings)) == ("", [])
    assert client.get(f"{page_of(found)}/logo.webp").status_code == 404


def test_a_logo_is_saved_on_the_way(
    client: PageClient, terms: ExhibitorTerms, settings: Settings
) -> None:
    found, path = activity_page(client)
    fields = {**ACTIVITY, "action": "autosave"}
    answer = fill(client, path, **fields, logo=(picture(), "logo.png"))
    assert (answer.status_code, answer.json["has_logo"]) == (200, True)
    assert answer.json["version"] == fresh(found).version
    answer = fill(client, path, **fields, logo=(io.BytesIO(b"GIF89a"), "logo.gif"))
    assert answer.status_code == 400
    assert "GIF" in answer.json["message"]
    assert len(files_in(settings)) == 1


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.mark.parametrize(
    "content",
    [SVG, b"%!PS-Adobe-3.0 EPSF-3.0\n", b"\x89PNG\r\n\x1a\n fausse image", b"GIF89a", b"%PDF-1.7"],
    ids=["svg", "eps", "fake", "gif", "pdf"],
)
def test_what_is_not_a_logo_is_refused(
    client: PageClient, terms: ExhibitorTerms, settings: Settings, content: bytes
) -> None:
    found, path = activity_page(client)
    before = fresh(found).version
    answer = fill(
        client, path, **{**ACTIVITY, "sector": "water"}, logo=(io.BytesIO(content), "logo.png")
    )
    assert answer.status_code == 400
    assert "PNG" in html(answer)
    assert (fresh(found).version, fresh(found).sector) == (before, "energy")
    assert (fresh(found).logo_file, files_in(settings)) == ("", [])


def multipart(client: PageClient, path: str, content: bytes) -> bytes:
    """The body that a browser sends for the step of the activity."""
    page = html(client.get(path))
    hidden = dict(re.findall(r'name="(csrf_token|version)"[^>]*value="([^"]+)"', page))
    fields = {**hidden, **ACTIVITY, "sector": "water"}
    parts = [
        f'--limite\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    head = '--limite\r\nContent-Disposition: form-data; name="logo"; filename="logo.png"\r\n\r\n'
    return "".join([*parts, head]).encode() + content + b"\r\n--limite--\r\n"


def test_a_logo_too_heavy_is_refused(
    client: PageClient, terms: ExhibitorTerms, settings: Settings
) -> None:
    found, path = activity_page(client)
    body = multipart(client, path, b"0" * (settings.logo_max_bytes + 50_000))
    answer = client.post(path, data=body, content_type="multipart/form-data; boundary=limite")
    assert answer.status_code == 413
    assert (fresh(found).sector, files_in(settings)) == ("energy", [])


# Werkzeug leaves the part it had begun to read, in memory, to the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")
@pytest.mark.parametrize("sent", [0.3, 0.9])
def test_an_upload_cut_on_the_way_leaves_nothing(
    client: PageClient, terms: ExhibitorTerms, settings: Settings, sent: float
) -> None:
    found, path = activity_page(client)
    body = multipart(client, path, picture(size=(800, 800)).getvalue())
    answer = client.post(
        path,
        input_stream=io.BytesIO(body[: int(len(body) * sent)]),
        content_length=len(body),
        content_type="multipart/form-data; boundary=limite",
    )
    assert answer.status_code == 400
    assert (fresh(found).sector, files_in(settings)) == ("energy", [])
    gc.collect()


def test_a_logo_of_a_stale_page_leaves_no_file(
    client: PageClient, terms: ExhibitorTerms, settings: Settings
) -> None:
    found, path = activity_page(client)
    page = html(client.get(path))
    tab = dict(re.findall(r'name="(csrf_token|version)"[^>]*value="([^"]+)"', page))
    fill(client, path, **{**ACTIVITY, "sector": "water"})
    answer = client.post(path, data={**tab, **ACTIVITY, "logo": (picture(), "logo.png")})
    assert answer.status_code == 409
    assert (fresh(found).logo_file, files_in(settings)) == ("", [])


# Afterwards


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("draft", "Pas encore envoyée"),
        ("submitted", "À l’étude"),
        ("changes_asked", "Précisez la puissance."),
        ("waiting", "liste d’attente"),
        ("offered", "Prendre cette place"),
        ("accepted", "Ouvrir mon espace exposant"),
        ("refused", "Précisez la puissance."),
        ("withdrawn", "Vous avez retiré cette candidature"),
    ],
)
def test_the_tracking_page_says_what_happens_next(
    client: PageClient, edition: Edition, terms: ExhibitorTerms, status: str, said: str
) -> None:
    found = make_exhibitor(
        edition, status=ApplicationStatus(status), status_reason="Précisez la puissance."
    )
    before = fresh(found).version
    page = client.get(page_of(found))
    assert said in html(page)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert (fresh(found).version, all_of(JournalEntry)) == (before, [])


@pytest.mark.parametrize("status", ["submitted", "waiting", "offered", "accepted", "refused"])
def test_what_was_sent_is_no_longer_changed(
    client: PageClient, edition: Edition, terms: ExhibitorTerms, status: str
) -> None:
    found = make_exhibitor(edition, status=ApplicationStatus(status))
    assert client.get(page_of(found, "organisation")).location == page_of(found)
    data = {"csrf_token": client.token("/connexion"), "version": "1", **ORGANISATION}
    answer = client.post(page_of(found, "organisation"), data=data)
    assert answer.status_code == 409
    assert fresh(found).name == found.name
    assert client.get(page_of(found, "siret")).location == page_of(found)


def test_what_is_to_complete_is_corrected_and_sent_again(
    client: PageClient, edition: Edition, terms: ExhibitorTerms
) -> None:
    found = make_exhibitor(
        edition, status=ApplicationStatus.CHANGES_ASKED, email=EMAIL, status_reason="Précisez."
    )
    assert fill(client, page_of(found, "souhaits"), **WISHES).status_code == 302
    assert fill(client, page_of(found, "recapitulatif"), accepts="y").status_code == 302
    assert (fresh(found).status, fresh(found).area) == (ApplicationStatus.SUBMITTED, 12)
    assert [one.action for one in all_of(JournalEntry)] == ["exhibitor.change", "exhibitor.submit"]


def test_an_offer_is_taken(client: PageClient, edition: Edition, terms: ExhibitorTerms) -> None:
    found = make_exhibitor(edition, status=ApplicationStatus.OFFERED, email=EMAIL)
    path = f"{page_of(found)}/accepter"
    assert "Prendre cette place" in html(client.get(path))
    assert fresh(found).status == ApplicationStatus.OFFERED
    data = {"csrf_token": client.token(path)}
    for _ in range(2):
        assert client.post(path, data=data).status_code == 302
    assert fresh(found).status == ApplicationStatus.ACCEPTED
    assert kinds_sent(EMAIL) == ["exhibitor_take_offer"]


def test_an_offer_too_old_is_not_taken(
    client: PageClient, edition: Edition, terms: ExhibitorTerms
) -> None:
    found = make_exhibitor(
        edition, status=ApplicationStatus.OFFERED, offer_expires_at=now() - timedelta(hours=1)
    )
    assert "Le délai de cette proposition est passé" in html(client.get(page_of(found)))
    path = f"{page_of(found)}/accepter"
    answer = client.post(path, data={"csrf_token": client.token("/connexion")})
    assert answer.status_code == 409
    assert fresh(found).status == ApplicationStatus.OFFERED


def test_an_application_is_withdrawn_after_a_confirmation(
    client: PageClient, edition: Edition, terms: ExhibitorTerms
) -> None:
    found = make_exhibitor(edition, status=ApplicationStatus.SUBMITTED, email=EMAIL)
    path = f"{page_of(found)}/retirer"
    data = {"csrf_token": client.token(path)}
    assert fresh(found).status == ApplicationStatus.SUBMITTED
    for _ in range(2):
        assert client.post(path, data=data).status_code == 302
    assert fresh(found).status == ApplicationStatus.WITHDRAWN
    assert kinds_sent(EMAIL) == ["exhibitor_withdraw"]


@pytest.mark.parametrize("step", ["", "organisation", "recapitulatif", "siret", "retirer"])
def test_a_link_that_is_not_one_opens_nothing(
    client: PageClient, terms: ExhibitorTerms, step: str
) -> None:
    path = f"{START}/nimporte-quoi" + (f"/{step}" if step else "")
    assert client.get(path).status_code == 404


def test_an_unknown_step_is_not_found(
    client: PageClient, edition: Edition, terms: ExhibitorTerms
) -> None:
    found = make_exhibitor(edition, status=ApplicationStatus.DRAFT)
    assert client.get(page_of(found, "paiement")).status_code == 404


def test_a_form_without_token_or_version_writes_nothing(
    client: PageClient, edition: Edition, terms: ExhibitorTerms
) -> None:
    found = make_exhibitor(edition, status=ApplicationStatus.DRAFT)
    path = page_of(found, "organisation")
    assert client.post(path, data={"version": "1", **ORGANISATION}).status_code == 400
    data = {"csrf_token": client.token(path), **ORGANISATION}
    assert client.post(path, data=data).status_code == 400
    assert client.post(path, data={**data, "version": "un"}).status_code == 400
    assert fresh(found).name == found.name


def test_an_organiser_sees_the_public_pages_too(
    app: Flask, edition: Edition, terms: ExhibitorTerms
) -> None:
    client = sign_in(app, Role.ORGANISER)
    assert client.get(START).status_code == 200


def test_robots_stay_out_of_private_links(client: PageClient, terms: ExhibitorTerms) -> None:
    assert "Disallow: /exposants/inscription/" in html(client.get("/robots.txt"))
