"""A column that is not read is named on the preview of each list, whoever sends it."""

import io

from flask import Flask

from salon.fair.models import Edition
from salon.platform.database.identity import Role
from tests.exhibitors.make import make_terms
from tests.factories import sign_in
from tests.pages import PageClient
from tests.staffing.make import make_village

PERSON = "Civilité;Prénom;Nom;Courriel;Allergies\nMme;Ana;Roux;a@b.example;noix\n"
LISTS = {
    "/organisation/village/agents/importer": PERSON,
    "/organisation/exposants/inviter": (
        "Nom;Courriel;Surface;Secteur;Allergies\nOc;a@b.example;12 m²;magie;noix\n"
    ),
    "/inscription/commune/liste": PERSON,
}
"""By page, a list with a column that nothing reads."""


def send(client: PageClient, page: str, text: str, to: str = "") -> str:
    file = (io.BytesIO(text.encode()), "liste.csv")
    answer = client.fill(page, to, file=file, commune="34160", email="mairie@mons.example")
    return answer.get_data(as_text=True)


def test_each_preview_names_the_columns_that_are_not_read(app: Flask, edition: Edition) -> None:
    make_village(edition)
    make_terms(edition)
    organiser = sign_in(app, Role.ORGANISER)
    pages = {page: send(organiser, page, text) for page, text in LISTS.items()}
    lines = organiser.get("/organisation/plan.csv").get_data(as_text=True).splitlines()
    plan = "\n".join([f"{lines[0]};Allergies", *(f"{line};" for line in lines[1:])])
    pages["stands"] = send(organiser, "/organisation/plan", plan, "/organisation/plan/import")
    named = "1\u00a0colonne n’est pas lue"
    silent = {
        page
        for page, shown in pages.items()
        if "Allergies" not in shown.partition(named)[2].partition("</div>")[0]
    }
    assert silent == set()
    unread = pages["/organisation/exposants/inviter"]
    assert "Non lu\u00a0: Secteur" in unread
    assert "Surface" not in unread.partition("Non lu")[2].partition("</li>")[0]
