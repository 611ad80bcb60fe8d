"""Decisions on several applications at once."""

from salon.fair.models import Edition
from tests.exhibitors.make import make_exhibitor
from tests.exhibitors.review.pages import LIST, Status, again, hidden, page_of
from tests.pages import PageClient


def test_several_are_decided_on_and_each_is_reported(
    organiser: PageClient, edition: Edition
) -> None:
    good = make_exhibitor(edition, status=Status.SUBMITTED, name="Bonne", slug=None)
    withdrawn_exhibitor = make_exhibitor(edition, status=Status.WITHDRAWN, name="Retirée déjà")
    path = f"{LIST}/ensemble?move=accept&row={good.id}&row={withdrawn_exhibitor.id}"

    page = page_of(organiser.get(path))
    assert "Devient « Acceptée »" in page
    assert "1 candidature restera comme elle est" in page

    fields = hidden(organiser, path)
    assert {f"version-{good.id}", f"version-{withdrawn_exhibitor.id}"} <= set(fields)
    answer = page_of(organiser.post(f"{LIST}/ensemble", data={**fields, "move": "accept"}))
    assert "1 décision prise" in answer
    assert "Pas faite" in answer
    assert (again(good).status, again(withdrawn_exhibitor).status) == (
        Status.ACCEPTED,
        Status.WITHDRAWN,
    )


def test_several_are_not_refused_without_a_word_nor_without_a_choice(
    organiser: PageClient, edition: Edition
) -> None:
    exhibitor = make_exhibitor(edition, status=Status.SUBMITTED)
    path = f"{LIST}/ensemble?move=refuse&row={exhibitor.id}"
    answer = organiser.post(f"{LIST}/ensemble", data={**hidden(organiser, path), "move": "refuse"})
    assert answer.status_code == 400
    assert "Écrivez pourquoi" in page_of(answer)
    assert again(exhibitor).status == Status.SUBMITTED
    assert organiser.get(f"{LIST}/ensemble?move=refuse").status_code == 302
    assert (
        organiser.get(f"{LIST}/ensemble?move=x&row=x&row=99999999999999999999").status_code == 302
    )


def test_the_message_of_several_is_read_before_it_is_sent(
    organiser: PageClient, edition: Edition
) -> None:
    exhibitor = make_exhibitor(edition, status=Status.SUBMITTED, name="Lumières d’Oc")
    path = f"{LIST}/ensemble?move=refuse&row={exhibitor.id}"
    assert "[votre message]" in page_of(organiser.get(path))
    fields = {**hidden(organiser, path), "move": "refuse", "reason": "Le hall est plein."}

    seen = organiser.post(f"{LIST}/ensemble", data={**fields, "action": "preview"})

    assert seen.status_code == 200
    page = page_of(seen)
    assert "Le message que lira Lumières d’Oc" in page
    assert page.count("Le hall est plein.") == 2
    assert again(exhibitor).status == Status.SUBMITTED
