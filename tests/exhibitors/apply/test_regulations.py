"""The regulations that an exhibitor accepts: read, dated, printed, remembered."""

from io import BytesIO

from flask import Flask
from pypdf import PdfReader

from salon.exhibitors.forms.terms import TermsForm, typed_from
from salon.exhibitors.models import ExhibitorTerms
from salon.exhibitors.services.terms import SETTABLE, set_terms
from salon.fair.queries import get_public_edition
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.settings.clock import local, now
from salon.platform.settings.installation import ROOT
from tests.exhibitors.apply.filling import fill, fill_all, fresh, html, page_of, start
from tests.factories import act_in, sign_in
from tests.pages import PageClient

ARTICLES = [
    {"title": "Qui expose", "text": "Les entreprises & les associations.\nLe choix est libre."},
    {"title": "Assurance", "text": "L’exposant est assuré."},
]


def publish(terms: ExhibitorTerms, articles: list[dict[str, str]] = ARTICLES) -> None:
    values = {name: getattr(terms, name) for name in SETTABLE} | {"regulations": articles}
    set_terms(act_in(get_public_edition(), SYSTEM), terms.version, values)


def test_nothing_is_asked_to_be_accepted_that_cannot_be_read(
    client: PageClient, terms: ExhibitorTerms
) -> None:
    draft = start(client)
    fill_all(client, draft)
    page = html(client.get(page_of(draft, "recapitulatif")))
    assert "Je certifie que ces renseignements sont exacts" in page
    assert "j’accepte" not in page
    assert client.get("/exposants/reglement").status_code == 404
    assert client.get("/exposants/reglement.pdf").status_code == 404


def test_the_version_that_was_accepted_is_remembered(
    app: Flask, client: PageClient, terms: ExhibitorTerms
) -> None:
    publish(terms)
    draft = start(client)
    fill_all(client, draft)
    page = html(client.get(page_of(draft, "recapitulatif")))
    assert "j’accepte le règlement" in page
    assert 'href="/exposants/reglement"' in page
    fill(client, page_of(draft, "recapitulatif"), accepts="y")
    assert fresh(draft).accepted_regulations_on == local(now()).date()
    organiser = sign_in(app, Role.ORGANISER)
    assert "accepté." in html(organiser.get(f"/organisation/exposants/{draft.id}"))


def test_the_page_and_the_pdf_say_the_same(client: PageClient, terms: ExhibitorTerms) -> None:
    publish(terms, [*ARTICLES, *({"title": f"Article {n}", "text": "x " * 400} for n in range(9))])
    page = html(client.get("/exposants/reglement"))
    pdf = PdfReader(BytesIO(client.get("/exposants/reglement.pdf").data))
    words = " ".join(page.extract_text() for page in pdf.pages).replace("\u00a0", " ")
    assert len(pdf.pages) > 1
    for expected in ("Version du", "1. Qui expose", "2. Assurance", "11. Article 8"):
        assert expected in page.replace("\u00a0", " ")
        assert expected in words
    assert "Les entreprises & les associations." in words


def test_changing_another_term_keeps_the_date_of_the_regulations(terms: ExhibitorTerms) -> None:
    publish(terms)
    dated_on = terms.regulations_dated_on
    values = {name: getattr(terms, name) for name in SETTABLE} | {"offer_days": 9}
    set_terms(act_in(get_public_edition(), SYSTEM), terms.version, values)
    assert terms.regulations_dated_on == dated_on


def test_an_organiser_writes_an_article(
    app: Flask, client: PageClient, terms: ExhibitorTerms
) -> None:
    organiser = sign_in(app, Role.ORGANISER)
    path = "/organisation/reglages/exposants"
    with app.test_request_context(path):
        form = TermsForm(formdata=None, data=typed_from(terms))
        fields = {field.name: field._value() for field in form if hasattr(field, "_value")}
    fields |= {"regulations-0-title": "Assurance", "regulations-0-text": "Chacun est assuré."}
    answer = organiser.fill(path, **{**fields, "csrf_token": organiser.token(path)})
    assert answer.status_code == 302, answer.text
    assert "Chacun est assuré." in client.get("/exposants/reglement").text


def test_the_demonstration_has_regulations() -> None:
    import tomllib

    content = tomllib.loads((ROOT / "seed_data" / "2021" / "exhibitors.toml").read_text())
    assert len(content["reglement"]) >= 5
    assert content["candidatures"]["reglement_du"]
