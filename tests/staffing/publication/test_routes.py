"""The page that publishes: what changes for whom, then one button."""

import re

import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.database.identity import Role
from salon.platform.database.journal import entries
from salon.platform.mail.outbox import Message, MessageStatus, lease_due, recent_messages
from salon.staffing.models import ShiftStatus
from salon.staffing.queries.rota import find_publication
from tests.factories import sign_in
from tests.pages import PageClient
from tests.staffing.make import (
    Village,
    make_agent,
    make_needs,
    make_village,
    publish,
    put,
    shifts,
)
from tests.statements import statements

PLACE = "/organisation/village/publication"


@pytest.fixture
def village(app: Flask, edition: Edition) -> Village:
    return make_village(edition)


@pytest.fixture
def organiser(app: Flask, village: Village) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def page_of(client: PageClient) -> str:
    answer = client.get(PLACE)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def hidden(page: str) -> dict[str, str]:
    """Return the hidden fields of the page's form."""
    names = "csrf_token|submission_key|stamp"
    return dict(re.findall(rf'name="({names})"[^>]*value="([^"]+)"', page))


def test_before_anything_the_page_says_where_to_start(organiser: PageClient) -> None:
    page = page_of(organiser)
    assert "Rien à publier pour l’instant" in page
    assert "prévenir" not in page


def test_the_button_says_how_many_are_told_and_does_it(
    organiser: PageClient, village: Village
) -> None:
    lea, ali, zoe = (make_agent(village, name=f"{text} Vidal") for text in ("Léa", "Ali", "Zoé"))
    for agent in (lea, ali, zoe):
        put(village, agent, village.wanted("Département", (9, 0), (11, 0)))
    publish(village)
    put(village, lea, village.wanted("SDIS 34", (9, 0), (11, 0)))
    put(village, ali)
    page = page_of(organiser)
    assert "Publier la version 2 et prévenir 2\u00a0agents" in page
    assert "Rien ne change pour 1 autre agent." in page
    assert "N’a plus lieu" in page
    fields = {**hidden(page), "note": "Le SDIS ouvre plus tôt"}
    answer = organiser.post(PLACE, data=fields)
    assert (answer.status_code, answer.location) == (302, PLACE)
    # Sent again, as by somebody who pressed twice: nothing more.
    assert organiser.post(PLACE, data=fields).status_code == 302
    after = page_of(organiser)
    assert "Aucune différence" in after
    assert "Le SDIS ouvre plus tôt" in after
    assert after.count("Version 2 publiée.") == 2
    assert [len(recent_messages(9, value.email)) for value in (lea, ali, zoe)] == [2, 2, 1]
    assert shifts(ali, ShiftStatus.PUBLISHED) == []


def test_a_draft_that_changed_is_shown_again_and_not_published(
    organiser: PageClient, village: Village
) -> None:
    lea, ali = make_agent(village), make_agent(village, name="Ali Benhaddou")
    put(village, lea, village.wanted("Département", (9, 0), (11, 0)))
    read = {**hidden(page_of(organiser)), "note": "Mon mot"}
    put(village, ali, village.wanted("Hérault THD", (9, 0), (11, 0)))
    answer = organiser.post(PLACE, data=read)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Le brouillon vient de changer" in page
    assert "Ali Benhaddou" in page
    assert "prévenir 2\u00a0agents" in page
    assert 'value="Mon mot"' in page
    assert find_publication(village.edition) is None
    assert organiser.post(PLACE, data={**hidden(page), "note": "Mon mot"}).status_code == 302
    current_session().rollback()
    assert find_publication(village.edition) is not None


def test_what_was_published_by_somebody_else_is_not_published_again(
    organiser: PageClient, village: Village
) -> None:
    put(village, make_agent(village), village.wanted("Département", (9, 0), (11, 0)))
    read = hidden(page_of(organiser))
    publish(village)
    answer = organiser.post(PLACE, data=read)
    assert answer.status_code == 409
    assert "rien n’a changé" in answer.get_data(as_text=True)


