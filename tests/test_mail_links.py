"""Each link of each kind of mail, opened by its recipient: a page of what its sentence says."""

import re
from collections.abc import Mapping
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
from flask import Flask

from salon.accounts.queries import find_account
from salon.accounts.services.organisers import invite_colleague
from salon.accounts.services.recovery import offer_recovery
from salon.appointments.services.placing import BookingAttempt, Choice, VisitorQuestion
from salon.appointments.services.requests import request_slot
from salon.badges.services import cancel_attendee
from salon.fair.models import Edition
from salon.leads.engine import stand_code
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.database.identity import SYSTEM, Domain, Role
from salon.platform.mail.catalogue import FIXED, LABELS
from salon.platform.mail.delivery import words_of
from salon.platform.mail.html import ADDRESS
from salon.platform.mail.outbox import Message
from salon.platform.mail.samples import sample_context
from salon.platform.mail.wording import other_samples
from salon.staffing.models import ShiftStatus
from salon.village_day.services.standins import ask_stand_in
from tests.appointments.make import PUBLIC, book, make_fair, make_visitor
from tests.appointments.visitor.test_private_links import wait_for
from tests.badges.people import all_of, badge_of, make_person, register
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand, make_terms
from tests.factories import act_in, make_account, new_key, set_time, sign_in
from tests.invitations.make import make_invitation
from tests.staffing.make import ORGANISER, shifts

EXHIBITOR, AGENT = "elise@exposant.example", "agent@herault.example"
PAGES: Mapping[str, str] = {
    "": "Salon des maires.*",
    "/badge/exemple": r"Mireille Bastide\d*",
    "/badge/exemple.pdf": "application/pdf",
    "/badge/exemple/annuler": "Annuler la venue",
    "/badge/exemple/contacts": "Qui m’a scanné",
    "/badge/exemple/contacts/stand/exemple": "Ce que vous laissez à .*",
    "/badge/exemple/retablir": "Cette inscription est annulée",
    "/confidentialite": "Données personnelles",
    "/connexion/mot-de-passe-perdu/exemple": "Retrouver mon compte",
    "/connexion/premiere/exemple": "Préparer mon compte d’organisation",
    "/courriels/arreter/": "Ne plus recevoir ces messages",
    "/exposants/inscription/exemple": "Votre candidature",
    "/infos-pratiques": "Venir au salon",
    "/infos-pratiques#ecrire": "Venir au salon",
    "/inscription": "S’inscrire au salon",
    "/inscription/dossier/exemple": "Votre dossier d’inscription, Béziers",
    "/invitation/exemple": "Exposer de nouveau au salon",
    "/mentions-legales": "Mentions légales",
    "/mon-stand": "Hall .*, stand .*",
    "/mon-stand/1": "Hall .*, stand .*",
    "/mon-stand/1/contacts": "Contacts du stand",
    "/mon-stand/1/documents": "Vos documents",
    "/mon-stand/1/equipe": "L’équipe du stand",
    "/mon-stand/1/facturation": "Règlement",
    "/organisation": "Vue d’ensemble",
    "/organisation/comptes/1": ".*, compte",
    "/organisation/destructions": "Données à détruire",
    "/organisation/dossier-papier": "Dossier papier",
    "/organisation/entrees": "Jour J en direct",
    "/organisation/exposants": "Candidatures et exposants",
    "/organisation/exposants/1": r"Éclairage du Biterrois \d*",
    "/organisation/facturation/echeances": "Échéances",
    "/organisation/recapitulatif": "Mon récapitulatif",
    "/organisation/rendez-vous/sauvetage": "Sauvetage des rendez-vous",
    "/organisation/village/agents/1": r"Camille Vidal\d*",
    "/organisation/village/remplacements/1": "Remplacer Camille Vidal.*",
    "/planning": "Mon planning",
    "/planning/demandes": "Mes demandes",
    "/planning/rendez-vous/1": ".*, rendez-vous de .*",
    "/planning/souhaits": "Mes souhaits",
    "/rendez-vous": r"De quoi voulez-vous parler \?",
    "/rendez-vous/confirmer/exemple": "Confirmer votre rendez-vous",
    "/rendez-vous/exemple": "Votre rendez-vous",
    "/rendez-vous/liste/exemple": "Votre place sur la liste d’attente",
    "/village": "Le village .*",
}
"""What the heading of each page says, by its address in the samples."""


def addresses() -> dict[str, set[str]]:
    """Return the addresses of all samples, each with the kinds that lead there."""
    kinds: dict[str, set[str]] = {}
    for kind in (*LABELS, *FIXED):
        for context in (sample_context(kind), *other_samples(kind)):
            text = words_of(Message(kind=kind, context=context, recipient="a@salon.example"))[1]
            for address in ADDRESS.findall(text):
                parts = urlsplit(address)
                place = f"#{parts.fragment}" if parts.fragment else ""
                kinds.setdefault(parts.path + place, set()).add(kind)
    return kinds


