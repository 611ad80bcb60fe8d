"""Applications of one organisation: found with their reasons, told apart, compared again."""

import pytest
from flask import Flask

from salon.duplicates.queries import exhibitors_alike
from salon.duplicates.rules import Application, reasons_of
from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.fair.models import Edition
from salon.platform.database.identity import Role
from tests.exhibitors.make import make_exhibitor
from tests.factories import sign_in

PAGE = "/organisation/doublons/exposants"
VINCI = Application("Vinci Routes", "VINCI ROUTES SAS", "55203780600585", "Béziers")
CASES = [
    (VINCI, False, "même SIRET, noms proches", "the same application"),
    (Application("Voirie du Sud", "", "55203780600999", ""), False, "même entreprise (SIREN)", ""),
    (Application("Vinci-Routes", "", "", "Agde"), False, "noms proches, villes différentes", ""),
    (Application("Agence Mistral", "", "", ""), True, "même contact", "no number tells them apart"),
    (Application("Agence Mistral", "", "44306184100047", ""), True, "", "somebody writes for both"),
    (Application("", "", "", ""), False, "", "a draft that says nothing"),
    (
        Application("Vinci Routes", "", "44306184100047", ""),
        False,
        "noms proches, entreprises différentes (SIREN)",
        "a homonym is asked",
    ),
]


@pytest.mark.parametrize(("other", "has_same_contact", "words", "reason"), CASES)
def test_what_makes_one_organisation(
    other: Application, has_same_contact: bool, words: str, reason: str
) -> None:
    for pair in ((VINCI, other), (other, VINCI)):
        reasons = reasons_of(*pair, has_same_contact)
        assert ", ".join(answer.label for answer in reasons) == words, reason


def applications(edition: Edition) -> tuple[Exhibitor, Exhibitor]:
    first = make_exhibitor(edition, name="Vinci Routes")
    draft = ApplicationStatus.DRAFT
    return first, make_exhibitor(edition, name="Vinci-Routes", siret="", status=draft, slug=None)


def test_one_organisation_is_shown_told_apart_and_compared_again(
    app: Flask, edition: Edition
) -> None:
    pair = applications(edition)
    member = make_exhibitor(edition, name="Vinci Routes", siret="", parent_id=pair[0].id)
    make_exhibitor(edition, name="Vinci Routes", status=ApplicationStatus.WITHDRAWN)
    likely = {(first.id, second.id) for first, second, _ in exhibitors_alike(edition.id)}
    assert likely == {(pair[0].id, pair[1].id), (pair[1].id, member.id)}
    client = sign_in(app, Role.ORGANISER)
    page = client.get(PAGE).text
    assert "noms proches, même contact" in page.replace("\xa0", " ")
    for first, second in likely:
        token = {"csrf_token": client.token(PAGE), "people": f"{first},{second}"}
        client.post(f"{PAGE}/deux-organismes", data=token)
    page = client.get(PAGE).text
    assert "Aucun doublon probable" in page
    assert "Dites de deux organismes" in page
    token = {"csrf_token": client.token(PAGE), "people": f"{pair[0].id},{pair[1].id}"}
    client.post(f"{PAGE}/comparer", data=token)
    assert [row[:2] for row in exhibitors_alike(edition.id)] == [pair]
