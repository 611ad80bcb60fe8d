"""The page of the terms: dates, limits, texts."""

from datetime import timedelta

import pytest

from salon.exhibitors.models import (
    ExhibitorTerms,
    Task,
)
from salon.exhibitors.services.terms import SETTABLE, set_terms
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.db import current_session
from salon.platform.settings.clock import local, now
from tests.exhibitors.review.pages import OTHER, hidden, page_of
from tests.factories import act_in
from tests.pages import PageClient

SETTINGS = "/organisation/reglages/exposants"


def terms_typed(client: PageClient, edition: Edition, **changes: str) -> dict[str, str]:
    """Return the fields of the form of the terms, with these `changes`."""
    fair_on = edition.days[0].day_on
    values = {
        **hidden(client, SETTINGS),
        "applications_open_at": f"{local(now()) - timedelta(days=60):%Y-%m-%dT%H:%M}",
        "applications_close_at": f"{local(now()) - timedelta(days=40):%Y-%m-%dT%H:%M}",
        "answer_by_on": f"{fair_on - timedelta(days=20)}",
        **{"minimum_area": "6", "maximum_area": "120", "offer_days": "7", "payment_days": "30"},
        "cancellation_fees": "60 jours : 30 %\r\n0 : 100",
        **{"badges_base": "2", "badges_base_area": "9", "badges_area_step": "10"},
        **{f"deadline_{task}": f"{fair_on - timedelta(days=14)}" for task in Task},
        "set_up": "La veille.\r\nDe 14 h à 20 h.",
        "to_bring": "Une rallonge\r\n\r\nUn extincteur",
        "guide-0-title": "Arriver",
        "guide-0-text": "Par l’entrée des exposants.",
        "guide-1-title": "Se garer",
        "guide-1-text": "",
        "seller_name": "AMF34",
        "seller_siret": "443 061 841 00047",
        **changes,
    }
    return values


def test_the_terms_are_read_and_changed(
    organiser: PageClient, edition: Edition, terms: ExhibitorTerms
) -> None:
    path = SETTINGS
    assert "Dates limites" in page_of(organiser.get(path))
    typed = terms_typed(organiser, edition, minimum_area="9", deadline_invoice="")
    answer = organiser.post(path, data=typed)
    assert answer.status_code == 302, page_of(answer)
    current_session().expire_all()
    assert terms.minimum_area == 9
    assert terms.cancellation_fees == [[60, 30], [0, 100]]
    assert terms.to_bring == ["Une rallonge", "Un extincteur"]
    assert [fields["title"] for fields in terms.guide] == ["Arriver", "Se garer"]
    assert terms.set_up == "La veille.\nDe 14 h à 20 h."
    assert terms.deadline(Task.INVOICE) is None
    assert terms.deadline(Task.STAFF) == edition.days[0].day_on - timedelta(days=14)
    assert terms.seller["siret"] == "44306184100047"


NO_TERMS = (
    ({"answer_by_on": "2001-01-01"}, "avant la clôture"),
    ({"applications_close_at": "2001-01-01T10:00"}, "se clore après"),
    ({"maximum_area": "1"}, "plus grande surface"),
    ({"deadline_staff": "2101-01-01"}, "avant le salon"),
    ({"minimum_area": "neuf"}, "nombre entier"),
    ({"offer_days": "0"}, "De 1 à 60"),
    ({"payment_days": "61"}, "De 0 à 60"),
    ({"cancellation_fees": "60 : 40\n30 : 20"}, "et montent, jusqu"),
    ({"cancellation_fees": "trente"}, "Une ligne par palier"),
    ({"offer_days": "9" * 400}, "De 1 à 60"),
    ({"applications_open_at": "hier"}, "un jour et une heure"),
    ({"answer_by_on": "2021-02-30"}, "Indiquez un jour"),
    ({"seller_siret": "12345678901234"}, "SIRET"),
    ({"seller_iban": "FR7630006000011234567890180"}, "IBAN"),
    ({"seller_vat_number": "FR00303265045"}, "TVA"),
    ({"guide-0-title": ""}, "titre"),
    ({"set_up": "x" * 2001}, "Au plus 2000"),
)