@pytest.mark.parametrize("wrong", [{"stamp": ""}, {"stamp": "x" * 16}, {"note": "a" * 301}])
def test_a_form_that_is_not_ours_publishes_nothing(
    organiser: PageClient, village: Village, wrong: dict[str, str]
) -> None:
    put(village, make_agent(village), village.wanted("Département", (9, 0), (11, 0)))
    answer = organiser.post(PLACE, data={**hidden(page_of(organiser)), **wrong})
    assert answer.status_code == 400
    assert find_publication(village.edition) is None


def test_gaps_and_broken_rules_warn_and_do_not_forbid(
    organiser: PageClient, village: Village
) -> None:
    make_needs(village, body="SDIS 34", start=(12, 0), end=(12, 30))
    make_needs(village, body="Hérault THD", start=(9, 0), end=(10, 0), theme=True)
    tired = make_agent(village, name="Ali Benhaddou", stands=list(village.bodies))
    put(
        village,
        tired,
        village.wanted("Département", (8, 30), (9, 0)),
        village.wanted("Hérault THD", (9, 0), (10, 0)),
        village.wanted("Département", (10, 0), (15, 0)),
    )
    page = page_of(organiser)
    assert "À vérifier avant de publier" in page
    assert "SDIS 34, de 12\u00a0h à 12\u00a0h\u00a030\u00a0: il manque 1\u00a0agent" in page
    assert "«\u00a0Fibre\u00a0»" in page
    assert "6\u00a0h de travail sans pause" in page
    reason = {"reason": "Personne d’autre ce jour-là."}
    assert organiser.post(PLACE, data={**hidden(page), **reason}).status_code == 302


def test_a_publication_past_a_limit_asks_for_a_reason_that_the_agent_reads(
    app: Flask, organiser: PageClient, village: Village
) -> None:
    email = "lea@herault.example"
    lea = sign_in(app, Role.AGENT, email=email)
    agent = make_agent(village, name="Léa Vidal", email=email, account=True)
    put(village, agent, village.wanted("Département", (9, 0), (15, 0)))
    breach = "6\u00a0h de travail sans pause (décret n°\u00a02000-815, art.\u00a03)"
    page = page_of(organiser)
    assert "1\u00a0agent dépasse une limite du temps de travail" in page
    assert breach in page
    refused = organiser.post(PLACE, data=hidden(page))
    assert (refused.status_code, find_publication(village.edition)) == (400, None)
    assert "écrivez pourquoi" in refused.text
    reason = "Le SDIS manque d’agents ce jour-là."
    answer = organiser.post(PLACE, data={**hidden(page_of(organiser)), "reason": reason})
    assert answer.status_code == 302
    entry = current_session().scalars(entries("rota.limits_published")).one()
    assert (entry.subject, entry.details) == (
        f"agent:{agent.id}",
        {"limits": [breach], "reason": reason},
    )
    (message,) = recent_messages(1, email)
    assert (message.context["passed"], message.context["reason"]) == ([breach], reason)
    own_page = lea.get("/planning").text
    assert f"Vous avez {breach}. La raison donnée&nbsp;: {reason}" in own_page


def test_a_coordinator_reads_the_part_of_their_body_and_publishes_nothing(
    app: Flask, village: Village
) -> None:
    signed_in = sign_in(app, Role.AGENT, "coordo@herault.example")
    make_agent(
        village, body="SDIS 34", email="coordo@herault.example", account=True, is_coordinator=True
    )
    own_agent = make_agent(village, body="SDIS 34", name="Zoé Roqueblave")
    other_agent = make_agent(village, name="Léa Vidal")
    put(village, own_agent, village.wanted("SDIS 34", (9, 0), (11, 0)))
    put(village, other_agent, village.wanted("Département", (9, 0), (11, 0)))
    page = page_of(signed_in)
    assert "Zoé Roqueblave" in page
    assert "Léa Vidal" not in page
    assert "prévenir" not in page.replace("à prévenir", "")
    token = hidden(page) or {"csrf_token": signed_in.token(PLACE)}
    assert signed_in.post(PLACE, data=token).status_code == 403
    assert find_publication(village.edition) is None


