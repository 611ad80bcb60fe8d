"""« À vérifier »: conflicts of the doors, settled by a person."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.accounts.models import StationKind
from salon.entrance import forms
from salon.entrance.models import ConflictKind, Settlement
from salon.entrance.presenters.conflict import (
    PICTURES,
    ConflictReport,
    describe_conflict,
    kind_settlement,
)
from salon.entrance.queries import conflicts as queries
from salon.entrance.queries.places import doors_by_code
from salon.entrance.routes import blueprint
from salon.entrance.rules.conflicts import ConflictSettled
from salon.entrance.services import conflicts as services
from salon.fair.access import fair_act, get_request_edition
from salon.fair.models import Edition
from salon.platform.database.identity import Domain, Role
from salon.platform.pages.acts import request_act
from salon.platform.pages.lists.address import filters_in_force, requested_filters, requested_page
from salon.platform.settings.clock import now
from salon.platform.web.access import only
from salon.platform.words.errors import BadInput, RuleBroken
from salon.platform.words.formats import plural

PLACE = "/organisation/a-verifier"


@blueprint.get(PLACE)
@only(Domain.WELCOME, Role.STATION, kinds=(StationKind.DESK,))
def conflicts() -> ResponseReturnValue:
    edition, form = get_request_edition(), forms.ConflictFilterForm(request.args)
    filters = requested_filters(form, queries.ConflictFilter)
    page = queries.conflicts_page(edition.id, filters, requested_page())
    doors = dict(doors_by_code(edition.id, now()))
    tallies = queries.tallies_of(edition.id)
    return render_template(
        "entrance/conflicts.html",
        form=form,
        active=filters_in_force(form),
        page=page,
        lines=[describe_conflict(facts, doors) for facts in queries.conflict_facts(page.items)],
        tallies=tallies,
        open_count=sum(tally.open for tally in tallies.values()),
        kind_buttons=_kind_buttons(tallies),
        pictures=PICTURES,
    )


def _kind_buttons(
    tallies: dict[ConflictKind, queries.Tally],
) -> list[tuple[str, dict[str, str | int]]]:
    """Return (button text, hidden values) for each kind with several open conflicts."""
    buttons = []
    for kind, tally in tallies.items():
        if tally.open > 1:
            settlement, words = kind_settlement(kind, tally.open)
            form_values: dict[str, str | int] = {
                "kind": kind.value,
                "settlement": settlement.value,
                "up_to": tally.newest_open,
            }
            buttons.append((words, form_values))
    return buttons


@blueprint.post(f"{PLACE}/ensemble")
@only(Domain.WELCOME, Role.STATION, kinds=(StationKind.DESK,))
def settle_kind() -> ResponseReturnValue:
    form = forms.SettleKindForm()
    if not form.validate():
        raise BadInput
    kind = ConflictKind(form.kind.data)
    count = services.settle_kind(
        fair_act(), kind, Settlement(form.settlement.data), form.up_to.data
    )
    if count:
        flash(f"{plural(count, 'point réglé', 'points réglés')}.", "success")
    else:
        flash("Quelqu’un d’autre les a réglés entre-temps\u00a0: il n’en restait aucun.", "info")
    return redirect(url_for("entrance.conflicts"))


@blueprint.get(f"{PLACE}/<int:conflict_id>")
@only(Domain.WELCOME, Role.STATION, kinds=(StationKind.DESK,))
def conflict(conflict_id: int) -> ResponseReturnValue:
    return _page(get_request_edition(), conflict_id, forms.SettleForm(formdata=None))


@blueprint.post(f"{PLACE}/<int:conflict_id>")
@only(Domain.WELCOME, Role.STATION, kinds=(StationKind.DESK,))
def settle_conflict(conflict_id: int) -> ResponseReturnValue:
    edition, form = get_request_edition(), forms.SettleForm()
    conflict = queries.get_conflict(edition.id, conflict_id)
    if not form.validate():
        return _page(edition, conflict_id, form), 400
    try:
        services.settle_conflict(
            request_act(), conflict, Settlement(form.settlement.data), form.note.data or ""
        )
    except RuleBroken as refusal:
        if not isinstance(refusal, ConflictSettled):
            form.refuse(refusal)
        return _page(edition, conflict_id, form, refusal), refusal.status
    flash("Ce point est réglé.", "success")
    return redirect(url_for("entrance.conflicts"))


def _page(
    edition: Edition, conflict_id: int, form: forms.SettleForm, refusal: RuleBroken | None = None
) -> str:
    """Return the page of the conflict as it is now, read after a refusal."""
    conflict = queries.get_conflict(edition.id, conflict_id)
    report: ConflictReport = describe_conflict(
        queries.conflict_facts([conflict])[0], dict(doors_by_code(edition.id, now()))
    )
    return render_template("entrance/conflict.html", form=form, report=report, refusal=refusal)