def test_wrong_terms_are_told_and_nothing_is_written(
    organiser: PageClient, edition: Edition, terms: ExhibitorTerms
) -> None:
    typed = terms_typed(organiser, edition, badges_base="7")
    for wrong, sentence in NO_TERMS:
        answer = organiser.post(SETTINGS, data={**typed, **wrong})
        assert answer.status_code == 400, wrong
        assert sentence in page_of(answer), wrong
    current_session().expire_all()
    assert (terms.version, terms.badges_base) == (1, 2)


SELLER = {
    "seller_address": "1 place des Communes",
    "seller_postal_code": "34000",
    "seller_city": "Montpellier",
    "seller_vat_number": "",
    "seller_vat_regime": "franchise",
}


def test_applications_do_not_open_before_the_seller_and_its_vat_are_said(
    organiser: PageClient, edition: Edition, terms: ExhibitorTerms
) -> None:
    typed = terms_typed(
        organiser,
        edition,
        applications_close_at=f"{local(now()):%Y-%m-%d}T23:59",
        answer_by_on=f"{edition.days[0].day_on - timedelta(days=1)}",
        **dict.fromkeys(SELLER, ""),
    )
    answer = organiser.post(SETTINGS, data=typed)
    assert answer.status_code == 400
    assert "l’adresse, le code postal, la ville, le régime de TVA." in page_of(answer)
    current_session().expire_all()
    assert terms.version == 1
    assert organiser.post(SETTINGS, data={**typed, **SELLER}).status_code == 302
    blanked = {**typed, "version": "2"}
    assert organiser.post(SETTINGS, data=blanked).status_code == 400
    knowingly = {**blanked, "opens_without_seller": "y"}
    assert organiser.post(SETTINGS, data=knowingly).status_code == 302
    assert "L’émetteur n’est pas complet" in page_of(organiser.get(SETTINGS))
    assert "émetteur ou TVA à compléter" in page_of(organiser.get("/organisation/reglages"))
    other_change = {**blanked, "version": "3", "badges_base": "4"}
    assert organiser.post(SETTINGS, data=other_change).status_code == 302


def test_applications_that_are_over_need_no_seller(
    organiser: PageClient, edition: Edition, terms: ExhibitorTerms
) -> None:
    yesterday = local(now()).date() - timedelta(days=1)
    typed = terms_typed(
        organiser,
        edition,
        applications_close_at=f"{yesterday}T18:00",
        answer_by_on=f"{yesterday}",
        **dict.fromkeys(SELLER, ""),
    )
    assert organiser.post(SETTINGS, data=typed).status_code == 302


def test_a_form_without_its_version_is_refused(
    organiser: PageClient, edition: Edition, terms: ExhibitorTerms
) -> None:
    typed = terms_typed(organiser, edition, minimum_area="9")
    del typed["version"]
    assert organiser.post(SETTINGS, data=typed).status_code == 400
    current_session().expire_all()
    assert (terms.version, terms.minimum_area) == (1, 6)


def test_terms_that_changed_meanwhile_are_shown_beside_what_was_typed(
    organiser: PageClient, edition: Edition, terms: ExhibitorTerms
) -> None:
    typed = terms_typed(organiser, edition, badges_base="7")
    values = {name: getattr(terms, name) for name in SETTABLE}
    set_terms(act_in(get_public_edition(), OTHER), 1, {**values, "badges_base": 5})
    answer = organiser.post(SETTINGS, data=typed)
    assert answer.status_code == 409
    page = page_of(answer)
    assert "<strong>Badges compris</strong> : 5" in page
    assert organiser.post(SETTINGS, data={**typed, "version": "2"}).status_code == 302
    current_session().expire_all()
    assert terms.badges_base == 7


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_a_day_that_the_calendar_cannot_reckon_with_is_refused(
    organiser: PageClient, edition: Edition, terms: ExhibitorTerms, year: str
) -> None:
    typed, read = terms_typed(organiser, edition), terms.version
    for name, value in (
        ("applications_open_at", f"{year}-01-01T00:00"),
        ("answer_by_on", f"{year}-01-01"),
    ):
        answer = organiser.post(SETTINGS, data={**typed, name: value})
        assert answer.status_code == 400
        assert "Indiquez un jour" in page_of(answer)
    current_session().expire_all()
    assert terms.version == read