def test_an_agent_who_coordinates_nobody_sees_nothing(app: Flask, village: Village) -> None:
    signed_in = sign_in(app, Role.AGENT, "lea@herault.example")
    make_agent(village, email="lea@herault.example", account=True)
    assert signed_in.get(PLACE).status_code == 403


def test_a_longer_list_asks_no_more_of_the_database(
    organiser: PageClient, village: Village
) -> None:
    counts = []
    for _ in range(2):
        for body in village.bodies:
            for hour in (9, 11):
                agent = make_agent(village, body=body)
                put(village, agent, village.wanted(body, (hour, 0), (hour + 1, 0)))
        with statements() as sent_statements:
            page_of(organiser)
        counts.append(len(sent_statements))
    assert counts[0] == counts[1]


def published_twice(organiser: PageClient, village: Village) -> tuple[Message, Message]:
    """Publish a wrong rota, then its correction; return the message of each, both still held."""
    lea = make_agent(village, name="Léa Vidal")
    for hours in ((9, 0), (11, 0)), ((14, 0), (16, 0)):
        put(village, lea, village.wanted("Département", *hours))
        assert organiser.post(PLACE, data=hidden(page_of(organiser))).status_code == 302
    correction, wrong = recent_messages(9, lea.email)
    return wrong, correction


def test_a_correction_called_off_is_said_to_be_lacking(
    organiser: PageClient, village: Village
) -> None:
    wrong, correction = published_twice(organiser, village)
    assert "part bientôt" in page_of(organiser)
    path = f"/organisation/courriels/{correction.id}"
    answer = organiser.fill(path, to=f"{path}/annuler")
    assert answer.status_code == 200
    assert "Ce courriel en corrige un autre, qui attend encore" in answer.text
    current_session().expire_all()
    assert correction.status == MessageStatus.WAITING
    assert organiser.fill(path, to=f"{path}/annuler", older="newer").status_code == 302
    current_session().expire_all()
    assert (wrong.status, correction.status) == (MessageStatus.WAITING, MessageStatus.CALLED_OFF)
    page = page_of(organiser)
    assert "exactement le brouillon" not in page
    assert "1\u00a0agent n’a pas reçu ce qui est publié" in page
    assert "le courriel de la version 2 a été annulé" in page
    assert "celui de la version 1, plus ancien, part bientôt" in page


def test_a_correction_sent_at_once_does_not_overtake_what_it_corrects(
    organiser: PageClient, village: Village
) -> None:
    wrong, correction = published_twice(organiser, village)
    path = f"/organisation/courriels/{correction.id}"
    organiser.fill(path, to=f"{path}/envoyer")
    assert "après le courriel plus ancien qu’il corrige" in organiser.get(path).text
    current_session().expire_all()
    assert not wrong.is_held
    assert not correction.is_held
    due = [message for message in lease_due(9) if message.kind == correction.kind]
    assert due == [wrong, correction]


def test_a_correction_and_what_it_corrects_are_called_off_together(
    organiser: PageClient, village: Village
) -> None:
    wrong, correction = published_twice(organiser, village)
    path = f"/envois/{correction.act}/annuler"
    assert "Un courriel plus ancien va partir" in organiser.fill(PLACE, to=path).text
    answer = organiser.fill(PLACE, to=path, older="both", back=PLACE)
    assert answer.location == PLACE
    current_session().expire_all()
    assert {wrong.status, correction.status} == {MessageStatus.CALLED_OFF}
    page = page_of(organiser)
    assert "2\u00a0courriels ne partiront pas" in page
    assert "aucun autre n’est parti" in page


def test_who_received_every_version_has_the_draft(organiser: PageClient, village: Village) -> None:
    for message in published_twice(organiser, village):
        message.status = MessageStatus.SENT
    current_session().commit()
    assert "exactement le brouillon" in page_of(organiser)
