"""The page where an organiser corrects the commune of several people at once."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.badges import forms, queries, rules, services
from salon.badges.imports.typed_person import read_place
from salon.badges.routes import blueprint
from salon.fair.access import fair_act, get_request_edition
from salon.platform.database.identity import Domain
from salon.platform.pages.acts import offer_undo
from salon.platform.pages.setting_pages import undo_entry
from salon.platform.web.access import only
from salon.platform.words.formats import plural

MOST_PEOPLE = 500


@blueprint.route("/organisation/participants/commune", methods=["GET", "POST"])
@only(Domain.REGISTRATIONS)
def correct_places() -> ResponseReturnValue:
    edition = get_request_edition()
    ids = [int(row) for row in request.values.getlist("row") if row.isdecimal() and len(row) < 10]
    people = queries.movable_attendees(edition.id, ids[:MOST_PEOPLE])
    if not people:
        flash("Cochez au moins une personne inscrite.", "warning")
        return redirect(url_for("badges.attendees"))
    form = forms.AffiliationForm()
    status = 200
    if request.method == "POST":
        place = read_place(form) if form.validate() else None
        status = 400
        if place is not None:
            with form.refusals(rules.AlreadyRegistered):
                count = services.correct_places(fair_act(edition), ids[:MOST_PEOPLE], place)
                return _corrected(count)
            status = form.status_code
    page = render_template(
        "badges/correct_places.html", form=form, people=people, places=queries.all_places()
    )
    return page, status


def _corrected(count: int) -> ResponseReturnValue:
    words = plural(count, "inscription corrigée", "inscriptions corrigées")
    flash(f"{words}. Un badge déjà imprimé porte encore l’ancienne commune.", "success")
    entry = services.last_correction(get_request_edition())
    if count and entry is not None:
        offer_undo(url_for("badges.restore_places"), "Rétablir les communes", entry=str(entry.id))
    return redirect(url_for("badges.attendees"))


@blueprint.post("/organisation/participants/commune/retablir")
@only(Domain.REGISTRATIONS)
def restore_places() -> ResponseReturnValue:
    count = services.restore_places(fair_act(), undo_entry())
    words = plural(count, "inscription rétablie", "inscriptions rétablies")
    flash(f"{words}\u00a0: la commune est celle d’avant.", "success")
    return redirect(url_for("badges.attendees"))
