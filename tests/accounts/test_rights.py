"""Rights of organisers: the matrix of rights × views, and what follows from one."""

import re

import pytest
from flask import Flask, g
from sqlalchemy import select

from salon.accounts.models import Account
from salon.accounts.queries import find_account
from salon.accounts.rules import EditionMissing, LastOrganiser, NotAnOrganiser
from salon.accounts.services import rights
from salon.accounts.services.accounts import disable_account
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Domain, Identity, Role
from salon.platform.database.journal import JournalEntry
from salon.platform.web.access import may_open
from tests.factories import make_account, make_edition, sign_in
from tests.pages import PageClient
from tests.test_walls import ACCESS, send

ORGANISER = re.compile(r"organiser(?: \((.*?)\))?")


def give(email: str, edition: Edition, *domains: Domain) -> None:
    account = find_account(email)
    assert account is not None
    with transaction(account) as session:
        rights.put_rights(Act(SYSTEM), session, account, edition.id, domains)


def colleague(app: Flask, edition: Edition, *domains: Domain) -> PageClient:
    client = sign_in(app, Role.ORGANISER, email="collegue@herault.example")
    give("collegue@herault.example", edition, *domains)
    return client


def organiser_lines() -> list[tuple[str, str, set[str]]]:
    """Method, address and rights of each organiser's view, as tests/access.txt writes them."""
    lines = []
    for line in ACCESS.read_text().splitlines():
        line = re.sub(r"<int:[^>]+>", "999999", line)
        line = re.sub(r"<any\((\w+)[^>]*>", r"\1", line)
        methods, (path, values) = line[:10].split(), line[10:].split(maxsplit=1)
        if (match := ORGANISER.search(values)) is None:
            continue
        words = (match[1] or "any right").replace("any right", " ".join(Domain))
        path = re.sub(r"<[^>]+>", "inconnu", path)
        lines += [(method, path, set(words.split())) for method in methods]
    return lines


def is_open(domain: Domain, method: str, domains: set[str]) -> bool:
    reads = domain == Domain.READING and method == "GET" and domains != {Domain.ALL}
    return domain in (Domain.ALL, *domains) or reads


def test_the_matrix_of_rights_and_views(app: Flask, edition: Edition) -> None:
    for domain in Domain:
        place = None if domain == Domain.ALL else edition.id
        for method, path, domains in organiser_lines():
            with app.test_request_context(path, method=method):
                g.identity = Identity(
                    Role.ORGANISER, 1, "Nadia", rights=frozenset({(domain, place)})
                )
                assert may_open(path, method) == is_open(domain, method, domains), (domain, path)


def test_a_right_opens_its_views_only(app: Flask, edition: Edition) -> None:
    """A row of the matrix asked in full: the narrowest right."""
    domain = Domain.MESSAGES
    client = colleague(app, edition, domain)
    token = client.token("/")
    for method, path, domains in organiser_lines():
        if path == "/envois/inconnu/annuler":  # for each author, whatever their rights
            continue
        is_allowed = is_open(domain, method, domains)
        if is_allowed and method == "POST":
            continue  # what it does is each feature's own test
        status = send(client, method, path, token)
        assert (status != 403) == is_allowed, (domain, method, path, status)


def test_an_organiser_without_any_right_opens_their_own_pages_only(
    app: Flask, edition: Edition
) -> None:
    client = colleague(app, edition)
    assert client.get("/organisation").status_code == 403
    assert client.get("/organisation/mot-de-passe").status_code == 200


def test_the_refusal_says_which_right_lacks_and_who_gives_it(app: Flask, edition: Edition) -> None:
    make_account(role=Role.ORGANISER, name="Nadia Belkacem")
    answer = colleague(app, edition, Domain.MONEY).get("/organisation/plan")
    assert answer.status_code == 403
    text = answer.text.replace("\xa0", " ")
    assert "Il vous manque le droit « Salon et réglages » ou « Exposants »" in text.replace(
        "&nbsp;", " "
    )
    assert "Nadia Belkacem peut vous donner ce droit" in text


def test_menus_show_what_one_may_open(app: Flask, edition: Edition) -> None:
    make_account(role=Role.ORGANISER)
    page = colleague(app, edition, Domain.MONEY, Domain.MESSAGES).get("/organisation").text
    menu = page[page.index('class="section-nav"') : page.index("</nav>", page.index("section-nav"))]
    links = set(re.findall(r'<a href="([^"]+)"', menu))
    assert links == {
        "/organisation",
        "/organisation/reglages",
        "/organisation/facturation",
        "/organisation/courriels",
        "/organisation/ecrire",
        "/organisation/recapitulatif",
        "/organisation/mot-de-passe",
        "/organisation/codes-de-secours",
    }