def real_addresses(edition: Edition) -> dict[str, str]:
    """Return an address of this fair for the beginning of each address of the samples."""
    fair = make_fair(edition)
    visitor, gone = make_visitor(edition), make_visitor(edition)
    badge, former = badge_of(visitor.id).private_token, badge_of(gone.id).private_token
    cancel_attendee(Act(PUBLIC, fair.before), gone.id)
    make_terms(edition)
    exhibitor = make_exhibitor(edition, stand=make_stand(make_hall(edition)), email=EXHIBITOR)
    agent = fair.agents["Département"][0]
    account = find_account(AGENT)
    assert account is not None
    with transaction(agent):
        agent.account_id = account.id
    appointment = book(fair, visitor=visitor, at=fair.at(9), agent=agent)
    shift = shifts(fair.agents["Département"][1], ShiftStatus.PUBLISHED)[0]
    stand_in = ask_stand_in(act_in(edition, ORGANISER, fair.before), shift, "")
    request_slot(
        act_in(edition, PUBLIC, fair.before),
        Choice(fair.theme_id(), fair.at(10), None),
        make_person(),
        VisitorQuestion("La route"),
        BookingAttempt(new_key()),
    )
    register(make_person(), make_person(), contact="mairie@mons.example")
    invite_colleague(Act(SYSTEM), "claire@herault.example", "Claire", (Domain.ALL,), None)
    offer_recovery(make_account(role=Role.ORGANISER).email, by_mail=True)
    contexts = {message.kind: message.context for message in all_of(Message)}
    stand = f"/mon-stand/{exhibitor.id}"
    return {
        "/badge/exemple/retablir": f"/badge/{former}/retablir",
        "/badge/exemple/contacts/stand/exemple": (
            f"/badge/{badge}/contacts/stand/{stand_code(exhibitor.private_token)}"
        ),
        "/badge/exemple": f"/badge/{badge}",
        "/connexion/mot-de-passe-perdu/exemple": (
            f"/connexion/mot-de-passe-perdu/{contexts['password_lost']['code']}"
        ),
        "/connexion/premiere/exemple": (
            f"/connexion/premiere/{contexts['organiser_invited']['code']}"
        ),
        "/exposants/inscription/exemple": f"/exposants/inscription/{exhibitor.private_token}",
        "/inscription/dossier/exemple": (
            f"/inscription/dossier/{contexts['group_registered']['token']}"
        ),
        "/invitation/exemple": f"/invitation/{make_invitation(edition).private_token}",
        "/mon-stand/1": stand,
        "/organisation/comptes/1": f"/organisation/comptes/{account.id}",
        "/organisation/exposants/1": f"/organisation/exposants/{exhibitor.id}",
        "/organisation/village/agents/1": f"/organisation/village/agents/{agent.id}",
        "/organisation/village/remplacements/1": (
            f"/organisation/village/remplacements/{stand_in.id}"
        ),
        "/planning/rendez-vous/1": f"/planning/rendez-vous/{appointment.id}",
        "/rendez-vous/confirmer/exemple": (
            f"/rendez-vous/confirmer/{contexts['booking_to_confirm']['token']}"
        ),
        "/rendez-vous/liste/exemple": f"/rendez-vous/liste/{wait_for(fair, visitor).private_token}",
        "/rendez-vous/exemple": f"/rendez-vous/{appointment.private_token}",
    }


@pytest.mark.long
def test_each_link_leads_where_its_sentence_says(
    app: Flask, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_time(monkeypatch, edition.starts_at - timedelta(days=1))
    clients = {
        "/mon-stand": sign_in(app, Role.EXHIBITOR, EXHIBITOR),
        "/planning": sign_in(app, Role.AGENT, AGENT),
        "/organisation": sign_in(app, Role.ORGANISER),
        "": app.test_client(),
    }
    real = real_addresses(edition)
    faults = []
    for address, kinds in sorted(addresses().items()):
        path, _, place = address.partition("#")
        start = next((start for start in real if path.startswith(start)), "")
        client = next(client for role, client in clients.items() if path.startswith(role))
        answer = client.get(
            f"{real.get(start, '')}{path.removeprefix(start)}", follow_redirects=True
        )
        heading = answer.mimetype
        if answer.mimetype == "text/html":
            match = re.search(r"<h1[^>]*>(.*?)</h1>", answer.text, re.DOTALL)
            assert match
            heading = " ".join(unescape(re.sub("<[^>]*>", "", match[1])).split())
        signed = "/courriels/arreter/"  # what follows depends on the address
        known = signed if address.startswith(signed) else address
        is_there = not place or f'id="{place}"' in answer.text
        if (
            answer.status_code != 200
            or not is_there
            or not re.fullmatch(PAGES.get(known, "-"), heading)
        ):
            faults.append((address, sorted(kinds), answer.status_code, heading))
    assert faults == []
