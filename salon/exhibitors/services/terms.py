"""The organiser's terms for the exhibitors of the current edition."""

from datetime import date

from salon.exhibitors.actions import ExhibitorAction
from salon.exhibitors.engine.seller import gaps_of_seller
from salon.exhibitors.models import ExhibitorTerms, Task
from salon.exhibitors.queries.exhibitors import find_terms
from salon.exhibitors.rules import terms as rules
from salon.fair.models import Edition
from salon.fair.services.acts import FairAct
from salon.platform.database.db import violation_as
from salon.platform.database.journal import write_entry
from salon.platform.database.versions import StaleVersion, Values, check_version
from salon.platform.settings.clock import local, now

SETTABLE = (
    *("applications_open_at", "applications_close_at", "answer_by_on"),
    *("minimum_area", "maximum_area", "offer_days", "payment_days"),
    *("deposit_percent", "deposit_due_on", "cancellation_fees"),
    *("badges_base", "badges_base_area", "badges_area_step"),
    *("deadlines", "set_up", "dismantling", "to_bring", "guide", "regulations", "seller"),
)


def set_terms(
    act: FairAct, version: int, values: Values, *, opens_without_seller: bool = False
) -> ExhibitorTerms:
    """Set the columns of SETTABLE; `version` is the one read, 0 when there were no terms yet.

    `opens_without_seller`: the fair invoices nothing. Raises StaleVersion, TermsOutOfOrder,
    SellerUnknown.
    """
    _check_order(act.edition, values)
    terms = find_terms(act.edition)
    if not opens_without_seller and _opens_applications(terms, values):
        rules.check_seller_is_known(gaps_of_seller(values["seller"]))
    if terms is None:
        return _first_terms(act, version, values)
    with act.transaction(terms) as session:
        check_version(version, terms.version)
        changed_names = [name for name in SETTABLE if getattr(terms, name) != values[name]]
        for name in changed_names:
            setattr(terms, name, values[name])
        if "regulations" in changed_names:
            terms.regulations_dated_on = local(act.now).date()
        if changed_names:
            write_entry(
                session,
                act.actor,
                ExhibitorAction.TERMS_CHANGED,
                f"edition:{act.edition.id}",
                fields=changed_names,
            )
    return terms


def _opens_applications(terms: ExhibitorTerms | None, values: Values) -> bool:
    """Return whether applications open, or stay open with a seller that was complete before."""
    if values["applications_close_at"] <= now():
        return False
    names = ("applications_open_at", "applications_close_at")
    return (
        terms is None
        or any(getattr(terms, name) != values[name] for name in names)
        or not gaps_of_seller(terms.seller)
    )


def _first_terms(act: FairAct, version: int, values: Values) -> ExhibitorTerms:
    check_version(version, 0)
    terms = ExhibitorTerms(edition_id=act.edition.id, **{name: values[name] for name in SETTABLE})
    terms.regulations_dated_on = local(act.now).date() if terms.regulations else None
    unique = "uq_exhibitor_terms_edition_id", "exhibitor_terms.edition_id"
    with violation_as(StaleVersion, *unique), act.transaction() as session:
        session.add(terms)
        session.flush()
        write_entry(
            session,
            act.actor,
            ExhibitorAction.TERMS_CHANGED,
            f"edition:{act.edition.id}",
            fields=["all"],
        )
    return terms


def _check_order(edition: Edition, values: Values) -> None:
    fair_on = edition.days[0].day_on
    closes_at = values["applications_close_at"]
    rules.check_applications_end_after_they_start(values["applications_open_at"], closes_at)
    rules.check_answer_comes_between(closes_at, values["answer_by_on"], fair_on)
    rules.check_fees_grow(values["cancellation_fees"])
    rules.check_areas_are_ordered(values["minimum_area"], values["maximum_area"])
    deadlines = {Task(name): date.fromisoformat(day) for name, day in values["deadlines"].items()}
    rules.check_deadlines_come_before(deadlines, fair_on)