def test_a_right_withdrawn_during_a_visit_ends_at_the_next_request(
    app: Flask, edition: Edition
) -> None:
    make_account(role=Role.ORGANISER)
    client = colleague(app, edition, Domain.MONEY)
    assert client.get("/organisation/facturation").status_code == 200
    give("collegue@herault.example", edition, Domain.MESSAGES)
    assert client.get("/organisation/facturation").status_code == 403
    assert client.get("/organisation/courriels").status_code == 200


def test_rights_are_those_of_the_edition(app: Flask, edition: Edition) -> None:
    other_edition = make_edition(is_current=False)
    client = colleague(app, other_edition, Domain.MONEY, Domain.MESSAGES)
    assert client.get("/organisation/facturation").status_code == 403
    page = client.get(f"/e/{other_edition.slug}/organisation")
    assert page.status_code == 200
    assert f'href="/e/{other_edition.slug}/organisation/facturation"' in page.text


def test_reading_changes_nothing(app: Flask, edition: Edition) -> None:
    client = colleague(app, edition, Domain.READING)
    page = client.get("/organisation/exposants")
    assert page.status_code == 200
    assert "Lecture seule" in page.text
    token = client.token("/organisation/mot-de-passe")
    answer = client.post("/organisation/stations", data={"csrf_token": token, "name": "Porte"})
    assert answer.status_code == 403


def test_rights_are_written_in_the_journal(app: Flask, edition: Edition) -> None:
    make_account(role=Role.ORGANISER)
    account = make_account(role=Role.ORGANISER)
    change = rights.change_rights(
        Act(SYSTEM), account.id, edition.id, {Domain.MONEY, Domain.VILLAGE}
    )
    assert change.granted == [Domain.MONEY, Domain.VILLAGE]
    assert change.withdrawn == [Domain.ALL]
    second_change = rights.change_rights(
        Act(SYSTEM), account.id, edition.id, {Domain.MONEY, Domain.VILLAGE}
    )
    assert (second_change.granted, second_change.withdrawn) == ([], [])
    entries = select(JournalEntry).where(JournalEntry.action.startswith("rights."))
    details = [entry.details for entry in current_session().scalars(entries)]
    assert details[-2:] == [{"rights": "Finances, Village"}, {"rights": "Organisateur"}]


def test_all_rights_take_the_place_of_partial_ones(app: Flask, edition: Edition) -> None:
    make_account(role=Role.ORGANISER)
    account = make_account(role=Role.ORGANISER)
    rights.change_rights(Act(SYSTEM), account.id, edition.id, {Domain.MONEY})
    rights.change_rights(Act(SYSTEM), account.id, edition.id, {Domain.ALL, Domain.MONEY})
    current_session().rollback()
    rows = current_session().get_one(Account, account.id).rights
    assert [(right.domain, right.edition_id) for right in rows] == [(Domain.ALL, None)]


@pytest.mark.on_both
def test_somebody_keeps_all_rights(app: Flask) -> None:
    edition = make_edition()
    first, second = make_account(role=Role.ORGANISER), make_account(role=Role.ORGANISER)
    rights.change_rights(Act(SYSTEM), second.id, edition.id, {Domain.MONEY})
    for act in (
        lambda: rights.change_rights(Act(SYSTEM), first.id, edition.id, {Domain.MONEY}),
        lambda: disable_account(Act(SYSTEM), first.id),
    ):
        with pytest.raises(LastOrganiser):
            act()
    disable_account(Act(SYSTEM), second.id)


def test_rights_need_an_organiser_and_an_edition(app: Flask, edition: Edition) -> None:
    agent = make_account(role=Role.AGENT)
    with pytest.raises(NotAnOrganiser):
        rights.change_rights(Act(SYSTEM), agent.id, edition.id, {Domain.MONEY})
    make_account(role=Role.ORGANISER)
    organiser = make_account(role=Role.ORGANISER)
    with pytest.raises(EditionMissing):
        rights.change_rights(Act(SYSTEM), organiser.id, None, {Domain.MONEY})


def test_pages_hide_links_that_one_may_not_follow(app: Flask, edition: Edition) -> None:
    client = colleague(app, edition, Domain.REGISTRATIONS)
    page = client.get("/accueil")
    assert page.status_code == 200
    assert "Ressaisir le papier" not in page.text
    overview = client.get("/organisation").text
    assert "Aucun exposant accepté" not in overview
    assert "Aucune station" not in overview


def test_a_template_asks_at_each_page_what_one_may_open(app: Flask, edition: Edition) -> None:
    """Whoever's page compiles it first: Jinja computes what is constant then."""
    with app.test_request_context("/"):
        template = app.jinja_env.from_string('{{ "mailings.write_mailing" is openable }}')
        assert template.render() == "False"
    with sign_in(app, Role.ORGANISER) as organiser:
        organiser.get("/organisation")
        assert template.render() == "True"
