"""Preview of each open data file, and the acts: publish, withdraw, put back."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import fair_act, get_request_edition
from salon.fair.models import Edition
from salon.fair.queries import themes_of
from salon.open_data import services
from salon.open_data.documents.catalogue import Catalogue
from salon.open_data.documents.files import release_files, table_file
from salon.open_data.engine import Addresses, Dataset
from salon.open_data.forms import ReleaseForm
from salon.open_data.queries.datasets import datasets_of
from salon.open_data.queries.releases import get_release, next_number, releases_of
from salon.open_data.routes import blueprint
from salon.open_data.rules import check_same
from salon.platform.database.identity import Domain
from salon.platform.database.versions import stamp_of
from salon.platform.pages.acts import offer_undo, request_act
from salon.platform.settings.clock import now
from salon.platform.settings.prefixes import plain_url_for, prefix_of
from salon.platform.web.access import only, settings, stays_open
from salon.platform.words.errors import RuleBroken

PAGE = "/organisation/donnees-ouvertes"
PREVIEWED = 5
"""Rows of each file that the page shows."""


@blueprint.get(PAGE)
@only(Domain.FAIR)
@stays_open
def releases() -> ResponseReturnValue:
    edition = get_request_edition()
    datasets = datasets_of(edition, _addresses(edition), now())
    form = ReleaseForm(datasets=[dataset.key for dataset in datasets if not dataset.is_empty])
    return _page(edition, form, datasets)


@blueprint.post(PAGE)
@only(Domain.FAIR)
def publish() -> ResponseReturnValue:
    edition, form, moment = get_request_edition(), ReleaseForm(), now()
    addresses = _addresses(edition)
    datasets = datasets_of(edition, addresses, moment)
    form.datasets.choices = _choices(datasets)
    if not form.validate():
        return _page(edition, form, datasets), 400
    number = next_number(edition)
    chosen_datasets = [dataset for dataset in datasets if dataset.key in form.datasets.data]
    catalogue = Catalogue(edition, number, addresses, _site() + plain_url_for("fair.legal"), moment)
    with form.refusals():
        check_same(form.stamp.data, _stamp(datasets))
        release = services.publish(
            fair_act(edition, now=moment),
            number,
            release_files(catalogue, chosen_datasets),
            form.submission_key.data,
        )
        flash(f"La version {release.number} est en ligne.", "success")
        return redirect(url_for("open_data.releases"))
    return _page(edition, form, datasets), form.status_code


@blueprint.post(f"{PAGE}/<int:release_id>/retirer")
@only(Domain.FAIR)
def withdraw(release_id: int) -> ResponseReturnValue:
    release = get_release(get_request_edition(), release_id)
    try:
        services.withdraw(request_act(), release)
    except RuleBroken as refusal:
        flash(refusal.message, "warning")
    else:
        flash(f"La version {release.number} n’est plus en ligne.", "success")
        offer_undo(
            url_for("open_data.restore", release_id=release.id),
            f"Remettre la version {release.number} en ligne",
        )
    return redirect(url_for("open_data.releases"))


@blueprint.post(f"{PAGE}/<int:release_id>/remettre")
@only(Domain.FAIR)
def restore(release_id: int) -> ResponseReturnValue:
    release = get_release(get_request_edition(), release_id)
    try:
        services.restore(request_act(), release)
    except RuleBroken as refusal:
        flash(refusal.message, "warning")
    else:
        flash(f"La version {release.number} est de nouveau en ligne.", "success")
    return redirect(url_for("open_data.releases"))


def _page(edition: Edition, form: ReleaseForm, datasets: Sequence[Dataset]) -> str:
    form.datasets.choices = _choices(datasets)
    form.stamp.data = _stamp(datasets)
    return render_template(
        "open_data/releases.html",
        form=form,
        datasets=datasets,
        previewed=PREVIEWED,
        is_over=edition.is_over(now()),
        number=next_number(edition),
        releases=releases_of(edition),
        public_page=_public_page(edition),
    )


def _choices(datasets: Sequence[Dataset]) -> list[tuple[str, str]]:
    return [(dataset.key, dataset.title) for dataset in datasets if not dataset.is_empty]


def _stamp(datasets: Sequence[Dataset]) -> str:
    return stamp_of([table_file(dataset) for dataset in datasets])


def _site() -> str:
    return settings().public_url


def _public_page(edition: Edition) -> str:
    """Return the path of the public page: without prefix, it answers everybody for good."""
    return plain_url_for("open_data.open_data", slug=edition.slug)


def _addresses(edition: Edition) -> Addresses:
    site, prefix = _site(), prefix_of(edition.slug)
    return Addresses(
        catalogue=site + prefix + plain_url_for("exhibitors.catalogue"),
        page=site + _public_page(edition),
        theme_pages={
            theme.slug: site + prefix + plain_url_for("fair.theme", slug=theme.slug)
            for theme in themes_of(edition)
        },
    )
