"""The practical information, edited by organisers."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.fair.forms import PracticalForm
from salon.fair.queries import get_current_edition
from salon.fair.routes import blueprint
from salon.fair.services.practical import (
    PracticalInformation,
    change_practical_information,
    practical_information_of,
    stamp_of,
)
from salon.platform.access import actor, only
from salon.platform.errors import RuleBroken
from salon.platform.forms import sections_of
from salon.platform.identity import Role


@blueprint.route("/organisation/infos-pratiques", methods=["GET", "POST"])
@only(Role.ORGANISER)
def edit_practical() -> ResponseReturnValue:
    edition = get_current_edition()
    current = practical_information_of(edition)
    sections = [*current.sections, {"title": "", "text": ""}]
    form = PracticalForm(
        address=current.address,
        access=current.access,
        sections=sections,
        stamp=stamp_of(current),
    )
    status = 400 if form.errors else 200
    if form.validate_on_submit():
        information = PracticalInformation(
            form.address.data, form.access.data or "", sections_of(form.sections)
        )
        try:
            change_practical_information(edition, form.stamp.data, information, actor())
        except RuleBroken as refusal:
            form.form_errors.append(refusal.message)
            form.stamp.data = stamp_of(practical_information_of(edition))
            status = refusal.status
        else:
            flash("Les informations pratiques sont enregistrées et publiées.", "success")
            return redirect(url_for("fair.practical"))
    elif form.is_submitted():
        status = 400
    return render_template("fair/edit_practical.html", form=form), status
