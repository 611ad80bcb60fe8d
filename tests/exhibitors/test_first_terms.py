"""The terms proposed for a fair that has none."""

from datetime import date, timedelta

from flask import Flask

from salon.exhibitors.engine.first_terms import first_terms
from salon.exhibitors.queries.exhibitors import find_terms
from salon.platform.database.identity import Role
from salon.platform.settings.clock import local, now
from tests.factories import make_edition, sign_in
from tests.fair.test_practical import fields_of


def test_applications_close_in_time_for_the_fair() -> None:
    opens_on = date(2027, 4, 2)
    for today, closes_on, answered_on in (
        (date(2026, 11, 28), date(2027, 2, 1), date(2027, 2, 15)),
        (date(2027, 2, 1), date(2027, 2, 15), date(2027, 3, 1)),
        (date(2027, 3, 30), date(2027, 3, 31), date(2027, 4, 1)),
    ):
        terms = first_terms(today, opens_on, "Association des maires")
        assert terms["applications_close_at"].date() == closes_on
        assert terms["answer_by_on"] == answered_on


def test_what_is_proposed_is_saved_as_it_is(app: Flask) -> None:
    edition = make_edition(day=local(now()).date() + timedelta(days=90))
    organiser = sign_in(app, Role.ORGANISER)
    path = "/organisation/reglages/exposants"
    page = organiser.get(path).text
    assert "Rien n’est encore enregistré" in page
    assert find_terms(edition) is None
    fields = fields_of(page)
    del fields["seller_vat_on_debits"]  # a box that is not ticked
    assert organiser.post(path, data=fields).status_code == 302
    terms = find_terms(edition)
    assert terms is not None
    assert terms.seller["name"] == edition.organiser
    assert "Rien n’est encore enregistré" not in organiser.get(path).text
