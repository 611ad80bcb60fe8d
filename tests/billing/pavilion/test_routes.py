"""The pages of exhibitors billed together: chosen, undone, gathered, told to each."""

import re

import pytest
from flask import Flask

from salon.billing.models import SalesKind
from salon.billing.queries.pavilion import members_of, payer_of
from salon.billing.services.pavilion import change_payer, gather_members
from salon.billing.services.sales import issue
from salon.exhibitors.models import Exhibitor
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.database.identity import Role
from tests.billing.pages import PAGE, issue_by, money_of, text_of
from tests.billing.sales import ORGANISER, make_buyer
from tests.exhibitors.make import make_exhibitor
from tests.factories import sign_in
from tests.pages import PageClient
from tests.platform.pages.acts.test_undo import press_offer


@pytest.fixture
def leader(organiser: PageClient, edition: Edition) -> Exhibitor:
    return make_exhibitor(edition, name="Région Occitanie", area=0, email="region@exposant.example")


def test_a_payer_is_chosen_left_and_given_back(
    organiser: PageClient, app: Flask, edition: Edition, leader: Exhibitor
) -> None:
    member = make_buyer(edition, name="Atelier Vert", email="vert@exposant.example")
    page = f"{money_of(member)}/payeur"
    stale_fields = {"payer": "", "former": "", "csrf_token": organiser.token(page)}
    answer = organiser.fill(page, payer=str(leader.id))
    assert answer.status_code == 302
    stale = organiser.post(page, data=stale_fields)
    assert stale.status_code == 409
    assert payer_of(member) == leader
    told = text_of(organiser, money_of(member))
    assert "Région Occitanie paie pour cet exposant" in told
    assert "Établir le devis" not in told
    refused = issue_by(organiser, member, "devis")
    assert refused.status_code == 409
    assert "facturé avec Région Occitanie" in refused.text
    assert "facturé avec Région Occitanie" in text_of(organiser, PAGE)
    listed = text_of(organiser, money_of(leader))
    assert "paie pour 1 exposant" in listed
    assert "Atelier Vert : Angle" in listed
    assert "Négocier un prix" in text_of(organiser, f"{money_of(member)}/prix")
    own = text_of(
        sign_in(app, Role.EXHIBITOR, "vert@exposant.example"), f"/mon-stand/{member.id}/facturation"
    )
    assert "Région Occitanie paie pour vous" in own
    assert "Vous n’avez rien à signer ni à régler" in own
    leader_s = text_of(
        sign_in(app, Role.EXHIBITOR, "region@exposant.example"),
        f"/mon-stand/{leader.id}/facturation",
    )
    assert "Vous payez aussi pour" in leader_s
    assert "Atelier Vert" in leader_s
    left = organiser.fill(page, payer="")
    assert payer_of(member) is None
    given_back = press_offer(organiser, organiser.get(left.headers["Location"]).text, "Rétablir")
    assert given_back.status_code == 302
    assert payer_of(member) == leader
    for wrong in ({"payer": "999"}, {"payer": str(member.id)}, {"former": "x"}):
        assert organiser.fill(page, **{"payer": "", **wrong}).status_code == 400, wrong


def test_an_order_with_lines_of_who_left_asks_for_a_new_quote(
    organiser: PageClient, edition: Edition, leader: Exhibitor
) -> None:
    members = [make_buyer(edition, name=name) for name in ("Atelier Vert", "Bâti Sud")]
    gather_members(Act(ORGANISER), leader.id, [member.id for member in members])
    for kind in (SalesKind.QUOTE, SalesKind.ORDER):
        issue(Act(ORGANISER), leader.id, kind)
    change_payer(Act(ORGANISER), members[0].id, None, leader.id)
    page = text_of(organiser, money_of(leader))
    assert "compte les lignes d’Atelier Vert, facturé désormais à part" in page
    assert "c’est elle qui se facture" not in page
    assert issue_by(organiser, leader, "facture").status_code == 409
    assert issue_by(organiser, leader, "devis").status_code == 302


def test_a_pavilion_is_gathered_once_confirmed(
    organiser: PageClient, edition: Edition, leader: Exhibitor
) -> None:
    members = [make_buyer(edition, name=name) for name in ("Atelier Vert", "Bâti Sud")]
    with transaction(*members):
        for member in members:
            member.parent_id = leader.id
    page = organiser.get(money_of(leader)).text
    assert "2\u00a0exposants du pavillon sont facturés à part" in page
    listed = dict(re.findall(r'name="(listed)"[^>]*value="([^"]*)"', page))
    fields = {**listed, "csrf_token": organiser.token(money_of(leader))}
    asked = organiser.post(f"{money_of(leader)}/pavillon", data=fields)
    assert "Atelier Vert" in asked.text
    assert members_of(leader) == []
    assert organiser.confirm(asked).status_code == 302
    assert members_of(leader) == members
    assert organiser.post(f"{money_of(leader)}/pavillon", data=fields).status_code == 409


def test_the_member_s_tasks_ask_neither_contract_nor_invoice(
    organiser: PageClient, app: Flask, edition: Edition, leader: Exhibitor
) -> None:
    member = make_buyer(edition, email="vert@exposant.example")
    client = sign_in(app, Role.EXHIBITOR, "vert@exposant.example")
    assert "Contrat" in text_of(client, f"/mon-stand/{member.id}")
    gather_members(Act(ORGANISER), leader.id, [member.id])
    space = text_of(client, f"/mon-stand/{member.id}")
    assert "Contrat" not in space
    assert "Facture" not in space.split("Tout pour exposer")[0]
