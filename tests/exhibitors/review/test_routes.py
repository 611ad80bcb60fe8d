"""The organiser's pages: a happy journey and a refusal for each."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from salon.exhibitors.models import (
    CoExhibitor,
    ExhibitorTerms,
    WantedOption,
)
from salon.exhibitors.rules.lifecycle import Move
from salon.exhibitors.services.review import OrganiserDecision, decide, expire_offers
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from salon.platform.database.journal import entries
from salon.platform.mail.outbox import Message
from salon.platform.settings.clock import now
from tests.exhibitors.make import (
    make_exhibitor,
    make_hall,
    make_prices,
    make_stand,
    make_theme,
)
from tests.exhibitors.review.pages import LIST, OTHER, Status, again, hidden, page_of
from tests.factories import make_edition, sign_in
from tests.pages import PageClient


def test_the_list_shows_counts_what_waits_and_filters_in_force(
    organiser: PageClient, edition: Edition
) -> None:
    for status in Status:
        make_exhibitor(edition, status=status, name=f"Nom {status}", slug=None)
    page = page_of(organiser.get(LIST))
    assert "7 candidatures" in page
    assert "Ce qui vous attend" in page
    assert "Nom accepted" in page
    assert "Nom draft" not in page

    narrowed = page_of(organiser.get(f"{LIST}?state=refused&q=nom"))
    assert "1 candidature" in narrowed
    assert "État : Refusée" in narrowed
    assert "Nom refused" in narrowed
    assert "Nom accepted" not in narrowed


NONSENSE = (
    *("state=x", "hall=99999", "theme=x", "waits=x", "page=x", "page=-3", "q=%00"),
    "q=" + "a" * 300,
)


def test_a_filter_that_means_nothing_is_no_failure(organiser: PageClient, edition: Edition) -> None:
    make_exhibitor(edition)
    for query in NONSENSE:
        assert organiser.get(f"{LIST}?{query}").status_code == 200, query


def test_an_empty_list_says_what_to_do(organiser: PageClient) -> None:
    assert "Aucune candidature" in page_of(organiser.get(LIST))
    assert "ne correspond" in page_of(organiser.get(f"{LIST}?q=introuvable"))


def test_a_list_is_cut_in_pages_that_keep_the_filter(
    organiser: PageClient, edition: Edition
) -> None:
    for _ in range(51):
        make_exhibitor(edition)
    assert f"{LIST}?state=accepted&amp;page=2" in page_of(organiser.get(f"{LIST}?state=accepted"))


def test_one_application_says_all(organiser: PageClient, edition: Edition) -> None:
    hall = make_hall(edition, name="2")
    theme = make_theme(edition, make_stand(hall))
    items = make_prices(edition)
    exhibitor = make_exhibitor(
        edition,
        stand=make_stand(hall, number="66"),
        name="<b>Lumières</b> d’Oc",
        wished_hall_id=hall.id,
        near=["Hérault Énergies"],
        wish_note="Un mât.",
        status_reason="Parce que.",
    )
    with transaction(exhibitor) as session:
        exhibitor.themes = [theme]
        session.add(CoExhibitor(exhibitor_id=exhibitor.id, name="Pierres", name_key="pierres"))
        session.add(WantedOption(exhibitor_id=exhibitor.id, price_item_id=items[-1].id, quantity=4))
    make_exhibitor(edition, name="Membre", parent_id=exhibitor.id)

    page = page_of(organiser.get(f"{LIST}/{exhibitor.id}"))

    for sentence in ("&lt;b&gt;Lumières", "Fibre", "Pierres", "4 × Déjeuner", "Un mât.", "Membre"):
        assert sentence in page
    assert "Parce que." in page
    [noted] = current_session().scalars(entries("exhibitor.read"))
    assert noted.subject == f"exhibitor:{exhibitor.id}"


OFFERED = {
    Status.DRAFT: {"withdraw"},
    Status.SUBMITTED: {
        *("ask_changes", "put_on_waiting_list", "offer", "accept", "refuse", "withdraw")
    },
    Status.CHANGES_ASKED: {"put_on_waiting_list", "refuse", "withdraw"},
    Status.WAITING: {"ask_changes", "offer", "accept", "refuse", "withdraw"},
    Status.OFFERED: {"put_on_waiting_list", "accept", "refuse", "withdraw"},
    Status.ACCEPTED: {"withdraw"},
    Status.REFUSED: {"reopen"},
    Status.WITHDRAWN: {"reopen"},
}


def test_each_state_offers_its_moves(organiser: PageClient, edition: Edition) -> None:
    for status, moves in OFFERED.items():
        exhibitor = make_exhibitor(edition, status=status)
        page = page_of(organiser.get(f"{LIST}/{exhibitor.id}"))
        assert set(re.findall(r"decision\?move=(\w+)", page)) == moves, status


def test_an_exhibitor_of_another_edition_is_shown_in_that_edition(organiser: PageClient) -> None:
    past = make_edition(is_current=False)
    exhibitor = make_exhibitor(past)
    for path in ("", "/modifier", "/decision"):
        page = page_of(organiser.get(f"{LIST}/{exhibitor.id}{path}"))
        assert f'href="/e/{past.slug}{LIST}"' in page
    assert organiser.get(f"{LIST}/inviter/424242").status_code == 404


def test_a_decision_is_read_before_it_is_sent(organiser: PageClient, edition: Edition) -> None:
    exhibitor = make_exhibitor(edition, status=Status.SUBMITTED, name="Lumières d’Oc", slug=None)
    path = f"{LIST}/{exhibitor.id}/decision?move=accept"

    first = page_of(organiser.get(path))
    assert "est acceptée" in first
    assert "contact" in first

    fields = hidden(organiser, path)
    seen = organiser.post(path, data={**fields, "reason": "Bienvenue.", "action": "preview"})
    assert seen.status_code == 200
    assert page_of(seen).count("Bienvenue.") == 2
    assert again(exhibitor).status == Status.SUBMITTED

    answer = organiser.post(path, data={**fields, "reason": "Bienvenue."})
    assert answer.status_code == 302
    assert again(exhibitor).status == Status.ACCEPTED
    page = page_of(organiser.get(f"{LIST}/{exhibitor.id}"))
    assert "Candidature acceptée : « Bienvenue. »" in page
    [message] = current_session().scalars(select(Message).where(Message.kind == "exhibitor_accept"))
    assert message.context["reason"] == "Bienvenue."


def test_a_decision_leads_to_the_next_application_in_the_order_of_the_list(
    organiser: PageClient, edition: Edition
) -> None:
    first, second, third = (
        make_exhibitor(
            edition,
            status=Status.SUBMITTED,
            name=f"Candidat {day}",
            submitted_at=datetime(2021, 3, day, 9, tzinfo=UTC),
        )
        for day in (1, 2, 3)
    )
    for applicant, move, following in (
        (second, "accept", third),
        (third, "refuse", first),
        (first, "accept", None),
    ):
        path = f"{LIST}/{applicant.id}/decision?move={move}"
        page = page_of(organiser.get(path))
        assert ("et suivant" in page) == (following is not None)
        fields = {**hidden(organiser, path), "reason": "Nous manquons de place."}
        answer = organiser.post(path, data={**fields, "action": "next"})
        assert answer.location == (f"{LIST}/{following.id}" if following else LIST)
    assert "aucune autre candidature n’est à étudier" in page_of(organiser.get(LIST))


NO_DECISIONS: tuple[tuple[dict[str, str], str], ...] = (
    ({"move": "refuse", "reason": " "}, "Écrivez pourquoi"),
    ({"move": "refuse", "reason": "x" * 1001}, "Au plus 1000"),
    ({"move": "offer", "offer_days": "0"}, "jours"),
    ({"move": "offer", "offer_days": "demain"}, "valid"),
    ({"move": "let_offer_expire"}, "ecision"),
    ({"move": "role=organiser"}, "ecision"),
    ({"version": "x"}, "corriger"),
)


def test_a_decision_that_is_not_one_is_told_and_nothing_is_written(
    organiser: PageClient, edition: Edition
) -> None:
    exhibitor = make_exhibitor(edition, status=Status.SUBMITTED)
    path = f"{LIST}/{exhibitor.id}/decision?move=accept"
    right = hidden(organiser, path)
    for fields, sentence in NO_DECISIONS:
        answer = organiser.post(path, data={**right, **fields})
        assert answer.status_code == 400, fields
        assert sentence.lower() in page_of(answer).lower(), fields
    assert again(exhibitor).status == Status.SUBMITTED
    assert current_session().scalars(select(Message.kind)).all() == []


def test_the_second_of_two_organisers_sees_what_stands_and_keeps_the_words(
    organiser: PageClient, edition: Edition
) -> None:
    exhibitor = make_exhibitor(edition, status=Status.SUBMITTED)
    path = f"{LIST}/{exhibitor.id}/decision?move=refuse"
    fields = hidden(organiser, path)
    decide(
        Act(OTHER),
        exhibitor.id,
        1,
        OrganiserDecision(Move.PUT_ON_WAITING_LIST, "Le hall est plein."),
    )

    answer = organiser.post(path, data={**fields, "reason": "Trop tard cette année."})

    assert answer.status_code == 409
    page = page_of(answer)
    assert "« Liste d’attente »" in page
    assert "Sylvie Cros" in page
    assert "Le hall est plein." in page
    assert "Trop tard cette année." in page
    assert again(exhibitor).status == Status.WAITING

    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert version
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    assert version[1] == "2"
    response = organiser.post(
        path,
        data={
            "csrf_token": token[1],
            "version": version[1],
            "move": "refuse",
            "reason": "Trop tard cette année.",
        },
    )
    assert response.status_code == 302
    assert again(exhibitor).status == Status.REFUSED


def test_a_move_that_is_no_longer_possible_offers_the_others(
    organiser: PageClient, edition: Edition
) -> None:
    exhibitor = make_exhibitor(edition, status=Status.WITHDRAWN)
    page = organiser.get(f"{LIST}/{exhibitor.id}/decision?move=accept")
    assert page.status_code == 200
    assert "Rouvrir" in page_of(page)
    path = f"{LIST}/{exhibitor.id}/decision"
    answer = organiser.post(path, data={**hidden(organiser, path), "move": "accept"})
    assert answer.status_code == 409


@pytest.mark.parametrize("role", [Role.EXHIBITOR, Role.AGENT])
def test_nobody_else_comes_here(
    app: Flask, edition: Edition, terms: ExhibitorTerms, role: Role
) -> None:
    exhibitor = make_exhibitor(edition, status=Status.SUBMITTED)
    client = sign_in(app, role)
    for path in ("", ".csv", ".xlsx", f"/{exhibitor.id}", f"/{exhibitor.id}/decision", "/inviter"):
        assert client.get(f"{LIST}{path}").status_code == 403
    answer = client.post(
        f"{LIST}/{exhibitor.id}/decision",
        data={"move": "accept", "version": "1", "role": "organiser"},
    )
    assert answer.status_code in (400, 403)
    assert again(exhibitor).status == Status.SUBMITTED


def test_from_one_application_the_next_to_study_is_one_link_away(
    organiser: PageClient, edition: Edition
) -> None:
    day = now() - timedelta(days=9)
    late, early, middle = (
        make_exhibitor(
            edition, status=Status.SUBMITTED, name=name, submitted_at=day + timedelta(days=after)
        )
        for name, after in (("Tardive", 3), ("Première", 1), ("Deuxième", 2))
    )
    accepted = make_exhibitor(edition, name="Acceptée depuis longtemps")
    followed = {early: middle, middle: late, late: early, accepted: early}
    for text, following in followed.items():
        page = page_of(organiser.get(f"{LIST}/{text.id}"))
        assert f"À étudier ensuite : {following.name}" in page, text.name
    for text in (early, middle, late):
        decide(Act(OTHER), text.id, 1, OrganiserDecision(Move.ACCEPT))
    assert "À étudier ensuite" not in page_of(organiser.get(f"{LIST}/{early.id}"))


def test_the_history_says_who_acted_even_when_it_was_the_site(
    organiser: PageClient, edition: Edition
) -> None:
    exhibitor = make_exhibitor(
        edition, status=Status.OFFERED, offer_expires_at=now() - timedelta(days=1)
    )
    assert expire_offers(now()) == 1
    organiser.get(f"{LIST}/{exhibitor.id}/decision")
    page = page_of(organiser.get(f"{LIST}/{exhibitor.id}"))
    assert re.search(r"Délai de la proposition passé</span> <span[^>]*>le site<", page)
